"""Everything that somebody can do to somebody else's clip, comment or person, by every door."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from django.http import HttpResponseBase
from django.test import Client

from tiktok.tests.visibility.surfaces import API

SAMPLE = "0"
NO_UPLOAD = "01999999-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Verb:
    """One way of doing something; `path` and `fields` take the id or handle that it is done to."""

    name: str
    method: str
    path: Callable[[str], str]
    fields: Callable[[str], dict[str, Any]] = lambda _: {}

    @property
    def sample(self) -> str:
        """Return a path of the verb's route."""
        return self.path(SAMPLE)

    def do(self, client: Client, target: str) -> HttpResponseBase:
        """Do it: JSON to the API, a form to a page."""
        path, fields = self.path(target), self.fields(target)
        if path.startswith(API):
            return client.generic(self.method, path, orjson.dumps(fields), "application/json")
        return client.post(path, fields)


def _api(name: str, method: str, path: str, /, **fields: Any) -> Verb:
    return Verb(name, method, lambda it: f"{API}/{path.format(it)}", lambda _: fields)


def _page(name: str, path: str, /, **fields: str) -> Verb:
    return Verb(name, "POST", lambda it: f"/{path.format(it)}", lambda _: fields)


def _studio_form(action: str) -> Callable[[str], dict[str, Any]]:
    return lambda it: {"action": action, "video_id": it}


def _report(kind: str) -> Verb:
    return Verb(
        f"report {kind}",
        "POST",
        lambda _: f"{API}/reports",
        lambda it: {"target_type": kind, "target_id": it, "reason": "spam"},
    )


