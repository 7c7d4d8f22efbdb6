"""Clips of colour, pattern and number."""

from functools import partial

from feed.demo.clips.clip import SQUARE, TALL, WIDE, Clip
from feed.demo.music import Score
from feed.demo.scenes import fields, mirrors, patterns

FLOAT = Score(mood="open", key=110, tempo=58, pad=0.7, pluck=0.35)
BRIGHT = Score(mood="warm", key=131, tempo=92, pad=0.4, pluck=0.6)
DEEP = Score(mood="night", key=82, tempo=70, pad=0.65, pluck=0.4, beat=0.35)

ABSTRACT = (
    Clip(
        "lotus-wheel",
        "lena.draws",
        partial(mirrors.mandala, folds=10, grain=1.4, cycles=3),
        "lotus",
        9,
        FLOAT,
        "Breathe in while it opens, out while it closes. #mandala #calm #kaleidoscope",
    ),
    Clip(
        "ink-and-silk",
        "thuy.anh",
        fields.silk,
        "orchid",
        9,
        FLOAT,
        "Lụa Vạn Phúc, nhuộm tay. Watch the dye find its own way. #silk #craft #vietnam",
    ),
    Clip(
        "seahorse-valley",
        "dr.fractal",
        partial(patterns.plunge, x=-0.743643, y=-0.131825),
        "lagoon",
        9,
        DEEP,
        "Same formula all the way down: z² + c. No end, I checked. #mandelbrot #fractal #maths",
    ),
    Clip(
        "fire-tunnel",
        "neonmaya",
        mirrors.tunnel,
        "ember",
        8,
        DEEP,
        "Do not blink. #tunnel #trippy #loop",
    ),
    Clip(
        "garden-of-life",
        "bao.codes",
        patterns.life,
        "rice",
        9,
        BRIGHT,
        "Game of Life, 4 luật, 0 người chơi. It grows anyway. #gameoflife #coding #maths",
    ),
    Clip(
        "opening-flower",
        "marisol.v",
        fields.flower,
        "lotus",
        8,
        BRIGHT,
        "For everyone having a long day 🌺 #flower #calm #loop",
    ),
    Clip(
        "still-water",
        "aiko_m",
        fields.ripples,
        "lagoon",
        9,
        FLOAT,
        "Three drops. That is the whole video. #water #calm #satisfying",
    ),
    Clip(
        "map-of-nowhere",
        "sorenb",
        partial(fields.silk, cycles=4),
        "forest",
        9,
        FLOAT,
        "Contour map of a country that changes its mind. #maps #contours #generative",
        TALL,
    ),
    Clip(
        "stained-glass",
        "hanoi_hannah",
        partial(mirrors.mandala, folds=6, cycles=3),
        "lacquer",
        9,
        BRIGHT,
        "Nhà thờ Lớn qua ống kính vạn hoa. #kaleidoscope #hanoi #mandala",
        SQUARE,
    ),
    Clip(
        "spiral-arms",
        "dr.fractal",
        partial(patterns.plunge, x=-0.745428, y=0.113009, depth=0.002),
        "mango",
        10,
        DEEP,
        "Zoomed in 400x and it is still laughing at me. Next week: deeper. #mandelbrot #fractal",
        WIDE,
    ),
    Clip(
        "plasma-pop",
        "lena.draws",
        fields.plasma,
        "candy",
        8,
        BRIGHT,
        "My screensaver in 1996 vs my mood today: identical. #plasma #retro #generative",
    ),
    Clip(
        "moire-moon",
        "dr.fractal",
        patterns.moire,
        "ink",
        8,
        DEEP,
        "Two sets of rings, neither is moving much. Your eyes do the rest. #moire #illusion #maths",
    ),
    Clip(
        "warm-drift",
        "marisol.v",
        fields.drift,
        "candy",
        8,
        FLOAT,
        "Sunset, but only the colours stayed. #gradient #calm #sunset",
    ),
)
