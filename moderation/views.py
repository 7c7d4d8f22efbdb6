"""The page on which something is reported."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import DomainError, NotFound
from core.http.redirects import see_next
from moderation import selectors, services
from moderation.models import Report
from social.graph import policies as people


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, target_type: str, target_id: UUID) -> HttpResponse:
    """Ask what is wrong, and (POST) take the report; what one may not see is not found."""
    user = people.require_active(request.user)
    selectors.get_target(viewer=user, target_type=target_type, target_id=target_id)
    reason, detail = request.POST.get("reason", ""), request.POST.get("detail", "")
    context: dict[str, object] = {
        "target_type": target_type,
        "reasons": Report.Reason.choices,
        "reason": reason,
        "detail": detail,
        "next": request.GET.get("next", ""),
    }
    if request.method != "POST":
        return render(request, "moderation/report.html", context)
    if reason not in Report.Reason.values:
        context["error"] = _("Choose what is wrong.")
        return render(request, "moderation/report.html", context, status=400)
    try:
        services.report(
            actor=user,
            target_type=target_type,
            target_id=target_id,
            reason=reason,
            detail=detail,
        )
    except NotFound:
        raise
    except DomainError as error:
        context["error"] = error.message
        return render(request, "moderation/report.html", context, status=error.status)
    messages.success(request, _("Thank you. A moderator will look at it."))
    return see_next(request, default=reverse("feed:home"))
