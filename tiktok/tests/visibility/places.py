"""The place of every route of the product in these tests: a surface of the matrix, or a reason."""

import re

from tiktok.tests.routes import CONVERTER, walk
from tiktok.tests.visibility import surfaces, verbs

NOBODYS = "the same for everybody: it shows nobody's posts and no person"
OWN = "shows the caller's own account and nothing of others"
STAFF = "Django's admin: moderators only, who may see everything"
BYTES = (
    "media bytes: test_matrix and test_epochs read them, videos/tests/test_media.py attacks them"
)
SUGGESTED = "ranked people: test_machine holds that whoever appears may be seen"
REPLIES = "answers to a comment: test_variants reads them as everybody"
WATCHED = "says 202 to whatever is told; test_watching holds that hidden clips count nothing"
SOUNDS = "of one open clip: tiktok/tests/visibility/test_sounds.py reads it as everybody"
TAGS = "names of tags that have an open clip: feed/tests/test_discovery.py holds which"
SUGGESTIONS = "own searches, open tags and visible people: feed/tests/test_discovery.py"
INTERESTS = "own interests, open tags and visible people: feed/tests/test_controls.py"
CASES = "moderators only, with an open report: moderation/tests/test_reports.py holds it"
ROOMS = "members only: chat/tests/test_membership.py asks every route as somebody outside"
PRESENCE = "friends who let it be known: chat/tests/test_presence.py asks as everybody else"
THEMES = "the gallery shows no posts; chat/tests/test_themes.py asks for each theme as everybody"
EMOJI = "of a person or a group: chat/tests/test_emoji.py asks as everybody else"
CALLS = "keys for those in the call alone: chat/tests/test_call_keys.py asks as everybody else"
REASONS = {
    "api/v1/moderation/videos/<video_id>": CASES,
    "api/v1/conversations": OWN,
    "api/v1/sync": OWN,
    "api/v1/attachments": OWN,
    "api/v1/chat/unread": OWN,
    "messages": OWN,
    "api/v1/realtime/ticket": OWN,
    "api/v1/calls/turn": CALLS,
    "api/v1/calls/<conversation_id>/sfu-token": CALLS,
    "api/v1/calls/<conversation_id>/people": CALLS,
    "api/v1/presence": PRESENCE,
    "api/v1/emoji-sets": OWN,
    "api/v1/emoji/<emoji_id>": EMOJI,
    "api/v1/themes": THEMES,
    "api/v1/themes/<theme_id>": THEMES,
    "api/v1/chat/settings": OWN,
    "api/v1/search/messages": ROOMS,
    "api/v1/push-devices": OWN,
    "api/v1/push-devices/<device_id>": OWN,
    "api/v1/notification-preferences": OWN,
    "settings/notifications": OWN,
    "push-worker.js": NOBODYS,
    "media/videos/<video_id>/captions/<lang>-<version>.vtt": BYTES,
    "api/v1/sounds/<sound_id>": SOUNDS,
    "api/v1/sounds/<sound_id>/videos": SOUNDS,
    "sound/<sound_id>": SOUNDS,
    "api/v1/tags/trending": TAGS,
    "api/v1/tags/<tag>/follow": TAGS,
    "tag/<tag>/follow": TAGS,
    "api/v1/search/suggest": SUGGESTIONS,
    "search/suggestions": SUGGESTIONS,
    "api/v1/search/history": OWN,
    "api/v1/feed/interests": INTERESTS,
    "api/v1/feed/reset": INTERESTS,
    "videos/<video_id>/why": "its API is a verb of clips; feed/tests/test_control_pages.py",
    "settings/feed": INTERESTS,
    "interests": INTERESTS,
    "api/v1/feed/mutes": OWN,
    "api/v1/feed/mutes/<mute_id>": OWN,
    "search/history/clear": OWN,
    "api/v1/events/views": WATCHED,
    "healthz": NOBODYS,
    "readyz": NOBODYS,
    "api/schema": NOBODYS,
    "api/docs": NOBODYS,
    "api/v1/realtime/schema": NOBODYS,
    "signup": NOBODYS,
    "signin": NOBODYS,
    "signout": NOBODYS,
    "signin/code": NOBODYS,
    "account/inactive": NOBODYS,
    "account/reauthenticate": NOBODYS,
    "account/verify": NOBODYS,
    "account/email": NOBODYS,
    "account/change_password": NOBODYS,
    "account/set_password": NOBODYS,
    "password/reset": NOBODYS,
    "password/reset/sent": NOBODYS,
    "password/reset/done": NOBODYS,
    "api/v1/auth/signup": OWN,
    "api/v1/auth/signin": OWN,
    "api/v1/auth/refresh": OWN,
    "api/v1/auth/signout": OWN,
    "api/v1/auth/sessions": OWN,
    "api/v1/auth/sessions/<session_id>": OWN,
    "api/v1/auth/password/change": OWN,
    "api/v1/auth/password/reset": OWN,
    "api/v1/auth/password/reset/confirm": OWN,
    "api/v1/auth/email/verify": OWN,
    "api/v1/user/signup": OWN,
    "api/v1/user/signin": OWN,
    "api/v1/users/me": OWN,
    "api/v1/users/me/settings": OWN,
    "api/v1/users/me/deactivate": OWN,
    "signin/return": OWN,
    "settings/privacy": OWN,
    "settings/messages": OWN,
    "api/v1/videos": OWN,
    "api/v1/video": OWN,
    "api/v1/uploads": OWN,
    "api/v1/uploads/<upload_id>": OWN,
    "api/v1/uploads/<upload_id>/complete": OWN,
    "api/v1/uploads/direct": OWN,
    "upload": OWN,
    "upload/text": OWN,
    "upload/photos": OWN,
    "settings/profile": OWN,
    "settings/sessions": OWN,
    "settings/account": OWN,
    "api/v1/users/suggested": SUGGESTED,
    "friends/suggested": SUGGESTED,
    "api/v1/comments/<comment_id>/replies": REPLIES,
    "comments/<comment_id>/replies": REPLIES,
    "media/avatars/<user_id>/<name>.webp": "a picture with an unguessable name, public by design",
}
# Regular expressions, by how they begin.
BEGINNINGS = {
    "api/v1/conversations/": ROOMS,
    "api/v1/messages/": ROOMS,
    "messages/": ROOMS,
    "admin/": STAFF,
    "^password/reset/": NOBODYS,
    "^account/verify/": NOBODYS,
    "^media/videos/": BYTES,
    "^media(?:": "whatever else is under /media/: the one answer that nothing is there",
}


def plain(route: str) -> str:
    """Return a route without its converters: `videos/<uuid:video_id>` as `videos/<video_id>`."""
    return CONVERTER.sub(r"<\1>", route)


def place_of(route: str) -> str | None:
    """Return where a route is tested or why it need not be; None for one without a place."""
    for begin, reason in BEGINNINGS.items():
        if route.startswith(begin):
            return reason
    name = plain(route)
    shown = [
        one.name
        for one in (*surfaces.CLIP, *surfaces.CLIP_ELSEWHERE, *surfaces.OWN_CLIP)
        if name in one.routes
    ]
    shown += [one.name for one in surfaces.LISTS if name in one.routes]
    shown += [one.name for one in surfaces.PEOPLE if name in one.routes]
    done = [verb.name for verb in verbs.ALL if matches(name, verb.sample)]
    return ", ".join([*shown, *done]) or REASONS.get(name)


def matches(route: str, path: str) -> bool:
    """Return whether a path is one of the route's."""
    parts = (re.escape(part) for part in re.split(r"<\w+>", route))
    return re.fullmatch("/" + "[^/]+".join(parts), path) is not None


def routes() -> list[str]:
    """Return every route of the product."""
    return [route for route, _ in walk()]
