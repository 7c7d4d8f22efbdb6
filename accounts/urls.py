"""Pages of this app; sign-in and sign-up are allauth's, under our names and paths."""

from django.urls import path

from accounts.views import avatars, entrance, privacy, returning, settings

app_name = "accounts"
urlpatterns = [
    path("signup", entrance.signup, name="signup"),
    path("signin", entrance.signin, name="signin"),
    path("signin/return", returning.come_back, name="return"),
    path("signout", entrance.signout, name="signout"),
    path("settings/profile", settings.profile, name="settings_profile"),
    path("settings/sessions", settings.sessions, name="settings_sessions"),
    path("settings/privacy", privacy.privacy, name="settings_privacy"),
    path("settings/account", settings.account, name="settings_account"),
    path("media/avatars/<uuid:user_id>/<slug:name>.webp", avatars.avatar, name="avatar"),
]
