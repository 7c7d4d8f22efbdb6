"""The matrix of docs (visibility) against the product, both forms of the rule.

`expected` is written from the page, not from the code.
"""

import datetime as dt
import itertools
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import User
from core.errors import NotFound
from core.ids import uuid7
from social.graph.models import Block, Follow, FollowRequest, Friendship, Mute
from videos import policies, selectors
from videos.models import Video
from videos.tests.factories import ready_video

pytestmark = pytest.mark.django_db

AUDIENCES = ("everyone", "followers", "friends", "only_me")
RELATIONS = (
    "anonymous", "stranger", "requested", "followed_by", "follower", "friend", "blocked",
    "blocking", "muting", "owner", "moderator", "suspended",
)  # fmt: skip
STATES = ("published", "draft", "queued", "failed", "held", "removed", "scheduled", "deleted")


def expected(relation: str, audience: str, state: str, *, private: bool, gone: bool) -> bool:
    """Say who sees it, by the page."""
    if relation == "suspended" or state == "deleted":
        return False
    if relation == "owner":
        return True
    if gone or relation in ("blocked", "blocking") or state != "published":
        return False
    if audience == "everyone" and not private:
        return True
    if audience in ("everyone", "followers"):
        return relation in ("follower", "friend")
    return audience == "friends" and relation == "friend"


def befriend(viewer: User, author: User) -> None:
    lo, hi = sorted([viewer, author], key=lambda user: user.pk)
    Friendship.objects.create(lo=lo, hi=hi)


def promote(viewer: User, author: User) -> None:
    viewer.is_staff = viewer.is_superuser = True


def suspend(viewer: User, author: User) -> None:
    viewer.suspended_at = timezone.now()


RELATE: dict[str, Callable[[User, User], object]] = {
    "requested": lambda v, a: FollowRequest.objects.create(sender=v, target=a),
    "followed_by": lambda v, a: Follow.objects.create(follower=a, followed=v),
    "follower": lambda v, a: Follow.objects.create(follower=v, followed=a),
    "friend": befriend,
    "blocked": lambda v, a: Block.objects.create(blocker=a, blocked=v),
    "blocking": lambda v, a: Block.objects.create(blocker=v, blocked=a),
    "muting": lambda v, a: Mute.objects.create(muter=v, muted=a),
    "moderator": promote,
    "suspended": suspend,
}


def make_viewer(relation: str, author: User) -> User | AnonymousUser:
    """Return a viewer who stands to the author as the name says."""
    if relation == "anonymous":
        return AnonymousUser()
    if relation == "owner":
        return author
    name = relation.replace("_", "")
    viewer = User.objects.create_user(name, f"{name}@example.com", None)
    if relation in RELATE:
        RELATE[relation](viewer, author)
    viewer.save()
    return viewer


def fields_of(state: str) -> dict[str, object]:
    """Return the fields of a video in a state."""
    later = timezone.now() + dt.timedelta(hours=1)
    states: dict[str, dict[str, object]] = {
        "published": {},
        "draft": {"draft": True, "published_at": None},
        "queued": {"processing_state": "queued", "published_at": None},
        "failed": {"processing_state": "failed", "published_at": None},
        "held": {"moderation_state": "held"},
        "removed": {"moderation_state": "removed"},
        "scheduled": {"published_at": later, "scheduled_for": later},
        "deleted": {"deleted_at": timezone.now()},
    }
    return states[state]


@pytest.mark.parametrize("private", [False, True], ids=["public-account", "private-account"])
@pytest.mark.parametrize("gone", [None, "suspended", "deactivated"])
def test_the_whole_matrix(alice: User, private: bool, gone: str | None) -> None:
    alice.is_private = private
    videos = {
        (audience, state): ready_video(alice, audience=audience, **fields_of(state))
        for audience, state in itertools.product(AUDIENCES, STATES)
    }
    alice.save()
    viewers = {relation: make_viewer(relation, alice) for relation in RELATIONS}
    # The owner of a suspended account is a suspended viewer: another row of the page.
    if gone == "suspended":
        User.objects.filter(pk=alice.pk).update(suspended_at=timezone.now())
        del viewers["owner"]
    elif gone == "deactivated":
        User.objects.filter(pk=alice.pk).update(is_active=False)
        del viewers["owner"]
    wrong = []
    for relation, viewer in viewers.items():
        seen = set(policies.visible_to(viewer).values_list("pk", flat=True))
        listed = set(policies.listed_for(viewer).values_list("pk", flat=True))
        for (audience, state), video in videos.items():
            want = expected(relation, audience, state, private=private, gone=gone is not None)
            want_listed = want and state == "published" and relation != "muting"
            got = (video.pk in seen, video.pk in listed)
            if got != (want, want_listed):
                wrong.append((relation, audience, state, got))
    assert wrong == []


def test_one_and_many_are_the_same_rule(alice: User, bob: User) -> None:
    shown = ready_video(alice)
    hidden = ready_video(alice, audience="friends")
    assert policies.can_view(bob, shown)
    assert not policies.can_view(bob, hidden)
    assert policies.can_view(alice, hidden)
    assert policies.can_view(None, shown)


@pytest.mark.parametrize(
    "years,sees", [(None, False), (17, False), (18, True), (40, True)], ids=str
)
def test_mature_is_for_known_adults(alice: User, bob: User, years: int | None, sees: bool) -> None:
    video = ready_video(alice, mature=True)
    today = timezone.now().date()
    if years is not None:
        bob.birth_date = today.replace(year=today.year - years, day=min(today.day, 28))
        bob.save()
    assert policies.can_view(bob, video) is sees
    assert policies.can_view(alice, video)
    assert not policies.can_view(None, video)


def test_eighteen_counts_from_the_birthday() -> None:
    today = dt.date(2026, 3, 1)
    assert policies.is_adult(User(birth_date=dt.date(2008, 3, 1)), today)
    assert not policies.is_adult(User(birth_date=dt.date(2008, 3, 2)), today)
    assert not policies.is_adult(User(birth_date=dt.date(2008, 2, 29)), dt.date(2026, 2, 28))


def test_a_closed_instance_shows_strangers_nothing(alice: User, bob: User, settings: Any) -> None:
    video = ready_video(alice)
    settings.SIGN_IN_REQUIRED = True
    assert not policies.can_view(None, video)
    assert not policies.is_public(video)
    assert policies.can_view(bob, video)


@pytest.mark.parametrize("asked", ["", "x", "1", None, "../..", "0" * 36, "\x00", uuid7()])
def test_no_id_is_ever_anything_but_not_found(alice: User, asked: object) -> None:
    with pytest.raises(NotFound):
        selectors.get_viewable_video(viewer=alice, video_id=asked)


def test_public_means_everybody_at_once(alice: User) -> None:
    assert policies.is_public(ready_video(alice))
    for fields in (
        {"audience": "followers"},
        {"mature": True},
        {"moderation_state": "held"},
        {"draft": True},
    ):
        assert not policies.is_public(ready_video(alice, **fields))
    alice.is_private = True
    assert not policies.is_public(Video(author=alice, published_at=timezone.now()))


def test_visibility_costs_one_query(
    alice: User,
    bob: User,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    ready_video(alice)
    with django_assert_num_queries(1):
        list(policies.listed_for(bob).select_related("author"))
