"""Where a plain form goes after its verb."""

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

SEE_OTHER = 303


def see_next(request: HttpRequest, *, default: str) -> HttpResponseRedirect:
    """Redirect to the form's `next` when it is a page of ours, else to `default`."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if ours else default, status=SEE_OTHER)
