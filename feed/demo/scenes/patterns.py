"""Rules that draw by themselves: the game of life, a plunge into a fractal, rings in rings."""

from feed.demo.canvas import Canvas
from feed.demo.palettes import paint


def life(canvas: Canvas, *, rule: str = "B3/S23") -> str:
    """Conway's game, its cells cooling down as they die."""
    width, height = canvas.sized(72)
    flags = "neighbor"
    big_width, big_height = canvas.sized(360)
    return (
        f"life=s={width}x{height}:r=12:mold=9:ratio=0.18:seed={canvas.seed}:rule={rule}:"
        f"life_color=white:death_color=0x9a9a9a:mold_color=black,format=gray,"
        f"scale={big_width}:{big_height}:flags={flags},fps={canvas.fps},lagfun=decay=0.86,"
        "split[cells][halo];[halo]gblur=sigma=7[soft];[cells][soft]blend=all_mode=screen:"
        "all_opacity=0.8,"
        f"{paint(canvas.palette)},{canvas.finish()}[v]"
    )


def plunge(
    canvas: Canvas, *, x: float, y: float, depth: float = 0.004, start: float = 0.8, cycles: int = 3
) -> str:
    """A dive into the Mandelbrot set at (`x`, `y`), from a view `start` high down to `depth`."""
    width, height = canvas.sized(240)
    return (
        f"mandelbrot=s={width}x{height}:r={canvas.fps}:maxiter=140:start_x={x}:start_y={y}:"
        f"start_scale={start}:end_scale={depth}:end_pts={canvas.seconds * canvas.fps * 1.05:.0f}:"
        f"outer=normalized_iteration_count:inner=black,format=gray,"
        f"gblur=sigma=1,{paint(canvas.palette, cycles=cycles)},{canvas.finish()}[v]"
    )


def moire(canvas: Canvas, *, cycles: int = 1) -> str:
    """Rings of light moving through each other."""
    width, height = canvas.sized(360)
    return (
        f"zoneplate=s={width}x{height}:r={canvas.fps}:precision=10:kx2=18:ky2=18:kt=12:"
        f"xo=-{width // 5},format=gray[near];"
        f"zoneplate=s={width}x{height}:r={canvas.fps}:precision=10:kx2=14:ky2=14:kt=-9:"
        f"xo={width // 5}:yo={height // 6},format=gray[far];"
        f"[near][far]blend=all_mode=average,gblur=sigma=1.2,{paint(canvas.palette, cycles=cycles)},"
        f"{canvas.finish()}[v]"
    )
