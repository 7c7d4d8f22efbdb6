"""Makes a world of the oracle real: rows and files, and browsers that are somebody."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from uuid import NAMESPACE_OID, UUID, uuid5

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.models import User
from social.engagement.models import (
    Collection,
    CollectionItem,
    Comment,
    CommentLike,
    Like,
    Repost,
    Save,
    ShareLink,
    VideoReply,
    VideoStats,
)
from social.graph.models import Block, Follow, FollowRequest, FriendRequest, Friendship, Mute
from tiktok.tests.visibility.oracle import Clip, Person, Viewer, World
from videos.models import Photo, Rendition, Tag, Video, VideoTag

BYTES = b"\x00\x00\x00\x18ftypmp42" + b"0123456789" * 10
TAG = "staged"  # every clip carries it
FILES = ("360.mp4", "720.mp4", "cover.jpg", "preview.webp")


@dataclass
class Stage:
    """A world, and the rows that stand for its names."""

    world: World
    users: dict[str, User] = field(default_factory=dict)
    videos: dict[str, Video] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    _clients: dict[Viewer, Client] = field(default_factory=dict)

    def client(self, viewer: Viewer) -> Client:
        """Return the viewer's browser; the API takes its cookie too."""
        if viewer not in self._clients:
            self._clients[viewer] = client = Client()
            if viewer is not None:
                client.force_login(self.users[viewer])
        return self._clients[viewer]

    def author_of(self, clip: str) -> User:
        """Return the row of a clip's author."""
        return self.users[self.world.clips[clip].author]

    @cached_property
    def clip_marks(self) -> dict[str, str]:
        """Return what gives each clip away where it is mentioned: its id and its caption."""
        marks = {str(video.pk): name for name, video in self.videos.items()}
        return marks | {_caption(name): name for name in self.videos}

    @cached_property
    def person_marks(self) -> dict[str, str]:
        """Return what gives each person away: their id, their name and their comments' text."""
        marks = {str(user.pk): name for name, user in self.users.items()}
        return marks | {user.name: name for name, user in self.users.items()}

    @cached_property
    def comment_marks(self) -> dict[str, str]:
        """Return the text of each comment."""
        return {comment.text: name for name, comment in self.comments.items()}


def stage(world: World, *, files: bool = True) -> Stage:
    """Write the world to the database and, with `files`, its media to the storage."""
    made = Stage(world)
    for name, person in world.people.items():
        made.users[name] = _user(name, person)
    User.objects.bulk_create(made.users.values())
    for name, clip in world.clips.items():
        made.videos[name] = _video(made, name, clip)
    Video.objects.bulk_create(made.videos.values())
    tag = Tag.objects.create(name=TAG)
    VideoTag.objects.bulk_create(
        VideoTag(video=video, tag=tag, position=0) for video in made.videos.values()
    )
    if files:
        _write_files(made)
    _write_pairs(made)
    _write_engagement(made)
    return made


def _user(name: str, person: Person) -> User:
    now = timezone.now()
    born = None
    if person.age is not None:
        born = (now - dt.timedelta(days=person.age * 365.25 + 1)).date()
    user = User(
        username=name,
        email=f"{name}@example.com",
        name=f"Known as {name}.",
        birth_date=born,
        show_mature=person.shows_mature,
        is_private=person.private,
        is_active=not person.deactivated,
        suspended_at=now if person.suspended else None,
        is_staff=person.moderator,
        is_superuser=person.moderator,
    )
    user.set_unusable_password()
    return user


def _video(made: Stage, name: str, clip: Clip) -> Video:
    now = timezone.now()
    published = {
        "published": now - dt.timedelta(hours=1),
        "scheduled": now + dt.timedelta(hours=1),
    }.get(clip.state)
    processing = clip.state if clip.state in ("processing", "failed") else "ready"
    video = Video(
        author=made.users[clip.author],
        kind=clip.kind,
        background="night" if clip.kind == "text" else "",
        caption=_caption(name),
        audience=clip.audience,
        mature=clip.mature,
        draft=clip.state == "draft",
        scheduled_for=published if clip.state == "scheduled" else None,
        published_at=published,
        processing_state=processing,
        moderation_state=clip.verdict,
        moderation_reason="" if clip.verdict == "visible" else "Because of the rules.",
        deleted_at=now if clip.deleted else None,
        is_duet=clip.duet_of is not None,
        duet_of=made.videos[clip.duet_of] if clip.duet_of else None,
        is_reply=name in made.world.answers,
        duration_ms=4000,
        width=720,
        height=1280,
    )
    if clip.state == "processing" or clip.kind == "text":
        return video
    video.cover_key = key_of(video.pk, "cover.jpg")
    if clip.kind == "clip":
        video.preview_key = key_of(video.pk, "preview.webp")
    return video


