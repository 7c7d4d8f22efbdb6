"""Who may see what, once more: written from the visibility page of the design alone.

Plain Python over plain facts. Nothing of the product is imported here, so that a mistake in the
product's rule cannot also be a mistake of the judge. Names stand for people and clips; None is
a viewer who is not signed in.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

Name: TypeAlias = str
Viewer: TypeAlias = str | None


class Relation(StrEnum):
    """How a viewer stands to an author: the first that applies."""

    OWNER = "owner"
    SUSPENDED = "suspended"
    BLOCKED = "blocked"
    FRIEND = "friend"
    FOLLOWER = "follower"
    STRANGER = "stranger"
    ANONYMOUS = "anonymous"


@dataclass
class Person:
    """`age` in years, None when it was never told."""

    private: bool = False
    suspended: bool = False
    deactivated: bool = False
    age: int | None = 30
    shows_mature: bool = True
    moderator: bool = False


@dataclass
class Clip:
    """`state` is how far the author got, `verdict` what moderators say about it."""

    author: Name
    audience: str = "everyone"
    state: str = "published"  # or draft, processing, failed, scheduled
    verdict: str = "visible"  # or held, removed
    mature: bool = False
    deleted: bool = False
    kind: str = "clip"  # or photos, or text, which has no files
    duet_of: Name | None = None

    @property
    def is_out(self) -> bool:
        """Whether it is published as far as anybody but its author is concerned."""
        return self.state == "published" and self.verdict == "visible" and not self.deleted


@dataclass
class World:
    """Everybody, everything, and every pair; all pairs are (from, to) but friendships."""

    people: dict[Name, Person] = field(default_factory=dict)
    clips: dict[Name, Clip] = field(default_factory=dict)
    follows: set[tuple[Name, Name]] = field(default_factory=set)
    follow_requests: set[tuple[Name, Name]] = field(default_factory=set)
    friendships: set[frozenset[Name]] = field(default_factory=set)
    friend_requests: set[tuple[Name, Name]] = field(default_factory=set)
    blocks: set[tuple[Name, Name]] = field(default_factory=set)
    mutes: set[tuple[Name, Name]] = field(default_factory=set)
    likes: set[tuple[Name, Name]] = field(default_factory=set)
    saves: set[tuple[Name, Name]] = field(default_factory=set)
    reposts: set[tuple[Name, Name]] = field(default_factory=set)
    # (owner, name of their collection, clip)
    shelved: set[tuple[Name, str, Name]] = field(default_factory=set)
    # (person, name of the comment)
    comment_likes: set[tuple[Name, Name]] = field(default_factory=set)
    # name of the comment -> (clip, author, name of the comment it answers)
    comments: dict[Name, tuple[Name, Name, Name | None]] = field(default_factory=dict)
    # clip -> the comment that it answers
    answers: dict[Name, Name] = field(default_factory=dict)
    sign_in_required: bool = False


def relation(world: World, viewer: Viewer, author: Name) -> Relation:
    """Return the first relation that applies."""
    if viewer is None:
        return Relation.ANONYMOUS
    if viewer == author:
        return Relation.OWNER
    if world.people[viewer].suspended:
        return Relation.SUSPENDED
    if (viewer, author) in world.blocks or (author, viewer) in world.blocks:
        return Relation.BLOCKED
    if frozenset((viewer, author)) in world.friendships:
        return Relation.FRIEND
    if (viewer, author) in world.follows:
        return Relation.FOLLOWER
    return Relation.STRANGER


def may_view(world: World, viewer: Viewer, clip: Clip) -> bool:
    """Return whether the viewer gets the clip by direct link; the nine steps of the page.

    And the tenth, of `docs/media.md`: a duet holds another's bytes.
    """
    stands = relation(world, viewer, clip.author)
    author = world.people[clip.author]
    if viewer is not None and (world.people[viewer].suspended or world.people[viewer].deactivated):
        return False
    if clip.deleted:
        return False
    if stands == Relation.OWNER:
        return True
    if author.suspended or author.deactivated or stands == Relation.BLOCKED:
        return False
    if not clip.is_out or not _in_audience(clip, author, stands):
        return False
    if clip.mature and not _is_adult(world, viewer):
        return False
    if world.sign_in_required and viewer is None:
        return False
    return clip.duet_of is None or _lets_duets_out(world, viewer, clip)


def _lets_duets_out(world: World, viewer: Viewer, duet: Clip) -> bool:
    """Return whether the original is open to all, this viewer among them, and to the duet."""
    assert duet.duet_of is not None
    original = world.clips[duet.duet_of]
    author = world.people[original.author]
    if not original.is_out or original.audience != "everyone":
        return False
    if author.private or author.suspended or author.deactivated:
        return False
    if original.mature and not _is_adult(world, viewer):
        return False
    pairs = {(duet.author, original.author), (original.author, duet.author)}
    return not pairs & world.blocks and relation(world, viewer, original.author) != (
        Relation.BLOCKED
    )


def named_original(world: World, viewer: Viewer, clip: Clip) -> Name | None:
    """Return the original that the card of a clip names to whoever sees the card."""
    if clip.duet_of is None or not may_view(world, viewer, world.clips[clip.duet_of]):
        return None
    return clip.duet_of


def named_comment(world: World, viewer: Viewer, name: Name) -> Name | None:
    """Return the comment that a clip answers, where the viewer reads it in its thread."""
    comment = world.answers.get(name)
    return comment if comment and sees_comment(world, viewer, comment) else None


def may_see_person(world: World, viewer: Viewer, person: Name) -> bool:
    """Return whether the viewer meets this person anywhere at all."""
    seen = world.people[person]
    if seen.suspended or seen.deactivated:
        return False
    return relation(world, viewer, person) not in (Relation.BLOCKED, Relation.SUSPENDED)


def may_see_lists(world: World, viewer: Viewer, person: Name) -> bool:
    """Return whether the viewer may read who follows this person and whom they follow.

    "Account goes private: non-followers lose everything; followers stay."
    """
    near = (Relation.OWNER, Relation.FRIEND, Relation.FOLLOWER)
    return may_see_person(world, viewer, person) and (
        not world.people[person].private or relation(world, viewer, person) in near
    )


def sees_comment(world: World, viewer: Viewer, comment: Name) -> bool:
    """Return whether a comment is in its thread for this viewer.

    A hidden person's comments vanish, and what answers a vanished comment has no place left.
    """
    clip, author, parent = world.comments[comment]
    if not may_view(world, viewer, world.clips[clip]) or not may_see_person(world, viewer, author):
        return False
    return parent is None or sees_comment(world, viewer, parent)


def likers(world: World, viewer: Viewer, name: Name) -> set[Name]:
    """Return who of those that like a clip is shown to whoever may see the clip."""
    liking = {person for person, clip in world.likes if clip == name}
    return {person for person in liking if may_see_person(world, viewer, person)}


def reposted(world: World, viewer: Viewer, person: Name) -> set[Name]:
    """Return what a person's reposts show: each as its own author lets, none to outsiders."""
    if not may_see_lists(world, viewer, person):
        return set()
    clips = {clip for one, clip in world.reposts if one == person}
    return {clip for clip in clips if may_view(world, viewer, world.clips[clip])}


