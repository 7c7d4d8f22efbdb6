"""Friendship: a symmetric pair, made only when both have asked for it."""

from typing import Literal, TypeAlias
from uuid import UUID

from django.db.models import QuerySet

from accounts import services as accounts
from accounts.models import User
from core import events
from core.errors import NotFound
from core.ids import parse_uuid
from social.graph.events import FriendRequested, FriendshipMade
from social.graph.models import FriendRequest, Friendship
from social.graph.policies import Viewer
from social.graph.services import pairs

FriendState: TypeAlias = Literal["friends", "requested", "none"]


def send_friend_request(
    *, actor: Viewer, username: str | None = None, user_id: UUID | None = None
) -> FriendState:
    """Ask a person to be friends; return the resulting state.

    Two requests that cross are a yes from both: they become one friendship.
    """
    actor = pairs.authorise(actor, budget="relation")
    person_id = pairs.find_other(actor, username=username, user_id=user_id)
    with pairs.locked(actor.pk, person_id):
        if _friends(actor.pk, person_id).exists():
            return "friends"
        waiting = FriendRequest.objects.filter(pair_key=pair_key(actor.pk, person_id)).first()
        if waiting is None:
            _ask(actor.pk, person_id)
            return "requested"
        if waiting.sender_id == actor.pk:
            return "requested"
        waiting.delete()
        _become_friends(asked_by_id=person_id, accepted_by_id=actor.pk)
        return "friends"


def withdraw_friend_request(
    *, actor: Viewer, username: str | None = None, user_id: UUID | None = None
) -> FriendState:
    """Take the actor's own request back; return the resulting state."""
    actor = pairs.authorise(actor, budget="relation")
    person_id = pairs.find_other(actor, username=username, user_id=user_id)
    with pairs.locked(actor.pk, person_id):
        FriendRequest.objects.filter(sender_id=actor.pk, recipient_id=person_id).delete()
        return "friends" if _friends(actor.pk, person_id).exists() else "none"


def accept_friend_request(*, actor: Viewer, request_id: object) -> None:
    """Make the friendship and delete its request; NotFound unless it waits for the actor."""
    actor = pairs.authorise(actor, budget="relation")
    request = _waiting(actor, request_id)
    with pairs.locked(actor.pk, request.sender_id):
        _claim(request)
        _become_friends(asked_by_id=request.sender_id, accepted_by_id=actor.pk)


def decline_friend_request(*, actor: Viewer, request_id: object) -> None:
    """Delete the request, in silence; raises NotFound unless it waits for the actor."""
    actor = pairs.authorise(actor, budget="relation")
    request = _waiting(actor, request_id)
    with pairs.locked(actor.pk, request.sender_id):
        _claim(request)


def unfriend(
    *, actor: Viewer, username: str | None = None, user_id: UUID | None = None
) -> FriendState:
    """End a friendship for both; what was for friends closes at once, by old URLs too."""
    actor = pairs.authorise(actor, budget="relation")
    person_id = pairs.find_other(actor, username=username, user_id=user_id)
    with pairs.locked(actor.pk, person_id):
        if pairs.end_friendship(actor.pk, person_id):
            for user_id_ in sorted((actor.pk, person_id)):
                accounts.bump_media_epoch(user_id=user_id_)
    return "none"


def pair_key(one_id: UUID, other_id: UUID) -> str:
    """Return the one key of an unordered pair."""
    lo, hi = sorted((one_id, other_id))
    return f"{lo}:{hi}"


def _friends(one_id: UUID, other_id: UUID) -> "QuerySet[Friendship]":
    lo, hi = sorted((one_id, other_id))
    return Friendship.objects.filter(lo_id=lo, hi_id=hi)


def _ask(sender_id: UUID, recipient_id: UUID) -> None:
    request = FriendRequest.objects.create(
        sender_id=sender_id, recipient_id=recipient_id, pair_key=pair_key(sender_id, recipient_id)
    )
    events.publish(
        FriendRequested(request_id=request.pk, sender_id=sender_id, recipient_id=recipient_id)
    )


def _waiting(actor: User, request_id: object) -> FriendRequest:
    key = parse_uuid(request_id)
    rows = FriendRequest.objects.filter(recipient_id=actor.pk)
    request = rows.filter(pk=key).first() if key else None
    if request is None:
        raise NotFound
    return request


def _claim(request: FriendRequest) -> None:
    """Delete the request; of two who answer it at once, the second finds nothing."""
    if not FriendRequest.objects.filter(pk=request.pk).delete()[0]:
        raise NotFound


def _become_friends(*, asked_by_id: UUID, accepted_by_id: UUID) -> None:
    lo, hi = sorted((asked_by_id, accepted_by_id))
    Friendship.objects.create(lo_id=lo, hi_id=hi)
    pairs.count(lo, friends=1)
    pairs.count(hi, friends=1)
    events.publish(FriendshipMade(asked_by_id=asked_by_id, accepted_by_id=accepted_by_id))
