"""What people did with videos; delivered after commit."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class VideoLiked:
    """`user` likes a video that they did not like before."""

    user_id: UUID
    video_id: UUID


@dataclass(frozen=True)
class VideoUnliked:
    """`user` no longer likes a video."""

    user_id: UUID
    video_id: UUID


@dataclass(frozen=True)
class VideoSaved:
    """`user` keeps a video for later."""

    user_id: UUID
    video_id: UUID


@dataclass(frozen=True)
class VideoUnsaved:
    """`user` no longer keeps a video."""

    user_id: UUID
    video_id: UUID


@dataclass(frozen=True)
class VideoReposted:
    """`user` shows a video on their profile."""

    user_id: UUID
    video_id: UUID


@dataclass(frozen=True)
class VideoUnreposted:
    """`user` no longer shows a video on their profile."""

    user_id: UUID
    video_id: UUID


@dataclass(frozen=True)
class VideoShared:
    """`user` made their link of a video."""

    user_id: UUID
    video_id: UUID


@dataclass(frozen=True)
class CommentAdded:
    """`author` wrote a comment, or a reply when there is a `parent`."""

    comment_id: UUID
    video_id: UUID
    author_id: UUID
    parent_id: UUID | None


@dataclass(frozen=True)
class CommentAnswered:
    """A clip by `author` that answers a comment has come out."""

    comment_id: UUID
    video_id: UUID
    author_id: UUID


@dataclass(frozen=True)
class CommentDeleted:
    """A comment's text is gone; `actor` did it."""

    comment_id: UUID
    video_id: UUID
    actor_id: UUID


@dataclass(frozen=True)
class CommentEdited:
    """A comment says something else now."""

    comment_id: UUID
    video_id: UUID
    author_id: UUID


@dataclass(frozen=True)
class CommentLiked:
    """`user` likes a comment that they did not like before."""

    user_id: UUID
    comment_id: UUID


@dataclass(frozen=True)
class CommentUnliked:
    """`user` no longer likes a comment."""

    user_id: UUID
    comment_id: UUID


@dataclass(frozen=True)
class CommentPinned:
    """The author of a video put a comment on top."""

    comment_id: UUID
    video_id: UUID
