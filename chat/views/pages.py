"""`/messages`: the list, a room, opening one, and joining by a link."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from chat import livekit, presentation, selectors, services, shelf
from chat.models import Member
from core import realtime
from core.ids import uuid7
from social.graph import selectors as graph
from social.graph.policies import require_active
from videos import selectors as videos

LIST = 30
FIRST_PAGE = 20
SHARE_TO = 40
SHARE_AT_ONCE = 10


@never_cache
@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the conversations; `?folder=requests` those that wait for an answer."""
    user = require_active(request.user)
    folder = request.GET.get("folder", "inbox")
    folder = folder if folder in selectors.FOLDERS else "inbox"
    return render(request, "chat/inbox.html", _list(user, folder=folder))


@never_cache
@login_required
@require_safe
def room(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Show one conversation, beside the list where there is room for both."""
    user = require_active(request.user)
    member = selectors.membership(user=user, conversation_id=conversation_id)
    page = selectors.messages_page(member, limit=FIRST_PAGE)
    shown = shelf.conversations_json([member], whole=True)[0]
    people = [one["user_id"] for one in shown["members"]]
    state = {
        "me": str(user.pk),
        "conversation": shown,
        "messages": [presentation.message_json(message) for message in page.messages],
        "more_before": page.more_before,
        "receipts": {
            str(pk): place[0] for pk, place in services.receipts_for(user, member).items()
        },
        "blocked": presentation.blocked_among(user, people),
    }
    other = next(
        (one["user"] for one in shown["members"] if one["user_id"] != user.pk and one["user"]), None
    )
    context = _list(user, folder="inbox") | {
        "room": shown,
        "other": other,
        "other_presence": next(iter(_presence(user, [other])), None),
        "state": orjson.loads(realtime.encode(state)),
        "is_request": member.state == "request",
        "has_group_calls": livekit.is_configured() and member.conversation.is_group,
    }
    return render(request, "chat/room.html", context)


@login_required
@require_POST
def write_to(request: HttpRequest, username: str) -> HttpResponse:
    """Open the conversation with a person and go there."""
    member = services.open_dm(actor=request.user, handle=username)
    return redirect("chat:room", conversation_id=member.conversation_id)


@login_required
@require_POST
def answer(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Answer a request (`answer` is accept, decline or block)."""
    given = request.POST.get("answer")
    services.answer_request(
        actor=request.user,
        conversation_id=conversation_id,
        answer="accept" if given == "accept" else "block" if given == "block" else "decline",
    )
    if given == "accept":
        return redirect("chat:room", conversation_id=conversation_id)
    return redirect("chat:inbox")


@login_required
@require_POST
def new_group(request: HttpRequest) -> HttpResponse:
    """Make a group of the chosen friends and go there."""
    member = services.create_group(
        actor=request.user,
        title=request.POST.get("title", ""),
        handles=request.POST.getlist("member"),
    )
    return redirect("chat:room", conversation_id=member.conversation_id)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show whose group a link leads to; join it."""
    user = require_active(request.user)
    if request.method == "POST":
        member = services.join_by_link(actor=user, token=token)
        return redirect("chat:room", conversation_id=member.conversation_id)
    return render(request, "chat/join.html", {"group": selectors.live_link(token).conversation})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, video_id: UUID) -> HttpResponse:
    """Choose whom to send a video to (conversations and friends), and send it."""
    user = require_active(request.user)
    video = videos.get_viewable_video(viewer=user, video_id=video_id)
    if request.method != "POST":
        context = _list(user, folder="inbox") | {"video": video}
        return render(request, "chat/share.html", context)
    rooms = request.POST.getlist("room")[:SHARE_AT_ONCE]
    for handle in request.POST.getlist("friend")[: SHARE_AT_ONCE - len(rooms)]:
        rooms.append(str(services.open_dm(actor=user, handle=handle).conversation_id))
    for conversation_id in dict.fromkeys(rooms):
        outgoing = services.Outgoing(
            client_id=uuid7(), body=request.POST.get("body", ""), video_id=video.pk
        )
        services.send_message(actor=user, conversation_id=conversation_id, outgoing=outgoing)
    if len(rooms) == 1:
        return redirect("chat:room", conversation_id=rooms[0])
    return redirect("chat:inbox")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def chat_settings(request: HttpRequest) -> HttpResponse:
    """Show and change what the person lets others know."""
    user = require_active(request.user)
    if request.method == "POST":
        changes = {name: name in request.POST for name in services.SETTINGS}
        services.update_settings(actor=user, **changes)
        return redirect("chat:settings")
    return render(request, "chat/settings_messages.html", {"shown": services.settings_of(user)})


def _presence(user: User, people: Sequence[dict[str, Any] | None]) -> list[services.Presence]:
    return services.presence_of(user, [person["id"] for person in people if person])


def _list(user: User, *, folder: str) -> dict[str, Any]:
    rows: list[Member] = list(selectors.memberships(user=user, folder=folder)[:LIST])
    shown = shelf.conversations_json(rows)
    for one in shown:
        others = [who["user"] for who in one["members"] if who["user_id"] != user.pk]
        one["face"] = next((person for person in others if person), None)
    present = {one.user_id: one for one in _presence(user, [one["face"] for one in shown])}
    for one in shown:
        one["presence"] = present.get(one["face"]["id"]) if one["face"] else None
    shown.sort(key=lambda one: one["me"]["pinned_at"] is None)
    pairs = graph.friends_of(user)[:SHARE_TO] if folder == "inbox" else []
    return {
        "folder": folder,
        "conversations": shown,
        "requests": selectors.memberships(user=user, folder="requests").count(),
        "friends": [pair.hi if pair.lo_id == user.pk else pair.lo for pair in pairs],
    }
