"""Logs: who took what and when, numbered, the oldest first."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.errors import Invalid
from feed.recommender.arrays import Flags, Floats, Ints
from social.engagement.models import Like, ViewEvent

CORE = 5  # everybody and everything has at least so many
MOST = 2_000_000


@dataclass(frozen=True)
class Log:
    """Rows in the order of time; users and items are numbers from 0."""

    users: Ints
    items: Ints
    at: Floats
    people: int
    things: int

    def where(self, chosen: Flags) -> "Log":
        """Return the chosen rows, under the same numbers."""
        return Log(
            self.users[chosen], self.items[chosen], self.at[chosen], self.people, self.things
        )

    def __len__(self) -> int:
        return len(self.users)


def of_file(path: Path) -> Log:
    """Return the log of `user::item::rating::seconds` lines; raises Invalid for another form."""
    try:
        rows = [line.split("::") for line in path.read_text().splitlines() if line]
        table = np.array([[int(row[0]), int(row[1]), int(row[3])] for row in rows])
    except (OSError, ValueError, IndexError) as error:
        raise Invalid("log_invalid", f"{path} is no log of user::item::rating::seconds.") from error
    return _made(table[:, 0], table[:, 1], table[:, 2].astype(np.float64))


def of_product() -> Log:
    """Return the log of this instance: likes and clips watched to their end, by account."""
    likes = Like.objects.order_by("-pk").values_list("user_id", "video_id", "created_at")
    watched = ViewEvent.objects.filter(viewer__isnull=False, completed=True).order_by("-pk")
    rows = [*likes[:MOST], *watched.values_list("viewer_id", "video_id", "at")[:MOST]]
    people: dict[object, int] = {}
    things: dict[object, int] = {}
    users = np.array([people.setdefault(row[0], len(people)) for row in rows], dtype=np.int64)
    items = np.array([things.setdefault(row[1], len(things)) for row in rows], dtype=np.int64)
    return _made(users, items, np.array([row[2].timestamp() for row in rows]))


def _made(users: Ints, items: Ints, at: Floats) -> Log:
    kept = np.ones(len(users), dtype=bool)
    while kept.any():
        enough = _often(users[kept]) & _often(items[kept])
        if enough.all():
            break
        kept[np.flatnonzero(kept)[~enough]] = False
    order = np.argsort(at[kept], kind="stable")
    people, users = np.unique(users[kept][order], return_inverse=True)
    things, items = np.unique(items[kept][order], return_inverse=True)
    return Log(users, items, at[kept][order], len(people), len(things))


def _often(owners: Ints) -> Flags:
    _, place, count = np.unique(owners, return_inverse=True, return_counts=True)
    often: Flags = count[place] >= CORE
    return often
