"""`/settings/blocked` and `/settings/muted`: whom the viewer does not want to meet."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from social.graph import policies, selectors
from social.graph.views.paging import is_continued, people_page, private


@require_safe
def blocked(request: HttpRequest) -> HttpResponse:
    """Show whom the viewer blocked, the latest first; nobody else sees this."""
    viewer = policies.require_active(request.user)
    people, next_url = people_page(request, selectors.blocked_by(viewer), lambda row: row.blocked)
    return _page(request, "blocked", people, next_url)


@require_safe
def muted(request: HttpRequest) -> HttpResponse:
    """Show whom the viewer muted, the latest first; nobody else sees this."""
    viewer = policies.require_active(request.user)
    people, next_url = people_page(request, selectors.muted_by(viewer), lambda row: row.muted)
    return _page(request, "muted", people, next_url)


def _page(
    request: HttpRequest, kind: str, people: list[dict[str, object]], next_url: str | None
) -> HttpResponse:
    template = "graph/_people.html" if is_continued(request) else "graph/settings_hidden.html"
    return private(request, template, {"people": people, "next_url": next_url, "kind": kind})
