"""`/messages`: the list, a room, opening one, sharing into some."""

from uuid import UUID

import orjson
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chat import livekit, presentation, selectors, services, shelf
from chat.views.sidebar import presence_of, sidebar
from core import realtime
from core.ids import uuid7
from social.graph import selectors as graph
from social.graph.policies import require_active
from videos import selectors as videos

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
    return render(request, "chat/inbox.html", sidebar(user, folder=folder))


@never_cache
@login_required
@require_safe
def room(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Show one conversation, beside the list where there is room for both.

    With `?at=` a message's seq, the page begins there; else at the end.
    """
    user = require_active(request.user)
    member = selectors.membership(user=user, conversation_id=conversation_id)
    at = _place(request.GET.get("at"))
    page = selectors.messages_page(member, around_seq=at, limit=FIRST_PAGE)
    shown = shelf.conversations_json([member], whole=True)[0]
    people = [one["user_id"] for one in shown["members"]]
    state = {
        "me": str(user.pk),
        "conversation": shown,
        "messages": [presentation.message_json(message) for message in page.messages],
        "more_before": page.more_before,
        "more_after": page.more_after,
        "at": at,
        "receipts": {
            str(pk): place[0] for pk, place in services.receipts_for(user, member).items()
        },
        "blocked": presentation.blocked_among(user, people),
    }
    other = next(
        (one["user"] for one in shown["members"] if one["user_id"] != user.pk and one["user"]), None
    )
    context = sidebar(user) | {
        "room": shown,
        "other": other,
        "other_presence": next(iter(presence_of(user, [other])), None),
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


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, video_id: UUID) -> HttpResponse:
    """Choose whom to send a video to (conversations and friends), and send it."""
    user = require_active(request.user)
    video = videos.get_viewable_video(viewer=user, video_id=video_id)
    if request.method != "POST":
        pairs = graph.friends_of(user)[:SHARE_TO]
        friends = [pair.hi if pair.lo_id == user.pk else pair.lo for pair in pairs]
        context = sidebar(user) | {"video": video, "friends": friends}
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


def _place(given: str | None) -> int | None:
    """Return a seq of the address; None for none, and for what is none."""
    return (
        int(given) if given and given.isascii() and given.isdecimal() and len(given) < 16 else None
    )
