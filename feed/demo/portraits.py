"""Avatars nobody posed for: a figure of simple shapes on a gradient, drawn from a seed."""

from dataclasses import dataclass
from io import BytesIO
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from feed.demo.palettes import Palette, between, channels

EDGE = 512
DRAWN = EDGE * 2  # drawn twice as large and reduced: smooth edges
SKINS = ("#f6d7c3", "#e8b998", "#c98f69", "#a86f4c", "#7d4f35", "#593626")
HAIRS = ("#1c1412", "#2e1d17", "#5a3825", "#c79a56", "#22263a", "#a8452f")


@dataclass(frozen=True)
class Look:
    """`skin` and `hair` index the colours above; `fringe` is cap, parting or crop."""

    skin: int
    hair: int
    fringe: str = "crop"
    long: bool = False
    bun: bool = False
    glasses: bool = False


def portrait(look: Look, palette: Palette, *, seed: int) -> bytes:
    """Return a PNG of 512x512 pixels; the same arguments give the same picture."""
    chance = Random(seed)
    picture = _sky(palette)
    halo = chance.uniform(0.36, 0.42)
    _disc(picture, 0.5, 0.46, halo, between(palette[3], palette[4], chance.random()))
    skin, hair = channels(SKINS[look.skin]), channels(HAIRS[look.hair])
    if look.long:
        _rounded(picture, 0.29, 0.27, 0.71, 0.8, 0.2, hair)
    _figure(picture, skin, channels(palette[chance.choice((0, 1))]))
    _fringe(picture, look, hair)
    _face(picture, look, smile=chance.uniform(0.035, 0.06))
    light = Image.new("L", picture.size)
    ImageDraw.Draw(light).ellipse(_box(0.1, -0.25, 0.8, 0.5), fill=60)
    light = light.filter(ImageFilter.GaussianBlur(DRAWN * 0.12))
    picture = ImageChops.screen(picture, Image.merge("RGB", (light, light, light)))
    out = BytesIO()
    picture.resize((EDGE, EDGE), Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()


def _sky(palette: Palette) -> Image.Image:
    ramp = Image.new("RGB", (1, 256))
    for row in range(256):
        ramp.putpixel((0, row), between(palette[1], palette[2], row / 255))
    return (
        ramp.resize((DRAWN, DRAWN), Image.Resampling.BICUBIC)
        .rotate(20, resample=Image.Resampling.BICUBIC, fillcolor=channels(palette[1]))
        .crop((DRAWN // 6, DRAWN // 6, DRAWN * 5 // 6, DRAWN * 5 // 6))
        .resize((DRAWN, DRAWN))
    )


def _figure(picture: Image.Image, skin: tuple[int, int, int], shirt: tuple[int, int, int]) -> None:
    shade = tuple(round(level * 0.84) for level in skin)
    _rounded(picture, 0.16, 0.76, 0.84, 1.4, 0.24, shirt)
    _rounded(picture, 0.42, 0.58, 0.58, 0.83, 0.08, shade)
    _rounded(picture, 0.335, 0.26, 0.665, 0.69, 0.165, skin)


def _fringe(picture: Image.Image, look: Look, hair: tuple[int, int, int]) -> None:
    """Hair on top: a cap, a side parting or a round crop, kept inside the head's outline."""
    layer = Image.new("L", picture.size)
    draw = ImageDraw.Draw(layer)
    draw.rounded_rectangle(_box(0.315, 0.225, 0.685, 0.7), DRAWN * 0.19, fill=255)
    if look.fringe == "cap":
        draw.rectangle(_box(0.2, 0.385, 0.8, 0.9), fill=0)
    elif look.fringe == "parting":
        draw.polygon(_points((0.2, 0.5), (0.44, 0.34), (0.8, 0.48), (0.8, 1), (0.2, 1)), fill=0)
    else:
        draw.ellipse(_box(0.3, 0.34, 0.7, 0.98), fill=0)
        draw.rectangle(_box(0.2, 0.52, 0.8, 0.9), fill=0)
    picture.paste(hair, mask=layer)
    if look.bun:
        _disc(picture, 0.5, 0.22, 0.075, hair)


def _face(picture: Image.Image, look: Look, *, smile: float) -> None:
    draw, dark = ImageDraw.Draw(picture), (38, 26, 28)
    for x in (0.425, 0.575):
        draw.ellipse(_box(x - 0.014, 0.475, x + 0.014, 0.503), fill=dark)
    if look.glasses:
        for x in (0.425, 0.575):
            draw.ellipse(_box(x - 0.056, 0.433, x + 0.056, 0.545), outline=dark, width=DRAWN // 110)
        draw.line(_points((0.481, 0.485), (0.519, 0.485)), fill=dark, width=DRAWN // 110)
    draw.arc(_box(0.5 - smile, 0.53, 0.5 + smile, 0.595), 20, 160, fill=dark, width=DRAWN // 85)
    for x in (0.385, 0.615):
        _blush(picture, x)


def _blush(picture: Image.Image, x: float) -> None:
    mask = Image.new("L", picture.size)
    ImageDraw.Draw(mask).ellipse(_box(x - 0.035, 0.525, x + 0.035, 0.585), fill=70)
    picture.paste((230, 90, 90), mask=mask.filter(ImageFilter.GaussianBlur(DRAWN * 0.012)))


def _disc(
    picture: Image.Image, x: float, y: float, radius: float, colour: tuple[int, int, int]
) -> None:
    box = _box(x - radius, y - radius, x + radius, y + radius)
    ImageDraw.Draw(picture).ellipse(box, fill=colour)


def _rounded(
    picture: Image.Image,
    left: float,
    top: float,
    right: float,
    bottom: float,
    radius: float,
    colour: tuple[int, ...],
) -> None:
    ImageDraw.Draw(picture).rounded_rectangle(
        _box(left, top, right, bottom), DRAWN * radius, fill=colour
    )


def _box(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
    return left * DRAWN, top * DRAWN, right * DRAWN, bottom * DRAWN


def _points(*points: tuple[float, float]) -> list[tuple[float, float]]:
    return [(x * DRAWN, y * DRAWN) for x, y in points]
