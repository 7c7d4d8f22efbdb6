"""`/messages/emoji`: one's own emoji and a group's, their pictures."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from chat import presentation, selectors, services
from chat.models import Conversation
from chat.policies import Role
from core.errors import DomainError, Invalid
from core.http.files import serve_file
from social.graph.policies import require_active

HOUR = "private, max-age=3600"


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """Show one's own emoji; add one."""
    return _manage(request, require_active(request.user), None)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_group(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Show a group's emoji to its members; add one, as one who runs it."""
    return _manage(request, require_active(request.user), conversation_id)


@login_required
@require_POST
def delete(request: HttpRequest, emoji_id: UUID) -> HttpResponse:
    """Delete an emoji and go back to its set."""
    user = require_active(request.user)
    group = selectors.visible_emoji(user=user, emoji_id=emoji_id).conversation_id
    services.delete_emoji(actor=user, emoji_id=emoji_id)
    return redirect(reverse("chat:group_emoji", args=[group]) if group else "chat:emoji")


@login_required
@require_safe
def picture(request: HttpRequest, emoji_id: UUID) -> HttpResponseBase:
    """Answer the picture of an emoji."""
    user = require_active(request.user)
    found = selectors.visible_emoji(user=user, emoji_id=emoji_id)
    return serve_file(request, key=found.key, content_type="image/webp", cache_control=HOUR)


def _manage(request: HttpRequest, user: User, conversation_id: UUID | None) -> HttpResponse:
    room: Conversation | None = None
    runs = True
    if conversation_id is not None:
        member = selectors.membership(user=user, conversation_id=conversation_id)
        room, runs = member.conversation, member.role != Role.MEMBER
    errors: Any = None
    status = 200
    if request.method == "POST":
        try:
            _add(request, user, conversation_id)
        except DomainError as error:
            errors, status = error.errors or {"": [error.message]}, error.status
        else:
            return redirect(request.path)
    rows = selectors.group_emoji(room) if room else selectors.own_emoji(user)
    shown = [
        presentation.emoji_json(one) | {"deletable": runs or one.added_by_id == user.pk}
        for one in rows
    ]
    context = {
        "emoji": shown,
        "room": room,
        "runs": runs and (room is None or room.is_group),
        "most": services.MAX_GROUP_EMOJI if room else services.MAX_OWN_EMOJI,
        "errors": errors,
        "shortcode": request.POST.get("shortcode", "") if errors else "",
    }
    return render(request, "chat/emoji.html", context, status=status)


def _add(request: HttpRequest, user: User, conversation_id: UUID | None) -> None:
    given = request.FILES.get("file")
    if given is None or given.file is None:
        raise Invalid.field("file", "Choose a picture.")
    services.add_emoji(
        actor=user,
        shortcode=request.POST.get("shortcode", "")[:100],
        source=given.file,
        conversation_id=conversation_id,
    )
