"""Lights in the dark: bokeh, orbits that leave trails, a lava lamp."""

from random import Random

from feed.demo.canvas import Canvas
from feed.demo.palettes import channels, paint


def bokeh(canvas: Canvas, *, count: int = 18) -> str:
    """Street lights out of focus, drifting."""
    width, height = canvas.sized(300)
    chance, palette = Random(canvas.seed), canvas.palette
    parts = [f"{canvas.backdrop((width, height), palette[0], palette[1], palette[0])}[l0]"]
    for index in range(count):
        radius = chance.uniform(0.05, 0.16) * width
        edge = round(radius) * 2 + 4
        colour = palette[chance.choice((2, 3, 3, 4))]
        red, green, blue = channels(colour)
        away = f"hypot(X-W/2,Y-H/2)/{radius:.1f}"
        disc = (
            f"r={red}:g={green}:b={blue}:"
            f"a={chance.randint(60, 150)}*clip((1-{away})*{radius / 2:.1f},0,1)*(0.55+0.45*"
            f"pow({away},3))"
        )
        x, y = chance.uniform(0, 1), chance.uniform(0, 1)
        swing, pace, phase = (
            chance.uniform(0.03, 0.14),
            chance.uniform(0.25, 0.7),
            chance.uniform(0, 6),
        )
        parts += [
            f"{canvas.still(disc, (edge, edge), pixel='rgba')}[d{index}]",
            (
                f"[l{index}][d{index}]overlay=format=rgb:"
                f"x='W*({x:.3f}+{swing:.3f}*sin(t*{pace:.2f}+{phase:.2f}))-w/2':"
                f"y='mod(H*({y:.3f}-t*{pace * 0.05:.4f})+2*H,H+h)-h'[l{index + 1}]"
            ),
        ]
    return ";".join(parts) + f";[l{count}]{canvas.finish()}[v]"


def orbits(canvas: Canvas, *, count: int = 5, decay: float = 0.99) -> str:
    """Points on Lissajous orbits, drawing with light."""
    width, height = canvas.sized(360)
    chance = Random(canvas.seed)
    parts = [f"color=black:s={width}x{height}:r={canvas.fps * 4},format=gray[l0]"]
    for index in range(count):
        dot = "lum=255*exp(-pow(hypot(X-W/2,Y-H/2)/4.2,2))"
        a, b = chance.choice(((1, 2), (2, 3), (3, 2), (1, 3), (3, 4), (2, 1)))
        phase, pace = chance.uniform(0, 6.28), chance.uniform(0.9, 1.6)
        parts += [
            (
                f"color=black:s=22x22:r={canvas.fps * 4}:d={1 / canvas.fps / 4:.4f},"
                f"format=gray,geq='{dot}',"
                f"loop=loop=-1:size=1,split[p{index}][q{index}];[p{index}]format=gray[w{index}];"
                f"[w{index}][q{index}]alphamerge[d{index}]"
            ),
            (
                f"[l{index}][d{index}]overlay=format=auto:"
                f"x='W/2-w/2+W*0.38*sin({a}*t*{pace:.2f}+{phase:.2f})':"
                f"y='H/2-h/2+H*0.38*sin({b}*t*{pace:.2f}+{phase * 1.7:.2f})'[l{index + 1}]"
            ),
        ]
    return ";".join(parts) + (
        f";[l{count}]format=gray,lagfun=decay={decay},fps={canvas.fps},split[core][halo];"
        f"[halo]gblur=sigma=9,lutyuv=y='min(255,val*2.2)'[soft];[core][soft]blend=all_mode=screen,"
        f"{paint(canvas.palette)},{canvas.finish()}[v]"
    )


def lava(canvas: Canvas, *, count: int = 9, cycles: int = 1) -> str:
    """Warm blobs that meet and part."""
    width, height = canvas.sized(180)
    chance = Random(canvas.seed)
    blob = "lum=150*pow(max(0,1-pow(hypot(X-W/2,Y-H/2)/(W/2),2)),2)"
    parts = [f"color=black:s={width}x{height}:r={canvas.fps},format=gray[l0]"]
    for index in range(count):
        edge = round(width * chance.uniform(0.5, 0.95) / 2) * 2
        pace, phase = chance.uniform(0.35, 0.9), chance.uniform(0, 6.28)
        x = chance.uniform(0.2, 0.8)
        parts += [
            (
                f"{canvas.still(blob, (edge, edge))}[b{index}];"
                f"color=black:s={width}x{height}:r={canvas.fps},format=gray[k{index}];"
                f"[k{index}][b{index}]overlay=format=auto:"
                f"x='W*({x:.2f}+0.12*sin(t*{pace:.2f}*0.7+{phase:.2f}))-w/2':"
                f"y='H*(0.5+0.48*sin(t*{pace:.2f}+{phase:.2f}))-h/2',format=gray[m{index}];"
                f"[l{index}][m{index}]blend=all_mode=addition[l{index + 1}]"
            )
        ]
    return ";".join(parts) + (
        f";[l{count}]lutyuv=y='255*pow(clip((val-20)/225,0,1),0.75)',"
        f"{paint(canvas.palette, cycles=cycles)},{canvas.finish()}[v]"
    )


