"""People and pairs, made through the services wherever the test is not about them."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections

from accounts.models import User
from social.graph import services
from social.graph.models import FollowRequest, FriendRequest, PersonStats


def make_people(number: int, *, prefix: str = "person", **fields: Any) -> list[User]:
    """Return users without a usable password."""
    people = [
        User(
            username=f"{prefix}{index}",
            email=f"{prefix}{index}@example.com",
            name=f"{prefix.title()} {index}",
            password="!",
            **fields,
        )
        for index in range(number)
    ]
    return User.objects.bulk_create(people)


def make_private(user: User) -> User:
    user.is_private = True
    user.save(update_fields=["is_private"])
    return user


def suspend(user: User) -> User:
    from django.utils import timezone

    user.suspended_at = timezone.now()
    user.save(update_fields=["suspended_at"])
    return user


def befriend(one: User, other: User) -> None:
    services.send_friend_request(actor=one, user_id=other.pk)
    services.send_friend_request(actor=other, user_id=one.pk)


def follow_request(sender: User, target: User) -> FollowRequest:
    services.follow(actor=sender, user_id=target.pk)
    return FollowRequest.objects.get(sender=sender, target=target)


def friend_request(sender: User, recipient: User) -> FriendRequest:
    services.send_friend_request(actor=sender, user_id=recipient.pk)
    return FriendRequest.objects.get(sender=sender, recipient=recipient)


def stats(user: User) -> tuple[int, int, int]:
    """Return (followers, following, friends)."""
    row = PersonStats.objects.filter(user=user).first() or PersonStats(user=user)
    return row.followers, row.following, row.friends


def together(calls: Sequence[Callable[[], object]]) -> list[object]:
    """Run the calls at the same moment, each in a thread; return results or exceptions."""
    gate = threading.Barrier(len(calls))
    results: list[object] = [None] * len(calls)

    def run(index: int) -> None:
        try:
            gate.wait(timeout=30)
            results[index] = calls[index]()
        except Exception as error:  # noqa: BLE001 - the test looks at what came out
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results
