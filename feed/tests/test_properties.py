"""Within a seed: no repeat, no hole and no early end, whatever happens between two pages."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from feed import candidates, pages
from feed.models import FeedSession
from feed.modes import Mode
from feed.pages import FeedPage
from feed.tests.factories import make_video
from social.graph.models import Follow
from videos.models import Video
from videos.policies import Viewer

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.integers(0, 200)),
        st.tuples(st.just("delete"), st.integers(0, 50)),
        st.tuples(st.just("hide"), st.integers(0, 50)),
        st.tuples(st.just("show"), st.integers(0, 50)),
        st.tuples(st.just("read"), st.integers(1, 9)),
        st.tuples(st.just("again"), st.integers(1, 9)),
    ),
    max_size=16,
)


class Reader:
    """One viewer reading one session while videos come and go."""

    def __init__(self, author: User, viewer: Viewer, mode: Mode, seed: int) -> None:
        self.author, self.viewer, self.mode, self.seed = author, viewer, mode, str(seed)
        self.seen: list[UUID] = []
        self.skip = 0
        self.pages: list[tuple[int, int, list[UUID]]] = []
        self.gone: set[UUID] = set()
        self.end = False

    def publish(self, minutes_ago: int) -> None:
        make_video(self.author, minutes_ago=minutes_ago / 100)

    def delete(self, number: int) -> None:
        self._change(number, deleted_at=timezone.now())

    def hide(self, number: int) -> None:
        self._change(number, audience="only_me")

    def show(self, number: int) -> None:
        Video.objects.filter(deleted_at=None, audience="only_me").update(audience="everyone")

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
        visible = set(
            Video.objects.filter(deleted_at=None, audience="everyone").values_list("pk", flat=True)
        )
        assert visible - self.gone <= set(self.seen), "a hole or an early end"

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
    monkeypatch: pytest.MonkeyPatch,
    mode: Mode,
    start: int,
    seed: int,
    steps: list[tuple[str, int]],
) -> None:
    Video.objects.all().delete()
    FeedSession.objects.all().delete()
    Follow.objects.get_or_create(follower=bob, followed=alice)
    # Small batches, so that lists grow at every few steps.
    monkeypatch.setattr(candidates, "WINDOW", 5)
    monkeypatch.setattr(candidates, "SHUFFLE_BATCH", 6)
    now = timezone.now()
    for number in range(start):
        make_video(alice, published_at=now - timedelta(hours=number % 7))
    reader = Reader(alice, bob, mode, seed)
    for verb, number in steps:
        getattr(reader, verb)(number)
    reader.finish()
