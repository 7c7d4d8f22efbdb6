"""Lists of people: followers, following, the viewer's own friends."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts import selectors as accounts
from accounts.models import User
from accounts.presentation import present_user
from social.graph import policies, selectors
from social.graph.models import Follow
from social.graph.views.paging import is_continued, people_page, private


@require_safe
def followers(request: HttpRequest, username: str) -> HttpResponse:
    """Show who follows a person; a private account's only to its followers and friends."""
    person = policies.get_visible_person(viewer=request.user, handle=username)
    rows = selectors.followers_of(viewer=request.user, person=person)
    return _list(request, person, username, "followers", rows)


@require_safe
def following(request: HttpRequest, username: str) -> HttpResponse:
    """Show whom a person follows; a private account's only to its followers and friends."""
    person = policies.get_visible_person(viewer=request.user, handle=username)
    rows = selectors.following_of(viewer=request.user, person=person)
    return _list(request, person, username, "following", rows)


@require_safe
def friends(request: HttpRequest) -> HttpResponse:
    """Show the viewer's friends, the newest friendship first."""
    viewer = policies.require_active(request.user)
    people, next_url = people_page(
        request,
        selectors.friends_of(viewer),
        lambda row: row.hi if row.lo_id == viewer.pk else row.lo,
    )
    context: dict[str, Any] = {"people": people, "next_url": next_url, "kind": "friends"}
    if is_continued(request):
        return private(request, "graph/_people.html", context)
    context["owner"] = present_user(accounts.get_user(viewer.pk), viewer=viewer)
    context["is_own"] = True
    return private(request, "graph/people.html", context)


def _list(
    request: HttpRequest, person: User, username: str, kind: str, rows: "QuerySet[Follow]"
) -> HttpResponse:
    if username != person.username:
        return redirect(f"graph:{kind}", username=person.username)
    people, next_url = people_page(
        request, rows, lambda row: row.follower if kind == "followers" else row.followed
    )
    is_own = person.pk == request.user.pk
    context: dict[str, Any] = {"people": people, "next_url": next_url, "kind": kind}
    context["is_own"] = is_own
    if is_continued(request):
        return private(request, "graph/_people.html", context)
    context["owner"] = present_user(person, viewer=request.user)
    return private(request, "graph/people.html", context)
