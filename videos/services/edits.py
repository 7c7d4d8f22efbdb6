"""What an author chooses of a clip beyond its file: the part shown, what is heard, its cover."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from core.errors import Conflict, DomainError, Invalid, NotFound, TooLarge, UnsupportedMedia
from core.ids import parse_uuid
from videos import sounds
from videos.media.errors import MediaError
from videos.media.images import DETAILS
from videos.media.mix import Mix
from videos.models import ClipEdit, Sound, Upload, Video
from videos.models.edits import FULL
from videos.services.choices import Choices
from videos.services.uploads import is_picture_upload
from videos.workshop import Source, Workshop

LEAST_MS = 500
COVER_FIELD = "cover_upload_id"


class ClipChoices(Choices, total=False):
    """What an author chooses of a clip; times in ms of the file, levels in percent."""

    trim_start_ms: int | None
    trim_end_ms: int | None
    own_level: int
    sound_level: int
    sound_id: object
    cover_upload_id: object


NAMES = frozenset(ClipChoices.__annotations__) - frozenset(Choices.__annotations__)


def take(choices: ClipChoices) -> tuple[Choices, dict[str, Any]]:
    """Return what is chosen for posts of every kind, and what only for clips."""
    given: dict[str, Any] = {**choices}
    only = {name: given.pop(name) for name in NAMES & given.keys()}
    common: Any = given
    return common, {name: value for name, value in only.items() if value is not None}


def new_edit(*, actor: User, video: Video, chosen: dict[str, Any]) -> ClipEdit | None:
    """Return the unsaved edit of an unsaved clip, None for its file as it is.

    Sets the chosen sound on the clip. Raises Invalid, NotFound (sound, picture), Forbidden
    (`sound_off`), Conflict, UnsupportedMedia, TooLarge (the picture).
    """
    if not chosen:
        return None
    _check_part(chosen.get("trim_start_ms"), chosen.get("trim_end_ms"))
    edit = ClipEdit(
        video=video,
        trim_start_ms=chosen.get("trim_start_ms"),
        trim_end_ms=chosen.get("trim_end_ms"),
        own_level=_level("own_level", chosen.get("own_level", FULL)),
    )
    if video.is_duet and (chosen.get("sound_id") or edit.own_level != FULL):
        raise Invalid.field("sound_id", "A duet is heard with the sound of both.")
    if chosen.get("sound_id"):
        video.sound = sounds.get_usable(actor=actor, sound_id=chosen["sound_id"])
        edit.sound_level = _level("sound_level", chosen.get("sound_level", FULL))
    if chosen.get(COVER_FIELD):
        edit.cover_upload = get_picture(actor=actor, upload_id=chosen[COVER_FIELD])
    return edit


def get_picture(*, actor: User, upload_id: object) -> Upload:
    """Return a received picture that can be a cover; raises as `new_edit`."""
    key = parse_uuid(upload_id)
    upload = Upload.objects.filter(pk=key, owner_id=actor.pk).first() if key else None
    if upload is None:
        raise NotFound
    if upload.state != Upload.State.RECEIVED:
        raise Conflict("upload_incomplete", "The picture has not been received, or was used.")
    if upload.offset > settings.PHOTO_MAX_BYTES:
        size = settings.PHOTO_MAX_BYTES // 1024**2
        raise TooLarge("photo_too_large", f"A picture has at most {size} MB.")
    if not is_picture_upload(upload):
        detail = DETAILS["unsupported_format"]
        raise UnsupportedMedia("unsupported_format", detail, errors={COVER_FIELD: [detail]})
    return upload


def consume_picture(picture: Upload) -> None:
    """Take a picture for good, in the transaction of its use; raises Conflict."""
    rows = Upload.objects.filter(pk=picture.pk, state=Upload.State.RECEIVED)
    if not rows.filter(expires_at__gt=timezone.now()).update(state=Upload.State.CONSUMED):
        raise Conflict("upload_incomplete", "The picture has not been received, or was used.")


def open_edited(shop: Workshop, video: Video, findings: dict[str, Any]) -> Source:
    """Return a clip's upload as its author wants it shown and heard; raises MediaError.

    `sound_gone` when its author could not choose that sound any more.
    """
    assert video.upload is not None, "a clip is made of an upload"
    edit = ClipEdit.objects.filter(video=video).first()
    if edit is None:
        return shop.open(video.upload, findings)
    source = shop.open(video.upload, findings, part=(edit.trim_start_ms, edit.trim_end_ms))
    mix = Mix(own_level=edit.own_level / FULL)
    if edit.sound_level is not None:
        music = shop.bring(_chosen_sound(video).key, "music.m4a")
        mix = replace(mix, music=music, music_level=edit.sound_level / FULL)
    return replace(source, mix=mix)


def _chosen_sound(video: Video) -> Sound:
    """Ask again what was asked when it was posted: much may have happened since."""
    try:
        return sounds.get_usable(actor=video.author, sound_id=video.sound_id)
    except DomainError as error:
        raise MediaError("sound_gone", log=error.message) from error


def _check_part(start: int | None, end: int | None) -> None:
    if (start or 0) < 0:
        raise Invalid.field("trim_start_ms", "It begins at 0 or later.")
    if end is not None and end - (start or 0) < LEAST_MS:
        raise Invalid.field("trim_end_ms", f"A clip has at least {LEAST_MS} ms.")


def _level(name: str, value: int) -> int:
    if not 0 <= value <= FULL:
        raise Invalid.field(name, f"A share from 0 to {FULL} percent.")
    return value
