"""Search: people, videos and tags by what is typed, visible to whoever types.

Videos and tags only of what is for everyone on public accounts, also for those who may see more.
A source of another kind of thing (sounds) is registered by the app that has it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection, transaction
from django.db.models import F, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from feed import search_index, tags
from feed.cards import with_relations
from feed.heard import sound_name
from feed.models import SearchedFor
from feed.modes import signed_in
from social.graph import selectors as graph
from videos.models import Tag, Video
from videos.policies import Viewer

MAX_TEXT = 100
MAX_WORDS = 8
KEPT = 50
SUGGESTED_EACH = 5
VIDEO_ORDER = ("-popularity", "-id")
TAG_ORDER = ("name",)
PEOPLE_ORDER = ("username",)
Source = Callable[[Viewer, str], "QuerySet[Any]"]
TYPES = ("videos", "users", "tags", "sounds")


@dataclass(frozen=True)
class Suggestion:
    """Something to search for: the text, and where it comes from (history, tag, user, sound).

    A sound has its `id` with it, since its text does not lead to it.
    """

    kind: str
    text: str
    id: UUID | None = None


def clean(text: str) -> str:
    """Return what is searched for: no control characters, one blank between words."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(printable.split())[:MAX_TEXT].strip()


def videos(viewer: Viewer, text: str) -> "QuerySet[Video]":
    """Return the videos whose captions have every word (or its beginning), in `VIDEO_ORDER`."""
    rows = with_words(tags.open_videos(viewer), words_of(text))
    popular = Coalesce(F("stats__likes"), Value(0))
    return with_relations(rows.annotate(popularity=popular)).order_by(*VIDEO_ORDER)


def with_words(rows: "QuerySet[Video]", words: Sequence[str]) -> "QuerySet[Video]":
    """Return those whose captions have every one of `words_of` a text; none without words."""
    if not words:
        return rows.none()
    if connection.vendor == "postgresql":
        typed = " & ".join(f"'{word}':*" for word in words)
        query = SearchQuery(typed, search_type="raw", config="simple")
        return rows.annotate(words=SearchVector("caption", config="simple")).filter(words=query)
    typed = " ".join(f'"{word}"*' for word in words)
    found = f"SELECT video_id FROM {search_index.TABLE} WHERE {search_index.TABLE} MATCH %s"  # noqa: S608
    return rows.filter(pk__in=RawSQL(found, [typed]))  # noqa: S611  the text is a parameter


def words_of(text: str) -> list[str]:
    """Return what captions are asked for: letters, digits and underscores, eight words at most."""
    kept = "".join(char if char.isalnum() or char == "_" else " " for char in clean(text))
    return kept.split()[:MAX_WORDS]


def people(viewer: Viewer, text: str) -> "QuerySet[User]":
    """Return the people whose handle or name begins so."""
    return graph.people_matching(viewer=viewer, text=text)


def matching_tags(viewer: Viewer, text: str) -> "QuerySet[Tag]":
    """Return the tags that have the text in them and a video that `viewer` may find."""
    name = clean(text).removeprefix("#").casefold()
    rows = tags.open_tags(viewer)
    return rows.filter(name__contains=name) if name else rows.none()


def register(kind: str, source: Source, order: tuple[str, ...]) -> None:
    """Let another kind of thing be found and suggested; call it in `AppConfig.ready`."""
    _sources[kind] = (source, order)


def find(kind: str, *, viewer: Viewer, text: str) -> "tuple[QuerySet[Any], tuple[str, ...]]":
    """Return what fits the text and its order; nothing of a kind that this instance has none of."""
    source, order = _sources.get(kind, (_nothing, TAG_ORDER))
    return source(viewer, text), order


def suggest(*, viewer: Viewer, text: str) -> list[Suggestion]:
    """Return a few things to search for, a query each: own history, tags, people, sounds."""
    typed = clean(text)
    user = signed_in(viewer)
    found: list[Suggestion] = []
    if user:
        own = history(user).filter(text__istartswith=typed)[:SUGGESTED_EACH]
        found += [Suggestion("history", row.text) for row in own]
    if typed:
        name = typed.removeprefix("#").casefold()
        named = tags.open_tags(viewer).filter(name__startswith=name).order_by("name")
        found += [Suggestion("tag", f"#{tag.name}") for tag in named[:SUGGESTED_EACH]]
        persons = people(viewer, typed).order_by("username")[:SUGGESTED_EACH]
        found += [Suggestion("user", f"@{person.username}") for person in persons]
        rows, order = find("sounds", viewer=viewer, text=typed)
        heard = rows.order_by(*order)[:SUGGESTED_EACH]
        found += [Suggestion("sound", sound_name(sound), sound.pk) for sound in heard]
    return found


def history(user: User) -> "QuerySet[SearchedFor]":
    """Return what somebody searched for, the latest first."""
    return SearchedFor.objects.filter(user_id=user.pk).order_by("-used_at", "-id")


def remember(*, viewer: Viewer, text: str) -> None:
    """Keep what somebody searched for, the latest fifty."""
    user, typed = signed_in(viewer), clean(text)
    if user is None or not typed:
        return
    with transaction.atomic():
        SearchedFor.objects.update_or_create(
            user_id=user.pk, text=typed, defaults={"used_at": timezone.now()}
        )
        old = history(user).values_list("pk", flat=True)[KEPT : KEPT + 20]
        SearchedFor.objects.filter(pk__in=list(old)).delete()


def forget(*, actor: User) -> None:
    """Clear somebody's own search history."""
    SearchedFor.objects.filter(user_id=actor.pk).delete()


def _nothing(viewer: Viewer, text: str) -> "QuerySet[Tag]":
    return Tag.objects.none()


_sources: dict[str, tuple[Source, tuple[str, ...]]] = {
    "videos": (videos, VIDEO_ORDER),
    "users": (people, PEOPLE_ORDER),
    "tags": (matching_tags, TAG_ORDER),
}
