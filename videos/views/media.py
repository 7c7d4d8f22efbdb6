"""`/media/videos/...`: the bytes of a video, for whoever holds a URL that is still good."""

import time
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from core import media_urls
from core.http.files import guard, not_found, serve_file
from videos import media_epochs
from videos.models import CaptionTrack

CONTENT_TYPES = {"mp4": "video/mp4", "jpg": "image/jpeg", "webp": "image/webp", "m4a": "audio/mp4"}
PUBLIC = f"public, max-age=3600, s-maxage={media_epochs.KEPT_SECONDS}"
LONGEST_PRIVATE_SECONDS = 300


@require_safe
def video_file(
    request: HttpRequest, video_id: UUID, folder: str, name: str, extension: str
) -> HttpResponseBase:
    """Serve one file of a video if the signature, its expiry and its epochs hold; else 404.

    The URL was signed after `policies.can_view`; every change that narrows who may see the video
    moves an epoch, which is looked up here at most two seconds late.
    """
    key = f"videos/{video_id}/{folder}/{name}.{extension}"
    grant = media_urls.verify(path=key, token=request.GET.get("t", ""))
    if grant is None or media_epochs.live(video_id) != grant.epochs:
        return not_found()
    left = max(0, grant.expires - int(time.time()))
    private = f"private, max-age={min(left, LONGEST_PRIVATE_SECONDS)}"
    return serve_file(
        request,
        key=key,
        content_type=CONTENT_TYPES[extension],
        cache_control=PUBLIC if grant.public else private,
        public=grant.public and not settings.SIGN_IN_REQUIRED,
    )


@require_safe
def caption_file(request: HttpRequest, video_id: UUID, lang: str, version: int) -> HttpResponseBase:
    """Serve one caption track as `video_file` serves the clip itself."""
    path = f"videos/{video_id}/captions/{lang}-{version}.vtt"
    grant = media_urls.verify(path=path, token=request.GET.get("t", ""))
    if grant is None or media_epochs.live(video_id) != grant.epochs:
        return not_found()
    rows = CaptionTrack.objects.filter(video_id=video_id, lang=lang, version=version)
    body = rows.values_list("body", flat=True).first()
    if body is None:
        return not_found()
    response = HttpResponse(body, content_type="text/vtt; charset=utf-8")
    response["Cache-Control"] = PUBLIC if grant.public else "private, max-age=60"
    return guard(response, public=grant.public and not settings.SIGN_IN_REQUIRED)


@require_safe
def nothing(request: HttpRequest) -> HttpResponseBase:
    """Answer every other path under `/media/` like a URL that is no longer good."""
    return not_found()
