import pytest

from accounts.models import User
from core.testing import same_queries
from social.graph import selectors, services
from social.graph.tests.factories import (
    befriend,
    friend_request,
    make_people,
    make_private,
    suspend,
)


def suggested(viewer: User) -> dict[str, str]:
    found = selectors.suggest(viewer=viewer, limit=20)
    return {one.person.username: one.reason for one in found}


def test_friend_of_a_friend(alice: User, bob: User, carol: User) -> None:
    befriend(alice, bob)
    befriend(bob, carol)
    assert suggested(alice) == {"carol": "Friend of Bob"}


def test_co_followed(alice: User, bob: User, carol: User, erin: User) -> None:
    for go_between in (bob, carol):
        services.follow(actor=alice, user_id=go_between.pk)
        services.follow(actor=go_between, user_id=erin.pk)
    assert suggested(alice)["erin"] == "Followed by Carol and 1 other"


def test_who_follows_the_viewer(alice: User, bob: User) -> None:
    services.follow(actor=bob, user_id=alice.pk)
    assert suggested(alice) == {"bob": "Follows you"}


def test_popular_people_for_a_newcomer(alice: User, bob: User, carol: User) -> None:
    services.follow(actor=bob, user_id=carol.pk)
    assert suggested(alice) == {"carol": "Popular here"}


def test_closest_first(alice: User, bob: User, carol: User, erin: User, dave: User) -> None:
    services.follow(actor=dave, user_id=alice.pk)
    befriend(alice, bob)
    befriend(bob, carol)
    services.follow(actor=alice, user_id=bob.pk)
    services.follow(actor=bob, user_id=erin.pk)
    assert list(suggested(alice)) == ["carol", "dave", "erin"]


@pytest.mark.parametrize("why", ["follows", "requested", "asked", "muted", "blocked", "suspended"])
def test_left_out(why: str, alice: User, bob: User, carol: User) -> None:
    befriend(alice, bob)
    befriend(bob, carol)
    if why == "follows":
        services.follow(actor=alice, user_id=carol.pk)
    elif why == "requested":
        services.follow(actor=alice, user_id=make_private(carol).pk)
    elif why == "asked":
        friend_request(carol, alice)
    elif why == "muted":
        services.mute(actor=alice, user_id=carol.pk)
    elif why == "blocked":
        services.block(actor=carol, user_id=alice.pk)
    else:
        suspend(carol)
    assert suggested(alice) == {}


def test_a_hidden_go_between_is_not_named(alice: User, bob: User, carol: User) -> None:
    befriend(alice, bob)
    befriend(bob, carol)
    suspend(bob)
    assert "Bob" not in "".join(suggested(alice).values())


def test_bounded_queries(alice: User) -> None:
    people = make_people(21)
    with same_queries() as record:
        services.follow(actor=alice, user_id=people[0].pk)
        for one in people[1:3]:
            services.follow(actor=people[0], user_id=one.pk)
        record(lambda: suggested(alice))
        for one in people[3:]:
            services.follow(actor=people[0], user_id=one.pk)
        record(lambda: suggested(alice))
    assert len(suggested(alice)) == 20
