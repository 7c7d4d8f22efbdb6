"""Reads of engagement: counters, the viewer's own marks, comment threads."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from core.errors import NotFound
from core.ids import parse_uuid
from social.engagement import annotations, policies
from social.engagement.annotations import Counts, Flags, Viewer
from social.engagement.models import Collection as Shelf
from social.engagement.models import (
    CollectionItem,
    Comment,
    CommentLike,
    Like,
    Mention,
    Repost,
    Save,
    VideoStats,
)
from social.graph import policies as people
from videos import policies as video_policies
from videos import selectors as videos
from videos.models import Video

NO_COUNTS = Counts()
NO_FLAGS = Flags()


def counts_for(video_ids: Collection[UUID]) -> dict[UUID, Counts]:
    """Return the counters of every one of `video_ids`, in one query."""
    fields = Counts.__slots__
    rows = VideoStats.objects.filter(video_id__in=video_ids).values_list("video_id", *fields)
    found = {row[0]: Counts(*row[1:]) for row in rows}
    return {video_id: found.get(video_id, NO_COUNTS) for video_id in video_ids}


def counts_seen(*, viewer: Viewer, video_ids: Collection[UUID]) -> dict[UUID, Counts]:
    """Return `counts_for` with the comments that `viewer` sees, in one query.

    A blocked or suspended author's comments vanish, and the count must not tell of them; what that
    means where there are very many is said in `annotations.comments_seen_by`.
    """
    rows = Video.objects.filter(pk__in=video_ids).values_list(
        "pk", annotations.counts_seen_by(viewer)
    )
    found = {video_id: annotations.read_counts(value) for video_id, value in rows}
    return {video_id: found.get(video_id, NO_COUNTS) for video_id in video_ids}


def viewer_flags(viewer_id: UUID | None, video_ids: Collection[UUID]) -> dict[UUID, Flags]:
    """Return what the viewer did with each of `video_ids`, in three queries; none for nobody."""
    if viewer_id is None:
        return dict.fromkeys(video_ids, NO_FLAGS)
    liked, saved, reposted = (
        set(
            model._default_manager.filter(user_id=viewer_id, video_id__in=video_ids).values_list(
                "video_id", flat=True
            )
        )
        for model in (Like, Save, Repost)
    )
    return {
        video_id: Flags(video_id in liked, video_id in saved, video_id in reposted)
        for video_id in video_ids
    }


def liked_ids(user_id: UUID) -> "QuerySet[Like, UUID]":
    """Return the ids of the videos that somebody likes, the latest like first."""
    rows = Like.objects.filter(user_id=user_id).order_by("-pk")
    return rows.values_list("video_id", flat=True)


def likers_of(*, viewer: Viewer, video_id: object) -> "QuerySet[Like]":
    """Return the likes of a video by people whom `viewer` may see, with them.

    Raises NotFound for a video that the viewer may not see.
    """
    video = videos.get_viewable_video(viewer=viewer, video_id=video_id)
    likes = Like.objects.filter(people.visible_person(viewer, "user"), video=video)
    return likes.select_related("user")


def collections_of(owner: Viewer) -> "QuerySet[Shelf]":
    """Return somebody's own collections, the latest first."""
    return Shelf.objects.filter(owner_id=owner.pk if owner else None).order_by("-pk")


def own_collection(*, owner: Viewer, collection_id: object) -> Shelf:
    """Return somebody's own collection; raises NotFound, for anybody else's too."""
    key = parse_uuid(collection_id)
    collection = collections_of(owner).filter(pk=key).first() if key else None
    if collection is None:
        raise NotFound
    return collection


def shelved(*, viewer: Viewer, collection_ids: Collection[UUID]) -> "QuerySet[CollectionItem]":
    """Return what stands on collections, as far as `viewer` may see the videos now."""
    visible = video_policies.visible_to(viewer)
    return CollectionItem.objects.filter(collection_id__in=collection_ids, video__in=visible)


