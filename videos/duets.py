"""Which clips somebody may stand beside in a duet."""

from accounts.models import User
from core.errors import Forbidden
from videos import policies, selectors
from videos.models import Video


def get_original(*, actor: User, video_id: object) -> Video:
    """Return a clip that `actor` may make a duet of; raises NotFound, Forbidden (`duet_off`)."""
    original = selectors.get_viewable_video(viewer=actor, video_id=video_id)
    if not policies.allows_duet(actor, original):
        raise Forbidden("duet_off", "No duet can be made of this video.")
    return original


def put_beside(video: Video, original: Video) -> None:
    """Make an unsaved clip a duet: it is heard with the original's sound, and as mature as it."""
    video.is_duet, video.duet_of = True, original
    video.sound_id = original.sound_id
    video.mature = video.mature or original.mature
    # Nobody can stand beside two: `policies.allows_duet`.
    video.allow_duet = False
