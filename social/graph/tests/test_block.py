import pytest

from accounts.models import User
from core.errors import Invalid, NotFound
from social.graph import policies, selectors, services
from social.graph.models import Block, Follow, FollowRequest, FriendRequest, Friendship
from social.graph.tests.factories import (
    befriend,
    follow_request,
    friend_request,
    make_private,
    stats,
    suspend,
)


def test_block_ends_follows_and_friendship(alice: User, dave: User) -> None:
    services.follow(actor=alice, user_id=dave.pk)
    services.follow(actor=dave, user_id=alice.pk)
    befriend(alice, dave)
    services.block(actor=alice, username="dave")
    assert not Follow.objects.exists()
    assert not Friendship.objects.exists()
    assert stats(alice) == stats(dave) == (0, 0, 0)


@pytest.mark.parametrize("asks_first", [True, False])
def test_block_ends_requests_of_either(alice: User, dave: User, asks_first: bool) -> None:
    make_private(alice)
    make_private(dave)
    one, other = (alice, dave) if asks_first else (dave, alice)
    follow_request(one, other)
    friend_request(one, other)
    services.block(actor=alice, username="dave")
    assert not FollowRequest.objects.exists()
    assert not FriendRequest.objects.exists()


def test_unblock_restores_nothing(alice: User, dave: User) -> None:
    services.follow(actor=dave, user_id=alice.pk)
    services.block(actor=alice, username="dave")
    services.unblock(actor=alice, username="dave")
    assert not Block.objects.exists()
    assert not Follow.objects.exists()
    assert policies.can_see_person(dave, alice)


def test_both_vanish_for_each_other(alice: User, dave: User, carol: User) -> None:
    services.block(actor=alice, username="dave")
    for viewer, person in ((alice, dave), (dave, alice)):
        assert not policies.can_see_person(viewer, person)
        with pytest.raises(NotFound):
            policies.get_visible_person(viewer=viewer, handle=person.username)
        with pytest.raises(NotFound):
            services.follow(actor=viewer, user_id=person.pk)
        assert list(selectors.blocked_ids(viewer.pk)) == [person.pk]
    assert policies.can_see_person(carol, dave)


def test_blocking_again_and_unblocking_twice(alice: User, dave: User) -> None:
    for _ in range(2):
        services.block(actor=alice, username="dave")
    assert Block.objects.count() == 1
    services.unblock(actor=alice, username="dave")
    services.unblock(actor=alice, username="dave")
    assert not Block.objects.exists()


def test_the_blocked_one_can_neither_lift_nor_return_the_block(alice: User, dave: User) -> None:
    services.block(actor=alice, username="dave")
    with pytest.raises(NotFound):
        services.unblock(actor=dave, username="alice")
    with pytest.raises(NotFound):
        services.block(actor=dave, username="alice")
    assert Block.objects.count() == 1


def test_suspended_people_can_be_unblocked(alice: User, dave: User) -> None:
    services.block(actor=alice, username="dave")
    suspend(dave)
    services.unblock(actor=alice, username="dave")
    assert not Block.objects.exists()


def test_not_oneself(alice: User) -> None:
    with pytest.raises(Invalid):
        services.block(actor=alice, username="alice")


def test_block_kills_the_blockers_media_urls(alice: User, dave: User) -> None:
    services.block(actor=alice, username="dave")
    alice.refresh_from_db()
    dave.refresh_from_db()
    assert (alice.media_epoch, dave.media_epoch) == (1, 0)


def test_block_kills_the_others_media_urls_where_they_were_not_public(
    alice: User, dave: User
) -> None:
    services.follow(actor=alice, user_id=dave.pk)
    services.block(actor=alice, username="dave")
    dave.refresh_from_db()
    assert dave.media_epoch == 1
