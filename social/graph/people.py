"""Lists of people: followers, following, friends, requests, search."""

from django.db.models import Q, QuerySet

from accounts.models import User
from core.errors import NotFound
from core.ids import parse_uuid
from social.graph import policies
from social.graph.models import Block, Follow, FollowRequest, FriendRequest, Friendship, Mute

MAX_TERM = 50
MAX_WAITING = 100


def followers_of(*, viewer: policies.Viewer, person: User) -> "QuerySet[Follow]":
    """Return the follows of `person` that `viewer` may see; raises NotFound for a closed list."""
    _require_open(viewer, person)
    rows = Follow.objects.filter(policies.visible_person(viewer, "follower"), followed=person)
    return rows.select_related("follower")


def following_of(*, viewer: policies.Viewer, person: User) -> "QuerySet[Follow]":
    """Return whom `person` follows, as far as `viewer` may see; NotFound for a closed list."""
    _require_open(viewer, person)
    rows = Follow.objects.filter(policies.visible_person(viewer, "followed"), follower=person)
    return rows.select_related("followed")


def friends_of(user: User) -> "QuerySet[Friendship]":
    """Return the user's friendships with both people; everybody's friends are their own matter."""
    lower = Q(lo=user) & policies.visible_person(user, "hi")
    higher = Q(hi=user) & policies.visible_person(user, "lo")
    return Friendship.objects.filter(lower | higher).select_related("lo", "hi")


def follow_requests(user: User, *, received: bool) -> "QuerySet[FollowRequest]":
    """Return the open requests that wait for the user, or that the user waits for."""
    mine, theirs = ("target", "sender") if received else ("sender", "target")
    other = policies.visible_person(user, theirs)
    return FollowRequest.objects.filter(other, **{mine: user}).select_related("sender", "target")


def friend_requests(user: User, *, received: bool) -> "QuerySet[FriendRequest]":
    """Return the open friend requests that wait for the user, or that the user waits for."""
    mine, theirs = ("recipient", "sender") if received else ("sender", "recipient")
    waiting = FriendRequest.objects.filter(policies.visible_person(user, theirs), **{mine: user})
    return waiting.select_related("sender", "recipient")


def sender_of(user: User, *, kind: str, request_id: object) -> User:
    """Return who sent a `follow` or `friend` request; NotFound unless it waits for `user`."""
    key = parse_uuid(request_id)
    rows = follow_requests if kind == "follow" else friend_requests
    row = rows(user, received=True).filter(pk=key).first() if key else None
    if row is None:
        raise NotFound
    return row.sender


def count_waiting(user: User) -> int:
    """Return how many requests of both kinds wait for a user, `MAX_WAITING` at most; one query."""
    to_follow = follow_requests(user, received=True).order_by().values_list("pk")
    to_befriend = friend_requests(user, received=True).order_by().values_list("pk")
    return len(to_follow.union(to_befriend, all=True)[:MAX_WAITING])


def blocked_by(user: User) -> "QuerySet[Block]":
    """Return the user's own blocks of accounts that still stand."""
    rows = Block.objects.filter(policies.visible_person(None, "blocked"), blocker=user)
    return rows.select_related("blocked")


def muted_by(user: User) -> "QuerySet[Mute]":
    """Return the user's own mutes of people whom the user may see."""
    rows = Mute.objects.filter(policies.visible_person(user, "muted"), muter=user)
    return rows.select_related("muted")


def people_matching(*, viewer: policies.Viewer, text: str) -> "QuerySet[User]":
    """Return the visible people whose handle or name starts with `text`; nobody for no text.

    What a database would refuse (NUL, surrogates) or nobody types is dropped first.
    """
    term = "".join(char for char in text if char.isprintable()).strip().removeprefix("@")[:MAX_TERM]
    people = policies.people_visible_to(viewer)
    if not term:
        return people.none()
    return people.filter(Q(username__startswith=term.lower()) | Q(name__istartswith=term))


def _require_open(viewer: policies.Viewer, person: User) -> None:
    if not policies.can_see_lists(viewer, person):
        raise NotFound
