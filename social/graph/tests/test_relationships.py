import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from core.testing import same_queries
from social.graph import policies, selectors, services
from social.graph.relationships import Relationship
from social.graph.tests.factories import (
    befriend,
    friend_request,
    make_people,
    make_private,
    suspend,
)


def test_every_fact_from_both_sides(
    alice: User, bob: User, carol: User, dave: User, erin: User
) -> None:
    services.follow(actor=bob, user_id=alice.pk)
    services.mute(actor=bob, user_id=alice.pk)
    befriend(alice, erin)
    friend_request(carol, alice)
    services.block(actor=alice, user_id=dave.pk)
    ids = [bob.pk, carol.pk, dave.pk, erin.pk]
    assert selectors.relationships_for(alice.pk, ids) == {
        bob.pk: Relationship(followed_by=True),
        carol.pk: Relationship(friend_request="received"),
        dave.pk: Relationship(blocks=True),
        erin.pk: Relationship(friend=True),
    }
    assert selectors.relationship(bob.pk, alice.pk) == Relationship(follows=True, mutes=True)
    assert selectors.relationship(carol.pk, alice.pk) == Relationship(friend_request="sent")
    assert selectors.relationship(dave.pk, alice.pk) == Relationship(blocked_by=True)
    assert selectors.relationship(erin.pk, alice.pk) == Relationship(friend=True)
    assert selectors.relationship(alice.pk, alice.pk) == Relationship()


def test_a_request_is_not_a_follow(alice: User, bob: User) -> None:
    make_private(alice)
    services.follow(actor=bob, user_id=alice.pk)
    assert selectors.relationship(bob.pk, alice.pk) == Relationship(requested=True)
    assert selectors.relationship(alice.pk, bob.pk) == Relationship()
    assert list(selectors.followed_ids(bob.pk)) == []


def test_nobody_has_relations(alice: User) -> None:
    assert selectors.relationships_for(None, [alice.pk]) == {alice.pk: Relationship()}
    for ids in (
        selectors.followed_ids,
        selectors.follower_ids,
        selectors.friend_ids,
        selectors.blocked_ids,
        selectors.muted_ids,
    ):
        assert not User.objects.filter(pk__in=ids(None)).exists()


def test_a_page_costs_one_query(alice: User) -> None:
    people = make_people(20)
    with same_queries() as record:
        record(lambda: selectors.relationships_for(alice.pk, [one.pk for one in people[:2]]))
        record(lambda: selectors.relationships_for(alice.pk, [one.pk for one in people]))


@pytest.fixture
def crowd(alice: User, bob: User, carol: User, dave: User, erin: User) -> list[User]:
    services.block(actor=alice, user_id=dave.pk)
    services.block(actor=carol, user_id=alice.pk)
    suspend(erin)
    gone = make_people(1, prefix="gone", is_active=False)
    return [alice, bob, carol, dave, erin, *gone]


def test_the_rule_for_one_is_the_rule_for_many(crowd: list[User]) -> None:
    for viewer in (None, AnonymousUser(), *crowd):
        seen = set(policies.people_visible_to(viewer))
        for person in crowd:
            assert policies.can_see_person(viewer, person) == (person in seen), (viewer, person)


def test_who_sees_whom(crowd: list[User], alice: User, bob: User, dave: User) -> None:
    def names(viewer: User | None) -> set[str]:
        return {person.username for person in policies.people_visible_to(viewer)}

    assert names(None) == names(bob) == {"alice", "bob", "carol", "dave"}
    assert names(alice) == {"alice", "bob"}
    assert names(dave) == {"bob", "carol", "dave"}
    assert names(User.objects.get(username="erin")) == set()
