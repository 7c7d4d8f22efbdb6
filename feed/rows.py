"""Videos with what cards show of them, in one statement: what belongs to a row comes as JSON in it.

A page of cards read table by table is a dozen statements, each of which costs more than to find
its rows. `with_relations` adds what everybody sees alike, `seen_by` what one viewer does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, Expression, Model, OuterRef, QuerySet
from django.db.models.functions import JSONArray

from accounts.models import User
from core.expressions import JsonRows
from core.statements import Statement, kept, stand_ins, width_for
from feed import heard
from feed.modes import signed_in
from social.engagement import annotations as engagement
from social.engagement.annotations import Counts, Flags
from social.engagement.models import Mention
from social.graph import selectors as graph
from videos import policies
from videos.models import CaptionTrack, Photo, Rendition, Tag, Video, VideoTag
from videos.policies import Viewer

BESIDE = "beside"
FIRST = 1  # the number of the first stand-in for a video
RENDITION = ("short_edge", "width", "height", "bitrate", "key")
PHOTO = ("position", "key", "small_key", "width", "height")
TRACK = ("lang", "label", "automatic", "version")
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Seen:
    """What one viewer sees of a video, and how they stand to it."""

    counts: Counts
    flags: Flags
    mentions: Sequence[Mention]
    follows: bool
    hears: bool


def with_relations(videos: QuerySet[Video]) -> QuerySet[Video]:
    """Return the queryset with what cards read of each row; `adopt` takes it in."""
    related = videos.select_related("author", "sound__video__author", "duet_of__author")
    return related.annotate(**{BESIDE: _beside()})


def adopt(videos: Iterable[Video]) -> None:
    """Give videos read `with_relations` their relations, as if they had been prefetched."""
    for video in videos:
        kept = video.__dict__.pop(BESIDE, None)
        if kept is not None:
            _adopt(video, *kept)


def seen_by(viewer: Viewer) -> dict[str, Expression]:
    """Return what to annotate videos with, so that `seen` need not ask."""
    user = signed_in(viewer)
    followed = graph.followed_ids(user.pk if user else None)
    follows = Exists(followed.filter(followed_id=OuterRef("author_id")))
    parts = JSONArray(engagement.seen_by(viewer), follows, heard.heard_by(viewer))
    return {_name(viewer): parts}


def seen_as(videos: Iterable[Video], stand_in: Viewer, viewer: Viewer) -> None:
    """Say of videos read by a statement for `stand_in` that it was `viewer` who asked."""
    for video in videos:
        video.__dict__[_name(viewer)] = video.__dict__.pop(_name(stand_in))


def seen(videos: Sequence[Video], *, viewer: Viewer) -> Mapping[UUID, Seen]:
    """Return what `viewer` sees of each: as annotated, or by one query."""
    name = _name(viewer)
    if all(name in video.__dict__ for video in videos):
        values = {video.pk: video.__dict__[name] for video in videos}
    else:
        values = dict(_asked([video.pk for video in videos], viewer))
    return {video_id: _read(*value) for video_id, value in values.items()}


def _asked(ids: Sequence[UUID], viewer: Viewer) -> Iterable[tuple[UUID, Any]]:
    like = policies.likeness(viewer)
    if like is None:
        return _seen_rows(ids, viewer)
    places = {"viewer": viewer.pk} if isinstance(viewer, User) else {}
    return _statement(like, width_for(len(ids))).rows(ids=ids, **places)


@kept
def _statement(like: policies.Likeness, width: int) -> Statement[tuple[UUID, Any]]:
    nobody, ids = policies.stand_in_for(like), stand_ins(FIRST, width)
    places = {"viewer": nobody.pk} if nobody else {}
    return Statement(_seen_rows(ids, nobody), {"ids": ids, **places})


def _seen_rows(ids: Sequence[UUID], viewer: Viewer) -> "QuerySet[Any, tuple[UUID, Any]]":
    rows = Video.objects.filter(pk__in=ids).annotate(**seen_by(viewer))
    return rows.values_list("pk", _name(viewer))


def _read(said: Any, follows: object, hears: object) -> Seen:
    one = engagement.read(said)
    return Seen(one.counts, one.flags, one.mentions, bool(follows), bool(hears))


def _name(viewer: Viewer) -> str:
    user = signed_in(viewer)
    return f"seen_by_{user.pk.hex if user else 'nobody'}"


@cache
def _beside() -> Expression:
    tags = VideoTag.objects.filter(video_id=OuterRef("pk")).order_by("position")
    return JSONArray(
        JsonRows(Rendition.objects.filter(video_id=OuterRef("pk")), JSONArray(*RENDITION)),
        JsonRows(Photo.objects.filter(video_id=OuterRef("pk")), JSONArray(*PHOTO)),
        JsonRows(tags, JSONArray("tag__name")),
        JsonRows(CaptionTrack.objects.filter(video_id=OuterRef("pk")), JSONArray(*TRACK)),
    )


def _adopt(video: Video, renditions: Any, photos: Any, tags: Any, tracks: Any) -> None:
    def made(model: type[M], names: Sequence[str], values: Any) -> QuerySet[M]:
        rows = [model(video_id=video.pk, **dict(zip(names, row, strict=True))) for row in values]
        return _read_already(model, rows)

    named = [
        VideoTag(video_id=video.pk, tag=Tag(name=name), position=position)
        for position, (name,) in enumerate(tags)
    ]
    # Where Django itself keeps what it prefetched; its stubs do not know the two attributes.
    video._prefetched_objects_cache = {  # type: ignore[attr-defined]
        "renditions": made(Rendition, RENDITION, renditions),
        "photos": made(Photo, PHOTO, photos),
        "caption_tracks": made(CaptionTrack, TRACK, tracks),
        "video_tags": _read_already(VideoTag, named),
    }


def _read_already(model: type[M], rows: list[M]) -> QuerySet[M]:
    found: QuerySet[M] = QuerySet(model)
    found._result_cache = rows
    found._prefetch_done = True  # type: ignore[attr-defined]
    return found
