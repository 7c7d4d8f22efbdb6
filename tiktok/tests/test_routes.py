"""Z01: whoever is not signed in gets nothing but what this file lists."""

from collections.abc import Mapping

import pytest
from django.test import Client

from accounts.models import User
from feed.tests.factories import make_video
from social.engagement.models import Comment
from tiktok.tests.routes import METHODS, NOTHING, Values, fill, walk

PASSWORD_KEY = r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)$"
EMAIL_KEY = r"^account/verify/(?P<key>[-:\w]+)$"
# Route as written in the URLconf: methods that strangers may call.
PUBLIC = {
    "healthz": {"GET"},
    "readyz": {"GET"},
    "api/schema": {"GET"},
    "api/docs": {"GET"},
    "api/v1/auth/signup": {"POST"},
    "api/v1/auth/signin": {"POST"},
    "api/v1/auth/refresh": {"POST"},
    "api/v1/auth/password/reset": {"POST"},
    "api/v1/auth/password/reset/confirm": {"POST"},
    "api/v1/user/signup": {"POST"},
    "api/v1/user/signin": {"POST"},
    "api/v1/users": {"GET"},
    "api/v1/users/<str:handle>": {"GET"},
    "api/v1/users/<str:handle>/videos": {"GET"},
    "api/v1/users/<str:handle>/reposts": {"GET"},
    "api/v1/users/<str:handle>/followers": {"GET"},
    "api/v1/users/<str:handle>/following": {"GET"},
    "api/v1/videos/feed": {"GET"},
    "api/v1/videos/feed/all": {"GET"},
    "api/v1/videos/<str:video_id>": {"GET"},
    "api/v1/videos/<str:video_id>/comments": {"GET"},
    "api/v1/comments/<str:comment_id>/replies": {"GET"},
    "api/v1/videos/<str:video_id>/likes": {"GET"},
    "s/<str:code>": {"GET"},
    "api/v1/events/views": {"POST"},
    "api/v1/realtime/schema": {"GET"},
    "": {"GET"},
    "push-worker.js": {"GET"},
    "api/v1/videos/<str:video_id>/captions": {"GET"},
    "api/v1/sounds/<str:sound_id>": {"GET"},
    "api/v1/sounds/<str:sound_id>/videos": {"GET"},
    "sound/<uuid:sound_id>": {"GET"},
    "api/v1/tags/trending": {"GET"},
    "api/v1/tags/<str:tag>": {"GET"},
    "api/v1/tags/<str:tag>/videos": {"GET"},
    "api/v1/search": {"GET"},
    "api/v1/search/suggest": {"GET"},
    "explore": {"GET"},
    "search": {"GET"},
    "search/suggestions": {"GET"},
    # Clears the history of whoever is signed in; a stranger has none, and is led back.
    "search/history/clear": {"POST"},
    "tag/<str:tag>": {"GET"},
    "feed/page": {"GET"},
    "embed/<uuid:video_id>": {"GET"},
    "oembed": {"GET"},
    "@<str:username>": {"GET"},
    "@<str:username>/<str:tab>": {"GET"},
    "@<str:username>/followers": {"GET"},
    "@<str:username>/following": {"GET"},
    "@<str:username>/video/<uuid:video_id>": {"GET"},
    "videos/<uuid:video_id>/likes": {"GET"},
    "videos/<uuid:video_id>/comments": {"GET"},
    "comments/<uuid:comment_id>/replies": {"GET"},
    # allauth's forms; its views take PUT for POST.
    "signup": {"GET", "POST", "PUT"},
    "signin": {"GET", "POST", "PUT"},
    "signout": {"GET", "POST"},
    "password/reset": {"GET", "POST", "PUT"},
    # Pages that say something and ask nothing.
    "password/reset/sent": {"GET"},
    "password/reset/done": {"GET"},
    "account/inactive": {"GET"},
    "account/verify": {"GET"},
    # Led to the settings, which ask for a sign-in.
    "account/email": {*METHODS},
    "account/change_password": {*METHODS},
    "account/set_password": {*METHODS},
    # A secret in the address opens them; a wrong one says so.
    PASSWORD_KEY: {*METHODS},
    EMAIL_KEY: {"GET", "POST"},
}
# A path of each route that is a regular expression.
SAMPLES = {
    PASSWORD_KEY: "password/reset/1-wrong",
    EMAIL_KEY: "account/verify/wrong",
    next(route for route, _ in walk() if route.startswith("^media/videos/")): (
        f"media/videos/{NOTHING}/p1/360.mp4"
    ),
    next(route for route, _ in walk() if route.startswith("^media(")): "media/uploads/x",
}
REFUSED = {401, 404, 405}


@pytest.fixture
def values(alice: User) -> Mapping[str, str]:
    """Parameters that name things which strangers may see, so that only the verb is refused."""
    video = make_video(alice)
    comment = Comment.objects.create(video=video, author=alice, text="hello")

    return Values(
        video_id=str(video.pk),
        comment_id=str(comment.pk),
        handle="alice",
        username="alice",
        tab="liked",
        path="x",
        key="x",
    )


def product_routes() -> list[str]:
    return [route for route, _ in walk() if not route.startswith("admin/")]


def test_strangers_reach_only_what_is_listed(client: Client, values: Mapping[str, str]) -> None:
    open_doors = []
    for route in product_routes():
        path = fill(route, values, SAMPLES)
        for method in METHODS:
            if method in PUBLIC.get(route, ()):
                continue
            answer = client.generic(method, path, b"{}", content_type="application/json")
            to_signin = answer.status_code == 302 and answer["Location"].startswith("/signin")
            if answer.status_code not in REFUSED and not to_signin:
                open_doors.append((method, route, answer.status_code))
    assert not open_doors, "\n".join(map(str, open_doors))


def test_what_is_listed_is_there(client: Client, values: Mapping[str, str]) -> None:
    routes = set(product_routes())
    assert set(PUBLIC) <= routes
    for route, methods in PUBLIC.items():
        for method in methods:
            answer = client.generic(
                method, fill(route, values, SAMPLES), b"{}", content_type="application/json"
            )
            assert answer.status_code not in {405, 500}, (method, route)


def test_the_admin_sends_strangers_to_its_own_sign_in(client: Client, db: None) -> None:
    for path in ("/admin/", "/admin/videos/video/", "/admin/accounts/user/", "/admin/x/"):
        answer = client.get(path)
        assert answer.status_code in {302, 404}
        if answer.status_code == 302:
            assert answer["Location"].startswith("/admin/login/")
