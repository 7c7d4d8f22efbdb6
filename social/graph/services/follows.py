"""Follow, and the requests that private accounts answer first."""

from typing import Literal, TypeAlias
from uuid import UUID

from accounts import services as accounts
from accounts.models import User
from core import events
from core.errors import Conflict, NotFound
from core.ids import parse_uuid
from social.graph.events import Followed, FollowRequested
from social.graph.models import Follow, FollowRequest
from social.graph.policies import Viewer
from social.graph.services import pairs

FollowState: TypeAlias = Literal["following", "requested", "none"]


def follow(
    *, actor: Viewer, username: str | None = None, user_id: UUID | None = None
) -> FollowState:
    """Follow a person (any handle), or ask a private one; return the resulting state."""
    actor = pairs.authorise(actor, budget="follow")
    person_id = pairs.find_other(actor, username=username, user_id=user_id)
    with pairs.locked(actor.pk, person_id) as (_, person):
        if Follow.objects.filter(follower_id=actor.pk, followed_id=person_id).exists():
            return "following"
        if not person.is_private:
            _become_follower(actor.pk, person_id, by_request=False)
            return "following"
        request, created = FollowRequest.objects.get_or_create(
            sender_id=actor.pk, target_id=person_id
        )
        if created:
            event = FollowRequested(request_id=request.pk, sender_id=actor.pk, target_id=person_id)
            events.publish(event)
        return "requested"


def unfollow(
    *, actor: Viewer, username: str | None = None, user_id: UUID | None = None
) -> FollowState:
    """Stop following a person, or withdraw the request to; return the resulting state.

    What a private account had shown the actor closes by old URLs too. (Of a public account only
    what is for followers does: `videos` hears of it, so that URLs which a CDN keeps live on.)
    """
    actor = pairs.authorise(actor, budget="follow")
    person_id = pairs.find_other(actor, username=username, user_id=user_id)
    with pairs.locked(actor.pk, person_id) as (_, person):
        FollowRequest.objects.filter(sender_id=actor.pk, target_id=person_id).delete()
        followed = pairs.end_follow(follower_id=actor.pk, followed_id=person_id)
        if followed and person.is_private:
            accounts.bump_media_epoch(user_id=person_id)
    return "none"


def accept_follow_request(*, actor: Viewer, request_id: object) -> None:
    """Let the sender follow; raises NotFound unless the request waits for the actor."""
    actor = pairs.authorise(actor, budget="relation")
    request = _waiting(actor, request_id)
    with pairs.locked(actor.pk, request.sender_id):
        _claim(request)
        _become_follower(request.sender_id, actor.pk, by_request=True)


def decline_follow_request(*, actor: Viewer, request_id: object) -> None:
    """Delete the request, in silence; raises NotFound unless it waits for the actor."""
    actor = pairs.authorise(actor, budget="relation")
    request = _waiting(actor, request_id)
    with pairs.locked(actor.pk, request.sender_id):
        _claim(request)


def remove_follower(
    *, actor: Viewer, username: str | None = None, user_id: UUID | None = None
) -> None:
    """End a person's follow of the actor, or their request, in silence; media URLs die with it."""
    actor = pairs.authorise(actor, budget="relation")
    person_id = pairs.find_other(actor, username=username, user_id=user_id)
    with pairs.locked(actor.pk, person_id):
        FollowRequest.objects.filter(sender_id=person_id, target_id=actor.pk).delete()
        if pairs.end_follow(follower_id=person_id, followed_id=actor.pk):
            accounts.bump_media_epoch(user_id=actor.pk)


def set_bell(
    *, actor: Viewer, on: bool, username: str | None = None, user_id: UUID | None = None
) -> bool:
    """Tell the actor of the person's new videos, or stop; return the resulting state.

    Raises Conflict `not_following` for somebody whom the actor does not follow.
    """
    actor = pairs.authorise(actor, budget="relation")
    person_id = pairs.find_other(actor, username=username, user_id=user_id)
    with pairs.locked(actor.pk, person_id):
        follows = Follow.objects.filter(follower_id=actor.pk, followed_id=person_id)
        if not follows.update(bell=on) and on:
            raise Conflict("not_following", "Follow this person first.")
    return on


def accept_pending(*, user_id: UUID) -> int:
    """Accept every request to an account that has become public; return how many.

    What they asked for needs no permission any more. Run again after a crash, it goes on.
    """
    accepted = 0
    waiting = FollowRequest.objects.filter(
        target_id=user_id, sender__is_active=True, sender__suspended_at__isnull=True
    )
    for request_id, sender_id in list(waiting.values_list("pk", "sender_id")):
        with pairs.locked(sender_id, user_id, hidden=True) as (_, target):
            if target.is_private:
                return accepted
            if FollowRequest.objects.filter(pk=request_id).delete()[0]:
                _become_follower(sender_id, user_id, by_request=True)
                accepted += 1
    return accepted


def accept_stale() -> int:
    """Accept requests that a lost job left at public accounts; return how many."""
    targets = FollowRequest.objects.filter(
        target__is_private=False, sender__is_active=True, sender__suspended_at__isnull=True
    )
    found = targets.values_list("target_id", flat=True).distinct()[:1000]
    return sum(accept_pending(user_id=user_id) for user_id in list(found))


def _waiting(actor: User, request_id: object) -> FollowRequest:
    key = parse_uuid(request_id)
    rows = FollowRequest.objects.filter(target_id=actor.pk)
    request = rows.filter(pk=key).first() if key else None
    if request is None:
        raise NotFound
    return request


def _claim(request: FollowRequest) -> None:
    """Delete the request; of two who answer it at once, the second finds nothing."""
    if not FollowRequest.objects.filter(pk=request.pk).delete()[0]:
        raise NotFound


def _become_follower(follower_id: UUID, followed_id: UUID, *, by_request: bool) -> None:
    FollowRequest.objects.filter(sender_id=follower_id, target_id=followed_id).delete()
    if Follow.objects.filter(follower_id=follower_id, followed_id=followed_id).exists():
        return
    pairs.add_follow(follower_id=follower_id, followed_id=followed_id)
    events.publish(
        Followed(follower_id=follower_id, followed_id=followed_id, by_request=by_request)
    )
