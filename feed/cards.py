"""Cards: a video as every surface shows it, made for a whole page at once.

A card has a viewer-neutral part and a viewer's part. Making 100 cards costs as many queries as
making two; who may see what is decided by the queryset that the videos come from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import User
from accounts.presentation import UserBrief, brief
from feed import beside, captions, heard, reasons, rows
from feed.beside import OriginalPart
from feed.heard import SoundPart, sound_json
from feed.modes import Mode, signed_in
from feed.rows import Seen
from social.engagement import answers
from social.engagement.annotations import Counts
from social.engagement.answers import AnswerPart
from videos import playback, policies
from videos.backgrounds import TextPart, size_of, text_part
from videos.models import Video
from videos.playback import CaptionPart, PhotoPart, Source
from videos.policies import Viewer


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
    duet_of: OriginalPart | None
    reply_to: AnswerPart | None
    can_duet: bool
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
    """What the cards of a page share."""

    user: User | None
    mode: Mode | None
    whys: Mapping[UUID, str]
    seen: Mapping[UUID, Seen]
    originals: Mapping[UUID, OriginalPart]
    answered: Mapping[UUID, AnswerPart]


def with_relations(videos: QuerySet[Video]) -> QuerySet[Video]:
    """Return the queryset with what cards read of each row, in its one statement."""
    return rows.with_relations(videos)


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
    known = {item.pk: item for item in given if isinstance(item, Video)}
    if ids:
        looked_up = with_relations(policies.visible_to(viewer).filter(pk__in=ids))
        known |= {video.pk: video for video in looked_up.annotate(**rows.seen_by(viewer))}
    keys = [item if isinstance(item, UUID) else item.pk for item in given]
    shown = [known[key] for key in keys if key in known]
    if not shown:
        return []
    rows.adopt(shown)
    seen = rows.seen(shown, viewer=viewer)
    page = _Page(
        user=signed_in(viewer),
        mode=mode,
        whys=whys or {},
        seen=seen,
        originals=beside.originals_for(shown, viewer=viewer),
        answered=answers.answered_by(shown, viewer=viewer),
    )
    return [_card(video, page) for video in shown if video.pk in seen]


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
        "duet_of": _without_url(card.duet_of),
        "reply_to": _without_url(card.reply_to),
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


def _without_url(part: OriginalPart | AnswerPart | None) -> dict[str, Any] | None:
    """Return a part as the API says it: addresses of pages are the pages' affair."""
    return {name: it for name, it in asdict(part).items() if name != "url"} if part else None


def _card(video: Video, page: _Page) -> VideoCard:
    seen = page.seen[video.pk]
    counts, flags, follows, mentions = seen.counts, seen.flags, seen.follows, seen.mentions
    tags = sorted(video.video_tags.all(), key=lambda video_tag: video_tag.position)
    names = [video_tag.tag.name for video_tag in tags]
    reason = None
    if page.mode:
        why = page.whys.get(video.pk, "")
        reason = reasons.reason_for(
            video, mode=page.mode, follows=follows, counts=counts, why=why, tags=names
        )
    usernames = {mention.name: mention.person.username for mention in mentions}
    username = video.author.username
    sound = video.sound if seen.hears else None
    is_text = video.kind == Video.Kind.TEXT
    return VideoCard(
        id=video.pk,
        kind=video.kind,
        author=brief(video.author),
        caption=video.caption,
        text=text_part(video.caption, video.background) if is_text else None,
        photos=playback.photos(video) if video.kind == Video.Kind.PHOTOS else [],
        sound=heard.sound_part(sound, of=video) if sound else None,
        duet_of=page.originals.get(video.duet_of_id) if video.duet_of_id else None,
        reply_to=page.answered.get(video.pk),
        can_duet=policies.offers_duet(page.user, video),
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
