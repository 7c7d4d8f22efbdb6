import pytest

from accounts.models import User
from core.errors import Conflict, Invalid, NotFound
from social.graph import policies, selectors, services
from social.graph.models import Mute
from social.graph.tests.factories import make_private


def test_mute_is_one_sided_and_hides_nobody(alice: User, bob: User) -> None:
    for _ in range(2):
        services.mute(actor=bob, username="alice")
    assert list(selectors.muted_ids(bob.pk)) == [alice.pk]
    assert list(selectors.muted_ids(alice.pk)) == []
    assert policies.can_see_person(bob, alice)
    services.unmute(actor=bob, username="alice")
    services.unmute(actor=bob, username="alice")
    assert not Mute.objects.exists()


def test_mute_needs_somebody_visible(alice: User, bob: User) -> None:
    services.block(actor=alice, username="bob")
    with pytest.raises(NotFound):
        services.mute(actor=bob, username="alice")
    with pytest.raises(Invalid):
        services.mute(actor=bob, username="bob")


def test_bell_needs_a_follow(alice: User, bob: User) -> None:
    with pytest.raises(Conflict) as error:
        services.set_bell(actor=bob, username="alice", on=True)
    assert error.value.code == "not_following"
    make_private(alice)
    services.follow(actor=bob, username="alice")
    with pytest.raises(Conflict):
        services.set_bell(actor=bob, username="alice", on=True)
    assert services.set_bell(actor=bob, username="alice", on=False) is False


def test_bell_rings_until_the_follow_ends(alice: User, bob: User) -> None:
    services.follow(actor=bob, username="alice")
    assert services.set_bell(actor=bob, username="alice", on=True) is True
    assert list(selectors.bell_ids(alice.pk)) == [bob.pk]
    assert selectors.relationship(bob.pk, alice.pk).bell
    services.unfollow(actor=bob, username="alice")
    services.follow(actor=bob, username="alice")
    assert list(selectors.bell_ids(alice.pk)) == []
