"""`/signin/return`: back to an account that was left for a while."""

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import returning, services


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    """Ask whoever has just given the right password; a POST brings the account back."""
    user = returning.offered(request)
    if user is None:
        return redirect("accounts:signin")
    if request.method != "POST":
        return render(request, "account/return.html", {"person": user})
    returning.forget(request)
    user = services.return_to_account(user_id=user.pk)
    # allauth names the backend of whoever it authenticates itself.
    user.backend = "accounts.backends.AccountBackend"
    response: HttpResponse = perform_login(request, Login(user=user))
    return response