def lanterns(canvas: Canvas, *, count: int = 16) -> str:
    """Paper lanterns rising into the evening."""
    width, height = canvas.sized(300)
    chance, palette = Random(canvas.seed), canvas.palette
    parts = [f"{canvas.backdrop((width, height), palette[0], palette[0], palette[1])}[l0]"]
    for index in range(count):
        depth = (index + 1) / count
        wide = round(width * (0.05 + 0.13 * depth))
        box = (round(wide * 1.7) * 2, round(wide * 1.8) * 2)
        red, green, blue = channels(palette[chance.choice((2, 3, 3))])
        across, down = f"((X-W/2)/{wide * 0.5:.1f})", f"((Y-H/2)/{wide * 0.62:.1f})"
        # A squircle of paper, brighter below where the flame is, inside a wide glow.
        shape = f"pow(abs({across}),2.6)+pow(abs({down}),2.6)"
        warm = f"(0.55+0.45*clip({down}*0.5+0.5,0,1))"
        paper = (
            f"r=min(255,{red}*{warm}+70*{warm}):g=min(255,{green}*{warm}+40*{warm}*{warm}):"
            f"b={blue}*{warm}:"
            f"a={round(255 * (0.45 + 0.55 * depth))}*max(clip((1-({shape}))*6,0,1),0.42*"
            f"exp(-1.1*hypot({across},{down})))"
        )
        x, y, phase = chance.random(), chance.random(), chance.uniform(0, 6)
        parts += [
            f"{canvas.still(paper, box, pixel='rgba')}[p{index}]",
            (
                f"[l{index}][p{index}]overlay=format=rgb:"
                f"x='W*({x:.3f}+{0.03 * depth:.3f}*sin(t*0.8+{phase:.2f}))-w/2':"
                f"y='mod(H*({y:.3f}-t*{0.015 + 0.05 * depth:.4f})+4*(H+h),H+h)-h'[l{index + 1}]"
            ),
        ]
    return ";".join(parts) + f";[l{count}]{canvas.finish()}[v]"


def fireworks(canvas: Canvas, *, count: int = 9) -> str:
    """Rockets over the new year, each burst opening, falling and fading."""
    width, height = canvas.sized(360)
    chance, palette = Random(canvas.seed), canvas.palette
    parts = [
        f"{canvas.backdrop((width, height), palette[0], palette[0], palette[1])},format=gbrp[l0]"
    ]
    for index in range(count):
        edge, rays = round(width * chance.uniform(0.5, 0.95) / 2) * 2, chance.randint(14, 26)
        away, angle = "(hypot(X-W/2,Y-H/2)/(W/2))", "atan2(Y-H/2,X-W/2)"
        spark = (
            f"pow(0.5+0.5*cos({rays}*{angle}),14)*exp(-pow(({away}-0.82-0.1*sin({rays * 3}*"
            f"{angle}))/0.11,2))"
        )
        inner = f"0.8*pow(0.5+0.5*cos({rays // 2}*{angle}+1),10)*exp(-pow(({away}-0.45)/0.09,2))"
        red, green, blue = channels(palette[chance.choice((2, 3, 4))])
        light = f"min(1,{spark}+{inner})"
        burst = f"r={red}*{light}:g={green}*{light}:b={blue}*{light}"
        start = index * canvas.seconds / count * 0.92 - 0.4
        x, y = chance.uniform(0.2, 0.8), chance.uniform(0.15, 0.5)
        open_ = f"(1-exp(-3.2*max(t-{start:.2f},0)))"
        parts += [
            (
                f"{canvas.still(burst, (edge, edge), pixel='gbrp')},"
                f"scale=w='max(4,trunc({edge}*{open_}/2)*2)':h='max(4,trunc({edge}*{open_}/2)*"
                "2)':eval=frame,"
                f"fade=t=out:st={max(start, 0) + 0.5:.2f}:d=1.3[f{index}]"
            ),
            f"color=black:s={width}x{height}:r={canvas.fps},format=gbrp[k{index}]",
            (
                f"[k{index}][f{index}]overlay=format=gbrp:x='W*{x:.2f}-w/2':"
                f"y='H*{y:.2f}-h/2+{height * 0.03:.0f}*pow(max(t-{start:.2f},0),2)':"
                f"enable='between(t,{start:.2f},{start + 2:.2f})',format=gbrp[g{index}]"
            ),
            f"[l{index}][g{index}]blend=all_mode=screen[l{index + 1}]",
        ]
    return ";".join(parts) + (
        f";[l{count}]lagfun=decay=0.9,split[core][halo];[halo]scale=iw/3:-2,gblur=sigma=4,"
        f"scale={width}:{height},lutrgb=r=val*2:g=val*2:b=val*2[soft];"
        f"[core]lutrgb=r=val*1.5:g=val*1.5:b=val*1.5[bright];[bright][soft]blend=all_mode=screen,"
        f"{canvas.finish()}[v]"
    )