# What others may do to a clip that they see.
CLIP = (
    _report("video"),
    _page("report video (page)", "report/video/{}", reason="spam"),
    _api("like", "POST", "videos/{}/like"),
    _api("like (PUT)", "PUT", "videos/{}/like"),
    _api("unlike", "DELETE", "videos/{}/like"),
    _api("save", "POST", "videos/{}/save"),
    _api("save (PUT)", "PUT", "videos/{}/save"),
    _api("unsave", "DELETE", "videos/{}/save"),
    _api("repost", "POST", "videos/{}/repost"),
    _api("repost (PUT)", "PUT", "videos/{}/repost"),
    _api("unrepost", "DELETE", "videos/{}/repost"),
    _api("share", "POST", "videos/{}/share"),
    _api("comment", "POST", "videos/{}/comments", text="Hello."),
    _api("comment (old name)", "POST", "videos/{}/comment", text="Hello."),
    _api("not interested", "POST", "videos/{}/not-interested"),
    _api("not interested (PUT)", "PUT", "videos/{}/not-interested"),
    _api("interested again", "DELETE", "videos/{}/not-interested"),
    _api("why", "GET", "videos/{}/why"),
    _page("not interested (page)", "videos/{}/not-interested", on="1"),
    _page("like button", "videos/{}/like", on="1"),
    _page("save button", "videos/{}/save", on="1"),
    _page("repost button", "videos/{}/repost", on="1"),
    Verb("onto a new shelf", "POST", "/videos/{}/collections".format, lambda it: {"name": it}),
    _page("composer", "videos/{}/comments", text="Hello."),
)
# What only its author may do.
OWN_CLIP = (
    _api("edit", "PATCH", "videos/{}", caption="Changed."),
    _api("widen", "PATCH", "videos/{}", audience="everyone"),
    _api("caption", "PUT", "videos/{}/captions/en", body="WEBVTT"),
    _api("uncaption", "DELETE", "videos/{}/captions/en"),
    _api("retry", "POST", "videos/{}/retry"),
    _api("another cover", "PUT", "videos/{}/cover", at_ms=100),
    _api("pin", "POST", "videos/{}/pin"),
    _api("unpin", "DELETE", "videos/{}/pin"),
    _api("delete", "DELETE", "videos/{}"),
)
# A clip may be put into one's own, a comment be answered with one; what is hidden may not. The
# upload is nobody's, so that even what is allowed ends there.
POST = (
    Verb(
        "duet",
        "POST",
        lambda _: f"{API}/videos",
        lambda it: {"upload_id": NO_UPLOAD, "duet_of": it},
    ),
)
ANSWER = (
    Verb(
        "reply with a video",
        "POST",
        lambda _: f"{API}/videos",
        lambda it: {"upload_id": NO_UPLOAD, "reply_to": it},
    ),
)
# Whoever sees a clip may take it along only where its author lets them.
TAKE = (_api("download", "GET", "videos/{}/download"),)
ACTS = (
    "follow",
    "unfollow",
    "befriend",
    "withdraw",
    "unfriend",
    "remove-follower",
    "bell-on",
    "bell-off",
    "mute",
    "unmute",
    "dismiss",
)
STUDIO = tuple(
    Verb(f"studio {action}", "POST", lambda _: "/studio", _studio_form(action))
    for action in ("delete", "retry")
)
COMMENT = (
    _api("delete comment", "DELETE", "comments/{}"),
    _report("comment"),
    _page("report comment (page)", "report/comment/{}", reason="spam"),
    _page("delete comment (page)", "comments/{}/delete"),
    _api("edit comment", "PATCH", "comments/{}", text="Changed."),
    *(
        _api(f"{kind} comment ({method})", method, f"comments/{{}}/{kind}")
        for kind in ("like", "pin")
        for method in ("POST", "PUT", "DELETE")
    ),
)
COMMENT += tuple(
    _page(f"{kind} comment (page)", f"comments/{{}}/{kind}", on="1", text="Changed.")
    for kind in ("like", "pin", "edit")
)
# One's own collections; `{}` is the collection. No other is there for anybody.
SHELF = (
    _api("look at a collection", "GET", "collections/{}"),
    _api("rename a collection", "PATCH", "collections/{}", name="Mine."),
    _api("delete a collection", "DELETE", "collections/{}"),
    _page("rename a collection (page)", "collections/{}", action="rename", name="Mine."),
    _api("read a collection", "GET", "collections/{}/videos"),
    *(
        _api(f"{method} into a collection", method, f"collections/{{}}/videos/{SAMPLE}")
        for method in ("POST", "PUT", "DELETE")
    ),
)
SHELVES = (
    _api("make a collection", "POST", "collections", name="New."),
    _api("list collections", "GET", "collections"),
    _page("make a collection (page)", "collections", name="On the page."),
)
PERSON = (
    _api("follow", "POST", "users/{}/follow"),
    _api("unfollow", "DELETE", "users/{}/follow"),
    _api("mute", "POST", "users/{}/mute"),
    _api("bell", "POST", "users/{}/bell"),
    _api("ask to be friends", "POST", "users/{}/friend-request"),
    _api("withdraw", "DELETE", "users/{}/friend-request"),
    _api("remove follower", "DELETE", "users/{}/follower"),
    _api("unfriend", "DELETE", "friends/{}"),
    _api("dismiss", "DELETE", "users/suggested/{}"),
    _page("follow button", "@{}/follow", on="1"),
    *(_page(f"{act} (page)", "@{}/act", action=act, confirmed="1") for act in ACTS),
    _page("asked before unfriend", "@{}/act", action="unfriend"),
    _page("asked before block", "@{}/act", action="block"),
)
# A blocked person's page is gone for the blocker too, but the block can be taken back.
BLOCK = (
    _api("block", "POST", "users/{}/block"),
    _api("unblock", "DELETE", "users/{}/block"),
    _page("block (page)", "@{}/act", action="block", confirmed="1"),
    _page("unblock (page)", "@{}/act", action="unblock"),
)
ANSWERS = [(kind, answer) for kind in ("follow", "friend") for answer in ("accept", "decline")]
REQUEST = (
    *(_api(f"{do} {kind} request", "POST", f"{kind}-requests/{{}}/{do}") for kind, do in ANSWERS),
    *(
        _page(f"{do} {kind} request (page)", f"inbox/requests/{kind}/{{}}", answer=do)
        for kind, do in ANSWERS
    ),
)
ALL = (
    *CLIP, *OWN_CLIP, *TAKE, *POST, *ANSWER, *STUDIO, *COMMENT, *SHELF, *SHELVES, *PERSON, *BLOCK,
    *REQUEST,
)  # fmt: skip
