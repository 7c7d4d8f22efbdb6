"""What people say under the clips: remarks, and short threads below some of them."""

from dataclasses import dataclass, field
from random import Random

from feed.demo.clips import Clip
from feed.demo.people import PEOPLE

LIKED_BY = (0.35, 0.9)  # least and most popular clip: the share of the others who like it
SAVED_BY = 0.2


@dataclass(frozen=True)
class Line:
    """One comment by `author`, with the replies to it in order."""

    author: str
    text: str
    replies: tuple["Line", ...] = ()


@dataclass(frozen=True)
class Reception:
    """How a clip is received: who likes it, who saves it, and the threads under it."""

    likes: list[str] = field(default_factory=list)
    saves: list[str] = field(default_factory=list)
    threads: list[Line] = field(default_factory=list)


# A remark, then what is answered to it: first by the clip's author, then by whoever remarked.
EXCHANGES: tuple[tuple[str, ...], ...] = (
    ("Okay this made my morning.", "Then it did its job ☀️"),
    ("Đẹp quá trời!! Cho mình xin làm hình nền nha", "Lấy thoải mái nhé 😄", "Cảm ơn bạn nhiều!"),
    ("Watched it four times before I noticed it loops.",),
    ("Sound on. Trust me.", "The sound took longer than the picture, so thank you."),
    ("Nhìn mà muốn đi liền luôn á",),
    ("How long did this take you?", "Longer than I will admit here.", "Respect."),
    ("This is the calmest corner of the whole app.",),
    ("Màu này gọi là gì nhỉ? Mê quá", "Mình gọi là 'màu hết giờ làm' 😂"),
    ("Sent it to my mum. She wants a longer version.", "Tell her: next week!"),
    ("Can we get a tutorial? 🙏", "Writing one. It is mostly patience.", "Patience: not found."),
    ("10 giây mà xem 10 phút",),
    ("The middle part 🤯",),
    ("I did not know I needed this today.", "Same, honestly. That is why I made it."),
    ("Quá đã! Âm thanh nghe thư giãn ghê",),
    ("Screenshotting this for my wall.",),
    ("Is that real or am I asleep?", "Yes.", "Fair enough."),
    ("Following just for more of these.", "More on Sunday 💛"),
    ("Coi xong tự nhiên thấy nhẹ người", "Vậy là mình vui rồi 🌿"),
    ("Whoever mixed the audio deserves a raise.",),
    ("The colours!! My phone screen feels underpaid.",),
)


def reception(clip: Clip) -> Reception:
    """Return how `clip` is received; the same clip, the same reception."""
    chance = Random(clip.seed)
    others = [person.username for person in PEOPLE if person.username != clip.author]
    share = chance.uniform(*LIKED_BY)
    return Reception(
        likes=[name for name in others if chance.random() < share],
        saves=[name for name in others if chance.random() < SAVED_BY],
        threads=[
            _thread(exchange, clip.author, guest)
            for exchange, guest in zip(
                chance.sample(EXCHANGES, chance.randint(2, 5)),
                chance.sample(others, 5),
                strict=False,
            )
        ],
    )


def _thread(exchange: tuple[str, ...], author: str, guest: str) -> Line:
    remark, *answers = exchange
    voices = (author, guest)
    return Line(
        guest, remark, tuple(Line(voices[turn % 2], text) for turn, text in enumerate(answers))
    )
