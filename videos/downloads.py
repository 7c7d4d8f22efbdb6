"""A rendition as a file to keep: its name, plain for every browser and whole for those that can."""

import re
from urllib.parse import quote

from django.http import HttpRequest, HttpResponseBase

from core.http.files import serve_file
from videos.models import Rendition, Video

WORDS = re.compile(r"[^\w\s-]+")
CAPTION_CHARACTERS = 60


def serve(request: HttpRequest, *, video: Video, rendition: Rendition) -> HttpResponseBase:
    """Answer with the file as an attachment; the caller has asked the policy."""
    response = serve_file(
        request, key=rendition.key, content_type="video/mp4", cache_control="private, no-store"
    )
    if response.status_code < 400:
        plain, whole = names(video)
        response["Content-Disposition"] = (
            f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(whole, safe='')}"
        )
    return response


def names(video: Video) -> tuple[str, str]:
    """Return the name in ASCII, and the one with words of the caption (RFC 5987)."""
    plain = f"{video.author.username}-{str(video.pk)[-12:]}.mp4"
    # Letters, digits and dashes of any script: nothing that turns, hides or leads elsewhere.
    words = "-".join(WORDS.sub(" ", video.caption).split())[:CAPTION_CHARACTERS].strip("-")
    return plain, f"{video.author.username}-{words}.mp4" if words else plain
