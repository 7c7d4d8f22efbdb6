"""Moving colour fields: silk, contours, drifting gradients, ripples."""

from feed.demo.canvas import Canvas
from feed.demo.palettes import paint


def silk(canvas: Canvas, *, grain: float = 1.0, cycles: int = 1, flow: float = 0.35) -> str:
    """Perlin noise painted like dyed cloth; more `cycles` turn it into contour lines."""
    width, height = canvas.sized(180)
    return (
        f"perlin=s={width}x{height}:r={canvas.fps}:octaves=2:persistence=0.35:random_mode=seed:"
        f"seed={canvas.seed}:xscale={2 * grain}:yscale={2 * grain * height / width:.2f}:"
        f"tscale={flow},"
        f"normalize=smoothing=60:independence=0,{paint(canvas.palette, cycles=cycles)},"
        f"{canvas.finish()}[v]"
    )


def drift(canvas: Canvas, *, kind: str = "spiral", speed: float = 0.02) -> str:
    """Broad gradients that turn slowly into each other."""
    width, height = canvas.sized(270)
    # There and back again: the last colour meets the first without an edge.
    wheel = (*canvas.palette, *canvas.palette[3:0:-1])
    colours = ":".join(f"c{index}={colour}" for index, colour in enumerate(wheel))
    return (
        f"gradients=s={width}x{height}:r={canvas.fps}:n={len(wheel)}:{colours}:"
        f"type={kind}:speed={speed}:seed={canvas.seed},gblur=sigma=2,{canvas.finish()}[v]"
    )


def ripples(canvas: Canvas, *, cycles: int = 1, tightness: float = 7.0) -> str:
    """Three drops in still water: rings that cross each other."""
    width, height = canvas.sized(108)
    drops = ((0.3, 0.25, 2.1), (0.75, 0.55, 1.7), (0.35, 0.85, 2.6))
    rings = "+".join(f"sin(hypot(X-{x}*W,Y-{y}*H)/{tightness}-T*{speed})" for x, y, speed in drops)
    return (
        f"color=black:s={width}x{height}:r={canvas.fps},format=gray,geq=lum='127+40*({rings})',"
        f"{paint(canvas.palette, cycles=cycles)},{canvas.finish()}[v]"
    )


def plasma(canvas: Canvas, *, cycles: int = 2, scale: float = 1.0) -> str:
    """The demo scene's plasma, slowed down."""
    width, height = canvas.sized(108)
    waves = (
        f"sin(X/{22 * scale:.1f}+T*0.9)+sin((Y+X*0.5)/{17 * scale:.1f}-T*0.7)"
        f"+sin(hypot(X-W/2+30*sin(T*0.5),Y-H/2+40*cos(T*0.4))/{13 * scale:.1f})"
    )
    return (
        f"color=black:s={width}x{height}:r={canvas.fps},format=gray,geq=lum='127+42*({waves})',"
        f"{paint(canvas.palette, cycles=cycles)},{canvas.finish()}[v]"
    )


def flower(canvas: Canvas, *, petals: int = 6, cycles: int = 2) -> str:
    """A flower that opens for ever."""
    width, height = canvas.sized(120)
    away, angle = "hypot(X-W/2,Y-H/2)", "atan2(Y-H/2,X-W/2)"
    bloom = (
        f"127+110*sin({away}/13-T*1.1+1.5*sin({petals}*{angle}+T*0.5)*(0.4+{away}/W)"
        f"+0.5*sin({petals * 2}*{angle}-T*0.8))"
    )
    return (
        f"color=black:s={width}x{height}:r={canvas.fps},format=gray,geq=lum='{bloom}',"
        f"{paint(canvas.palette, cycles=cycles)},{canvas.finish()}[v]"
    )
