"""Breaks the rule in one place at a time, in this process, so that tests can be asked to notice.

Functions keep their identity and get the code of the broken source: whoever imported them by name
calls the broken rule too.
"""

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from core import statements
from videos import policies

ROOT = Path(__file__).resolve().parents[3]
VIDEOS, IDS, PEOPLE = "videos/policies.py", "social/graph/ids.py", "social/graph/policies.py"


@dataclass(frozen=True)
class Mutation:
    """One way to get the rule wrong: `old` in `path` becomes `new`."""

    name: str
    path: str
    old: str
    new: str

    @property
    def module(self) -> str:
        """Return the dotted name of the module that is broken."""
        return self.path.removesuffix(".py").replace("/", ".")


MUTATIONS = (
    Mutation(
        "blocks forgotten",
        VIDEOS,
        "rule &= ~Q(author_id__in=blocked_ids(eyes.viewer_id))",
        "rule &= Q()",
    ),
    Mutation(
        "blocks count one way only",
        IDS,
        "Block.objects.filter(Q(blocker_id=viewer_id) | Q(blocked_id=viewer_id))",
        "Block.objects.filter(Q(blocker_id=viewer_id))",
    ),
    Mutation(
        "private accounts forgotten",
        VIDEOS,
        "everyone = Q(audience=Audience.EVERYONE, author__is_private=False)",
        "everyone = Q(audience=Audience.EVERYONE)",
    ),
    Mutation(
        "friends' clips shown to followers",
        VIDEOS,
        "friends = Q(audience=Audience.FRIENDS) & friend",
        "friends = Q(audience=Audience.FRIENDS) & follower",
    ),
    Mutation(
        "being followed counts as following",
        IDS,
        "rows = _known(Follow.objects.filter(follower_id=viewer_id), viewer_id)\n"
        '    return rows.values_list("followed_id", flat=True)',
        "rows = _known(Follow.objects.filter(followed_id=viewer_id), viewer_id)\n"
        '    return rows.values_list("follower_id", flat=True)',
    ),
    Mutation(
        "a pending request counts as a follow",
        VIDEOS,
        "follower = Q(author_id__in=followed_ids(viewer_id)) | friend",
        "asked = Q(author__follow_requests__sender_id=viewer_id)\n"
        "    follower = Q(author_id__in=followed_ids(viewer_id)) | friend | asked",
    ),
    Mutation("mature ignored", VIDEOS, "rule &= Q(mature=False)", "rule &= Q()"),
    Mutation("adults from 17", "accounts/ages.py", "ADULT_YEARS = 18", "ADULT_YEARS = 17"),
    Mutation(
        "deleted shown",
        VIDEOS,
        "rows = Video.objects.filter(deleted_at__isnull=True)",
        "rows = Video.objects.all()",
    ),
    Mutation(
        "moderation ignored",
        VIDEOS,
        "moderation_state=Video.Moderation.VISIBLE, draft=False, published_at__lte",
        "draft=False, published_at__lte",
    ),
    Mutation(
        "schedule ignored",
        VIDEOS,
        "published_at__lte=by)",
        "published_at__isnull=False)",
    ),
    Mutation(
        "owner inverted",
        VIDEOS,
        "Q(author_id=eyes.viewer_id) | _shown_to_others(eyes)",
        "~Q(author_id=eyes.viewer_id) & _shown_to_others(eyes)",
    ),
    Mutation(
        "suspended authors shown",
        VIDEOS,
        "Q(author__suspended_at__isnull=True, author__is_active=True)",
        "Q(author__is_active=True)",
    ),
    Mutation(
        "mutes ignored",
        VIDEOS,
        "rows.exclude(author_id__in=muted_ids(eyes.viewer_id))",
        "rows",
    ),
    Mutation(
        "blocked people still met",
        PEOPLE,
        'return stands & ~Q(**{f"{before}pk__in": blocked_ids(viewer.pk)})',
        "return stands",
    ),
    Mutation(
        "duets outlive their originals",
        VIDEOS,
        "return rule & (Q(is_duet=False) | Q(KeptExists(_open_originals(eyes))))",
        "return rule",
    ),
    Mutation("duets of narrowed originals", VIDEOS, "        is_open,\n", ""),
    Mutation(
        "duets of who blocked the viewer",
        VIDEOS,
        "rows = rows.exclude(author_id__in=blocked_ids(eyes.viewer_id))",
        "rows = rows.all()",
    ),
    Mutation(
        "duets of who blocked the duet's author",
        VIDEOS,
        'rows.exclude(block_between(OuterRef("author_id"), OuterRef(OuterRef("author_id"))))',
        "rows",
    ),
    Mutation(
        "mature originals shown to minors in duets",
        VIDEOS,
        "rows = rows.filter(mature=False)\n    return rows.exclude",
        "rows = rows.all()\n    return rows.exclude",
    ),
    Mutation(
        "media of duets called public",
        VIDEOS,
        "return [video, video.duet_of] if video.is_duet else [video]",
        "return [video]",
    ),
    Mutation(
        "private media called public",
        VIDEOS,
        "        and not author.is_private\n",
        "",
    ),
)


@contextmanager
def broken(mutation: Mutation) -> Iterator[None]:
    """Run the block with the rule broken. Raises ValueError where there is nothing to break."""
    source = (ROOT / mutation.path).read_text()
    if mutation.old not in source:
        message = f"{mutation.path} no longer says what {mutation.name!r} breaks: adapt it"
        raise ValueError(message)
    module = sys.modules[mutation.module]
    sound = _code(vars(module))
    other: dict[str, Any] = {"__name__": mutation.module}
    exec(compile(source.replace(mutation.old, mutation.new), mutation.path, "exec"), other)  # noqa: S102
    _become(vars(module), _code(other))
    try:
        yield
    finally:
        _become(vars(module), sound)


def _code(names: dict[str, Any]) -> dict[str, Any]:
    """Return what the names stand for: the code of the module's own functions, plain values."""
    own = names["__name__"]
    found: dict[str, Any] = {}
    for name, value in names.items():
        function = inspect.unwrap(value) if callable(value) else value
        if isinstance(function, FunctionType) and function.__module__ == own:
            found[name] = function.__code__
        elif isinstance(value, int | str) and not name.startswith("__"):
            found[name] = value
    return found


def _become(names: dict[str, Any], code: dict[str, Any]) -> None:
    for name, value in code.items():
        if isinstance(value, CodeType):
            inspect.unwrap(names[name]).__code__ = value
        else:
            names[name] = value
    policies._visible.cache_clear()
    policies._listed.cache_clear()
    statements.forget()
