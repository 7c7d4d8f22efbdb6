"""The follow button beside a clip."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.http.redirects import see_next
from social.graph import policies, selectors, services


@require_POST
def follow(request: HttpRequest, username: str) -> HttpResponse:
    """Follow (`on=1`) or unfollow (`on=0`); answer the button, or go back to the page."""
    if request.POST.get("on") == "1":
        services.follow(actor=request.user, username=username)
    else:
        services.unfollow(actor=request.user, username=username)
    if not getattr(request, "htmx", False):
        profile = reverse("feed:profile", kwargs={"username": username})
        return see_next(request, default=profile)
    viewer = policies.require_active(request.user)
    person = policies.get_visible_person(viewer=viewer, handle=username)
    relation = selectors.relationship(viewer.pk, person.pk)
    state = "following" if relation.follows else "requested" if relation.requested else "none"
    context = {
        "profile_username": person.username,
        "state": state,
        "followed_by": relation.followed_by,
    }
    return render(request, "graph/_follow_button.html", context)
