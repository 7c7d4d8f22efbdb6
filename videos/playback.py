"""What is needed to play a video: signed URLs of its files, good for the present epochs.

Callers have asked `policies` first. Read with `select_related("author")` and
`prefetch_related("renditions", ORIGINAL)`; nothing here costs a query then.
"""

from typing import TypedDict

from django.conf import settings
from django.db.models import Prefetch

from core import media_urls
from videos import media_epochs, policies
from videos.models import CaptionTrack, Sound, Video

# What the URLs of duets are signed with as well; no query where there is none.
ORIGINAL = Prefetch("duet_of", queryset=Video.objects.select_related("author"))


class Source(TypedDict):
    """One playable file; `bitrate` in bits per second."""

    url: str
    type: str
    width: int
    height: int
    bitrate: int


def sources(video: Video) -> list[Source]:
    """Return the playable files, smallest first."""
    renditions = sorted(video.renditions.all(), key=lambda rendition: rendition.short_edge)
    return [
        Source(
            url=_url(video, rendition.key),
            type="video/mp4",
            width=rendition.width,
            height=rendition.height,
            bitrate=rendition.bitrate,
        )
        for rendition in renditions
    ]


class PhotoPart(TypedDict):
    """One picture of an album; sizes are those of `url`."""

    url: str
    small_url: str
    width: int
    height: int


def photos(video: Video) -> list[PhotoPart]:
    """Return the pictures in their author's order, none before they are made."""
    return [
        PhotoPart(
            url=_url(video, photo.key),
            small_url=_url(video, photo.small_key),
            width=photo.width,
            height=photo.height,
        )
        for photo in sorted(video.photos.all(), key=lambda photo: photo.position)
        if photo.key
    ]


def sound_url(sound: Sound) -> str:
    """Return the URL of a sound, which is its clip's: it ends when the clip's do."""
    return _url(sound.video, sound.key)


class CaptionPart(TypedDict):
    """One caption track; `label` may be empty, `automatic` says that a program wrote it."""

    lang: str
    label: str
    automatic: bool
    url: str


def captions(video: Video) -> list[CaptionPart]:
    """Return the caption tracks by language; the texts themselves are not read."""
    return [
        CaptionPart(
            lang=track.lang,
            label=track.label,
            automatic=track.automatic,
            # From this origin whatever media come from: a player takes tracks from no other.
            url=_url(video, captions_path(track)).removeprefix(settings.MEDIA_URL_BASE),
        )
        for track in sorted(video.caption_tracks.all(), key=lambda track: track.lang)
    ]


def captions_path(track: CaptionTrack) -> str:
    """Return what the URL of a track signs; an edit is another path."""
    return f"videos/{track.video_id}/captions/{track.lang}-{track.version}.vtt"


def cover_url(video: Video) -> str | None:
    """Return the URL of the still picture, None before there is one."""
    return _url(video, video.cover_key) if video.cover_key else None


def preview_url(video: Video) -> str | None:
    """Return the URL of the short moving picture, None before there is one."""
    return _url(video, video.preview_key) if video.preview_key else None


def _url(video: Video, key: str) -> str:
    return media_urls.sign(
        path=key,
        epochs=media_epochs.of(video),
        public=policies.is_public(video),
    )
