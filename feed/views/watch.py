"""The page of one video: plays without JavaScript, and tells other sites what it is."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from core.errors import NotFound
from feed import profiles
from feed.cards import VideoCard, cards_for
from social.engagement import sheets
from videos import policies, selectors


@require_safe
def watch(request: HttpRequest, username: str, video_id: str) -> HttpResponse:
    """Show a video at the address of its author, in whatever case the name is typed."""
    video = selectors.get_viewable_video(viewer=request.user, video_id=video_id)
    if username.lower() != video.author.username:
        # The address must not say whose video an id is: a wrong name is a wrong address.
        raise NotFound
    if username != video.author.username:
        return redirect("feed:watch", username=video.author.username, video_id=video.pk)
    card, *_ = cards_for([video.pk], viewer=request.user)
    more = list(profiles.more_of(video, viewer=request.user))
    asked = request.GET.get("comment")
    context = sheets.sheet(viewer=request.user, video=video, asked=asked) | _shared(card)
    if policies.is_public(video):
        context["oembed_url"] = _oembed_url(card)
    context |= {"card": card, "more": cards_for(more, viewer=request.user)}
    response = render(request, "feed/watch.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _shared(card: VideoCard) -> dict[str, str | None]:
    """Return the absolute addresses that OpenGraph and JSON-LD name."""
    return {
        "share_url": absolute(card.watch_url),
        "cover_url": absolute(card.cover),
        "video_url": absolute(card.sources[0]["url"]) if card.sources else None,
    }


def _oembed_url(card: VideoCard) -> str | None:
    asked = urlencode({"url": absolute(card.watch_url) or "", "format": "json"})
    return absolute(f"{reverse('feed:oembed')}?{asked}")


def absolute(url: str | None) -> str | None:
    """Return a path under the public address of this site; absolute URLs stay."""
    return f"{settings.PUBLIC_URL}{url}" if url and url.startswith("/") else url
