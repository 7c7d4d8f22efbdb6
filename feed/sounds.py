"""Sounds by themselves: the page of one, what is set to it, and finding them by what is typed.

A sound's name is "original sound", its author's handle and the caption of its clip, with its tags.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Coalesce

from feed import search, tags
from feed.cards import with_relations
from feed.heard import SoundPart, sound_part
from videos import playback, sounds
from videos.models import Sound, Video
from videos.policies import Viewer

ORDER = ("-published_at", "-id")
SEARCH_ORDER = ("-popularity", "-id")
# Every sound is called so: these words tell none from another.
CALLED = ("original", "sound")
CALLED_FROM = 4  # letters typed of one


@dataclass(frozen=True)
class SoundPage:
    """A sound, how many open videos are set to it, and whether its reader may use it."""

    sound: SoundPart
    cover: str | None
    videos: int
    may_use: bool


@dataclass(frozen=True)
class FoundSound:
    """A sound in a list: with its clip's cover and how many open videos are set to it."""

    sound: SoundPart
    cover: str | None
    videos: int
    may_use: bool


def matching(viewer: Viewer, text: str) -> "QuerySet[Sound]":
    """Return the sounds that have every word (or its beginning) in their name, in `SEARCH_ORDER`.

    Only of clips that are for everyone, also one's own, as all of search. One word may be the
    handle; looked for by the indexes of captions and handles.
    """
    typed = search.words_of(text)
    words = [word for word in typed if not _is_called(word)]
    found = tags.open_videos(viewer)
    if words:
        found = found.filter(pk__in=_named(words))
    # What is open is part of what `sounds.heard_by` allows: asking that too would double the cost.
    rows = Sound.objects.filter(video__in=found).select_related("video__author")
    popular = Coalesce(F("video__stats__likes"), Value(0))
    rows = rows.annotate(popularity=popular).order_by(*SEARCH_ORDER)
    return rows if typed else rows.none()


def listed(found: Sequence[Sound], *, viewer: Viewer) -> list[FoundSound]:
    """Return what a list says of sounds that `viewer` may hear; one query."""
    uses = tags.open_videos(viewer).filter(sound__in=[sound.pk for sound in found])
    counted = uses.order_by().values_list("sound").annotate(Count("pk"))
    numbers = dict(counted) if found else {}
    return [
        FoundSound(
            sound=sound_part(sound),
            cover=playback.cover_url(sound.video),
            videos=numbers.get(sound.pk, 0),
            may_use=sounds.may_use(viewer, sound),
        )
        for sound in found
    ]


def present(sound: Sound, *, viewer: Viewer) -> SoundPage:
    """Return what the page of a sound says; `sound` comes from `videos.sounds.get_sound`."""
    return SoundPage(
        sound=sound_part(sound),
        cover=playback.cover_url(sound.video),
        videos=tags.open_videos(viewer).filter(sound=sound).count(),
        may_use=sounds.may_use(viewer, sound),
    )


def videos_of(sound: Sound, *, viewer: Viewer) -> "QuerySet[Video]":
    """Return what is set to a sound and open to everybody, in `ORDER`."""
    return with_relations(tags.open_videos(viewer).filter(sound=sound)).order_by(*ORDER)


def _is_called(word: str) -> bool:
    return len(word) >= CALLED_FROM and word.casefold() in {
        name[:length] for name in CALLED for length in range(CALLED_FROM, len(name) + 1)
    }


def _named(words: list[str]) -> "QuerySet[Video, UUID]":
    """Return the ids of clips with all the words in their caption, or one in their author's handle.

    A union, not a condition with "or": each branch has an index.
    """
    every = Video.objects.order_by()
    branches = [search.with_words(every, words)]
    for number, word in enumerate(words):
        theirs = every.filter(author__username__istartswith=word)
        others = words[:number] + words[number + 1 :]
        branches.append(search.with_words(theirs, others) if others else theirs)
    first, *rest = (branch.values_list("pk", flat=True) for branch in branches)
    return first.union(*rest)
