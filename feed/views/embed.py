"""A public video on somebody else's page: the frame, and oEmbed, which names it.

The format of oEmbed: https://oembed.com
"""

from typing import Any
from urllib.parse import urlsplit

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from core.errors import Invalid, NotFound
from feed.cards import VideoCard, cards_for
from feed.views.watch import absolute
from videos import policies, selectors

WIDTH, HEIGHT = 325, 578  # of the frame where nobody says otherwise
SMALLEST = 120


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"], "script-src": None})  # type: ignore[arg-type]
@require_safe
def embed(request: HttpRequest, video_id: str) -> HttpResponse:
    """Show a public video alone, to be framed anywhere."""
    card = _public(request, video_id)
    response = render(request, "feed/embed.html", {"card": card, "url": absolute(card.watch_url)})
    # Whatever closes the video closes its frames at once.
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """Answer what a watch page's address embeds as; JSON only."""
    if request.GET.get("format", "json") != "json":
        return HttpResponse(status=501)
    card = _public(request, _video_of(request, request.GET.get("url", "")))
    width, height = _size(
        card, _whole(request, "maxwidth", WIDTH), _whole(request, "maxheight", HEIGHT)
    )
    frame = absolute(reverse("feed:embed", kwargs={"video_id": card.id}))
    author = reverse("feed:profile", kwargs={"username": card.author.username})
    answer: dict[str, Any] = {
        "version": "1.0",
        "type": "video",
        "provider_name": "Tóp Tóp",
        "provider_url": settings.PUBLIC_URL,
        "title": card.caption[:160],
        "author_name": card.author.name or card.author.username,
        "author_url": absolute(author),
        "width": width,
        "height": height,
        "html": format_html(
            '<iframe src="{}" width="{}" height="{}" style="border:0" '
            'allow="fullscreen; picture-in-picture" loading="lazy"></iframe>',
            frame,
            width,
            height,
        ),
    }
    if card.cover:
        answer["thumbnail_url"] = absolute(card.cover)
        answer["thumbnail_width"], answer["thumbnail_height"] = card.width, card.height
    response = JsonResponse(answer)
    response["Cache-Control"] = "no-store"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _public(request: HttpRequest, video_id: object) -> VideoCard:
    """Return the card as strangers get it; who is signed in and blocked gets none either."""
    video = selectors.get_viewable_video(viewer=request.user, video_id=video_id)
    if not policies.is_public(video):
        raise NotFound
    cards = cards_for([video.pk], viewer=None)
    if not cards:
        # A duet whose authors block each other: its own author still sees it, nobody else does.
        raise NotFound
    return cards[0]


def _video_of(request: HttpRequest, url: str) -> object:
    """Return the id that an address of ours names; raises NotFound for any other address."""
    try:
        parts = urlsplit(url)
        ours = parts.netloc in (request.get_host(), urlsplit(settings.PUBLIC_URL).netloc)
        found = resolve(parts.path.rstrip("/")) if ours else None
    except (Resolver404, ValueError):
        found = None
    if found is None or found.view_name not in ("feed:watch", "feed:embed"):
        raise NotFound
    return found.kwargs["video_id"]


def _whole(request: HttpRequest, name: str, default: int) -> int:
    given = request.GET.get(name, str(default))
    if not given.isascii() or not given.isdigit() or len(given) > 5:
        raise Invalid.field(name, "A number of pixels.")
    return max(SMALLEST, int(given))


def _size(card: VideoCard, most_wide: int, most_high: int) -> tuple[int, int]:
    """Return the largest frame of the video's shape within what the other page has room for."""
    wide, high = card.width or WIDTH, card.height or HEIGHT
    scale = min(most_wide / wide, most_high / high)
    return max(1, round(wide * scale)), max(1, round(high * scale))
