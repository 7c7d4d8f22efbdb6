"""Sound for the clips: pads, plucks, a soft beat and the sea, written as ffmpeg expressions."""

from dataclasses import dataclass
from math import pi
from random import Random

RATE = 32_000
# Degrees above the key, in semitones.
MAJOR = (0, 2, 4, 7, 9, 12, 14, 16)
MINOR = (0, 3, 5, 7, 10, 12, 15, 17)
PROGRESSIONS = {
    "warm": ((0, 4, 7, 11), (9, 12, 16, 19), (5, 9, 12, 16), (7, 11, 14, 17)),
    "night": ((0, 3, 7, 10), (8, 12, 15, 19), (3, 7, 10, 14), (10, 14, 17, 20)),
    "open": ((0, 7, 12, 14), (5, 12, 17, 19), (0, 7, 14, 16), (7, 14, 19, 21)),
}


@dataclass(frozen=True)
class Score:
    """What plays: `mood` names the chords, `key` is in hertz, `tempo` in beats a minute."""

    mood: str = "warm"
    key: float = 110.0
    tempo: int = 84
    pad: float = 0.5
    pluck: float = 0.5
    beat: float = 0.0
    water: float = 0.0


def compose(score: Score, *, seconds: float, seed: int) -> str:
    """Return filters that end in the label [tone]: `seconds` of stereo sound."""
    layers = [
        (score.pad, _pad(score)),
        (score.pluck, _plucks(score, seed)),
        (score.beat, _beat(score)),
    ]
    parts = [
        f"aevalsrc=exprs='{left}|{right}':c=stereo:s={RATE}:d={seconds},volume={level}[part{index}]"
        for index, (level, (left, right)) in enumerate(layers)
        if level
    ]
    labels = [part[part.rindex("[") :] for part in parts]
    if score.water:
        parts.append(
            f"anoisesrc=c=brown:r={RATE}:seed={seed}:d={seconds},lowpass=f=900,tremolo=f=0.17:"
            "d=0.75,"
            f"volume={score.water},aformat=channel_layouts=stereo,extrastereo[surf]"
        )
        labels.append("[surf]")
    mix = f"{''.join(labels)}amix=inputs={len(labels)}:normalize=0"
    room = "aecho=0.85:0.8:61|97|151|233:0.3|0.24|0.18|0.12"
    ends = f"afade=t=in:d=0.15,afade=t=out:st={seconds - 0.7:.2f}:d=0.7"
    return ";".join(parts) + f";{mix},{room},lowpass=f=7500,alimiter=limit=0.8,{ends}[tone]"


def _hertz(key: float, semitones: int) -> float:
    return key * 2 ** (semitones / 12)


def _choose(index: str, values: list[float]) -> str:
    """Return an expression that is values[index], found by halving."""
    if len(values) == 1:
        return f"{values[0]:.2f}"
    middle = len(values) // 2
    low, high = _choose(index, values[:middle]), _choose(f"({index}-{middle})", values[middle:])
    return f"if(lt({index},{middle}),{low},{high})"


def _pad(score: Score) -> tuple[str, str]:
    """Four slow voices, a little apart in tuning between left and right."""
    bar = 60 / score.tempo * 4
    chords = PROGRESSIONS[score.mood]
    sides = []
    for detune in (0.997, 1.003):
        voices = []
        for voice in range(4):
            notes = [_hertz(score.key, chord[voice]) * detune for chord in chords]
            tone = f"ld(0)*{_choose('ld(1)', notes)}*{2 * pi:.5f}"
            voices.append(f"0.1*(sin({tone})+0.25*sin(2*{tone}))")
        swell = "pow(sin(PI*clip(ld(0)/ld(2),0,1)),0.6)"
        sides.append(
            f"st(2,{bar:.4f});st(0,mod(t,ld(2)));st(1,mod(floor(t/ld(2)),4));"
            f"({'+'.join(voices)})*{swell}"
        )
    return sides[0], sides[1]


def _plucks(score: Score, seed: int) -> tuple[str, str]:
    """Sixteen soft plucked notes in the scale, walking rather than jumping."""
    step = 30 / score.tempo
    scale = MINOR if score.mood == "night" else MAJOR
    chance, place, notes = Random(seed), 3, []
    for _ in range(16):
        place = min(max(place + chance.choice((-2, -1, -1, 1, 1, 2)), 0), len(scale) - 1)
        notes.append(_hertz(score.key * 4, scale[place]))
    silent = "+".join(f"eq(ld(3),{at})" for at in chance.sample((3, 5, 7, 11, 13, 15), 3))
    tone = f"ld(0)*ld(1)*{2 * pi:.5f}"
    note = (
        f"st(0,mod(t,{step:.4f}));st(3,mod(floor(t/{step:.4f}),16));st(1,"
        f"{_choose('ld(3)', notes)});"
        f"0.3*(1-({silent}))*exp(-7*ld(0))*(1-ld(0)/{step:.4f})*min(1,ld(0)*400)"
        f"*(sin({tone})+0.45*sin(2*{tone})*exp(-9*ld(0))+0.2*sin(3*{tone})*exp(-16*ld(0)))"
    )
    return f"{note}*(0.75+0.25*sin(t))", f"{note}*(0.75-0.25*sin(t))"


def _beat(score: Score) -> tuple[str, str]:
    """A round kick on the beat and a brushed hat between."""
    beat = 60 / score.tempo
    drum = (
        f"st(0,mod(t,{beat:.4f}));st(1,mod(t+{beat / 2:.4f},{beat:.4f}));"
        f"0.7*exp(-9*ld(0))*sin({2 * pi:.5f}*(48*ld(0)+5*(1-exp(-28*ld(0)))))"
        f"+0.07*exp(-55*ld(1))*(2*random(4)-1)"
    )
    return drum, drum
