"""Eight writers at once on one pair: one consistent end, and nothing but domain errors."""

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from accounts.models import User
from core.errors import DomainError
from social.graph import services
from social.graph.models import (
    Block,
    Follow,
    FollowRequest,
    FriendRequest,
    Friendship,
    PersonStats,
)
from social.graph.tests.factories import (
    follow_request,
    friend_request,
    make_people,
    make_private,
    stats,
    together,
)

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 8


def only_domain_errors(results: list[object]) -> None:
    strange = [
        one for one in results if isinstance(one, Exception) and not isinstance(one, DomainError)
    ]
    assert strange == []


def counters_equal_rows() -> None:
    found = [wrong for _, _, wrong in services.recount_people(repair=False)]
    assert sum(found) == 0


def test_one_follow_of_many(alice: User, bob: User) -> None:
    results = together([partial(services.follow, actor=bob, user_id=alice.pk)] * WRITERS)
    assert Counter(results) == {"following": WRITERS}
    assert stats(alice) == (1, 0, 0)


def test_follow_and_unfollow_never_go_negative(alice: User, bob: User) -> None:
    calls: list[Callable[[], object]] = [
        partial(services.follow, actor=bob, user_id=alice.pk),
        partial(services.unfollow, actor=bob, user_id=alice.pk),
    ] * (WRITERS // 2)
    for _ in range(3):
        only_domain_errors(together(calls))
        counters_equal_rows()


def test_many_followers_of_one(alice: User) -> None:
    people = make_people(20)
    results = together(
        [partial(services.follow, actor=person, user_id=alice.pk) for person in people]
    )
    assert Counter(results) == {"following": 20}
    assert stats(alice) == (20, 0, 0)


def test_following_each_other(alice: User, bob: User) -> None:
    calls: list[Callable[[], object]] = [
        partial(services.follow, actor=alice, user_id=bob.pk),
        partial(services.follow, actor=bob, user_id=alice.pk),
    ] * (WRITERS // 2)
    assert Counter(together(calls)) == {"following": WRITERS}
    assert stats(alice) == stats(bob) == (1, 1, 0)


def test_crossing_friend_requests(alice: User, erin: User) -> None:
    calls: list[Callable[[], object]] = [
        partial(services.send_friend_request, actor=alice, user_id=erin.pk),
        partial(services.send_friend_request, actor=erin, user_id=alice.pk),
    ] * (WRITERS // 2)
    results = together(calls)
    assert set(results) <= {"requested", "friends"}
    assert Friendship.objects.count() == 1
    assert not FriendRequest.objects.exists()
    assert stats(alice) == stats(erin) == (0, 0, 1)


def test_double_accept_of_a_friend(alice: User, erin: User) -> None:
    request = friend_request(alice, erin)
    results = together(
        [partial(services.accept_friend_request, actor=erin, request_id=request.pk)] * WRITERS
    )
    only_domain_errors(results)
    assert results.count(None) == 1
    assert Friendship.objects.count() == 1
    assert stats(alice) == stats(erin) == (0, 0, 1)


def test_double_accept_of_a_follower(alice: User, bob: User) -> None:
    make_private(alice)
    request = follow_request(bob, alice)
    results = together(
        [partial(services.accept_follow_request, actor=alice, request_id=request.pk)] * WRITERS
    )
    only_domain_errors(results)
    assert results.count(None) == 1
    assert stats(alice) == (1, 0, 0)


def test_accept_against_withdraw(alice: User, bob: User) -> None:
    make_private(alice)
    request = follow_request(bob, alice)
    calls: list[Callable[[], object]] = [
        partial(services.accept_follow_request, actor=alice, request_id=request.pk),
        partial(services.unfollow, actor=bob, user_id=alice.pk),
    ] * (WRITERS // 2)
    only_domain_errors(together(calls))
    assert not FollowRequest.objects.exists()
    counters_equal_rows()


def test_follow_against_block(alice: User, dave: User) -> None:
    calls: list[Callable[[], object]] = [
        partial(services.follow, actor=dave, user_id=alice.pk),
        partial(services.send_friend_request, actor=dave, user_id=alice.pk),
        partial(services.block, actor=alice, user_id=dave.pk),
        partial(services.follow, actor=alice, user_id=dave.pk),
    ] * (WRITERS // 4)
    only_domain_errors(together(calls))
    assert Block.objects.count() == 1
    for model in (Follow, FollowRequest, FriendRequest, Friendship):
        assert not model.objects.exists()
    counters_equal_rows()


def test_both_block_at_once(alice: User, dave: User) -> None:
    services.follow(actor=dave, user_id=alice.pk)
    calls: list[Callable[[], object]] = [
        partial(services.block, actor=alice, user_id=dave.pk),
        partial(services.block, actor=dave, user_id=alice.pk),
    ] * (WRITERS // 2)
    only_domain_errors(together(calls))
    assert 1 <= Block.objects.count() <= 2
    assert stats(alice) == (0, 0, 0)


def test_recount_between_writers(alice: User) -> None:
    people = make_people(WRITERS)
    PersonStats.objects.create(user=alice, followers=99)

    def recount() -> int:
        return sum(wrong for _, _, wrong in services.recount_people(batch=3))

    follows = [partial(services.follow, actor=one, user_id=alice.pk) for one in people]
    only_domain_errors(together([*follows, recount]))
    recount()
    assert stats(alice) == (WRITERS, 0, 0)
