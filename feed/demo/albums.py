"""Albums of the demo: one scene in several lights, set to what is heard in somebody's clip."""

from dataclasses import dataclass, replace

from feed.demo.clips import CLIPS, Clip

SCENES = {clip.slug: clip for clip in CLIPS}


@dataclass(frozen=True)
class Album:
    """One post; `slug` names it for ever, `sound` and `scene` are slugs of clips."""

    slug: str
    author: str
    scene: str
    palettes: tuple[str, ...]
    sound: str
    caption: str

    @property
    def pictures(self) -> list[Clip]:
        """The clips of which each picture is a frame, each with chances of its own."""
        scene = SCENES[self.scene]
        return [
            replace(scene, slug=f"{self.slug}-{number}", palette=palette)
            for number, palette in enumerate(self.palettes, start=1)
        ]


ALBUMS = (
    Album(
        "four-mornings",
        "hanoi_hannah",
        "hills-at-dusk",
        ("dusk", "mango", "ice", "rice"),
        "hills-at-dusk",
        "Four mornings, the same five hills. Swipe slowly. Sound by @linh.tran #hills #vietnam",
    ),
    Album(
        "lanterns-by-colour",
        "lena.draws",
        "lanterns-hoi-an",
        ("neon", "ice", "mango"),
        "lanterns-hoi-an",
        "If I were allowed to paint the lanterns. #hoian #lanterns #colour",
    ),
    Album(
        "paper-flowers",
        "aiko_m",
        "lotus-wheel",
        ("mango", "rice", "dusk"),
        "lotus-wheel",
        "Cut from paper, folded three times. #mandala #paper #calm",
    ),
)
