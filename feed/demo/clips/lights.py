"""Clips of light in the dark."""

from functools import partial

from feed.demo.clips.clip import SQUARE, TALL, WIDE, Clip
from feed.demo.music import Score
from feed.demo.scenes import lights, scope

HALL = Score(mood="warm", key=131, tempo=76, pad=0.5, pluck=0.6)
LATE = Score(mood="night", key=98, tempo=84, pad=0.5, pluck=0.5, beat=0.45)
PARTY = Score(mood="warm", key=123, tempo=112, pad=0.35, pluck=0.55, beat=0.7)
PURE = Score(mood="open", key=120, tempo=60, pad=0.7, pluck=0.3)

LIGHTS = (
    Clip(
        "lanterns-hoi-an",
        "thuy.anh",
        partial(lights.lanterns, count=22),
        "lacquer",
        10,
        HALL,
        "Đêm rằm phố Hội 🏮 make a wish before it leaves the frame. #hoian #lanterns #vietnam",
    ),
    Clip(
        "tet-fireworks",
        "minh_quang",
        lights.fireworks,
        "lacquer",
        10,
        PARTY,
        "Chúc mừng năm mới! 🎆 12 tầng thượng, một bầu trời. #tet #fireworks #happynewyear",
    ),
    Clip(
        "long-exposure",
        "aiko_m",
        lights.orbits,
        "neon",
        9,
        LATE,
        "Five torches, five friends, one very patient camera. #lightpainting #longexposure",
    ),
    Clip(
        "rain-on-glass",
        "marisol.v",
        partial(lights.bokeh, count=26),
        "candy",
        8,
        LATE,
        "Taxi window, wrong glasses, best view of the week. #bokeh #rain #city",
    ),
    Clip(
        "lava-lamp",
        "neonmaya",
        lights.lava,
        "ember",
        10,
        LATE,
        "Bought a lava lamp. Cancelled my plans. #lavalamp #satisfying #loop",
    ),
    Clip(
        "three-to-two",
        "kofi.a",
        scope.strings,
        "lagoon",
        8,
        PURE,
        "What a perfect fifth looks like: 3 against 2. Left ear draws across, right ear "
        "draws up. #music #physics",
    ),
    Clip(
        "piano-of-light",
        "bao.codes",
        scope.keys,
        "orchid",
        10,
        PARTY,
        "Tối nay code cái này thay vì ngủ 😅 every note is a bar #music #visualizer #coding",
    ),
    Clip(
        "blue-lava",
        "lena.draws",
        partial(lights.lava, cycles=2),
        "lagoon",
        8,
        PURE,
        "Jellyfish or lamp? Wrong answers only. #satisfying #blue",
        SQUARE,
    ),
    Clip(
        "gold-fireworks",
        "hanoi_hannah",
        partial(lights.fireworks, count=12),
        "mango",
        9,
        PARTY,
        "Hồ Gươm giao thừa, đứng từ 7 giờ giữ chỗ. Worth it? YES. #fireworks #hanoi #tet",
        TALL,
    ),
    Clip(
        "river-lanterns",
        "linh.tran",
        lights.lanterns,
        "mango",
        9,
        HALL,
        "One for grandma, one for luck. @thuy.anh you were right about the river side "
        "#lanterns #hoian",
    ),
    Clip(
        "sound-ribbons",
        "kofi.a",
        scope.ribbons,
        "dusk",
        9,
        LATE,
        "My bass line, photographed. #music #visualizer",
    ),
    Clip(
        "five-to-four",
        "aiko_m",
        partial(scope.strings, upper=5, lower=4),
        "mango",
        8,
        PURE,
        "Major third, 5:4. @kofi.a started this and now I cannot stop. #music #physics",
        WIDE,
    ),
    Clip(
        "tram-lights",
        "lena.draws",
        partial(lights.bokeh, count=20),
        "ice",
        8,
        HALL,
        "Last tram home, steamed-up window. #bokeh #winter #city",
    ),
    Clip(
        "comet-club",
        "sorenb",
        partial(lights.orbits, count=7),
        "mango",
        9,
        LATE,
        "If comets had regular jobs. #lightpainting #space",
        SQUARE,
    ),
)