def appears(world: World, viewer: Viewer, name: Name, surface: str) -> bool:
    """Return whether clip `name` is on a surface as this viewer gets it."""
    clip = world.clips[name]
    if not may_view(world, viewer, clip):
        return False
    if surface == "embed":
        # Off for audiences other than everyone, whoever looks: a frame shows what strangers get.
        return may_view(world, None, clip)
    stands = relation(world, viewer, clip.author)
    if surface in ("direct", "media"):
        return True
    if surface == "own":
        return stands == Relation.OWNER
    if surface in ("liked", "saved"):
        return (viewer, name) in getattr(world, "likes" if surface == "liked" else "saves")
    if surface == "shelved":
        return any(viewer == owner and name == item for owner, _, item in world.shelved)
    if surface == "grid":
        return clip.is_out
    return _in_feed(world, viewer, clip, surface, stands)


def _in_feed(world: World, viewer: Viewer, clip: Clip, surface: str, stands: Relation) -> bool:
    """Feeds come by themselves: nothing muted, nothing unfinished, no mature if switched off."""
    if not clip.is_out or (viewer, clip.author) in world.mutes:
        return False
    clips = [clip, *([world.clips[clip.duet_of]] if clip.duet_of else [])]
    is_mature = any(one.mature for one in clips)
    if is_mature and viewer is not None and not world.people[viewer].shows_mature:
        return False
    if surface == "following":
        return (viewer, clip.author) in world.follows
    if surface == "friends":
        return stands == Relation.FRIEND
    if surface == "for-you":
        return stands != Relation.OWNER
    if surface == "all":
        return True
    if surface in ("tag", "search"):
        # For audiences other than everyone, search and tag pages are off, whoever looks.
        return clip.audience == "everyone" and not world.people[clip.author].private
    message = f"the page says nothing about {surface!r}"
    raise LookupError(message)


def _in_audience(clip: Clip, author: Person, stands: Relation) -> bool:
    audience = "followers" if clip.audience == "everyone" and author.private else clip.audience
    return {
        "everyone": True,
        "followers": stands in (Relation.FOLLOWER, Relation.FRIEND),
        "friends": stands == Relation.FRIEND,
        "only_me": False,
    }[audience]


def _is_adult(world: World, viewer: Viewer) -> bool:
    age = world.people[viewer].age if viewer else None
    return age is not None and age >= 18
