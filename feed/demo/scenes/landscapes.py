"""Places that do not exist: ridges at dusk, a neon road, the sea, snow at night."""

from random import Random

from feed.demo.canvas import Canvas
from feed.demo.palettes import between, channels


def ridges(canvas: Canvas, *, layers: int = 5) -> str:
    """Hills behind hills, the near ones passing faster, under a low sun."""
    width, height = canvas.sized(360)
    chance, palette = Random(canvas.seed), canvas.palette
    sun_x, sun_y, sun_r = chance.uniform(0.3, 0.7), 0.36, width * 0.13
    parts = [
        f"{canvas.backdrop((width, height), palette[1], palette[2], palette[3], palette[3])}[sky]",
        f"{_sun(canvas, (width, height), x=sun_x, y=sun_y, radius=sun_r)}[sun]",
        "[sky][sun]overlay=format=rgb[l0]",
    ]
    for layer in range(1, layers + 1):
        share = layer / layers
        top = 0.38 + 0.48 * share
        # Whole numbers of waves over the width: the strip scrolls without a seam.
        waves = "+".join(
            f"{chance.uniform(0.3, 1) / harmonic:.2f}*sin(2*PI*{harmonic}*X/W+"
            f"{chance.uniform(0, 6):.2f})"
            for harmonic in (1, 2, 3, 5, 8, 13)
        )
        colour = between(palette[2], palette[0], share)
        outline = (
            f"r={colour[0]}:g={colour[1]}:b={colour[2]}:a=255*clip(Y-H*({top:.3f}-0.045*"
            f"({waves})),0,1)"
        )
        parts += [
            (
                f"{canvas.still(outline, (width * 2, height), pixel='rgba')},"
                f"scroll=horizontal={0.0005 + 0.0022 * share * share:.5f},crop={width}:"
                f"{height}:0:0[h{layer}]"
            ),
            f"[l{layer - 1}][h{layer}]overlay=format=rgb[l{layer}]",
        ]
    return ";".join(parts) + f";[l{layers}]{canvas.finish()}[v]"


def sea(canvas: Canvas) -> str:
    """A sun going down over moving water."""
    width, height = canvas.sized(360)
    palette, horizon = canvas.palette, 0.52
    half = round(height * horizon / 2) * 2
    water = height - half
    shimmer = (
        f"lum=128+(4+30*Y/H)*sin(Y*Y/{water * 1.9:.0f}+Y/5-T*2.2)*sin(X/{width * 0.09:.0f}+"
        "Y/7+T*0.9)"
        f"+(2+12*Y/H)*sin(X/{width * 0.031:.1f}-Y/3-T*1.7)"
    )
    return (
        f"{canvas.backdrop((width, half), palette[1], palette[2], palette[3])}[sky];"
        f"{_sun(canvas, (width, half), x=0.5, y=0.8, radius=width * 0.16)}[sun];"
        f"[sky][sun]overlay=format=rgb,format=gbrp,split[above][mirror];"
        f"[mirror]vflip,scale={width}:{water},colorchannelmixer=rr=0.92:gg=0.72:bb=0.66,"
        f"format=gbrp[flat];"
        f"color=black:s={width}x{water}:r={canvas.fps},format=gray,geq='{shimmer}',"
        "format=gbrp,split[dx][dy];"
        f"[flat][dx][dy]displace=edge=mirror[below];[above][below]vstack,{canvas.finish()}[v]"
    )


def road(canvas: Canvas) -> str:
    """A grid racing towards a striped sun: the eighties as nobody lived them."""
    width, height = canvas.sized(360)
    palette = canvas.palette
    half = height // 4 * 2
    floor = height - half
    radius, band = width * 0.3, half * 0.07
    gaps = f"gt(mod(Y,{band:.1f}),{band:.1f}*0.8*(Y/H-0.45))"
    disc = (
        f"r=255:g=210-150*Y/H:b=90+70*Y/H:a=255*clip({radius:.0f}-hypot(X-W/2,Y-H*0.8),0,1)*{gaps}"
    )
    line = "max(exp(-abs(mod(X,80)-40)/2.4),exp(-abs(mod(Y,80)-40)/3))"
    mesh = ":".join(
        f"{plane}={low}+{high - low}*{line}"
        for plane, low, high in zip("rgb", channels(palette[0]), channels(palette[3]), strict=True)
    )
    return (
        f"{canvas.backdrop((width, half), palette[0], palette[1], palette[2])}[sky];"
        f"{canvas.still(disc, (width, half), pixel='rgba')}[sun];"
        "[sky][sun]overlay=format=rgb[above];"
        f"{canvas.still(mesh, (640, 640), pixel='gbrp')},scroll=vertical=-0.006,"
        f"perspective=x0=230:y0=0:x1=410:y1=0:x2=-700:y2=640:x3=1340:y3=640:sense=destination,"
        f"scale={width}:{floor}[below];[above][below]vstack,split[sharp][blur];"
        f"[blur]scale=iw/2:-2,gblur=sigma=5,scale={width}:{height}[glow];"
        f"[sharp][glow]blend=all_mode=screen:all_opacity=0.55,{canvas.finish()}[v]"
    )


