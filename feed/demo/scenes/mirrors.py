"""Pictures folded around a middle: mandalas and tunnels, by maps computed once."""

from feed.demo.canvas import Canvas
from feed.demo.palettes import paint

SHEET = 512  # the square of cloth that is folded, in pixels


def mandala(canvas: Canvas, *, folds: int = 8, grain: float = 1.0, cycles: int = 2) -> str:
    """A kaleidoscope of `folds` mirrors over drifting noise."""
    size = canvas.sized(450)
    away = "hypot(X-W/2,Y-H/2)/hypot(W/2,H/2)"
    wedge = f"abs(mod(atan2(Y-H/2,X-W/2)+2.5*PI,2*PI/{folds})-PI/{folds})"
    across, down = (
        f"{SHEET // 2}+{SHEET * 0.49}*{away}*{turn}({wedge})" for turn in ("cos", "sin")
    )
    return (
        f"{_cloth(canvas, grain)},rotate=a='t*0.22+{canvas.seed % 6}':c=black[cloth];"
        f"{canvas.still(f'lum={across}', size, pixel='gray16le')}[mapx];"
        f"{canvas.still(f'lum={down}', size, pixel='gray16le')}[mapy];"
        f"{canvas.still(f'lum=255*(1-0.75*pow({away},2))', size)}[shade];"
        f"[cloth][mapx][mapy]remap,format=gray[folded];[folded][shade]blend=all_mode=multiply,"
        f"gblur=sigma=0.8,{paint(canvas.palette, cycles=cycles)},{canvas.finish()}[v]"
    )


def tunnel(canvas: Canvas, *, grain: float = 1.0, cycles: int = 2, speed: float = 0.004) -> str:
    """A flight down a painted tunnel."""
    size = canvas.sized(450)
    away = "hypot(X-W/2,Y-H/2)"
    # Both halves of the round wall mirror each other, so the cloth needs no seamless sides.
    around = f"abs(atan2(Y-H/2,X-W/2))/PI*{SHEET - 2}"
    depth = f"mod(4000+{SHEET * 0.42:.0f}*log({away}+3),{SHEET - 1})"
    return (
        f"{_cloth(canvas, grain)},split[near][back];[back]vflip[far];"
        f"[near][far]vstack,scale={SHEET}:{SHEET},scroll=vertical={speed}[cloth];"
        f"{canvas.still(f'lum={around}', size, pixel='gray16le')}[mapx];"
        f"{canvas.still(f'lum={depth}', size, pixel='gray16le')}[mapy];"
        f"{canvas.still(f'lum=255*min(1,pow({away}/(W*0.5),0.8))', size)}[shade];"
        f"[cloth][mapx][mapy]remap,format=gray[wall];[wall][shade]blend=all_mode=multiply,"
        f"gblur=sigma=1.2,{paint(canvas.palette, cycles=cycles)},{canvas.finish()}[v]"
    )


def _cloth(canvas: Canvas, grain: float) -> str:
    return (
        f"perlin=s=128x128:r={canvas.fps}:octaves=3:persistence=0.5:random_mode=seed:"
        f"seed={canvas.seed}:"
        f"xscale={3 * grain}:yscale={3 * grain}:tscale=0.25,normalize=smoothing=60,"
        f"format=gray,scale={SHEET}:{SHEET}:flags=bicubic"
    )
