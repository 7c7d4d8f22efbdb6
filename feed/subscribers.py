"""What changes elsewhere mean for what the feed remembers (`feed.freshness`)."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.conf import settings

from accounts import events as accounts
from core import events, jobs
from feed import ahead, freshness, relatives, timelines
from feed import events as feed
from social.engagement import events as engagement
from social.engagement.models import Comment
from social.graph import events as graph
from social.graph import selectors as people
from videos import events as videos

COMMENTS_AT_ONCE = 1000
Event = Any
RELATIONS: dict[type[Event], tuple[str, ...]] = {
    graph.Followed: ("follower_id", "followed_id"),
    graph.Unfollowed: ("follower_id", "followed_id"),
    graph.FriendshipMade: ("asked_by_id", "accepted_by_id"),
    graph.FriendshipEnded: ("one_id", "other_id"),
    graph.BlockCreated: ("blocker_id", "blocked_id"),
    graph.BlockRemoved: ("blocker_id", "blocked_id"),
    graph.MuteChanged: ("muter_id",),
    accounts.AgeCorrected: ("user_id",),
    feed.WishesChanged: ("user_id",),
}
VIDEOS = (
    videos.CaptionWritten,
    videos.VideoChanged,
    videos.VideoPublished,
    videos.VideoDeleted,
    videos.VideoHidden,
    videos.VideoRestored,
)
PEOPLE = (
    accounts.MediaUrlsEnded,
    accounts.ProfileChanged,
    accounts.UserSuspended,
    accounts.AccountPrivacyChanged,
    accounts.AccountDeactivated,
)
MARKS: dict[type[Event], tuple[bytes, bool]] = {
    engagement.VideoLiked: (b"l", True),
    engagement.VideoUnliked: (b"l", False),
    engagement.VideoSaved: (b"s", True),
    engagement.VideoUnsaved: (b"s", False),
    engagement.VideoReposted: (b"r", True),
    engagement.VideoUnreposted: (b"r", False),
}
COUNTED = (*MARKS, engagement.VideoShared)
COMMENTED = (engagement.CommentAdded, engagement.CommentDeleted)
REWRITTEN = (engagement.CommentEdited, engagement.CommentDeleted)


def wire() -> None:
    """Subscribe to everything that makes something stale."""
    for event in RELATIONS:
        events.foresee(event, relations_changing)
        events.subscribe(event, relations_changed)
    for event in VIDEOS:
        events.foresee(event, video_changing)
        events.subscribe(event, video_changed)
    for event in PEOPLE:
        events.foresee(event, person_changing)
        events.subscribe(event, person_changed)
    for event in MARKS:
        events.subscribe(event, marked)
    for event in COUNTED:
        events.subscribe(event, counted)
    for event in VIDEOS:
        events.subscribe(event, fan_out)
    events.subscribe(graph.Followed, followed)
    for event in COMMENTED:
        events.subscribe(event, commented)
    for event in REWRITTEN:
        events.foresee(event, comment_changing)
        events.subscribe(event, comment_changed)


def relations_changing(event: Event) -> None:
    """Two people are about to stand otherwise to each other."""
    freshness.relations_changing(_of(event, RELATIONS[type(event)]))
    if isinstance(event, graph.BlockCreated):
        freshness.videos_changing(relatives.of_pair(event.blocker_id, event.blocked_id))


def relations_changed(event: Event) -> None:
    """Two people stand otherwise to each other; a block closes their duets for everybody."""
    freshness.relations_changed(_of(event, RELATIONS[type(event)]))
    if isinstance(event, graph.BlockCreated | graph.BlockRemoved):
        freshness.videos_changed(relatives.of_pair(event.blocker_id, event.blocked_id))


def video_changing(event: Event) -> None:
    """A video, or who may see it, is about to be another."""
    freshness.videos_changing(relatives.of_video(event.video_id))


def video_changed(event: Event) -> None:
    """A video, or who may see it, is another."""
    freshness.videos_changed(relatives.of_video(event.video_id))


def person_changing(event: Event) -> None:
    """A person's name, picture or standing is about to change; captions may name them."""
    _person(event.user_id, freshness.people_changing, freshness.videos_changing)


def person_changed(event: Event) -> None:
    """A person's name, picture or standing has changed; their comments may count no longer."""
    _person(event.user_id, freshness.people_changed, freshness.videos_changed)
    said = Comment.objects.filter(author_id=event.user_id, deleted_at__isnull=True)
    ahead.refresh_counts(
        list(said.order_by("-pk").values_list("video_id", flat=True)[:COMMENTS_AT_ONCE])
    )


def marked(event: Event) -> None:
    """Somebody liked, saved or reposted a video, or took it back."""
    kind, on = MARKS[type(event)]
    freshness.marked(user_id=event.user_id, video_id=event.video_id, kind=kind, on=on)


def counted(event: Event) -> None:
    """A counter of a video is another."""
    ahead.refresh_counts([event.video_id])


def commented(event: Event) -> None:
    """A thread grew or shrank; somebody may not see who wrote, and counts otherwise from now on."""
    if isinstance(event, engagement.CommentAdded):
        freshness.relations_changed(list(people.blocked_ids(event.author_id)))
    ahead.refresh_counts([event.video_id])


def comment_changing(event: Event) -> None:
    """A comment is about to say something else or nothing: clips that answer it repeat it."""
    freshness.videos_changing(relatives.of_comment(event.comment_id))


def comment_changed(event: Event) -> None:
    """A comment says something else, or nothing any more."""
    freshness.videos_changed(relatives.of_comment(event.comment_id))


def fan_out(event: Event) -> None:
    """A video was published, or may have become one for more people: timelines get it, later."""
    if settings.REDIS_URL and not isinstance(event, videos.VideoDeleted | videos.VideoHidden):
        jobs.enqueue("feed.fan_out", str(event.video_id))


def followed(event: graph.Followed) -> None:
    """A timeline lacks what its owner follows since this moment."""
    timelines.forget(event.follower_id)


def _person(
    user_id: UUID,
    forget_people: Callable[[Iterable[UUID]], None],
    forget_videos: Callable[[Iterable[UUID]], None],
) -> None:
    forget_people([user_id])
    forget_videos(relatives.of_person(user_id))


def _of(event: Event, names: Iterable[str]) -> list[UUID]:
    return [getattr(event, name) for name in names]
