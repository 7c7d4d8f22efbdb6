"""What happened to a video, told after commit."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class CaptionWritten:
    """A video has a caption, or another one than before."""

    video_id: UUID


@dataclass(frozen=True)
class VideoChanged:
    """Something that everybody sees of a video is another: its files, its pin."""

    video_id: UUID


@dataclass(frozen=True)
class VideoPublished:
    """A video can now be seen by its audience (for a scheduled one: its time has come)."""

    video_id: UUID
    author_id: UUID


@dataclass(frozen=True)
class VideoFailed:
    """Processing gave up; the owner reads why."""

    video_id: UUID
    author_id: UUID


@dataclass(frozen=True)
class VideoDeleted:
    """Its author deleted it."""

    video_id: UUID
    author_id: UUID


@dataclass(frozen=True)
class VideoHidden:
    """Moderators removed it."""

    video_id: UUID
    author_id: UUID


@dataclass(frozen=True)
class VideoRestored:
    """Moderators put it back."""

    video_id: UUID
    author_id: UUID


@dataclass(frozen=True)
class VideoInspected:
    """A moderator opened, in the admin, a video that is not public."""

    video_id: UUID
    moderator_id: UUID
