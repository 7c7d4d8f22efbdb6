"""Groups as pages: made, looked after, joined; and what one may do with any conversation."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from chat import policies, presentation, selectors, services, shelf
from chat.models import Member
from core.errors import Conflict, DomainError, NotFound
from core.http.files import serve_file
from social.graph import selectors as graph
from social.graph.policies import require_active

FRIENDS = 200
HOUR = "private, max-age=3600"
MUTES = {"hour": timedelta(hours=1), "day": timedelta(hours=24), "week": timedelta(days=7)}
ORDER = {"owner": 0, "admin": 1, "member": 2}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_group(request: HttpRequest) -> HttpResponse:
    """Choose a name, a picture and friends; make the group and go there."""
    user = require_active(request.user)
    if request.method != "POST":
        return _new(request, user)
    try:
        member = services.create_group(
            actor=user,
            title=request.POST.get("title", ""),
            handles=request.POST.getlist("member"),
            is_open="is_open" in request.POST,
        )
    except DomainError as error:
        return _new(request, user, error)
    picture = request.FILES.get("picture")
    if picture is not None and picture.file is not None:
        try:
            services.set_group_picture(
                actor=user, conversation_id=member.conversation_id, source=picture.file
            )
        except DomainError as error:
            # The group is there: that its picture is not good is said beside it.
            messages.error(request, error.message)
    return redirect("chat:room", conversation_id=member.conversation_id)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def about(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Show who is in a conversation and how one has it; do one thing to it (`act`)."""
    user = require_active(request.user)
    member = selectors.membership(user=user, conversation_id=conversation_id)
    if request.method != "POST":
        return _about(request, user, member)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise NotFound
    try:
        told = act(request, user, conversation_id)
    except NotFound:
        raise
    except DomainError as error:
        return _about(request, user, member, error)
    messages.success(request, told)
    if request.POST.get("act") == "leave":
        return redirect("chat:inbox")
    return redirect("chat:about", conversation_id=conversation_id)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show whose group a link leads to; join it."""
    user = require_active(request.user)
    if request.method == "POST":
        try:
            member = services.join_by_link(actor=user, token=token)
        except (Conflict, NotFound) as error:
            return _door(request, user, token, error)
        return redirect("chat:room", conversation_id=member.conversation_id)
    return _door(request, user, token)


@login_required
@require_POST
def join_open(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Join an open group and go there."""
    member = services.join_open(actor=request.user, conversation_id=conversation_id)
    return redirect("chat:room", conversation_id=member.conversation_id)


@login_required
@require_safe
def picture(request: HttpRequest, conversation_id: UUID, name: str) -> HttpResponseBase:
    """Answer the picture of a group to its members, and to anybody if it is open."""
    user = require_active(request.user)
    group = selectors.group_with_picture(user=user, conversation_id=conversation_id, name=name)
    return serve_file(request, key=group.picture_key, content_type="image/webp", cache_control=HOUR)


@login_required
@require_safe
def door_picture(request: HttpRequest, token: str) -> HttpResponseBase:
    """Answer the picture of the group that a link leads to."""
    require_active(request.user)
    group = selectors.live_link(token).conversation
    if not group.picture_key:
        raise NotFound
    return serve_file(
        request, key=group.picture_key, content_type="image/webp", cache_control="no-store"
    )


def _save(request: HttpRequest, user: User, room: UUID) -> str:
    services.update_group(
        actor=user,
        conversation_id=room,
        title=request.POST.get("title", ""),
        is_open="is_open" in request.POST,
    )
    given = request.FILES.get("picture")
    if given is not None and given.file is not None:
        services.set_group_picture(actor=user, conversation_id=room, source=given.file)
    return _("Saved.")


def _drop_picture(request: HttpRequest, user: User, room: UUID) -> str:
    services.remove_group_picture(actor=user, conversation_id=room)
    return _("The picture is gone.")


def _add(request: HttpRequest, user: User, room: UUID) -> str:
    handles = request.POST.getlist("member")
    services.add_members(actor=user, conversation_id=room, handles=handles)
    return _("Added.") if handles else _("Nobody was chosen.")


def _role(request: HttpRequest, user: User, room: UUID) -> str:
    services.set_role(
        actor=user,
        conversation_id=room,
        user_id=request.POST.get("user"),
        role=request.POST.get("role", ""),
    )
    return _("Saved.")


def _remove(request: HttpRequest, user: User, room: UUID) -> str:
    services.remove_member(actor=user, conversation_id=room, user_id=request.POST.get("user"))
    return _("Removed from the group.")


