"""The dozen people of the demo."""

from dataclasses import dataclass, field
from zlib import crc32

from feed.demo.portraits import Look


@dataclass(frozen=True)
class Person:
    """Somebody to sign up: `links` are (label, URL) pairs, `palette` colours the avatar."""

    username: str
    name: str
    bio: str
    palette: str
    look: Look
    links: tuple[tuple[str, str], ...] = ()
    follows: tuple[str, ...] = field(default=())

    @property
    def email(self) -> str:
        """An address that can belong to nobody (RFC 2606)."""
        return f"{self.username}@demo.invalid"

    @property
    def seed(self) -> int:
        """The seed of the avatar."""
        return crc32(self.username.encode())


PEOPLE = (
    Person(
        "linh.tran",
        "Trần Mỹ Linh",
        "Chụp núi, chụp mây, chụp cả cơn mưa. Đà Nẵng ⛰",
        "dusk",
        Look(1, 0, "parting", long=True),
        (("Prints", "https://linh.example/prints"),),
        ("thuy.anh", "minh_quang", "hanoi_hannah", "sorenb", "lena.draws", "bao.codes"),
    ),
    Person(
        "thuy.anh",
        "Nguyễn Thúy Anh",
        "Hội An mỗi ngày. Lanterns, silk, early mornings.",
        "lacquer",
        Look(0, 0, bun=True),
        (("Workshop", "https://thuyanh.example"), ("Map", "https://thuyanh.example/map")),
        ("linh.tran", "aiko_m", "marisol.v", "hanoi_hannah"),
    ),
    Person(
        "lena.draws",
        "Lena Hofmann",
        "I draw with maths when my hands are tired. Leipzig.",
        "lotus",
        Look(0, 3, long=True, glasses=True),
        (("Sketchbook", "https://lena.example"),),
        ("dr.fractal", "aiko_m", "marisol.v", "neonmaya", "kofi.a"),
    ),
    Person(
        "minh_quang",
        "Phạm Minh Quang",
        "Quy Nhơn, biển và cà phê sữa đá.",
        "mango",
        Look(2, 0, "parting"),
        (),
        ("linh.tran", "thuy.anh", "bao.codes", "hanoi_hannah"),
    ),
    Person(
        "neonmaya",
        "Maya Okafor",
        "Loops for people who miss cassette players.",
        "neon",
        Look(4, 5, "parting", long=True),
        (("Mixes", "https://maya.example/mixes"),),
        ("bao.codes", "kofi.a", "lena.draws", "aiko_m"),
    ),
    Person(
        "aiko_m",
        "Aiko Mori",
        "Light, water, patience. 東京 → Đà Lạt",
        "ink",
        Look(0, 4, "cap", long=True),
        (),
        ("thuy.anh", "sorenb", "kofi.a", "linh.tran", "lena.draws"),
    ),
    Person(
        "bao.codes",
        "Lê Gia Bảo",
        "Viết code ban ngày, vẽ bằng code ban đêm. Saigon.",
        "lagoon",
        Look(1, 0, "cap", glasses=True),
        (("Code", "https://bao.example/code"),),
        ("neonmaya", "dr.fractal", "linh.tran", "kofi.a", "minh_quang"),
    ),
    Person(
        "dr.fractal",
        "Dr. Ines Costa",
        "Mathematician. z² + c and a good cup of coffee. Lisboa.",
        "ember",
        Look(2, 2, long=True, glasses=True),
        (("Lecture notes", "https://costa.example/notes"),),
        ("bao.codes", "lena.draws", "kofi.a"),
    ),
    Person(
        "kofi.a",
        "Kofi Asante",
        "Bass player. I film what the strings do. Accra.",
        "ember",
        Look(5, 0),
        (("Band", "https://kofi.example/band"),),
        ("neonmaya", "dr.fractal", "aiko_m", "marisol.v"),
    ),
    Person(
        "sorenb",
        "Søren Bakke",
        "North of the tree line. Slow video only.",
        "ice",
        Look(0, 3),
        (),
        ("linh.tran", "aiko_m", "marisol.v"),
    ),
    Person(
        "marisol.v",
        "Marisol Vega",
        "Ventanas, flores, buses. Buenos Aires ↔ everywhere",
        "candy",
        Look(3, 1, long=True),
        (("Postcards", "https://marisol.example"),),
        ("thuy.anh", "lena.draws", "sorenb", "hanoi_hannah", "neonmaya"),
    ),
    Person(
        "hanoi_hannah",
        "Hannah Nguyễn",
        "Hà Nội qua mắt một đứa đi xa về. Food opinions: strong.",
        "orchid",
        Look(1, 1, bun=True, glasses=True),
        (),
        ("linh.tran", "thuy.anh", "minh_quang", "marisol.v"),
    ),
)
