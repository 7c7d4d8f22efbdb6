"""What the database itself refuses, whatever the code above it does."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import User
from social.graph.models import (
    Block,
    Follow,
    FollowRequest,
    FriendRequest,
    Friendship,
    Mute,
    PersonStats,
)

PAIRS = [
    (Follow, "follower", "followed"),
    (FollowRequest, "sender", "target"),
    (Block, "blocker", "blocked"),
    (Mute, "muter", "muted"),
]


@pytest.mark.parametrize("model,one,other", PAIRS)
def test_second_pair(model: Any, one: str, other: str, alice: User, bob: User) -> None:
    model.objects.create(**{one: alice, other: bob})
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.bulk_create([model(**{one: alice, other: bob})])
    model.objects.create(**{one: bob, other: alice})


@pytest.mark.parametrize("model,one,other", PAIRS)
def test_self(model: Any, one: str, other: str, alice: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.bulk_create([model(**{one: alice, other: alice})])


def test_friendship_is_ordered_and_once(alice: User, bob: User) -> None:
    lo, hi = sorted((alice, bob), key=lambda user: user.pk)
    Friendship.objects.create(lo=lo, hi=hi)
    for one, other in ((lo, hi), (hi, lo), (lo, lo)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Friendship.objects.bulk_create([Friendship(lo=one, hi=other)])


def test_one_open_friend_request_per_pair(alice: User, bob: User) -> None:
    FriendRequest.objects.create(sender=alice, recipient=bob, pair_key="x:y")
    with pytest.raises(IntegrityError), transaction.atomic():
        FriendRequest.objects.create(sender=bob, recipient=alice, pair_key="x:y")
    with pytest.raises(IntegrityError), transaction.atomic():
        FriendRequest.objects.create(sender=bob, recipient=bob, pair_key="z")


def test_counters_are_never_negative(alice: User) -> None:
    PersonStats.objects.create(user=alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonStats.objects.update(followers=F("followers") - 1)
