"""What a clip may answer: a comment, which an app above keeps and lends here.

`videos` neither knows comments nor who may read them; `register` is called in `AppConfig.ready`.
"""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from accounts.models import User
from videos.models import Video


@dataclass(frozen=True)
class Answered:
    """A comment that somebody may answer with a clip; `author` is a username, `url` a path."""

    comment_id: UUID
    author: str
    text: str
    url: str


class Comments(Protocol):
    """What the app above does."""

    def find(self, *, actor: User, comment_id: object) -> Answered:
        """Return a comment that `actor` may answer; raises NotFound, Forbidden."""

    def answer(self, *, video: Video, comment_id: UUID) -> None:
        """Note that a new clip answers it; called in the transaction that publishes the clip."""


_lent: list[Comments] = []


def register(comments: Comments) -> None:
    """Lend the comments, once."""
    _lent[:] = [comments]


def find(*, actor: User, comment_id: object) -> Answered:
    """Return a comment that `actor` may answer with a clip; raises NotFound, Forbidden."""
    return _lent[0].find(actor=actor, comment_id=comment_id)


def answer(*, video: Video, comment_id: UUID) -> None:
    """Note that a new clip answers a comment; call inside the transaction that publishes it."""
    _lent[0].answer(video=video, comment_id=comment_id)
