"""Pictures of sound. A scene that shows the clip's own reads the label [tone]."""

from feed.demo.canvas import Canvas
from feed.demo.palettes import paint


def strings(canvas: Canvas, *, upper: int = 3, lower: int = 2) -> str:
    """Two pure tones, `upper` to `lower`, drawn against each other while one slips in phase."""
    width, height = canvas.sized(400)
    edge = min(width, height)
    return (
        f"aevalsrc=exprs='0.8*sin(2*PI*{60 * lower}*t)|0.8*sin(2*PI*{60 * upper}*t+t*0.9)':"
        f"c=stereo:s=44100:d={canvas.seconds + 1},"
        f"avectorscope=s={edge}x{edge}:r={canvas.fps}:m=lissajous_xy:draw=line:zoom=1:"
        f"rc=255:gc=255:bc=255:rf=40:gf=40:bf=40,format=gray,gblur=sigma=0.8,lagfun=decay=0.8,"
        f"pad={width}:{height}:-1:-1,split[line][halo];[halo]gblur=sigma=9,lutyuv=y='min(255,"
        "val*2.4)'[soft];"
        f"[line][soft]blend=all_mode=screen,{paint(canvas.palette)},{canvas.finish()}[v]"
    )


def keys(canvas: Canvas) -> str:
    """Every note a bar of light, low ones in the middle, with its mirror image below."""
    width, height = canvas.sized(270)
    half, wing = height // 4 * 2, width // 4 * 2
    return (
        f"[tone]showcqt=s={wing}x{half}:fps={canvas.fps}:axis=0:sono_h=0:bar_h={half}:count=2:"
        "tc=0.33:"
        "basefreq=104:endfreq=1800:bar_g=2:bar_v=20:cscheme=1|1|1|1|1|1,format=gray,"
        "gblur=sigma=1.2,"
        f"lagfun=decay=0.92,split[right][left];[left]hflip[turned];[turned][right]hstack,"
        f"split[up][down];[down]vflip,lutyuv=y=val*0.5[low];[up][low]vstack,"
        f"scale={width}:{height},{paint(canvas.palette)},{canvas.finish()}[v]"
    )


def ribbons(canvas: Canvas) -> str:
    """The wave itself, leaving ribbons of light as it moves."""
    width, height = canvas.sized(360)
    return (
        f"[tone]lowpass=f=150,lowpass=f=150,volume=1.6,showwaves=s={width}x{height}:"
        f"r={canvas.fps}:mode=p2p:colors=white:scale=sqrt:draw=full,"
        f"format=gray,gblur=sigma=1.6,lutyuv=y='min(255,val*2.6)',lagfun=decay=0.93,"
        f"{paint(canvas.palette)},{canvas.finish()}[v]"
    )
