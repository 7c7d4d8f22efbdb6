"""`/inbox/requests`: who waits for the viewer's answer, and whose answer the viewer waits for."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.presentation import present_user
from core.errors import NotFound
from core.http.redirects import see_next
from social.graph import policies, selectors, services
from social.graph.views.paging import is_continued, people_page, private

ANSWERS = {
    ("follow", "accept"): services.accept_follow_request,
    ("follow", "decline"): services.decline_follow_request,
    ("friend", "accept"): services.accept_friend_request,
    ("friend", "decline"): services.decline_friend_request,
}
KINDS = ("friend", "follow")


@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """Show the requests that wait for the viewer."""
    return _page(request, is_received=True)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Show the requests that others have not answered yet."""
    return _page(request, is_received=False)


@require_POST
def answer(request: HttpRequest, kind: str, request_id: str) -> HttpResponse:
    """Accept or decline (`answer`); show the outcome in its place, or go back to the list."""
    verb = ANSWERS.get((kind, request.POST.get("answer", "")))
    if verb is None:
        raise NotFound
    actor = policies.require_active(request.user)
    sender = selectors.sender_of(actor, kind=kind, request_id=request_id)
    verb(actor=actor, request_id=request_id)
    is_accepted = request.POST["answer"] == "accept"
    if not getattr(request, "htmx", False):
        said = _("Accepted.") if is_accepted else _("Declined. They are not told.")
        messages.success(request, said)
        return see_next(request, default=reverse("graph:requests"))
    context = {
        "person": present_user(sender, viewer=actor),
        "kind": kind,
        "is_accepted": is_accepted,
    }
    return render(request, "graph/_request_answered.html", context)


def _page(request: HttpRequest, *, is_received: bool) -> HttpResponse:
    viewer = policies.require_active(request.user)
    context: dict[str, Any] = {"is_received": is_received}
    if is_continued(request):
        kind = request.GET.get("kind", "")
        if kind not in KINDS:
            raise NotFound
        context |= {"kind": kind} | _rows(request, viewer, kind, is_received=is_received)
        return private(request, "graph/_requests.html", context)
    # Without JavaScript "More" leads to a page of the one list that it continues.
    kinds = [kind for kind in KINDS if request.GET.get("kind", kind) == kind]
    context["lists"] = [
        {"kind": kind} | _rows(request, viewer, kind, is_received=is_received) for kind in kinds
    ]
    context["is_empty"] = not any(one["people"] for one in context["lists"])
    return private(request, "graph/requests.html", context)


def _rows(request: HttpRequest, viewer: User, kind: str, *, is_received: bool) -> dict[str, Any]:
    if kind == "follow":
        people, next_url = people_page(
            request,
            selectors.follow_requests(viewer, received=is_received),
            lambda row: row.sender if is_received else row.target,
        )
    else:
        people, next_url = people_page(
            request,
            selectors.friend_requests(viewer, received=is_received),
            lambda row: row.sender if is_received else row.recipient,
        )
    if next_url and "kind=" not in next_url:
        next_url = f"{next_url}&kind={kind}"
    return {"people": people, "next_url": next_url}
