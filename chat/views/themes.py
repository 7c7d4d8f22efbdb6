"""`/messages/themes`: the gallery, one's own, the editor, and putting one on a room."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from rest_framework.exceptions import ValidationError

from accounts.models import User
from chat import presentation, selectors, services, shelf
from chat.inputs import ThemeInput, look_of
from chat.models import Theme
from core.errors import DomainError, NotFound
from core.http.files import serve_file
from core.http.problems import to_domain
from core.ids import parse_uuid
from social.graph.policies import require_active

PER_PAGE = 24
MAX_PAGES = 50
ROOMS = 30
# A theme never changes; whether somebody may see it does.
HOUR = "private, max-age=3600"
# What the editor begins with: ink on paper, and jade for oneself.
PLAIN = {
    "name": "",
    "background": "color",
    "bg_color": "#f1ede7",
    "own_color": "#0a7159",
    "own_text": "#ffffff",
    "other_color": "#ffffff",
    "other_text": "#1b181d",
}


@never_cache
@login_required
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show published themes (`?order=popular|new`) or one's own (`?mine=1`), for `?room=`."""
    user = require_active(request.user)
    mine = request.GET.get("mine") == "1"
    order = request.GET.get("order", "popular")
    order = order if order in selectors.ORDERS else "popular"
    rows = selectors.own_themes(user) if mine else selectors.gallery(viewer=user, order=order)
    number = request.GET.get("page", "1")
    page = min(int(number), MAX_PAGES) if number.isdecimal() and int(number) else 1
    found = list(rows[(page - 1) * PER_PAGE : page * PER_PAGE + 1])
    context = _for_room(request, user) | {
        "themes": [presentation.theme_card_json(theme) for theme in found[:PER_PAGE]],
        "mine": mine,
        "order": order,
        "next_page": page + 1 if len(found) > PER_PAGE and page < MAX_PAGES else None,
        "own_id": user.pk,
    }
    return render(request, "chat/themes.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def editor(request: HttpRequest) -> HttpResponse:
    """Make a theme, from nothing or from another (`?from=`); with `?room=` put it on at once."""
    user = require_active(request.user)
    if request.method == "POST":
        return _make(request, user)
    base = request.GET.get("from")
    values: dict[str, Any] = dict(PLAIN)
    kept: list[dict[str, Any]] = []
    if base:
        theme = selectors.usable_theme(user=user, theme_id=base)
        values = presentation.theme_json(theme)
        values["builds_on"], kept = str(theme.pk), values["layers"]
    return _editor(request, user, values, kept)


@login_required
@require_POST
def put_on(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Put a theme (`theme`) on a room, or take it off (no `theme`), and go there."""
    services.set_room_theme(
        actor=request.user,
        conversation_id=conversation_id,
        theme_id=request.POST.get("theme") or None,
    )
    return redirect("chat:room", conversation_id=conversation_id)


@login_required
@require_POST
def change(request: HttpRequest, theme_id: UUID) -> HttpResponse:
    """Publish, withdraw or delete a theme of one's own (`act`)."""
    act = request.POST.get("act")
    if act == "delete":
        services.delete_theme(actor=request.user, theme_id=theme_id)
    elif act in ("publish", "withdraw"):
        services.publish_theme(actor=request.user, theme_id=theme_id, on=act == "publish")
    else:
        raise NotFound
    return redirect(f"{reverse('chat:themes')}?mine=1")


@login_required
@require_safe
def layer(request: HttpRequest, theme_id: UUID, position: int) -> HttpResponseBase:
    """Answer a picture of a theme that the person may see."""
    user = require_active(request.user)
    theme = selectors.shown_theme(user=user, theme_id=theme_id)
    found = next((one for one in theme.layers.all() if one.position == position), None)
    if found is None:
        raise NotFound
    return serve_file(request, key=found.key, content_type="image/webp", cache_control=HOUR)


def _make(request: HttpRequest, user: User) -> HttpResponse:
    given = {name: str(value) for name, value in request.POST.items() if value != ""}
    try:
        form = ThemeInput(data=given)
        form.is_valid(raise_exception=True)
        fields = form.validated_data
        theme = services.make_theme(
            actor=user, look=look_of(fields, request.FILES), builds_on=fields["builds_on"]
        )
        room = parse_uuid(request.POST.get("room"))
        if room is not None:
            services.set_room_theme(actor=user, conversation_id=room, theme_id=theme.pk)
    except (DomainError, ValidationError) as error:
        known = to_domain(error)
        if known is None:
            raise
        values = PLAIN | given
        return _editor(
            request,
            user,
            values,
            _kept(user, given.get("builds_on")),
            status=known.status,
            errors=known.errors or {"": [known.message]},
        )
    if request.POST.get("publish"):
        services.publish_theme(actor=user, theme_id=theme.pk, on=True)
    messages.success(request, _("Theme saved."))
    if room is not None:
        return redirect("chat:room", conversation_id=room)
    return redirect(f"{reverse('chat:themes')}?mine=1")


def _kept(user: User, base: str | None) -> list[dict[str, Any]]:
    """Return the pictures of the theme that a refused form builds on."""
    found: Theme | None = None
    if base:
        try:
            found = selectors.usable_theme(user=user, theme_id=base)
        except NotFound:
            return []
    shown: list[dict[str, Any]] = presentation.theme_json(found)["layers"] if found else []
    return shown


def _editor(
    request: HttpRequest,
    user: User,
    values: dict[str, Any],
    kept: list[dict[str, Any]],
    *,
    status: int = 200,
    errors: object = None,
) -> HttpResponse:
    places = [
        {"place": place, "kept": kept[place] if place < len(kept) else None}
        for place in range(services.MAX_LAYERS)
    ]
    context = _for_room(request, user) | {
        "values": values,
        "places": places,
        "colors": services.COLORS,
        "errors": errors,
    }
    return render(request, "chat/theme_editor.html", context, status=status)


def _for_room(request: HttpRequest, user: User) -> dict[str, Any]:
    """Return the room that a theme is chosen for, and which there are to choose from."""
    asked = parse_uuid(request.POST.get("room") or request.GET.get("room"))
    members = list(selectors.memberships(user=user)[:ROOMS])
    if asked and asked not in [one.conversation_id for one in members]:
        members.append(selectors.membership(user=user, conversation_id=asked))
    shown = shelf.conversations_json(members)
    # The theme of a group is for those who run it.
    rooms = [one for one in shown if one["kind"] == "dm" or one["me"]["role"] != "member"]
    return {"room": next((one for one in rooms if one["id"] == asked), None), "rooms": rooms}
