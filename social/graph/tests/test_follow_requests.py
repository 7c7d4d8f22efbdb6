import pytest

from accounts import services as accounts
from accounts.models import User
from core.errors import NotFound
from core.testing import run_jobs
from social.graph import services
from social.graph.models import Follow, FollowRequest
from social.graph.tests.factories import follow_request, make_private, stats, suspend


@pytest.fixture
def waiting(alice: User, bob: User) -> FollowRequest:
    make_private(alice)
    return follow_request(bob, alice)


def test_accept_makes_the_follow(alice: User, bob: User, waiting: FollowRequest) -> None:
    services.accept_follow_request(actor=alice, request_id=waiting.pk)
    assert Follow.objects.filter(follower=bob, followed=alice).exists()
    assert not FollowRequest.objects.exists()
    assert stats(alice) == (1, 0, 0)


def test_accepting_twice_is_not_found(alice: User, waiting: FollowRequest) -> None:
    services.accept_follow_request(actor=alice, request_id=waiting.pk)
    with pytest.raises(NotFound):
        services.accept_follow_request(actor=alice, request_id=waiting.pk)
    assert stats(alice) == (1, 0, 0)


def test_decline_makes_nothing(alice: User, waiting: FollowRequest) -> None:
    services.decline_follow_request(actor=alice, request_id=waiting.pk)
    assert not Follow.objects.exists()
    assert not FollowRequest.objects.exists()


@pytest.mark.parametrize("verb", ["accept_follow_request", "decline_follow_request"])
def test_only_the_target_answers(verb: str, bob: User, carol: User, waiting: FollowRequest) -> None:
    for somebody_else in (bob, carol):
        with pytest.raises(NotFound):
            getattr(services, verb)(actor=somebody_else, request_id=waiting.pk)
    assert FollowRequest.objects.exists()


def test_an_id_that_is_none(alice: User) -> None:
    with pytest.raises(NotFound):
        services.accept_follow_request(actor=alice, request_id="1")


def test_a_suspended_sender_cannot_be_accepted(
    alice: User, bob: User, waiting: FollowRequest
) -> None:
    suspend(bob)
    with pytest.raises(NotFound):
        services.accept_follow_request(actor=alice, request_id=waiting.pk)


def test_remove_follower_kills_old_media_urls(
    alice: User, bob: User, waiting: FollowRequest
) -> None:
    services.accept_follow_request(actor=alice, request_id=waiting.pk)
    services.remove_follower(actor=alice, username="bob")
    alice.refresh_from_db()
    assert alice.media_epoch == 1
    assert stats(alice) == (0, 0, 0)
    services.remove_follower(actor=alice, username="bob")
    alice.refresh_from_db()
    assert alice.media_epoch == 1


def test_remove_follower_drops_a_request(alice: User, waiting: FollowRequest) -> None:
    services.remove_follower(actor=alice, username="bob")
    assert not FollowRequest.objects.exists()


def test_going_public_accepts_who_waits(
    alice: User, bob: User, carol: User, waiting: FollowRequest
) -> None:
    follow_request(carol, alice)
    accounts.set_private(actor=alice, is_private=False)
    assert run_jobs() == ["graph.accept_pending"]
    assert stats(alice) == (2, 0, 0)
    assert not FollowRequest.objects.exists()


def test_going_public_leaves_suspended_senders_waiting(
    alice: User, bob: User, waiting: FollowRequest
) -> None:
    suspend(bob)
    accounts.set_private(actor=alice, is_private=False)
    run_jobs()
    assert FollowRequest.objects.count() == 1


def test_private_again_before_the_job_accepts_nobody(alice: User, waiting: FollowRequest) -> None:
    assert services.accept_pending(user_id=alice.pk) == 0
    assert FollowRequest.objects.exists()


def test_sweep_finds_what_a_lost_job_left(alice: User, waiting: FollowRequest) -> None:
    User.objects.filter(pk=alice.pk).update(is_private=False)
    assert services.accept_stale() == 1
    assert services.accept_stale() == 0


def test_followers_stay_when_an_account_goes_private(alice: User, bob: User) -> None:
    services.follow(actor=bob, user_id=alice.pk)
    accounts.set_private(actor=alice, is_private=True)
    assert services.follow(actor=bob, user_id=alice.pk) == "following"