def likes_received(user_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many likes each person's public videos have; people without any are absent."""
    public = video_policies.visible_to(None).filter(author_id__in=user_ids)
    rows = VideoStats.objects.filter(video__in=public).values_list("video__author_id")
    return dict(rows.annotate(Sum("likes")).order_by())


def comments_of(*, viewer: Viewer, video_id: object) -> "QuerySet[Comment]":
    """Return the heads of a video's threads that `viewer` sees, with authors, newest first.

    Raises NotFound for a video that the viewer may not see. A deleted head stays while there are
    replies below it; `sheets.rows_for` drops it where the viewer sees none of them.
    """
    video = videos.get_viewable_video(viewer=viewer, video_id=video_id)
    return thread_heads(viewer=viewer, video=video)


def thread_heads(*, viewer: Viewer, video: Video) -> "QuerySet[Comment]":
    """Return `comments_of` for a video that the caller has fetched for this viewer."""
    heads = policies.comments_visible_to(viewer).filter(video=video, parent__isnull=True)
    shown = heads.filter(Q(deleted_at__isnull=True) | Q(live_replies__gt=0))
    return shown.select_related("author", "video").order_by("-pk")


def replies_of(*, viewer: Viewer, comment_id: object) -> "QuerySet[Comment]":
    """Return the replies to a thread's head that `viewer` sees, oldest first.

    Raises NotFound for a comment, or a video of it, that the viewer may not see.
    """
    head = get_comment(viewer=viewer, comment_id=comment_id)
    rows = policies.comments_visible_to(viewer).filter(parent=head, deleted_at__isnull=True)
    return rows.select_related("author", "video").order_by("pk")


def get_comment(*, viewer: Viewer, comment_id: object) -> Comment:
    """Return a comment (a deleted head too) that `viewer` may see; raises NotFound."""
    key = parse_uuid(comment_id)
    visible = video_policies.visible_to(viewer)
    rows = policies.comments_visible_to(viewer).filter(video__in=visible)
    comment = rows.select_related("author", "video").filter(pk=key).first() if key else None
    if comment is None:
        raise NotFound
    return comment


def get_live_comment(*, viewer: Viewer, comment_id: object) -> Comment:
    """Return a comment that `viewer` may see and that is not deleted; raises NotFound."""
    comment = get_comment(viewer=viewer, comment_id=comment_id)
    if comment.deleted_at is not None:
        raise NotFound
    return comment


def thread_of(*, viewer: Viewer, video: Video, comment_id: object) -> Comment | None:
    """Return the head of the thread of a comment of a video, None where `viewer` sees neither."""
    key = parse_uuid(comment_id) if comment_id else None
    if key is None:
        return None
    this = Q(pk=key) | Q(replies__pk=key, replies__deleted_at__isnull=True)
    return thread_heads(viewer=viewer, video=video).filter(this).distinct().first()


def comment_likes(
    *, user_ids: Collection[UUID], comment_ids: Collection[UUID]
) -> set[tuple[UUID, UUID]]:
    """Return which of these people like which of these comments, as (user, comment) ids."""
    likes = CommentLike.objects.filter(user_id__in=user_ids, comment_id__in=comment_ids)
    return set(likes.values_list("user_id", "comment_id"))


def mentions_in_comments(
    *, viewer: Viewer, comment_ids: Collection[UUID]
) -> dict[UUID, list[Mention]]:
    """Return the mentions in comments of people whom `viewer` may see, in one query."""
    rows = Mention.objects.filter(
        people.visible_person(viewer, "person"), comment_id__in=comment_ids
    )
    found: dict[UUID, list[Mention]] = defaultdict(list)
    for mention in rows.select_related("person").order_by("position"):
        if mention.comment_id is not None:
            found[mention.comment_id].append(mention)
    return found


def reply_counts(*, viewer: Viewer, comment_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many replies below each head `viewer` sees; heads without any are absent."""
    rows = policies.comments_visible_to(viewer).filter(
        parent_id__in=comment_ids, deleted_at__isnull=True
    )
    counted = rows.order_by().values_list("parent_id").annotate(Count("pk"))
    return {parent_id: number for parent_id, number in counted if parent_id}


def count_comments(*, viewer: Viewer, video: Video) -> int:
    """Return how many comments and replies of a video `viewer` sees.

    This is the number on the comment sheet, and on cards (`counts_seen`). `VideoStats.comments`
    counts for everybody: the two differ exactly by the comments of people hidden from this viewer.
    """
    return counts_seen(viewer=viewer, video_ids=[video.pk])[video.pk].comments
