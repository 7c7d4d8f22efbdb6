"""Why this video: one true sentence, from what the card itself shows."""

from collections.abc import Collection
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from feed.modes import Mode
from feed.recommender.ranker import Why
from social.engagement.annotations import Counts
from videos.models import Video

NEW = timedelta(hours=48)
WEEK = timedelta(days=7)
POPULAR_LIKES = 5


def reason_for(
    video: Video,
    *,
    mode: Mode,
    follows: bool,
    counts: Counts,
    why: str = "",
    tags: Collection[str] = (),
) -> str:
    """Return the sentence for a video in a feed of `mode`.

    `why` is what the recommender said when it chose the video: a word, and the tag where it is one.
    """
    author = {"name": f"@{video.author.username}"}
    age = timezone.now() - (video.published_at or video.created_at)
    if mode == Mode.ALL:
        return _("Picked at random")
    if mode == Mode.FRIENDS:
        return _("From your friend %(name)s") % author
    if follows:
        return _("You follow %(name)s") % author
    chosen = sentence(why, name=video.author.username, tags=tags)
    if chosen:
        return chosen
    if counts.likes >= POPULAR_LIKES and age < WEEK:
        return _("Popular this week")
    if counts.likes >= POPULAR_LIKES:
        return _("Liked by many")
    if age < NEW:
        return _("New from %(name)s") % author
    return _("Something different")


def sentence(why: str, *, name: str, tags: Collection[str]) -> str | None:
    """Return the recommender's own reason; None where it has none that still holds."""
    author = {"name": f"@{name}"}
    word, _colon, tag = why.partition(":")
    if word in (Why.TAG, Why.INTEREST):
        if tag not in tags:
            return None  # the caption is another by now
        named = {"tag": f"#{tag}"}
        if word == Why.INTEREST:
            return _("Because you picked %(tag)s") % named
        return _("Because you like %(tag)s") % named
    if word == Why.FOLLOWED:
        return _("You follow %(name)s") % author
    if word == Why.AUTHOR:
        return _("Because you like what %(name)s posts") % author
    sentences = {
        Why.ALIKE: _("People who like what you like watched it"),
        Why.TASTE: _("Close to what you watch to the end"),
        Why.TREND: _("Popular right now"),
        Why.NEW: _("New: be one of the first to see it"),
    }
    return sentences.get(Why(word)) if word in sentences else None
