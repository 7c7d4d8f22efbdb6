"""Reading videos by their ids, as a feed may show them at this moment."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models.functions import JSONArray

from core.expressions import JsonRows
from feed import modes, rows
from feed.models import FeedMute
from feed.modes import Mode, signed_in
from videos.models import Video
from videos.policies import Viewer


def shown(*, viewer: Viewer, mode: Mode, ids: Iterable[UUID]) -> dict[UUID, Video]:
    """Return those of `ids` that belong to `mode` for `viewer` now, as cards read them; a query."""
    found = modes.videos_of(viewer=viewer, mode=mode).filter(pk__in=list(ids))
    found = rows.with_relations(found).annotate(**rows.seen_by(viewer))
    user = signed_in(viewer)
    if user is None or mode not in modes.PICKED:
        return {video.pk: video for video in found}
    muted = FeedMute.objects.filter(user_id=user.pk, kind=FeedMute.Kind.WORD)
    videos = list(found.annotate(muted_words=JsonRows(muted, JSONArray("value"))))
    words = _finder(videos[0].__dict__["muted_words"]) if videos else None
    return {
        video.pk: video
        for video in videos
        if words is None or not words.search(plain(video.caption))
    }


def _finder(muted: Sequence[Sequence[str]]) -> re.Pattern[str] | None:
    """Return what finds muted words in a `plain` text, None where there are none."""
    found = [re.escape(word) for (word,) in muted]
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)") if found else None


def plain(text: str) -> str:
    """Return a text as muted words are compared: letters in one form and case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
