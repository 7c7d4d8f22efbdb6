"""People whom somebody may know, each with the reason: a bounded number of rows and queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from social.graph import policies, relationships
from social.graph.models import Dismissal, Follow, Friendship, PersonStats

SEEDS = 100
EDGES = 2000
CANDIDATES = 100
POPULAR = 50

FRIEND_WEIGHT, FOLLOWS_YOU_WEIGHT, CO_FOLLOWED_WEIGHT = 3, 2, 1


@dataclass(frozen=True)
class Suggestion:
    """A person and why, as a sentence for the viewer."""

    person: User
    reason: str


@dataclass
class _Candidate:
    """Through whom the viewer might know somebody."""

    friends: list[UUID] = field(default_factory=list)
    followers: list[UUID] = field(default_factory=list)
    follows_viewer: bool = False

    @property
    def score(self) -> int:
        return (
            FRIEND_WEIGHT * len(self.friends)
            + CO_FOLLOWED_WEIGHT * len(self.followers)
            + FOLLOWS_YOU_WEIGHT * self.follows_viewer
        )


def suggest(*, viewer: User, limit: int) -> list[Suggestion]:
    """Return up to `limit` people for the viewer: known through others first, popular ones after.

    Leaves out whom the viewer follows, asked, befriended, blocked, muted, dismissed or may not see.
    """
    candidates = _through_others(viewer.pk)
    best = sorted(candidates, key=lambda pk: candidates[pk].score, reverse=True)[:CANDIDATES]
    ranked = list(dict.fromkeys([*best, *_popular()]))
    known = relationships.load(viewer.pk, [*ranked, viewer.pk])
    left = {viewer.pk, *_dismissed(viewer.pk, ranked)}
    fresh = [pk for pk in ranked if pk not in left and _is_new(known[pk])]
    go_betweens = {pk for one in best for pk in _go_betweens(candidates[one])}
    people = policies.people_visible_to(viewer).in_bulk([*fresh, *go_betweens])
    chosen = [people[pk] for pk in fresh if pk in people][:limit]
    nobody = _Candidate()
    return [Suggestion(one, _reason(candidates.get(one.pk, nobody), people)) for one in chosen]


def _through_others(viewer_id: UUID) -> dict[UUID, _Candidate]:
    candidates: dict[UUID, _Candidate] = defaultdict(_Candidate)
    friends = [
        hi if lo == viewer_id else lo
        for lo, hi in _newest(Friendship.objects.filter(_friend_of([viewer_id])), "lo_id", "hi_id")
    ][:SEEDS]
    followed = [
        pk for (pk,) in _newest(Follow.objects.filter(follower_id=viewer_id), "followed_id")[:SEEDS]
    ]
    known = set(friends)
    for lo, hi in _newest(Friendship.objects.filter(_friend_of(friends)), "lo_id", "hi_id"):
        for friend, other in ((lo, hi), (hi, lo)):
            if friend in known:
                candidates[other].friends.append(friend)
    edges = Follow.objects.filter(follower_id__in=followed)
    for follower, other in _newest(edges, "follower_id", "followed_id"):
        candidates[other].followers.append(follower)
    for (follower,) in _newest(Follow.objects.filter(followed_id=viewer_id), "follower_id")[:SEEDS]:
        candidates[follower].follows_viewer = True
    return candidates


def _friend_of(ids: list[UUID]) -> Q:
    return Q(lo_id__in=ids) | Q(hi_id__in=ids)


def _newest(
    rows: "QuerySet[Follow] | QuerySet[Friendship]", *columns: str
) -> "list[tuple[UUID, ...]]":
    return list(rows.order_by("-pk").values_list(*columns)[:EDGES])


def _popular() -> list[UUID]:
    stats = PersonStats.objects.filter(followers__gt=0).order_by("-followers", "-pk")
    return list(stats.values_list("pk", flat=True)[:POPULAR])


def _dismissed(viewer_id: UUID, user_ids: list[UUID]) -> "QuerySet[Dismissal, UUID]":
    rows = Dismissal.objects.filter(viewer_id=viewer_id, person_id__in=user_ids)
    return rows.values_list("person_id", flat=True)


def _is_new(relation: relationships.Relationship) -> bool:
    near = relation.follows or relation.requested or relation.friend or relation.friend_request
    return not (near or relation.mutes or relation.is_blocked)


def _go_betweens(candidate: _Candidate) -> list[UUID]:
    """Return who may be named: the first few, since some may be hidden from the viewer."""
    return [*candidate.friends[:3], *candidate.followers[:3]]


def _reason(candidate: _Candidate, people: dict[UUID, User]) -> str:
    friends = [pk for pk in candidate.friends if pk in people]
    if friends:
        return _through(people[friends[0]], len(friends) - 1, friends=True)
    followers = [pk for pk in candidate.followers if pk in people]
    if followers:
        return _through(people[followers[0]], len(followers) - 1, friends=False)
    if candidate.follows_viewer:
        return _("Follows you")
    return _("Popular here")


def _through(person: User, others: int, *, friends: bool) -> str:
    values = {"name": person.display_name, "n": others}
    if not others:
        sentence = _("Friend of %(name)s") if friends else _("Followed by %(name)s")
    elif friends:
        sentence = ngettext(
            "Friend of %(name)s and %(n)d other", "Friend of %(name)s and %(n)d others", others
        )
    else:
        sentence = ngettext(
            "Followed by %(name)s and %(n)d other", "Followed by %(name)s and %(n)d others", others
        )
    return sentence % values
