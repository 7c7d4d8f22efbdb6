"""Cutting a page from a frozen list: what is hidden now is passed over, and the page filled."""

from dataclasses import dataclass, replace
from datetime import timedelta

import orjson

from core.errors import Invalid
from feed import ahead, cards, cursors, modes, reading, sessions, warm
from feed.cards import VideoCard
from feed.cursors import Place, Seed
from feed.modes import Mode
from videos.models import Video
from videos.policies import Viewer

MAX_LIMIT = 100
MAX_SKIP = 10**9
MAX_STEP = 400


@dataclass(frozen=True)
class FeedPage:
    """One page; `skip` and `cursor` name the next one, `cursor` is None at the end."""

    mode: Mode
    cards: list[VideoCard]
    seed: Seed
    skip: int
    cursor: str | None

    @property
    def end(self) -> bool:
        """Whether nothing is left."""
        return self.cursor is None


@dataclass(frozen=True)
class JsonPage:
    """One page whose videos are JSON objects already."""

    videos: list[bytes]
    seed: Seed
    skip: int
    cursor: str | None

    @property
    def end(self) -> bool:
        """Whether nothing is left."""
        return self.cursor is None


def find_place(
    *,
    viewer: Viewer,
    mode: Mode | None = None,
    seed: str | None = None,
    skip: int | None = None,
    cursor: str | None = None,
) -> Place:
    """Return where a client wants to read: a cursor, or a feed, its seed and a position.

    No mode means `for-you`, no seed begins a new session. Raises Invalid for an unusable seed or
    position, and for a cursor of another viewer, feed or session.
    """
    if cursor:
        place = cursors.read_cursor(cursor, viewer=viewer)
        if mode not in (None, place.mode) or seed not in (None, "", place.seed.text):
            raise Invalid("cursor_invalid", "This cursor is not valid here.")
        return place
    position = skip or 0
    if not 0 <= position <= MAX_SKIP:
        message = f"A position is 0 to {MAX_SKIP}."
        raise Invalid.field("skip", message, code="skip_invalid")
    chosen = mode or Mode.FOR_YOU
    if seed:
        return Place(chosen, cursors.read_seed(seed), position)
    begun = ahead.take_head(viewer=viewer, mode=chosen) if not position else None
    name = cursors.new_seed() if begun is None else Seed(str(begun))
    return Place(chosen, name, position)


def feed_page(*, viewer: Viewer, place: Place, limit: int) -> FeedPage:
    """Return up to `limit` videos from `place` on: fewer only when nothing else is left.

    The same place and limit give the same videos, as long as the viewer may see them. Raises
    Unauthenticated when a stranger asks for `following` or `friends`, Invalid for a bad limit.
    """
    modes.authorise(viewer=viewer, mode=place.mode)
    if not 1 <= limit <= MAX_LIMIT:
        raise Invalid.field("limit", f"A page has 1 to {MAX_LIMIT} videos.", code="limit_invalid")
    listing = sessions.open_listing(viewer=viewer, place=place)
    # One more than asked for: it tells whether this is the end.
    found = _visible_from(listing, viewer=viewer, place=place, wanted=limit + 1)
    listing.touch()
    page = found[:limit]
    born = replace(place, born_at=listing.born_at)
    ahead.prepare_window(viewer=viewer, place=born, limit=limit)
    if listing.is_new and found:
        ahead.soon(sessions.keep_latest, viewer)
    if place.skip == 0:
        ahead.prepare_head(viewer=viewer, mode=place.mode)
    end = len(found) <= limit
    whys = listing.whys(place.skip, page[-1][0] + 1) if page else {}
    shown = [video for _, video in page]
    # What is hidden now may be seen again by the next call: only what was served is passed.
    skip = page[-1][0] + 1 if page else place.skip
    rest = Place(place.mode, place.seed, skip, listing.born_at)
    return FeedPage(
        mode=place.mode,
        cards=cards.cards_for(shown, viewer=viewer, mode=place.mode, whys=whys),
        seed=place.seed,
        skip=skip,
        cursor=None if end else cursors.write_cursor(rest, viewer=viewer),
    )


def json_page(
    *, viewer: Viewer, place: Place, limit: int, rider: warm.Rider | None = None
) -> JsonPage:
    """Return `feed_page` as the API's JSON: from memory where all that it rests on is unchanged."""
    modes.authorise(viewer=viewer, mode=place.mode)
    ready = warm.read(viewer=viewer, place=place, limit=limit, rider=rider)
    if ready is None:
        page = feed_page(viewer=viewer, place=place, limit=limit)
        videos = [
            orjson.dumps(cards.card_json(card), default=str, option=orjson.OPT_UTC_Z)
            for card in page.cards
        ]
        return JsonPage(videos, page.seed, page.skip, page.cursor)
    born_at = cursors.EPOCH + timedelta(microseconds=ready.born_us)
    rest = Place(place.mode, place.seed, ready.skip, born_at)
    cursor = cursors.write_cursor(rest, viewer=viewer)
    return JsonPage(ready.videos, place.seed, ready.skip, cursor)


def _visible_from(
    listing: sessions.Listing, *, viewer: Viewer, place: Place, wanted: int
) -> list[tuple[int, Video]]:
    """Return up to `wanted` visible videos with their positions, growing the list as needed."""
    found: list[tuple[int, Video]] = []
    position, step = place.skip, wanted
    while len(found) < wanted:
        ids = listing.between(position, position + step)
        if not ids:
            if not listing.grow(beyond=position + wanted):
                break
            continue
        seen = reading.shown(viewer=viewer, mode=place.mode, ids=ids)
        found += [
            (position + offset, seen[video_id])
            for offset, video_id in enumerate(ids)
            if video_id in seen
        ]
        position += len(ids)
        # A long hidden stretch is crossed in few steps.
        step = min(step * 2, MAX_STEP)
    return found[:wanted]