def _link(request: HttpRequest, user: User, room: UUID) -> str:
    services.make_link(actor=user, conversation_id=room)
    return _("There is a link now; any before it no longer works.")


def _unlink(request: HttpRequest, user: User, room: UUID) -> str:
    services.revoke_link(actor=user, conversation_id=room)
    return _("The link no longer works.")


def _mute(request: HttpRequest, user: User, room: UUID) -> str:
    lasts = request.POST.get("lasts", "")
    until = timezone.now() + MUTES[lasts] if lasts in MUTES else lasts == "always"
    services.update_own(actor=user, conversation_id=room, muted_until=until)
    return _("Muted.") if until else _("No longer muted.")


def _pin(request: HttpRequest, user: User, room: UUID) -> str:
    pinned = request.POST.get("on") == "1"
    services.update_own(actor=user, conversation_id=room, pinned=pinned)
    return _("Pinned to the top.") if pinned else _("No longer pinned.")


def _archive(request: HttpRequest, user: User, room: UUID) -> str:
    archived = request.POST.get("on") == "1"
    services.update_own(actor=user, conversation_id=room, archived=archived)
    return _("In the archive.") if archived else _("Back among your messages.")


def _leave(request: HttpRequest, user: User, room: UUID) -> str:
    services.leave(actor=user, conversation_id=room)
    return _("Done.")


ACTS: dict[str, Callable[[HttpRequest, User, UUID], str]] = {
    "save": _save,
    "drop_picture": _drop_picture,
    "add": _add,
    "role": _role,
    "remove": _remove,
    "link": _link,
    "unlink": _unlink,
    "mute": _mute,
    "pin": _pin,
    "archive": _archive,
    "leave": _leave,
}


def _friends(user: User) -> list[User]:
    pairs = graph.friends_of(user)[:FRIENDS]
    return [pair.hi if pair.lo_id == user.pk else pair.lo for pair in pairs]


def _new(request: HttpRequest, user: User, error: DomainError | None = None) -> HttpResponse:
    context = {
        "friends": _friends(user),
        "chosen": request.POST.getlist("member"),
        "title": request.POST.get("title", ""),
        "is_open": "is_open" in request.POST,
        "error": error,
    }
    return render(request, "chat/group_new.html", context, status=error.status if error else 200)


def _about(
    request: HttpRequest, user: User, member: Member, error: DomainError | None = None
) -> HttpResponse:
    shown = shelf.conversations_json([member], whole=True)[0]
    mine = ORDER[member.role]
    runs = shown["kind"] == "group" and mine < ORDER["member"] and member.state == "active"
    people = sorted(shown["members"], key=lambda one: ORDER[one["role"]])
    for one in people:
        one["is_me"] = one["user_id"] == user.pk
        one["below"] = runs and mine < ORDER[one["role"]]
    inside = {one["user_id"] for one in people}
    link = selectors.link_of(member.conversation) if runs else None
    address = request.build_absolute_uri(f"/messages/join/{link.token}") if link else ""
    muted = member.muted_until if (member.muted_until or timezone.now()) > timezone.now() else None
    context = {
        "room": shown,
        "people": people,
        "other": next((one["user"] for one in people if not one["is_me"]), None),
        "runs": runs,
        "owns": runs and member.role == "owner",
        "is_request": member.state == "request",
        "muted": muted,
        "muted_for_good": bool(muted and muted > timezone.now() + timedelta(days=365)),
        "friends": [one for one in _friends(user) if one.pk not in inside] if runs else [],
        "full": member.conversation.member_count >= policies.MAX_MEMBERS,
        "most": policies.MAX_MEMBERS,
        "link": link,
        "address": address,
        "error": error,
    }
    return render(request, "chat/about.html", context, status=error.status if error else 200)


def _door(
    request: HttpRequest, user: User, token: str, error: DomainError | None = None
) -> HttpResponse:
    try:
        if isinstance(error, NotFound):  # for whoever was removed no link leads in
            raise error
        group = selectors.live_link(token).conversation
    except NotFound:
        return render(request, "chat/join_dead.html", status=NotFound.status)
    inside = selectors.is_inside(user=user, conversation_id=group.pk)
    context = {
        "group": group,
        "token": token,
        "inside": inside,
        "full": group.member_count >= policies.MAX_MEMBERS,
        "has_picture": presentation.group_picture_url(group) is not None,
        "error": error,
    }
    return render(request, "chat/join.html", context, status=error.status if error else 200)
