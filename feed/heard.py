"""The sound of a card: named only where its viewer may hear it apart from its clip."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

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


def heard_by(viewer: Viewer) -> Exists:
    """Return, as an expression on rows of videos, whether `viewer` may hear the video's sound."""
    return Exists(sounds.heard_by(viewer).filter(pk=OuterRef("sound_id")))


def sound_name(sound: Sound) -> str:
    """Return what a sound is called where its author does not stand beside it."""
    title = sound_title(sound) or _("Original sound")
    return f"{title} · @{sound.video.author.username}"


def sound_title(sound: Sound) -> str:
    """Return the beginning of its clip's caption, which may be empty."""
    words = " ".join(sound.video.caption.split())
    cut = words[:TITLE_CHARACTERS].rstrip()
    return f"{cut}…" if len(cut) < len(words) else words


def sound_part(sound: Sound, *, of: Video | None = None) -> SoundPart:
    """Return what is shown of a sound that its viewer may hear, on the card `of` a video."""
    return SoundPart(
        id=sound.pk,
        title=sound_title(sound),
        author=brief(sound.video.author),
        url=playback.sound_url(sound),
        duration_ms=sound.duration_ms,
        page_url=reverse("feed:sound", kwargs={"sound_id": sound.pk}),
        is_original=of is not None and of.pk == sound.video_id,
    )


def sound_json(part: SoundPart) -> dict[str, Any]:
    """Return the `sound` object of the API."""
    return {name: value for name, value in asdict(part).items() if name != "page_url"}
