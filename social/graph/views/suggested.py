"""Whom the viewer may know: a page, and the same list as a part of other pages."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.presentation import present_users
from social.graph import policies, selectors
from social.graph.views.paging import private

PAGE, PART = 30, 6


@require_safe
def suggested(request: HttpRequest) -> HttpResponse:
    """Show people with the reason for each; htmx gets the first few as a part of its page."""
    viewer = policies.require_active(request.user)
    is_part = bool(getattr(request, "htmx", False))
    found = selectors.suggest(viewer=viewer, limit=PART if is_part else PAGE)
    people = [
        person | {"reason": one.reason}
        for person, one in zip(
            present_users([one.person for one in found], viewer=viewer), found, strict=True
        )
    ]
    template = "graph/_suggested.html" if is_part else "graph/suggested.html"
    return private(request, template, {"people": people, "kind": "suggested"})
