from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from core.ids import uuid7
from feed.ranking import Candidate, authors_apart, fraction, ranked, score, shuffled

NOW = datetime(2026, 11, 21, tzinfo=UTC)
AUTHORS = [UUID(int=number) for number in range(1, 9)]


def candidate(*, author: int = 0, days: float = 1.0, interest: int = 0) -> Candidate:
    return Candidate(uuid7(), AUTHORS[author], NOW - timedelta(days=days), interest=interest)


def test_more_reactions_score_higher_and_age_takes_them_away() -> None:
    assert score(candidate(interest=50), now=NOW) > score(candidate(interest=5), now=NOW)
    assert score(candidate(interest=50, days=40), now=NOW) < score(
        candidate(interest=5, days=1), now=NOW
    )


def test_a_fresh_video_without_reactions_beats_an_old_one_that_has_some() -> None:
    assert score(candidate(days=0), now=NOW) > score(candidate(days=30, interest=20), now=NOW)


def test_a_video_dated_ahead_is_as_fresh_as_can_be_and_no_fresher() -> None:
    assert score(candidate(days=-5), now=NOW) == score(candidate(days=0), now=NOW)


def test_the_same_seed_orders_the_same_and_another_differently() -> None:
    videos = [candidate() for _ in range(50)]
    once = ranked(videos, seed=7, now=NOW)
    assert once == ranked(reversed(videos), seed=7, now=NOW)
    assert once != ranked(videos, seed=8, now=NOW)
    ids = [video.id for video in videos]
    assert shuffled(ids, seed=7) == shuffled(reversed(ids), seed=7) != shuffled(ids, seed=8)


def test_better_ones_come_first_more_often_than_not() -> None:
    good = [candidate(interest=200, author=1) for _ in range(10)]
    plain = [candidate(interest=0, author=2) for _ in range(10)]
    first_ten = [
        sum(video in good for video in ranked(good + plain, seed=seed, now=NOW)[:10])
        for seed in range(20)
    ]
    assert sum(first_ten) / len(first_ten) > 9


def test_seeded_places_are_spread_evenly() -> None:
    places = [fraction(3, uuid7()) for _ in range(2000)]
    assert 0.45 < sum(places) / len(places) < 0.55
    assert min(places) > 0
    assert max(places) < 1


@given(st.lists(st.integers(0, 7), max_size=60), st.lists(st.integers(0, 7), max_size=3))
def test_spacing_loses_and_invents_nothing_and_keeps_each_authors_order(
    authors: list[int], before: list[int]
) -> None:
    videos = [candidate(author=author) for author in authors]
    spaced = authors_apart(videos, recent=[AUTHORS[number] for number in before])
    assert sorted(video.id for video in spaced) == sorted(video.id for video in videos)
    for author in AUTHORS:
        assert [video for video in spaced if video.author_id == author] == [
            video for video in videos if video.author_id == author
        ]


def test_an_author_waits_for_three_others() -> None:
    videos = [candidate(author=number // 5) for number in range(20)]
    spaced = authors_apart(videos, recent=[AUTHORS[0]])
    assert spaced[0].author_id != AUTHORS[0]
    for place in range(4, 17):
        near = [video.author_id for video in spaced[place - 3 : place + 1]]
        assert len(set(near)) == 4


def test_one_author_alone_is_shown_all_the_same() -> None:
    videos = [candidate(author=0) for _ in range(5)]
    assert authors_apart(videos) == videos
