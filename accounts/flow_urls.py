"""The names that django-allauth itself reverses, without a namespace, at our paths."""

from allauth.account import app_settings, views
from django.urls import path, re_path
from django.views.generic import RedirectView

urlpatterns = [
    path("signin", views.login, name="account_login"),
    path("signup", views.signup, name="account_signup"),
    path("signout", views.logout, name="account_logout"),
    path("signin/code", views.confirm_login_code, name="account_confirm_login_code"),
    path("account/inactive", views.account_inactive, name="account_inactive"),
    path("account/reauthenticate", views.reauthenticate, name="account_reauthenticate"),
    path("account/verify", views.email_verification_sent, name="account_email_verification_sent"),
    path("password/reset", views.password_reset, name="account_reset_password"),
    path("password/reset/sent", views.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/done",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    # allauth's own pages for these live in the settings.
    *(
        path(
            f"account/{name}",
            RedirectView.as_view(pattern_name="accounts:settings_account"),
            name=f"account_{name}",
        )
        for name in ("email", "change_password", "set_password")
    ),
]
if not app_settings.EMAIL_VERIFICATION_BY_CODE_ENABLED:
    urlpatterns.append(
        re_path(
            r"^account/verify/(?P<key>[-:\w]+)$", views.confirm_email, name="account_confirm_email"
        )
    )
