import pytest

from accounts.models import User
from core.errors import Invalid, NotFound
from social.graph import selectors, services
from social.graph.models import FriendRequest, Friendship
from social.graph.tests.factories import befriend, friend_request, stats


def test_accept_adds_the_pair_and_deletes_the_request(alice: User, erin: User) -> None:
    request = friend_request(alice, erin)
    services.accept_friend_request(actor=erin, request_id=request.pk)
    pair = Friendship.objects.get()
    assert pair.lo_id < pair.hi_id
    assert not FriendRequest.objects.exists()
    assert stats(alice) == stats(erin) == (0, 0, 1)
    assert list(selectors.friend_ids(alice.pk)) == [erin.pk]
    assert list(selectors.friend_ids(erin.pk)) == [alice.pk]


def test_crossing_requests_become_one_friendship(alice: User, erin: User) -> None:
    assert services.send_friend_request(actor=alice, username="erin") == "requested"
    assert services.send_friend_request(actor=erin, username="alice") == "friends"
    assert Friendship.objects.count() == 1
    assert not FriendRequest.objects.exists()


def test_asking_again_changes_nothing(alice: User, erin: User) -> None:
    friend_request(alice, erin)
    assert services.send_friend_request(actor=alice, username="erin") == "requested"
    befriend(alice, erin)
    assert services.send_friend_request(actor=alice, username="erin") == "friends"
    assert stats(alice) == (0, 0, 1)


def test_decline_makes_nothing_and_one_may_ask_again(alice: User, erin: User) -> None:
    request = friend_request(alice, erin)
    services.decline_friend_request(actor=erin, request_id=request.pk)
    assert not Friendship.objects.exists()
    assert services.send_friend_request(actor=alice, username="erin") == "requested"


def test_withdraw_only_ones_own(alice: User, erin: User) -> None:
    friend_request(alice, erin)
    services.withdraw_friend_request(actor=erin, username="alice")
    assert FriendRequest.objects.exists()
    assert services.withdraw_friend_request(actor=alice, username="erin") == "none"
    assert not FriendRequest.objects.exists()


@pytest.mark.parametrize("verb", ["accept_friend_request", "decline_friend_request"])
def test_only_the_recipient_answers(verb: str, alice: User, erin: User, carol: User) -> None:
    request = friend_request(alice, erin)
    for somebody_else in (alice, carol):
        with pytest.raises(NotFound):
            getattr(services, verb)(actor=somebody_else, request_id=request.pk)


def test_accepting_twice_is_not_found(alice: User, erin: User) -> None:
    request = friend_request(alice, erin)
    services.accept_friend_request(actor=erin, request_id=request.pk)
    with pytest.raises(NotFound):
        services.accept_friend_request(actor=erin, request_id=request.pk)
    assert stats(erin) == (0, 0, 1)


def test_unfriend_ends_it_for_both_with_their_media_urls(alice: User, erin: User) -> None:
    befriend(alice, erin)
    assert services.unfriend(actor=erin, username="alice") == "none"
    assert services.unfriend(actor=erin, username="alice") == "none"
    assert not Friendship.objects.exists()
    for person in (alice, erin):
        person.refresh_from_db()
        assert person.media_epoch == 1
        assert stats(person) == (0, 0, 0)


def test_not_with_oneself(alice: User) -> None:
    with pytest.raises(Invalid):
        services.send_friend_request(actor=alice, username="alice")


def test_a_friend_is_not_a_follower(alice: User, erin: User) -> None:
    befriend(alice, erin)
    relation = selectors.relationship(alice.pk, erin.pk)
    assert relation.friend
    assert not relation.follows
