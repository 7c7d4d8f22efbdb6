"""Eight writers at once over HTTP on one pair: one consistent end, and never a 500.

`social/graph/tests/test_concurrency.py` does the same to the services.
"""

from collections import Counter
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from core.errors import NotFound
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


def run(*kinds: tuple[User, str, str] | tuple[User, str, str, bytes]) -> Counter[int]:
    """Send each request from several browsers at once; return how often each status came."""
    calls: list[Callable[[], object]] = []
    for user, method, path, *body in kinds * (2 * PAIRS // len(kinds)):
        client, sent = client_of(user), b"".join(body) or b"{}"
        calls.append(
            lambda client=client, method=method, path=path, sent=sent: (
                client.generic(  # type: ignore[misc]
                    method, f"{API}/{path}", sent, "application/json"
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


def test_follow_and_unfollow(alice: User, bob: User) -> None:
    run(
        (bob, "POST", f"users/{alice.username}/follow"),
        (bob, "DELETE", f"users/{alice.username}/follow"),
    )
    consistent()


def test_follow_while_the_account_changes_its_mind(alice: User, bob: User) -> None:
    """Whatever the order: a follow or a request, never both; opening again lets the request in."""
    run(
        (bob, "POST", f"users/{alice.username}/follow"),
        (alice, "PATCH", "users/me/settings", b'{"is_private": true}'),
        (bob, "POST", f"users/{alice.username}/follow"),
        (alice, "PATCH", "users/me/settings", b'{"is_private": false}'),
    )
    consistent()
    assert Follow.objects.count() + FollowRequest.objects.count() == 1
    run((alice, "PATCH", "users/me/settings", b'{"is_private": false}'))
    services.accept_stale()
    assert (Follow.objects.count(), FollowRequest.objects.count()) == (1, 0)
    consistent()


def test_opening_the_account_against_withdrawing_and_declining(alice: User, bob: User) -> None:
    for _ in range(ROUNDS):
        make_private(alice)
        request = follow_request(bob, alice)
        User.objects.filter(pk=alice.pk).update(is_private=False)
        calls: list[Callable[[], object]] = [
            lambda: services.accept_pending(user_id=alice.pk),
            lambda: services.unfollow(actor=bob, user_id=alice.pk),
            lambda request=request: services.decline_follow_request(  # type: ignore[misc]
                actor=alice, request_id=request.pk
            ),
            services.accept_stale,
        ] * (PAIRS // 2)
        for one in together(calls):
            assert not isinstance(one, Exception) or isinstance(one, NotFound), one
        assert FollowRequest.objects.count() == 0
        consistent()
        services.unfollow(actor=bob, user_id=alice.pk)


def test_eight_writers_of_one_pair(alice: User, bob: User) -> None:
    """Every verb of a pair at once, from both sides: no 500, and no pair in two states."""
    for _ in range(ROUNDS):
        run(
            (bob, "POST", f"users/{alice.username}/follow"),
            (alice, "DELETE", f"users/{bob.username}/follower"),
            (bob, "POST", f"users/{alice.username}/friend-request"),
            (alice, "POST", f"users/{bob.username}/friend-request"),
            (bob, "DELETE", f"friends/{alice.username}"),
            (alice, "POST", f"users/{bob.username}/mute"),
            (alice, "POST", f"users/{bob.username}/block"),
            (alice, "DELETE", f"users/{bob.username}/block"),
        )
        consistent()
        Block.objects.all().delete()
