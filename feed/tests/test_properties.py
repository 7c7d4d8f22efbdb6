"""Within a seed: no repeat, no hole and no early end, whatever happens between two pages."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.cache import cache
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from core.redis_link import link
from feed import candidates, pages
from feed.models import FeedSession
from feed.modes import Mode
from feed.pages import FeedPage
from feed.tests.factories import make_video
from social.graph.models import Block, Follow
from videos.models import Video

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.integers(0, 200)),
        st.tuples(st.just("delete"), st.integers(0, 50)),
        st.tuples(st.just("hide"), st.integers(0, 50)),
        st.tuples(st.just("show"), st.integers(0, 50)),
        st.tuples(st.just("block"), st.integers(0, 1)),
        st.tuples(st.just("lose"), st.integers(0, 1)),
        st.tuples(st.just("read"), st.integers(1, 9)),
        st.tuples(st.just("again"), st.integers(1, 9)),
    ),
    max_size=16,
)


class Reader:
    """One viewer reading one session while videos come and go."""

    def __init__(self, authors: tuple[User, User], viewer: User, mode: Mode, seed: int) -> None:
        self.authors, self.viewer, self.mode, self.seed = authors, viewer, mode, str(seed)
        self.seen: list[UUID] = []
        self.skip = 0
        self.pages: list[tuple[int, int, list[UUID]]] = []
        self.gone: set[UUID] = set()
        self.end = False

    def publish(self, minutes_ago: int) -> None:
        make_video(self.authors[minutes_ago % 2], minutes_ago=minutes_ago / 100)

    def delete(self, number: int) -> None:
        self._change(number, deleted_at=timezone.now())

    def hide(self, number: int) -> None:
        self._change(number, audience="only_me")

    def show(self, number: int) -> None:
        Video.objects.filter(deleted_at=None, audience="only_me").update(audience="everyone")

    def block(self, on: int) -> None:
        """Block the second author, or take it back: what was hidden between may have a hole."""
        author = self.authors[1]
        if on:
            Block.objects.get_or_create(blocker=author, blocked=self.viewer)
        else:
            Block.objects.filter(blocker=author).delete()
        self.gone |= set(Video.objects.filter(author=self.authors[1]).values_list("pk", flat=True))

    def lose(self, _: int) -> None:
        """Every cache is empty from now on: the process's, and Redis."""
        cache.clear()
        redis = link()
        if redis:
            redis.ask(("FLUSHDB",))

    def _change(self, number: int, **fields: object) -> None:
        keys = list(Video.objects.order_by("pk").values_list("pk", flat=True))
        if keys:
            key = keys[number % len(keys)]
            Video.objects.filter(pk=key).update(**fields)
            self.gone.add(key)

    def read(self, limit: int) -> None:
        page = self._page(self.skip, limit)
        ids = [card.id for card in page.cards]
        assert len(ids) == limit or page.end
        assert set(ids) <= self._visible(), "a hidden or blocked one"
        self.pages.append((self.skip, limit, ids))
        self.seen += ids
        self.skip, self.end = page.skip, page.end

    def again(self, number: int) -> None:
        """A retry of an earlier page shows the same, what was hidden since aside."""
        if self.pages:
            skip, limit, before = self.pages[number % len(self.pages)]
            now = [card.id for card in self._page(skip, limit).cards]
            kept = [key for key in before if key not in self.gone]
            shown = [key for key in now if key in kept]
            assert shown == kept[: len(shown)]
            # What was hidden then and is shown again now takes places from the page's end.
            assert shown == kept or self.gone & set(now)

    def finish(self) -> None:
        self.end = False
        while not self.end:
            self.read(7)
        assert len(self.seen) == len(set(self.seen)), "a repeat"
        assert self._visible() - self.gone <= set(self.seen), "a hole or an early end"

    def _visible(self) -> set[UUID]:
        """Return what there is to see, said without the rule."""
        rows = Video.objects.filter(deleted_at=None, audience="everyone")
        if Block.objects.exists():
            rows = rows.exclude(author=self.authors[1])
        return set(rows.values_list("pk", flat=True))

    def _page(self, skip: int, limit: int) -> FeedPage:
        place = pages.find_place(viewer=self.viewer, mode=self.mode, seed=self.seed, skip=skip)
        return pages.feed_page(viewer=self.viewer, place=place, limit=limit)


@pytest.mark.parametrize("mode", [Mode.FOR_YOU, Mode.ALL, Mode.FOLLOWING])
@given(start=st.integers(0, 25), seed=st.integers(-(2**63), 2**63 - 1), steps=STEPS)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_repeat_no_hole_no_early_end(
    alice: User,
    bob: User,
    carol: User,
    monkeypatch: pytest.MonkeyPatch,
    mode: Mode,
    start: int,
    seed: int,
    steps: list[tuple[str, int]],
) -> None:
    Video.objects.all().delete()
    FeedSession.objects.all().delete()
    Block.objects.all().delete()
    for author in (alice, carol):
        Follow.objects.get_or_create(follower=bob, followed=author)
    # Small batches, so that lists grow at every few steps.
    monkeypatch.setattr(candidates, "WINDOW", 5)
    monkeypatch.setattr(candidates, "SHUFFLE_BATCH", 6)
    now = timezone.now()
    for number in range(start):
        author = (alice, carol)[number % 2]
        make_video(author, published_at=now - timedelta(hours=number % 7))
    reader = Reader((alice, carol), bob, mode, seed)
    reader.lose(0)  # no timeline of an example before: nobody tells it of these videos
    for verb, number in steps:
        getattr(reader, verb)(number)
    reader.finish()
