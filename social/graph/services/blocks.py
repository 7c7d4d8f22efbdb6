"""Block: two people no longer exist for each other."""

from uuid import UUID

from accounts import services as accounts
from accounts.models import User
from core import events
from core.errors import NotFound
from social.graph import relationships
from social.graph.events import BlockCreated, BlockRemoved
from social.graph.models import Block, FollowRequest, FriendRequest
from social.graph.policies import Viewer
from social.graph.services import pairs
from social.graph.services.friends import pair_key


def block(*, actor: Viewer, username: str | None = None, user_id: UUID | None = None) -> None:
    """Block a person: follows, requests and friendship of the two end, and nothing restores them.

    Old media URLs die too: the actor's always; the person's only where the actor could see more
    of it than strangers, so that blocking cannot be used to empty somebody's caches.
    """
    actor = pairs.authorise(actor, budget="relation")
    person_id = _blockable(actor, username=username, user_id=user_id)
    with pairs.locked(actor.pk, person_id, hidden=True):
        _, created = Block.objects.get_or_create(blocker_id=actor.pk, blocked_id=person_id)
        if not created:
            return
        followed = pairs.end_follow(follower_id=actor.pk, followed_id=person_id)
        pairs.end_follow(follower_id=person_id, followed_id=actor.pk)
        friends = pairs.end_friendship(actor.pk, person_id)
        _end_requests(actor.pk, person_id)
        accounts.bump_media_epoch(user_id=actor.pk)
        if followed or friends:
            accounts.bump_media_epoch(user_id=person_id)
        events.publish(BlockCreated(blocker_id=actor.pk, blocked_id=person_id))


def unblock(*, actor: Viewer, username: str | None = None, user_id: UUID | None = None) -> None:
    """Take the actor's block back; raises NotFound for somebody else's block, as for nobody."""
    actor = pairs.authorise(actor, budget="relation")
    person_id = _blockable(actor, username=username, user_id=user_id)
    with pairs.locked(actor.pk, person_id, hidden=True):
        if Block.objects.filter(blocker_id=actor.pk, blocked_id=person_id).delete()[0]:
            events.publish(BlockRemoved(blocker_id=actor.pk, blocked_id=person_id))


def _blockable(actor: User, *, username: str | None, user_id: UUID | None) -> UUID:
    """Return whom the actor sees or has blocked already."""
    try:
        return pairs.find_other(actor, username=username, user_id=user_id)
    except NotFound:
        person_id = pairs.find_other(actor, username=username, user_id=user_id, hidden=True)
        if not relationships.load(actor.pk, [person_id])[person_id].blocks:
            raise
        return person_id


def _end_requests(one_id: UUID, other_id: UUID) -> None:
    for sender_id, target_id in ((one_id, other_id), (other_id, one_id)):
        FollowRequest.objects.filter(sender_id=sender_id, target_id=target_id).delete()
    FriendRequest.objects.filter(pair_key=pair_key(one_id, other_id)).delete()
