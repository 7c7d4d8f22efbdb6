"""Cards: a video as every surface shows it, made for a whole page at once.

A card has a viewer-neutral part and a viewer's part. Making 100 cards costs as many queries as
making two; who may see what is decided by the queryset that the videos come from.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import User
from accounts.presentation import UserBrief, brief
from feed import captions, heard, reasons
from feed.heard import SoundPart, sound_json
from feed.modes import Mode, signed_in
from social.engagement import selectors as engagement
from social.engagement.models import Mention
from social.engagement.selectors import Counts, Flags
from social.graph import selectors as graph
from videos import playback, policies
from videos.backgrounds import TextPart, size_of, text_part
from videos.models import CaptionTrack, Sound, Video
from videos.playback import CaptionPart, PhotoPart, Source
from videos.policies import Viewer

# Their texts are asked for by players alone.
CAPTION_TRACKS = Prefetch("caption_tracks", queryset=CaptionTrack.objects.defer("body"))


@dataclass(frozen=True, slots=True)
class ViewerPart:
    """What a card says to its viewer alone; all off for strangers."""

    liked: bool = False
    saved: bool = False
    reposted: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class VideoCard:
    """One video of a page. URLs of media are signed and expire; `watch_url` is a path."""

    id: UUID
    kind: str
    author: UserBrief
    caption: str
    text: TextPart | None
    photos: list[PhotoPart]
    sound: SoundPart | None
    text_size: str
    caption_html: SafeString
    tags: list[str]
    mentions: list[UserBrief]
    created_at: datetime
    published_at: datetime | None
    audience: str
    allow_comments: str
    allow_duet: bool
    allow_sound: bool
    allow_download: bool
    mature: bool
    pinned: bool
    processing_state: str
    duration_ms: int | None
    width: int | None
    height: int | None
    cover: str | None
    preview: str | None
    blurhash: str
    sources: list[Source]
    captions: list[CaptionPart]
    counts: Counts
    watch_url: str
    viewer: ViewerPart
    follows_author: bool
    is_own: bool


@dataclass(frozen=True)
class _Page:
    """What the cards of a page share: one query each, whatever the size."""

    user: User | None
    mode: Mode | None
    whys: Mapping[UUID, str]
    counts: Mapping[UUID, Counts]
    flags: Mapping[UUID, Flags]
    followed: frozenset[UUID]
    sounds: Mapping[UUID, Sound]
    mentions: Mapping[UUID, list[Mention]]


def with_relations(videos: QuerySet[Video]) -> QuerySet[Video]:
    """Return the queryset with what cards read of each row."""
    return videos.select_related("author").prefetch_related(
        "renditions", "photos", "video_tags__tag", CAPTION_TRACKS
    )


def cards_for(
    videos: Iterable[Video | UUID],
    *,
    viewer: Viewer,
    mode: Mode | None = None,
    whys: Mapping[UUID, str] | None = None,
) -> list[VideoCard]:
    """Return the cards in the order given, with a reason when they are shown in a feed (`mode`).

    Ids are looked up, and dropped where `viewer` may not see them. `Video` objects come from a
    queryset that has asked `videos.policies` already, read `with_relations`.
    """
    given = list(videos)
    ids = [item for item in given if isinstance(item, UUID)]
    rows = [item for item in given if isinstance(item, Video)]
    known = {video.pk: video for video in rows}
    if ids:
        looked_up = with_relations(policies.visible_to(viewer).filter(pk__in=ids))
        known |= {video.pk: video for video in looked_up}
    keys = [item if isinstance(item, UUID) else item.pk for item in given]
    shown = [known[key] for key in keys if key in known]
    if not shown:
        return []
    page = _load(shown, viewer=viewer, mode=mode, whys=whys or {})
    return [_card(video, page) for video in shown]


def card_json(card: VideoCard) -> dict[str, Any]:
    """Return the `video` object of the API."""
    return {
        "id": card.id,
        "kind": card.kind,
        "author": asdict(card.author),
        "caption": card.caption,
        "tags": card.tags,
        "mentions": [asdict(person) for person in card.mentions],
        "sound": sound_json(card.sound) if card.sound else None,
        "created_at": card.created_at,
        "published_at": card.published_at,
        "audience": card.audience,
        "allow_comments": card.allow_comments,
        "allow_duet": card.allow_duet,
        "allow_sound": card.allow_sound,
        "allow_download": card.allow_download,
        "mature": card.mature,
        "pinned": card.pinned,
        "processing_state": card.processing_state,
        "duration_ms": card.duration_ms,
        "width": card.width,
        "height": card.height,
        "cover": card.cover,
        "preview": card.preview,
        "sources": card.sources,
        "photos": card.photos,
        "text": card.text,
        "captions": card.captions,
        "counts": asdict(card.counts),
        "viewer": asdict(card.viewer),
        "blurhash": card.blurhash,
    }


def _load(
    videos: Sequence[Video], *, viewer: Viewer, mode: Mode | None, whys: Mapping[UUID, str]
) -> _Page:
    user = signed_in(viewer)
    user_id = user.pk if user else None
    ids = [video.pk for video in videos]
    authors = {video.author_id for video in videos}
    followed = graph.followed_ids(user_id).filter(followed_id__in=authors) if user else []
    return _Page(
        user=user,
        mode=mode,
        whys=whys,
        counts=engagement.counts_seen(viewer=viewer, video_ids=ids),
        flags=engagement.viewer_flags(user_id, ids),
        followed=frozenset(followed),
        sounds=heard.sounds_for(videos, viewer=viewer),
        mentions=engagement.mentions_in_captions(viewer=viewer, video_ids=ids),
    )


def _card(video: Video, page: _Page) -> VideoCard:
    counts = page.counts.get(video.pk) or Counts()
    flags = page.flags.get(video.pk) or Flags()
    follows = video.author_id in page.followed
    tags = sorted(video.video_tags.all(), key=lambda video_tag: video_tag.position)
    names = [video_tag.tag.name for video_tag in tags]
    reason = None
    if page.mode:
        why = page.whys.get(video.pk, "")
        reason = reasons.reason_for(
            video, mode=page.mode, follows=follows, counts=counts, why=why, tags=names
        )
    mentions = page.mentions.get(video.pk, [])
    usernames = {mention.name: mention.person.username for mention in mentions}
    username = video.author.username
    sound = page.sounds.get(video.sound_id) if video.sound_id else None
    is_text = video.kind == Video.Kind.TEXT
    return VideoCard(
        id=video.pk,
        kind=video.kind,
        author=brief(video.author),
        caption=video.caption,
        text=text_part(video.caption, video.background) if is_text else None,
        photos=playback.photos(video) if video.kind == Video.Kind.PHOTOS else [],
        sound=heard.sound_part(sound, of=video) if sound else None,
        text_size=size_of(video.caption) if is_text else "",
        caption_html=captions.caption_html(video.caption, usernames=usernames),
        tags=names,
        mentions=[brief(mention.person) for mention in mentions],
        created_at=video.created_at,
        published_at=video.published_at,
        audience=video.audience,
        allow_comments=video.allow_comments,
        allow_duet=video.allow_duet,
        allow_sound=video.allow_sound,
        allow_download=video.allow_download,
        mature=video.mature,
        pinned=video.pinned_at is not None,
        processing_state=video.processing_state,
        duration_ms=video.duration_ms,
        width=video.width,
        height=video.height,
        cover=playback.cover_url(video),
        preview=playback.preview_url(video),
        blurhash=video.blurhash,
        sources=playback.sources(video),
        captions=playback.captions(video),
        counts=counts,
        watch_url=reverse("feed:watch", kwargs={"username": username, "video_id": video.pk}),
        viewer=ViewerPart(flags.liked, flags.saved, flags.reposted, reason),
        follows_author=follows,
        is_own=page.user is not None and page.user.pk == video.author_id,
    )
