"""What the pages of engagement answer with: a fragment for htmx, a way back for plain forms."""

import json

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from videos.models import Video


def watch_url(video: Video) -> str:
    """Return the path of a video's page."""
    return reverse("feed:watch", kwargs={"username": video.author.username, "video_id": video.pk})


def is_htmx(request: HttpRequest) -> bool:
    """Return whether the page itself asks, for a fragment."""
    return bool(getattr(request, "htmx", False))


def is_on(request: HttpRequest) -> bool:
    """Return whether a toggle is to be set."""
    return request.POST.get("on") == "1"


def say(response: HttpResponse, text: str, *, action: dict[str, str] | None = None) -> None:
    """Let the page show a toast, with a link (`text`, `href`) to go on with."""
    toast: dict[str, object] = {"text": text, "kind": "ok"}
    if action:
        toast["action"] = action
    response["HX-Trigger"] = json.dumps({"toast": toast})