def key_of(video_id: UUID, name: str) -> str:
    """Return the storage key of one of `FILES` of a video."""
    return f"videos/{video_id}/p1/{name}"


def _caption(name: str) -> str:
    return f"This is the clip {name}."


def _write_files(made: Stage) -> None:
    renditions, photos = [], []
    for video in made.videos.values():
        if video.kind == Video.Kind.TEXT:
            continue
        if video.kind == Video.Kind.PHOTOS:
            photos += [_photo(video, position) for position in (0, 1)]
            continue
        for name in FILES:
            default_storage.save(key_of(video.pk, name), ContentFile(BYTES))
        renditions += [_rendition(video, edge) for edge in (360, 720)]
    Rendition.objects.bulk_create(renditions)
    Photo.objects.bulk_create(photos)


def _photo(video: Video, position: int) -> Photo:
    large, small = (key_of(video.pk, f"photo{position:02d}{end}.webp") for end in ("", "s"))
    for key in (large, small, *([video.cover_key] if position == 0 else [])):
        default_storage.save(key, ContentFile(BYTES))
    return Photo(video=video, position=position, key=large, small_key=small, width=720, height=1280)


def _rendition(video: Video, edge: int) -> Rendition:
    return Rendition(
        video=video,
        short_edge=edge,
        width=edge,
        height=edge * 16 // 9,
        bitrate=edge * 1000,
        size=len(BYTES),
        key=key_of(video.pk, f"{edge}.mp4"),
    )


def _write_pairs(made: Stage) -> None:
    world, users = made.world, made.users
    Follow.objects.bulk_create(
        Follow(follower=users[one], followed=users[other]) for one, other in world.follows
    )
    FollowRequest.objects.bulk_create(
        FollowRequest(sender=users[one], target=users[other])
        for one, other in world.follow_requests
    )
    Block.objects.bulk_create(
        Block(blocker=users[one], blocked=users[other]) for one, other in world.blocks
    )
    Mute.objects.bulk_create(
        Mute(muter=users[one], muted=users[other]) for one, other in world.mutes
    )
    pairs = [sorted(users[name].pk for name in pair) for pair in world.friendships]
    Friendship.objects.bulk_create(Friendship(lo_id=lo, hi_id=hi) for lo, hi in pairs)
    FriendRequest.objects.bulk_create(
        FriendRequest(
            sender=users[one],
            recipient=users[other],
            pair_key=":".join(str(key) for key in sorted((users[one].pk, users[other].pk))),
        )
        for one, other in world.friend_requests
    )


def shelf_id(owner: str, shelf: str) -> UUID:
    """Return the id of a person's collection."""
    return uuid5(NAMESPACE_OID, f"{owner}/{shelf}")


def share_code(video_id: object) -> str:
    """Return the code under which a clip is shared."""
    return UUID(str(video_id)).hex[-16:]


def _write_engagement(made: Stage) -> None:
    world, users, videos = made.world, made.users, made.videos
    Like.objects.bulk_create(
        Like(user=users[one], video=videos[clip]) for one, clip in sorted(world.likes)
    )
    Save.objects.bulk_create(
        Save(user=users[one], video=videos[clip]) for one, clip in sorted(world.saves)
    )
    Repost.objects.bulk_create(
        Repost(user=users[one], video=videos[clip]) for one, clip in sorted(world.reposts)
    )
    ShareLink.objects.bulk_create(
        ShareLink(user=video.author, video=video, code=share_code(video.pk))
        for video in videos.values()
    )
    _write_shelves(made)
    _write_comments(made)


def _write_shelves(made: Stage) -> None:
    kept = sorted(made.world.shelved)
    Collection.objects.bulk_create(
        Collection(id=shelf_id(owner, shelf), owner=made.users[owner], name=shelf)
        for owner, shelf in sorted({(owner, shelf) for owner, shelf, _ in kept})
    )
    CollectionItem.objects.bulk_create(
        CollectionItem(collection_id=shelf_id(owner, shelf), video=made.videos[clip])
        for owner, shelf, clip in kept
    )


def _write_comments(made: Stage) -> None:
    world, users, videos = made.world, made.users, made.videos
    said = Counter(clip for clip, _, _ in world.comments.values())
    for name, (clip, author, parent) in world.comments.items():
        made.comments[name] = Comment(
            video=videos[clip],
            author=users[author],
            parent=made.comments[parent] if parent else None,
            text=f"Said: {name}.",
        )
    Comment.objects.bulk_create(made.comments.values())
    VideoReply.objects.bulk_create(
        VideoReply(video=videos[clip], comment=made.comments[name])
        for clip, name in sorted(world.answers.items())
    )
    CommentLike.objects.bulk_create(
        CommentLike(user=users[one], comment=made.comments[name])
        for one, name in sorted(world.comment_likes)
    )
    VideoStats.objects.bulk_create(
        VideoStats(video=video, comments=said[name]) for name, video in videos.items()
    )
