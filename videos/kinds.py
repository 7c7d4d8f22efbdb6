"""What each kind of post asks of its words; services and forms keep to it."""

import re
from typing import Any

from core.errors import Invalid
from videos import backgrounds, captions
from videos.models import Video

TEXT_LENGTH = 500
MOST_PHOTOS = 35
TEXT_LINES = 24  # what fits a phone's screen
GAP = re.compile(r"\n{3,}")


def check_changes(video: Video, changes: dict[str, Any]) -> None:
    """Hold an edit to the rules of the post's kind, cleaning what it brings; raises Invalid."""
    if video.kind == Video.Kind.TEXT:
        if "caption" in changes:
            changes["caption"] = clean_text(changes["caption"])
        if "background" in changes:
            changes["background"] = checked_background(changes["background"])
    elif changes.get("background"):
        raise Invalid.field("background", "Only a text post has one.")


def clean_text(text: str) -> str:
    """Return a post's text as kept; raises Invalid when nothing or too much is left."""
    kept = GAP.sub("\n\n", captions.clean(text))
    if not kept:
        raise Invalid.field("caption", "Write something.")
    if len(kept) > TEXT_LENGTH:
        raise Invalid.field("caption", f"A text post is at most {TEXT_LENGTH} characters.")
    if kept.count("\n") >= TEXT_LINES:
        raise Invalid.field("caption", f"A text post has at most {TEXT_LINES} lines.")
    return kept


def checked_background(background: str) -> str:
    """Return the name of a ground; raises Invalid for any other word."""
    if background not in backgrounds.BY_NAME:
        raise Invalid.field("background", f"One of: {', '.join(backgrounds.NAMES)}.")
    return background
