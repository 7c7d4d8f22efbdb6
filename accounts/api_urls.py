"""API routes of this app, under `/api/v1/`; `users/{handle}` is routed by `social.graph`."""

from django.urls import path

from accounts.api import auth, settings, users

urlpatterns = [
    path("auth/signup", auth.SignUp.as_view(), name="signup"),
    path("auth/signin", auth.SignIn.as_view(), name="signin"),
    path("auth/refresh", auth.Refresh.as_view(), name="refresh"),
    path("auth/signout", auth.SignOut.as_view(), name="signout"),
    path("auth/sessions", auth.Sessions.as_view(), name="sessions"),
    path("auth/sessions/<str:session_id>", auth.SessionDetail.as_view(), name="session"),
    path("auth/password/change", auth.PasswordChange.as_view(), name="password-change"),
    path("auth/password/reset", auth.PasswordReset.as_view(), name="password-reset"),
    path(
        "auth/password/reset/confirm",
        auth.PasswordResetConfirm.as_view(),
        name="password-reset-confirm",
    ),
    path("auth/email/verify", auth.EmailVerify.as_view(), name="email-verify"),
    path("users/me", users.Me.as_view(), name="me"),
    path("users/me/settings", settings.Settings.as_view(), name="my-settings"),
    path("users/me/deactivate", settings.Deactivate.as_view(), name="my-deactivation"),
    # The names of the original notes.
    path("user/signup", auth.SignUp.as_view(), name="user-signup"),
    path("user/signin", auth.SignIn.as_view(), name="user-signin"),
]
