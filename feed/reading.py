"""Reading videos by their ids, as a feed may show them at this moment."""

import re
import unicodedata
from collections.abc import Sequence
from uuid import UUID

from django.db.models.functions import JSONArray

from accounts.models import User
from core.expressions import JsonRows
from core.statements import Statement, kept, stand_ins, width_for
from feed import modes, rows
from feed.models import FeedMute
from feed.modes import Mode
from videos import policies
from videos.models import Video
from videos.policies import Viewer

WORDS = "muted_words"
FIRST = 1  # the number of the first stand-in for a video


def shown(*, viewer: Viewer, mode: Mode, ids: Sequence[UUID]) -> dict[UUID, Video]:
    """Return those of `ids` that belong to `mode` for `viewer` now, as cards read them; a query."""
    like = policies.likeness(viewer)
    if like is None or not ids:
        return {}
    places = {"viewer": viewer.pk} if isinstance(viewer, User) else {}
    videos = _statement(like, mode, width_for(len(ids))).rows(ids=ids, **places)
    rows.seen_as(videos, policies.stand_in_for(like), viewer)
    words = _finder(videos[0].__dict__.get(WORDS, ())) if videos else None
    return {
        video.pk: video
        for video in videos
        if words is None or not words.search(plain(video.caption))
    }


@kept
def _statement(like: policies.Likeness, mode: Mode, width: int) -> Statement[Video]:
    nobody, ids = policies.stand_in_for(like), stand_ins(FIRST, width)
    found = modes.videos_of(viewer=nobody, mode=mode).filter(pk__in=ids)
    found = rows.with_relations(found).annotate(**rows.seen_by(nobody))
    if nobody is None:
        return Statement(found, {"ids": ids})
    if mode in modes.PICKED:
        muted = FeedMute.objects.filter(user_id=nobody.pk, kind=FeedMute.Kind.WORD)
        found = found.annotate(**{WORDS: JsonRows(muted, JSONArray("value"))})
    return Statement(found, {"ids": ids, "viewer": nobody.pk})


def _finder(muted: Sequence[Sequence[str]]) -> re.Pattern[str] | None:
    """Return what finds muted words in a `plain` text, None where there are none."""
    found = [re.escape(word) for (word,) in muted]
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)") if found else None


def plain(text: str) -> str:
    """Return a text as muted words are compared: letters in one form and case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
