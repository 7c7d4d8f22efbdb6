"""`/@name/act`: everything that one person does to another, through one door."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.presentation import present_user
from core.errors import NotFound
from core.http.redirects import see_next
from social.graph import policies, services


@dataclass(frozen=True)
class Act:
    """A verb of the services; `said` afterwards where the page does not show it by itself."""

    verb: Callable[..., object]
    said: Promise | None = None
    confirmed: bool = False  # asked again first, since it cannot be taken back


ACTS = {
    "follow": Act(services.follow),
    "unfollow": Act(services.unfollow),
    "befriend": Act(services.send_friend_request),
    "withdraw": Act(services.withdraw_friend_request),
    "unfriend": Act(services.unfriend, _("You are no longer friends."), confirmed=True),
    "remove-follower": Act(
        services.remove_follower, _("They no longer follow you."), confirmed=True
    ),
    "bell-on": Act(partial(services.set_bell, on=True), _("You will hear of new videos.")),
    "bell-off": Act(partial(services.set_bell, on=False), _("You no longer hear of new videos.")),
    "mute": Act(services.mute, _("Muted. They are not told.")),
    "unmute": Act(services.unmute, _("No longer muted.")),
    "block": Act(services.block, _("Blocked. You no longer exist for each other."), confirmed=True),
    "dismiss": Act(services.dismiss_suggestion),
    "unblock": Act(services.unblock, _("No longer blocked.")),
}


@require_POST
def act(request: HttpRequest, username: str) -> HttpResponse:
    """Do `action` to a person; answer the part of the page that shows it, or go back.

    `part` says which: `profile` (the buttons of a person's page), `row` (a row that is over and
    goes) or nothing. What cannot be taken back is asked again on a page of its own unless
    `confirmed` came along, as it does where a dialog has asked.
    """
    action = request.POST.get("action", "")
    chosen = ACTS.get(action)
    if chosen is None:
        raise NotFound
    actor = policies.require_active(request.user)
    if chosen.confirmed and request.POST.get("confirmed") != "1":
        person = policies.get_visible_person(viewer=actor, handle=username)
        return _ask(request, actor, person, action)
    chosen.verb(actor=actor, username=username)
    if not getattr(request, "htmx", False):
        if chosen.said:
            messages.success(request, str(chosen.said))
        return see_next(request, default=_after(action, username))
    if request.POST.get("part") == "profile":
        return _profile_part(request, actor, username, chosen)
    return _toast(HttpResponse(), chosen)


def _ask(request: HttpRequest, actor: User, person: User, action: str) -> HttpResponse:
    context = {
        "person": present_user(person, viewer=actor),
        "action": action,
        "next": request.POST.get("next", ""),
    }
    return render(request, "graph/confirm.html", context)


def _profile_part(request: HttpRequest, actor: User, username: str, chosen: Act) -> HttpResponse:
    if chosen.verb is services.block:
        # The page on which this was pressed is gone for the actor too.
        messages.success(request, str(chosen.said))
        response = HttpResponse()
        response["HX-Redirect"] = reverse("graph:blocked")
        return response
    person = policies.get_visible_person(viewer=actor, handle=username)
    context = {"profile": present_user(person, viewer=actor) | {"is_own": False}}
    return _toast(render(request, "graph/_person_acts.html", context), chosen)


def _toast(response: HttpResponse, chosen: Act) -> HttpResponse:
    if chosen.said:
        toast = {"text": str(chosen.said), "kind": "ok"}
        response["HX-Trigger"] = json.dumps({"toast": toast})
    return response


def _after(action: str, username: str) -> str:
    """Return where a plain form leads: a blocked person has no page any more."""
    if action == "block":
        return reverse("graph:blocked")
    return reverse("feed:profile", kwargs={"username": username})
