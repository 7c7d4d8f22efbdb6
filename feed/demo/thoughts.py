"""Text posts of the demo: short thoughts of its people, each on a ground that suits it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Thought:
    """One post; `slug` names it for ever."""

    slug: str
    author: str
    background: str
    text: str


THOUGHTS = (
    Thought("slow-day", "thuy.anh", "paper", "A slow day is not a lost day.\n\nIt kept its shape."),
    Thought("awake", "neonmaya", "dusk", "Who else is still awake? #latenight"),
    Thought(
        "proof",
        "dr.fractal",
        "slate",
        "z = z*z + c, and then you wait.\n\nMost of beauty is patience with a loop. #maths",
    ),
    Thought("coffee", "minh_quang", "mango", "Cà phê sữa đá fixes most things. #quynhon"),
    Thought(
        "rain",
        "hanoi_hannah",
        "night",
        "Rain sounds different in every city. In Hanoi it hits tin roofs and scooters first. "
        "@linh.tran says I make that up, but she never stands still when it pours. #hanoi",
    ),
    Thought("strings", "kofi.a", "jade", "Tune first. Talk later."),
)
