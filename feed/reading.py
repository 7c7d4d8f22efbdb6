"""Reading videos by their ids, as a feed may show them at this moment."""

import re
import unicodedata
from collections.abc import Iterable
from uuid import UUID

from accounts.models import User
from feed import modes
from feed.cards import with_relations
from feed.models import FeedMute
from feed.modes import Mode, signed_in
from videos.models import Video
from videos.policies import Viewer


def shown(*, viewer: Viewer, mode: Mode, ids: Iterable[UUID]) -> dict[UUID, Video]:
    """Return those of `ids` that belong to `mode` for `viewer` now, `with_relations`."""
    rows = with_relations(modes.videos_of(viewer=viewer, mode=mode).filter(pk__in=list(ids)))
    user = signed_in(viewer)
    words = muted_words(user) if user and mode in modes.PICKED else None
    return {row.pk: row for row in rows if words is None or not words.search(plain(row.caption))}


def muted_words(user: User) -> re.Pattern[str] | None:
    """Return what finds somebody's muted words in a `plain` text, None where there are none."""
    rows = FeedMute.objects.filter(user_id=user.pk, kind=FeedMute.Kind.WORD)
    found = [re.escape(word) for word in rows.values_list("value", flat=True)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)") if found else None


def plain(text: str) -> str:
    """Return a text as muted words are compared: letters in one form and case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
