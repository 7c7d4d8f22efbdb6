"""A sound's own page: what it is, and what is set to it."""

from dataclasses import dataclass

from django.db.models import QuerySet

from feed import tags
from feed.cards import with_relations
from feed.heard import SoundPart, sound_part
from videos import playback, sounds
from videos.models import Sound, Video
from videos.policies import Viewer

ORDER = ("-published_at", "-id")


@dataclass(frozen=True)
class SoundPage:
    """A sound, how many open videos are set to it, and whether its reader may use it."""

    sound: SoundPart
    cover: str | None
    videos: int
    may_use: bool


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
