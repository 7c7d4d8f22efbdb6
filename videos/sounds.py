"""Who may hear a sound apart from its clip, and who may set pictures to it.

A sound is its clip's: it is out where the clip is open to everybody on a public account, and
nowhere else, whoever else uses it. Its author always hears it.
"""

from django.db.models import Q, QuerySet

from accounts.models import User
from core.errors import Forbidden, NotFound
from core.expressions import RightNow
from core.ids import parse_uuid
from videos import policies
from videos.models import Sound, Video
from videos.policies import Viewer


def heard_by(viewer: Viewer) -> "QuerySet[Sound]":
    """Return the sounds that `viewer` may hear and see the page of, with clip and author."""
    is_open = Q(
        audience=Video.Audience.EVERYONE,
        author__is_private=False,
        moderation_state=Video.Moderation.VISIBLE,
        draft=False,
        published_at__lte=RightNow(),
    )
    own = Q(author_id=viewer.pk) if isinstance(viewer, User) else Q(pk__in=[])
    clips = policies.visible_to(viewer).filter(is_open | own)
    return Sound.objects.filter(video__in=clips).select_related("video__author")


def get_sound(*, viewer: Viewer, sound_id: object) -> Sound:
    """Return a sound that `viewer` may hear; raises NotFound otherwise."""
    key = parse_uuid(sound_id)
    sound = heard_by(viewer).filter(pk=key).first() if key else None
    if sound is None:
        raise NotFound
    return sound


def may_use(viewer: Viewer, sound: Sound) -> bool:
    """Return whether `viewer`, who may hear it, may set something to it. Asks nothing else."""
    if not isinstance(viewer, User):
        return False
    return sound.video.author_id == viewer.pk or sound.video.allow_sound


def get_usable(*, actor: User, sound_id: object) -> Sound:
    """Return a sound to set something to; raises NotFound, Forbidden (`sound_off`)."""
    sound = get_sound(viewer=actor, sound_id=sound_id)
    if not may_use(actor, sound):
        raise Forbidden("sound_off", "Its author does not let others use this sound.")
    return sound
