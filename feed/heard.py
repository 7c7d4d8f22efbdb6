"""The sound of a card: named only where its viewer may hear it apart from its clip."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.presentation import UserBrief, brief
from videos import playback, sounds
from videos.models import Sound, Video
from videos.policies import Viewer

TITLE_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class SoundPart:
    """What is heard: `title` is words of its clip's caption, empty when it has none."""

    id: UUID
    title: str
    author: UserBrief
    url: str
    duration_ms: int
    page_url: str
    is_original: bool = False


def sounds_for(videos: Iterable[Video], *, viewer: Viewer) -> Mapping[UUID, Sound]:
    """Return the sounds of these videos that `viewer` may hear, by id; one query."""
    ids = {video.sound_id for video in videos if video.sound_id}
    return sounds.heard_by(viewer).in_bulk(list(ids)) if ids else {}


def sound_part(sound: Sound, *, of: Video | None = None) -> SoundPart:
    """Return what is shown of a sound that its viewer may hear, on the card `of` a video."""
    words = " ".join(sound.video.caption.split())
    cut = words[:TITLE_CHARACTERS].rstrip()
    return SoundPart(
        id=sound.pk,
        title=f"{cut}…" if len(cut) < len(words) else words,
        author=brief(sound.video.author),
        url=playback.sound_url(sound),
        duration_ms=sound.duration_ms,
        page_url=reverse("feed:sound", kwargs={"sound_id": sound.pk}),
        is_original=of is not None and of.pk == sound.video_id,
    )


def sound_json(part: SoundPart) -> dict[str, Any]:
    """Return the `sound` object of the API."""
    return {name: value for name, value in asdict(part).items() if name != "page_url"}
