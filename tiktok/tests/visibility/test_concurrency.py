"""Eight writers at once over HTTP on one pair: one consistent end, and never a 500.

`social/graph/tests/test_concurrency.py` does the same to the services.
"""

from collections import Counter
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from social.graph import services
from social.graph.models import Block, Follow, FollowRequest, FriendRequest, Friendship
from social.graph.tests.factories import follow_request, friend_request, make_private, together
from tiktok.tests.visibility.surfaces import API

pytestmark = pytest.mark.django_db(transaction=True)
PAIRS = 4  # of writers: eight in all
ROUNDS = 3


def client_of(user: User) -> Client:
    """Return a browser to which an uncaught error is a 500, as it would be to anybody."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def run(*kinds: tuple[User, str, str]) -> Counter[int]:
    """Send each request from several browsers at once; return how often each status came."""
    calls: list[Callable[[], object]] = []
    for user, method, path in kinds * (2 * PAIRS // len(kinds)):
        client = client_of(user)
        calls.append(
            lambda client=client, method=method, path=path: (
                client.generic(  # type: ignore[misc]
                    method, f"{API}/{path}", b"{}", "application/json"
                ).status_code
            )
        )
    results = together(calls)
    assert all(isinstance(one, int) for one in results), results
    statuses = Counter(one for one in results if isinstance(one, int))
    assert max(statuses) < 500, statuses
    return statuses


def consistent() -> None:
    """Assert that no pair is in two states at once and that every counter equals its rows."""
    for block in Block.objects.all():
        one, other = block.blocker_id, block.blocked_id
        for model, mine, theirs in (
            (Follow, "follower_id", "followed_id"),
            (FollowRequest, "sender_id", "target_id"),
            (FriendRequest, "sender_id", "recipient_id"),
            (Friendship, "lo_id", "hi_id"),
        ):
            rows = model._default_manager.filter(**{f"{mine}__in": (one, other)})
            assert not rows.filter(**{f"{theirs}__in": (one, other)}).exists(), model
    for follow in Follow.objects.all():
        asked = FollowRequest.objects.filter(sender=follow.follower_id, target=follow.followed_id)
        assert not asked.exists()
    for pair in Friendship.objects.all():
        both = (pair.lo_id, pair.hi_id)
        assert not FriendRequest.objects.filter(sender__in=both, recipient__in=both).exists()
    assert sum(wrong for _, _, wrong in services.recount_people(repair=False)) == 0


def test_crossing_friend_requests(alice: User, bob: User) -> None:
    for _ in range(ROUNDS):
        run(
            (alice, "POST", f"users/{bob.username}/friend-request"),
            (bob, "POST", f"users/{alice.username}/friend-request"),
        )
        assert (Friendship.objects.count(), FriendRequest.objects.count()) == (1, 0)
        consistent()
        services.unfriend(actor=alice, user_id=bob.pk)


@pytest.mark.parametrize("kind", ["follow", "friend"])
def test_double_accept(alice: User, bob: User, kind: str) -> None:
    make_private(alice)
    request = (follow_request if kind == "follow" else friend_request)(bob, alice)
    statuses = run((alice, "POST", f"{kind}-requests/{request.pk}/accept"))
    assert statuses[200] == 1
    assert statuses[404] == 2 * PAIRS - 1
    assert (Follow if kind == "follow" else Friendship)._default_manager.count() == 1
    consistent()


def test_follow_and_block(alice: User, bob: User) -> None:
    for _ in range(ROUNDS):
        run(
            (bob, "POST", f"users/{alice.username}/follow"),
            (alice, "POST", f"users/{bob.username}/block"),
        )
        assert (Follow.objects.count(), Block.objects.count()) == (0, 1)
        consistent()
        services.unblock(actor=alice, user_id=bob.pk)


def test_accept_and_withdraw(alice: User, bob: User) -> None:
    make_private(alice)
    for _ in range(ROUNDS):
        request = follow_request(bob, alice)
        run(
            (alice, "POST", f"follow-requests/{request.pk}/accept"),
            (bob, "DELETE", f"users/{alice.username}/follow"),
        )
        assert FollowRequest.objects.count() == 0
        assert Follow.objects.count() <= 1
        consistent()
        services.unfollow(actor=bob, user_id=alice.pk)


def test_friend_request_and_block_and_both_block(alice: User, bob: User) -> None:
    for _ in range(ROUNDS):
        run(
            (alice, "POST", f"users/{bob.username}/friend-request"),
            (bob, "POST", f"users/{alice.username}/friend-request"),
            (bob, "POST", f"users/{alice.username}/block"),
            (alice, "POST", f"users/{bob.username}/block"),
        )
        assert Block.objects.count() in (1, 2)
        consistent()
        Block.objects.all().delete()


def test_going_private_while_followed(alice: User, bob: User) -> None:
    run(
        (bob, "POST", f"users/{alice.username}/follow"),
        (bob, "DELETE", f"users/{alice.username}/follow"),
    )
    consistent()
