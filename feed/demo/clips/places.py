"""Clips of places: hills, water, roads, towns, sky."""

from functools import partial

from feed.demo.clips.clip import SQUARE, TALL, WIDE, Clip
from feed.demo.music import Score
from feed.demo.scenes import landscapes

CALM = Score(mood="open", key=98, tempo=66, pad=0.6, pluck=0.4)
SHORE = Score(mood="warm", key=110, tempo=60, pad=0.5, pluck=0.3, water=0.5)
DRIVE = Score(mood="night", key=110, tempo=104, pad=0.4, pluck=0.5, beat=0.6)
STILL = Score(mood="night", key=87, tempo=54, pad=0.7, pluck=0.25)

PLACES = (
    Clip(
        "hills-at-dusk",
        "linh.tran",
        landscapes.ridges,
        "dusk",
        9,
        CALM,
        "Đèo Hải Vân lúc chạng vạng. Five layers of blue and not one filter. #dusk #hills #vietnam",
    ),
    Clip(
        "sun-on-water",
        "minh_quang",
        landscapes.sea,
        "mango",
        10,
        SHORE,
        "Mặt trời xuống biển ở Quy Nhơn 🌅 sound on for the waves #sea #sunset #quynhon",
    ),
    Clip(
        "grid-racer",
        "neonmaya",
        landscapes.road,
        "neon",
        8,
        DRIVE,
        "Still driving. Nobody has found the end of this road since 1984. #synthwave #retro #loop",
        TALL,
    ),
    Clip(
        "first-snow",
        "sorenb",
        partial(landscapes.night, falling=True),
        "ice",
        9,
        STILL,
        "First snow over the fjord. Came out to take the bins, stayed an hour. #snow #winter "
        "#quiet",
    ),
    Clip(
        "saigon-lights",
        "bao.codes",
        landscapes.skyline,
        "dusk",
        10,
        Score(mood="warm", key=98, tempo=80, pad=0.4, pluck=0.5, beat=0.4),
        "Saigon 23:40, đèn nhà ai còn sáng? Every window is somebody's story. #saigon "
        "#citylights #night",
    ),
    Clip(
        "green-ridges",
        "hanoi_hannah",
        partial(landscapes.ridges, layers=6),
        "rice",
        9,
        CALM,
        "Mù Cang Chải before the harvest 🌾 thanks @linh.tran for the tip! #ricefields "
        "#vietnam #hills",
    ),
    Clip(
        "milky-river",
        "sorenb",
        landscapes.night,
        "orchid",
        10,
        STILL,
        "Six minutes of exposure, ten seconds of you looking up. #stars #nightsky",
        WIDE,
    ),
    Clip(
        "ice-ridges",
        "marisol.v",
        landscapes.ridges,
        "ice",
        8,
        CALM,
        "Patagonia, the morning everything was one colour. #mountains #blue #hills",
        WIDE,
    ),
    Clip(
        "pink-sea",
        "thuy.anh",
        landscapes.sea,
        "lotus",
        9,
        SHORE,
        "Biển hồng 6 giờ sáng 🌸 who else wakes up for this? #sea #sunrise #pink",
    ),
    Clip(
        "river-town",
        "kofi.a",
        landscapes.skyline,
        "lagoon",
        8,
        Score(mood="open", key=123, tempo=72, pad=0.5, pluck=0.4, water=0.3),
        "Power cut ended street by street. #citylights #reflection",
        SQUARE,
    ),
    Clip(
        "toll-road",
        "neonmaya",
        landscapes.road,
        "candy",
        8,
        DRIVE,
        "Same road, summer edition ☀️ @bao.codes made the beat #synthwave #summer #loop",
    ),
    Clip(
        "ember-ridges",
        "kofi.a",
        partial(landscapes.ridges, layers=4),
        "ember",
        8,
        CALM,
        "Harmattan haze. The sun looks like a coin you could pick up. #dusk #hills #africa",
    ),
    Clip(
        "deep-winter",
        "aiko_m",
        partial(landscapes.night, falling=True),
        "ink",
        8,
        STILL,
        "雪 · yuki · snow. Black and white and no hurry at all. #snow #quiet #monochrome",
    ),
)
