"""Cards taken apart: what is the same for everybody, and what is the viewer's.

`prepare` asks the one rule (`modes.videos_of`) about a stretch of a list and writes down what it
said, with stamps of what it looked at; `feed.warm` puts pages together from that.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import orjson
from django.utils import timezone

from accounts.models import User
from core.redis_link import Link
from feed import cards, reading, store
from feed.cards import VideoCard, ViewerPart
from feed.modes import Mode, signed_in
from social.engagement import selectors as engagement
from videos import media_epochs, policies
from videos.models import Video
from videos.policies import Viewer

OPTIONS = orjson.OPT_UTC_Z
SHARED = ("author", "counts", "viewer")


@dataclass
class Prepared:
    """What a viewer sees of some ids, in their order, and the neutral parts of it."""

    facts: list[tuple[bytes, bytes]] = field(default_factory=list)
    entries: list[store.Entry] = field(default_factory=list)
    public: list[tuple[bytes, bytes]] = field(default_factory=list)
    private: list[tuple[bytes, bytes]] = field(default_factory=list)
    people: dict[bytes, bytes] = field(default_factory=dict)
    counts: list[tuple[bytes, bytes]] = field(default_factory=list)

    def put(self, redis: Link) -> None:
        """Keep the neutral parts; raises Gone."""
        store.put(redis, b"c", self.public, seconds=store.PUBLIC_CARD_SECONDS)
        store.put(redis, b"c", self.private, seconds=store.PRIVATE_CARD_SECONDS)
        store.put(redis, b"p", self.people.items(), seconds=store.PERSON_SECONDS)
        store.put(redis, b"n", self.counts, seconds=store.COUNTS_SECONDS)


def who(viewer: Viewer) -> int:
    """Return what of the viewer themselves decides what they see, as a small number."""
    user = signed_in(viewer)
    if user is None:
        return 0
    adult = policies.is_adult(user, timezone.now().date())
    return 1 | adult << 1 | user.show_mature << 2


def prepare(
    *, viewer: Viewer, mode: Mode, ids: Sequence[UUID], whys: Mapping[UUID, str] | None = None
) -> Prepared:
    """Return what the viewer sees of `ids`; read the token before."""
    found = reading.shown(viewer=viewer, mode=mode, ids=ids)
    rows = list(found.values())
    own = {card.id: card for card in cards.cards_for(rows, viewer=viewer, mode=mode, whys=whys)}
    neutral = {card.id: card for card in cards.cards_for(rows, viewer=None)}
    prepared = Prepared()
    for video_id in ids:
        video = found.get(video_id)
        if video is None:
            prepared.facts.append((bytes(store.ID), bytes(store.ID)))
            prepared.entries.append(store.HIDDEN)
        else:
            _add(prepared, video, own[video_id], neutral[video_id])
    return prepared


def write_counts(redis: Link, video_ids: Collection[UUID]) -> None:
    """Count these videos anew, as everybody sees them; raises Gone."""
    counted = engagement.counts_seen(viewer=None, video_ids=video_ids)
    rows = [(video_id.bytes, store.counts_part(counts)) for video_id, counts in counted.items()]
    store.put(redis, b"n", rows, seconds=store.COUNTS_SECONDS)


def join(card: bytes, person: bytes, counts: bytes, viewer: bytes) -> bytes:
    """Return the `video` object of the API from its kept parts."""
    return b'{"author":%b,"counts":%b,"viewer":%b,%b' % (person[8:], counts[4:], viewer, card[9:])


def _add(prepared: Prepared, video: Video, own: VideoCard, neutral: VideoCard) -> None:
    name, author = video.pk.bytes, video.author_id.bytes
    shared = cards.card_json(neutral)
    person = _state_of_person(video.author) + orjson.dumps(shared["author"], option=OPTIONS)
    kept = {field: value for field, value in shared.items() if field not in SHARED}
    card = _state_of(video, neutral) + orjson.dumps(kept, default=str, option=OPTIONS)
    is_public = policies.is_public(video)
    (prepared.public if is_public else prepared.private).append((name, card))
    prepared.people[author] = person
    prepared.counts.append((name, store.counts_part(shared["counts"])))
    prepared.facts.append((author, card[:8] + person[:8]))
    same = _of_viewer(own) == _of_viewer(neutral)
    prepared.entries.append(_entry(own.viewer) if same else None)


def _entry(viewer: ViewerPart) -> store.Entry:
    marks = (
        store.LIKED * viewer.liked | store.SAVED * viewer.saved | store.REPOSTED * viewer.reposted
    )
    return [marks, viewer.reason]


def _of_viewer(card: VideoCard) -> tuple[object, ...]:
    """Return what of a card's shared part differs where somebody is hidden from its viewer."""
    return (card.mentions, card.counts, card.sound, card.duet_of, card.reply_to)


def _state_of(video: Video, neutral: VideoCard) -> bytes:
    """Return 8 bytes for everything that decides who sees it and by which URLs, and whom it names.

    A duet hangs on its original, whose every closing moves an epoch. Whom a card names may differ
    for a viewer (`_of_viewer`): that was compared with these names and holds for no others.
    """
    return _digest(
        video.audience,
        video.mature,
        video.draft,
        video.published_at,
        video.moderation_state,
        media_epochs.of(video),
        neutral.sound.id if neutral.sound else None,
        neutral.duet_of.id if neutral.duet_of else None,
        neutral.reply_to.comment_id if neutral.reply_to else None,
        [person.id for person in neutral.mentions],
    )


def _state_of_person(user: User) -> bytes:
    """Return 8 bytes for everything of an author's row that decides it, and for their name."""
    return _digest(
        user.is_private, user.is_active, user.suspended_at, user.media_epoch, user.username
    )


def _digest(*values: object) -> bytes:
    return hashlib.blake2b(repr(values).encode(), digest_size=8).digest()
