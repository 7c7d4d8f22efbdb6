"""What an author chooses whatever the kind of the post, checked once for all of them."""

import datetime as dt
from typing import Any, TypedDict

from accounts.models import User
from core.errors import Invalid
from videos import captions
from videos.models import Video


class Choices(TypedDict, total=False):
    """Who sees it, what they may do with it, and when it comes out."""

    audience: str
    allow_comments: str
    allow_duet: bool
    allow_sound: bool
    allow_download: bool
    mature: bool
    draft: bool
    publish_at: dt.datetime | None


ALLOWED = {"audience": Video.Audience.values, "allow_comments": Video.AllowComments.values}


def new_video(
    *,
    author: User,
    kind: str,
    caption: str,
    idempotency_key: str | None,
    choices: Choices,
    **fields: Any,
) -> Video:
    """Return an unsaved video with its author's choices; raises Invalid."""
    given: dict[str, Any] = {**choices}
    for field, allowed in ALLOWED.items():
        if given.get(field, allowed[0]) not in allowed:
            raise Invalid.field(field, f"One of: {', '.join(allowed)}.")
    return Video(
        author=author,
        kind=kind,
        caption=captions.clean(caption),
        scheduled_for=given.pop("publish_at", None),
        idempotency_key=idempotency_key or None,
        **given,
        **fields,
    )
