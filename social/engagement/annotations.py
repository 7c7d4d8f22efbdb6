"""What engagement says of each video, as an expression on rows of videos.

So a page of cards is one statement: `VideoQuerySet.annotate(x=seen_by(viewer))`, then `read(x)`.
"""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Exists, Expression, F, OuterRef, QuerySet, Value, When
from django.db.models.functions import JSONArray

from accounts.models import User
from core.expressions import CountRows, JsonRows
from social.engagement import policies
from social.engagement.models import Comment, Like, Mention, Repost, Save
from social.graph import policies as people
from social.graph import selectors as graph

Viewer: TypeAlias = User | AnonymousUser | None
# Above this the comments of a video are no longer counted one by one for each page.
COUNTED_COMMENTS = 500
MARKS = (Like, Save, Repost)
COUNTERS = ("views", "likes", "comments", "saves", "shares", "reposts")
_BRIEF = {"id", "username", "name", "avatar_key", "is_verified"}
# `Model.from_db` takes values in the order of the columns.
BRIEF = tuple(field for field in User._meta.concrete_fields if field.attname in _BRIEF)


@dataclass(frozen=True, slots=True)
class Counts:
    """What everybody did with a video together."""

    views: int = 0
    likes: int = 0
    comments: int = 0
    saves: int = 0
    shares: int = 0
    reposts: int = 0


@dataclass(frozen=True, slots=True)
class Flags:
    """What the viewer did with a video."""

    liked: bool = False
    saved: bool = False
    reposted: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """Counters, marks and mentions in the caption, as one viewer sees them."""

    counts: Counts = Counts()
    flags: Flags = Flags()
    mentions: list[Mention] = field(default_factory=list)


def seen_by(viewer: Viewer) -> Expression:
    """Return the expression whose values `read` takes."""
    return JSONArray(
        counts_seen_by(viewer), _marks_of(viewer), JsonRows(_mentions(viewer), _brief_of_mention())
    )


def read(value: list[Any]) -> Seen:
    """Return what a value of `seen_by` says."""
    counts, flags, mentions = value
    named = [_mention(*one) for one in mentions or ()]
    return Seen(read_counts(counts), Flags(*map(bool, flags)), named)


def counts_seen_by(viewer: Viewer) -> Expression:
    """Return the counters as an expression, with the comments that `viewer` sees."""
    return JSONArray(
        *(comments_seen_by(viewer) if name == "comments" else f"stats__{name}" for name in COUNTERS)
    )


def read_counts(value: list[int | None]) -> Counts:
    """Return what a value of `counts_seen_by` says."""
    return Counts(*(number or 0 for number in value))


def comments_seen_by(viewer: Viewer) -> Expression:
    """Return how many comments of a video `viewer` sees, as an expression of bounded cost.

    Up to `COUNTED_COMMENTS` they are counted. Above, it is the video's counter without those of
    people on the other side of a block from the viewer, and of the threads below them, which are
    found by their authors and not by the video. What suspended people said among so many others is
    in that number.
    """
    seen = _live(policies.comments_visible_to(viewer))
    exact = CountRows(seen)
    popular: Expression | F = F("stats__comments")
    if isinstance(viewer, User):
        blocked = graph.blocked_ids(viewer.pk)
        theirs = _live(Comment.objects.filter(author_id__in=blocked))
        below = _live(Comment.objects.filter(parent__author_id__in=blocked))
        below = below.exclude(author_id__in=blocked)
        popular = F("stats__comments") - CountRows(theirs) - CountRows(below)
    return Case(When(stats__comments__gt=COUNTED_COMMENTS, then=popular), default=exact)


def _live(comments: "QuerySet[Comment]") -> "QuerySet[Comment]":
    return comments.filter(video_id=OuterRef("pk"), deleted_at__isnull=True)


def _marks_of(viewer: Viewer) -> Expression:
    if not isinstance(viewer, User):
        return JSONArray(*(Value(0) for _ in MARKS))
    return JSONArray(
        *(
            Exists(model._default_manager.filter(user_id=viewer.pk, video_id=OuterRef("pk")))
            for model in MARKS
        )
    )


def _mentions(viewer: Viewer) -> "QuerySet[Mention]":
    rows = Mention.objects.filter(
        people.visible_person(viewer, "person"), video_id=OuterRef("pk"), comment__isnull=True
    )
    return rows.order_by("position")


def _brief_of_mention() -> Expression:
    return JSONArray("name", *(f"person__{column.attname}" for column in BRIEF))


def _mention(name: str, *values: Any) -> Mention:
    read_values = [column.to_python(value) for column, value in zip(BRIEF, values, strict=True)]
    names = [column.attname for column in BRIEF]
    return Mention(name=name, person=User.from_db("default", names, read_values))