def night(canvas: Canvas, *, falling: bool = False) -> str:
    """Stars over hills; `falling` makes it snow instead."""
    width, height = canvas.sized(360)
    palette, parts = canvas.palette, []
    parts.append(
        f"{canvas.backdrop((width, height), palette[0], palette[0], palette[1], palette[2])},"
        "format=gbrp[l0]"
    )
    for layer in range(3):
        size = 0.5 + (0.6 if falling else 0.25) * layer
        dots = (
            f"lum=255*gt(mod(abs(sin(X*12.9898+Y*78.233+{canvas.seed + layer})*43758.5453),1),"
            f"{0.9985 + 0.0005 * layer})"
        )
        move = (
            f"scroll=vertical=-{0.0012 + 0.0013 * layer}:horizontal={0.0002 * (layer - 1)}"
            if falling
            else f"scroll=horizontal={0.00005 + 0.00006 * layer}"
        )
        parts += [
            (
                f"{canvas.still(dots, (width, height))},gblur=sigma={size},"
                f"lutyuv=y='min(255,val*{5 + 10 * size * size:.0f})',{move},format=gbrp[s{layer}]"
            ),
            f"[l{layer}][s{layer}]blend=all_mode=screen[l{layer + 1}]",
        ]
    chance = Random(canvas.seed)
    previous = "l3"
    for layer, top in enumerate((0.74, 0.84)):
        waves = "+".join(
            f"{1 / harmonic:.2f}*sin(2*PI*{harmonic}*X/W+{chance.uniform(0, 6):.2f})"
            for harmonic in (1, 2, 4, 7)
        )
        colour = between(palette[1], palette[0], 0.3 + 0.7 * layer)
        hill = (
            f"r={colour[0]}:g={colour[1]}:b={colour[2]}:a=255*clip(Y-H*({top}-0.04*({waves})),0,1)"
        )
        parts += [
            f"{canvas.still(hill, (width, height), pixel='rgba')}[n{layer}]",
            f"[{previous}][n{layer}]overlay=format=rgb[m{layer}]",
        ]
        previous = f"m{layer}"
    return ";".join(parts) + f";[{previous}]{canvas.finish()}[v]"


def _sun(canvas: Canvas, size: tuple[int, int], *, x: float, y: float, radius: float) -> str:
    """Return a disc in the lightest colour with a glow around it; `x` and `y` are shares."""
    red, green, blue = channels(canvas.palette[4])
    away = f"hypot(X-{x:.2f}*W,Y-{y:.2f}*H)"
    glow = f"0.75*exp(-pow({away}/{radius * 2:.1f},2))"
    disc = f"r={red}:g={green}:b={blue}:a=255*max(clip({radius:.1f}-{away},0,1),{glow})"
    return canvas.still(disc, size, pixel="rgba")


def skyline(canvas: Canvas) -> str:
    """A city by the river, its windows going on and off."""
    width, height = canvas.sized(270)
    chance, palette = Random(canvas.seed), canvas.palette
    half = round(height * 0.66 / 2) * 2
    parts = [
        f"{canvas.backdrop((width, half), palette[0], palette[1], palette[2])},format=gbrp[c0]"
    ]
    edge, tower = 0, 0
    while edge < width:
        wide, tall = chance.randint(22, 46), round(half * chance.uniform(0.22, 0.68))
        shade = between(palette[0], palette[1], chance.uniform(0.0, 0.5))
        lit = channels(palette[4 if chance.random() < 0.7 else 3])
        # A window is 3x5 pixels of a 7x10 cell; each has its own slow rhythm.
        cell = f"sin(floor(X/7)*91.7+floor(Y/10)*47.3+{tower * 13})"
        window = "gt(mod(X,7),2)*lt(mod(X,7),6)*gt(mod(Y,10),3)*gt(X,2)*gt(Y,5)"
        on = f"gt(sin(T*(0.5+{cell})+40*{cell}),0.15)*{window}"
        mix = ":".join(
            f"{plane}='{low}+{high - low}*{on}'"
            for plane, low, high in zip("rgb", shade, lit, strict=True)
        )
        parts += [
            f"color=black:s={wide}x{tall}:r=3,format=gbrp,geq={mix},fps={canvas.fps}[t{tower}]",
            f"[c{tower}][t{tower}]overlay=format=gbrp:x={edge}:y={half - tall}[c{tower + 1}]",
        ]
        edge, tower = edge + wide + chance.choice((0, 0, 3)), tower + 1
    wave = "lum=128+(3+14*Y/H)*sin(Y/2.6-T*2+1.5*sin(X/40+T))"
    flat = "lum=128+6*sin(Y/3.1-T*1.6)"
    pool = (width, height - half)
    return ";".join(parts) + (
        f";[c{tower}]split[above][mirror];[mirror]vflip,crop={width}:{pool[1]}:0:0,"
        f"colorchannelmixer=rr=0.6:gg=0.62:bb=0.72,format=gbrp[water];"
        f"color=black:s={pool[0]}x{pool[1]}:r={canvas.fps},format=gray,geq='{wave}',"
        "format=gbrp[dx];"
        f"color=black:s={pool[0]}x{pool[1]}:r={canvas.fps},format=gray,geq='{flat}',"
        "format=gbrp[dy];"
        f"[water][dx][dy]displace=edge=mirror[below];[above][below]vstack,{canvas.finish()}[v]"
    )
