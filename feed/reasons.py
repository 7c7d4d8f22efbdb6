"""Why this video: one true sentence, from what the card itself shows."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from feed.modes import Mode
from social.engagement.selectors import Counts
from videos.models import Video

NEW = timedelta(hours=48)
WEEK = timedelta(days=7)
POPULAR_LIKES = 5


def reason_for(video: Video, *, mode: Mode, follows: bool, counts: Counts) -> str:
    """Return the sentence for a video in a feed of `mode`."""
    author = {"name": f"@{video.author.username}"}
    age = timezone.now() - (video.published_at or video.created_at)
    if mode == Mode.ALL:
        return _("Picked at random")
    if mode == Mode.FRIENDS:
        return _("From your friend %(name)s") % author
    if follows:
        return _("You follow %(name)s") % author
    if counts.likes >= POPULAR_LIKES and age < WEEK:
        return _("Popular this week")
    if counts.likes >= POPULAR_LIKES:
        return _("Liked by many")
    if age < NEW:
        return _("New from %(name)s") % author
    return _("Something different")
