from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from core import events
from core.errors import Forbidden, Invalid, NotFound, RateLimited, Unauthenticated
from core.testing import commit
from social.graph import selectors, services
from social.graph.events import Followed, FollowRequested, Unfollowed
from social.graph.models import Follow, FollowRequest
from social.graph.tests.factories import make_private, stats, suspend


@pytest.fixture
def heard() -> Iterator[list[object]]:
    """Events of the test, in order."""
    seen: list[object] = []
    kinds = (Followed, FollowRequested, Unfollowed)
    for kind in kinds:
        events.subscribe(kind, seen.append)
    yield seen
    for kind in kinds:
        events._subscribers[kind].remove(seen.append)


def test_follow_counts_both_sides(alice: User, bob: User, heard: list[object]) -> None:
    assert services.follow(actor=bob, username="alice") == "following"
    commit()
    assert stats(alice) == (1, 0, 0)
    assert stats(bob) == (0, 1, 0)
    assert heard == [Followed(follower_id=bob.pk, followed_id=alice.pk)]


def test_follow_again_changes_nothing(alice: User, bob: User) -> None:
    services.follow(actor=bob, user_id=alice.pk)
    assert services.follow(actor=bob, user_id=alice.pk) == "following"
    assert stats(alice) == (1, 0, 0)


def test_follow_is_asymmetric(alice: User, bob: User) -> None:
    services.follow(actor=bob, user_id=alice.pk)
    assert list(selectors.followed_ids(bob.pk)) == [alice.pk]
    assert list(selectors.followed_ids(alice.pk)) == []
    assert list(selectors.follower_ids(alice.pk)) == [bob.pk]


def test_private_account_is_asked(alice: User, bob: User, heard: list[object]) -> None:
    make_private(alice)
    assert services.follow(actor=bob, user_id=alice.pk) == "requested"
    assert services.follow(actor=bob, user_id=alice.pk) == "requested"
    commit()
    assert FollowRequest.objects.count() == 1
    assert not Follow.objects.exists()
    assert stats(alice) == (0, 0, 0)
    assert [type(event) for event in heard] == [FollowRequested]


def test_unfollow_counts_once(alice: User, bob: User, heard: list[object]) -> None:
    services.follow(actor=bob, user_id=alice.pk)
    for _ in range(3):
        assert services.unfollow(actor=bob, user_id=alice.pk) == "none"
    commit()
    assert stats(alice) == (0, 0, 0)
    assert stats(bob) == (0, 0, 0)
    assert heard[-1] == Unfollowed(follower_id=bob.pk, followed_id=alice.pk)
    assert len(heard) == 2


def test_unfollow_withdraws_the_request(alice: User, bob: User) -> None:
    make_private(alice)
    services.follow(actor=bob, user_id=alice.pk)
    services.unfollow(actor=bob, user_id=alice.pk)
    assert not FollowRequest.objects.exists()


def test_a_drifted_counter_does_not_refuse_the_verb(alice: User, bob: User) -> None:
    Follow.objects.create(follower=bob, followed=alice)
    services.unfollow(actor=bob, user_id=alice.pk)
    assert stats(alice) == (0, 0, 0)


def test_nobody_follows_themselves(alice: User) -> None:
    with pytest.raises(Invalid) as error:
        services.follow(actor=alice, username="alice")
    assert error.value.code == "own_account"


@pytest.mark.parametrize("handle", ["nobody", "", "\x00", "a" * 5000, "\ud800", "../x"])
def test_odd_handles_are_not_found(alice: User, handle: str) -> None:
    with pytest.raises(NotFound):
        services.follow(actor=alice, username=handle)


def test_suspended_and_deactivated_people_are_not_found(
    alice: User, bob: User, carol: User
) -> None:
    suspend(bob)
    carol.is_active = False
    carol.save()
    for person in (bob, carol):
        with pytest.raises(NotFound):
            services.follow(actor=alice, user_id=person.pk)


def test_suspended_actor_is_refused(alice: User, bob: User) -> None:
    with pytest.raises(Forbidden) as error:
        services.follow(actor=suspend(bob), user_id=alice.pk)
    assert error.value.code == "account_suspended"


def test_a_stale_actor_is_refused_too(alice: User, bob: User) -> None:
    suspend(User.objects.get(pk=bob.pk))
    with pytest.raises(Forbidden):
        services.follow(actor=bob, user_id=alice.pk)


def test_nobody_signed_in(alice: User) -> None:
    with pytest.raises(Unauthenticated):
        services.follow(actor=None, user_id=alice.pk)


def test_budget(alice: User, bob: User, settings: Settings) -> None:
    settings.RATE_LIMIT_SCALE = 1
    settings.RATE_BUDGETS = settings.RATE_BUDGETS | {"follow": (2, 60)}
    services.follow(actor=bob, user_id=alice.pk)
    services.unfollow(actor=bob, user_id=alice.pk)
    with pytest.raises(RateLimited):
        services.follow(actor=bob, user_id=alice.pk)
