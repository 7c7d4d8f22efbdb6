from typing import Any

from accounts.models import User
from social.graph import services
from social.graph.models import Follow, PersonStats
from social.graph.tests.factories import befriend, make_people, stats


def wrong(**options: Any) -> int:
    return sum(wrong_in for _, _, wrong_in in services.recount_people(**options))


def test_counters_kept_by_services_are_right(alice: User, bob: User, erin: User) -> None:
    services.follow(actor=bob, user_id=alice.pk)
    befriend(alice, erin)
    assert wrong() == 0


def test_finds_and_repairs(alice: User, bob: User, erin: User) -> None:
    services.follow(actor=bob, user_id=alice.pk)
    befriend(alice, erin)
    PersonStats.objects.filter(user=alice).update(followers=7, friends=0)
    PersonStats.objects.filter(user=bob).delete()
    assert wrong(repair=False) == 2
    assert stats(alice) == (7, 0, 0)
    assert wrong() == 2
    assert stats(alice) == (1, 0, 1)
    assert stats(bob) == (0, 1, 0)
    assert wrong() == 0


def test_goes_on_where_it_stopped(alice: User) -> None:
    people = sorted(make_people(5), key=lambda user: user.pk)
    Follow.objects.bulk_create([Follow(follower=one, followed=alice) for one in people])
    steps = services.recount_people(batch=2)
    last, checked, first = next(steps)
    assert checked == 2
    assert first + wrong(batch=2, after=last) == 6
    assert wrong() == 0
