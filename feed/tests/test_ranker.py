"""The ranking itself, over numbers: what it learns, keeps apart, tries out and never shows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feed.recommender import covisits, factors, labels, models, ranker
from feed.recommender.factors import Content
from feed.recommender.labels import Quartiles
from feed.recommender.models import Counts, Learned, Log
from feed.recommender.ranker import Before, Why
from feed.recommender.viewers import Person

NOW = 1_800_000_000.0
DAY = 86_400.0
GROUPS, EACH = 4, 30


def world(seed: int = 1, *, people: int = 80, each: int = 25) -> tuple[Learned, Log]:
    """Return a model of four kinds of videos and of people who like one kind each."""
    chance = np.random.default_rng(seed)
    size = GROUPS * EACH
    kind = np.arange(size) % GROUPS
    content = Content(
        authors=np.arange(size) // GROUPS % 20,
        tags=np.stack([kind, np.full(size, -1)], axis=1).astype(np.int32),
    )
    users = np.repeat(np.arange(people), each)
    items = np.concatenate([chance.choice(size - 20, each, replace=False) for _ in range(people)])
    fits = kind[items] == users % GROUPS
    values = np.where(fits, 0.4, -0.2) + chance.normal(0, 0.1, len(items))
    log = Log(users, items, NOW - chance.random(len(items)) * 5 * DAY, values)
    shown = np.bincount(items, minlength=size).astype(float)
    hits = np.bincount(items, weights=(values > 0).astype(float), minlength=size)
    published = NOW - np.linspace(20, 0.5, size) * DAY
    return (
        models.learn(
            log,
            content=content,
            published=published,
            counts=Counts(shown, {"long": hits}),
            now=NOW,
        ),
        log,
    )


def person(model: Learned, items: list[int], values: list[float], **fields: object) -> Person:
    hidden = np.zeros(len(model), dtype=bool)
    hidden[items] = True
    return Person(
        items=np.array(items, dtype=np.int64),
        values=np.array(values),
        hidden=hidden,
        followed=np.zeros(len(model), dtype=bool),
        **fields,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def model() -> Learned:
    return world()[0]


def test_who_likes_a_kind_is_shown_that_kind_and_told_why(model: Learned) -> None:
    fan = person(model, [0, 4, 8, 1, 2, 3], [0.5, 0.5, 0.5, -0.3, -0.3, -0.3])
    picks = ranker.recommend(model, fan, count=10, now=NOW, seed=1)
    kinds = [pick.item % GROUPS for pick in picks if pick.why is not Why.NEW]
    assert kinds.count(0) >= 6
    assert {pick.why for pick in picks} & {Why.TAG, Why.TASTE, Why.ALIKE, Why.AUTHOR}
    assert all(pick.tag == 0 for pick in picks if pick.why is Why.TAG)


def test_a_video_that_nobody_watched_is_found_by_its_tag(model: Learned) -> None:
    unseen = range(len(model) - 20, len(model))
    fan = person(model, [1, 2, 3, 0, 4, 8, 12], [-0.3, -0.3, -0.3, 0.6, 0.6, 0.6, 0.6])
    long, _ = fan.vectors(model)
    scores = model.vectors @ long
    own = [scores[item] for item in unseen if item % GROUPS == 0]
    others = [scores[item] for item in unseen if item % GROUPS]
    assert min(own) > max(others)


def test_somebody_new_sees_what_is_liked_and_their_picked_interests(model: Learned) -> None:
    assert len(ranker.recommend(model, person(model, [], []), count=20, now=NOW, seed=3)) == 20
    picked = person(model, [], [], interests=np.array([2]))
    picks = ranker.recommend(model, picked, count=10, now=NOW, seed=3)
    interests = [pick for pick in picks if pick.why is Why.INTEREST]
    assert len(interests) >= 2
    assert {(pick.item % GROUPS, pick.tag) for pick in interests} == {(2, 2)}


def test_new_videos_get_a_place_among_each_ten_and_never_the_first_three(model: Learned) -> None:
    fan = person(model, [0, 4], [0.5, 0.5])
    for seed in range(10):
        picks = ranker.recommend(model, fan, count=30, now=NOW, seed=seed)
        for page in (picks[:10], picks[10:20]):
            places = [place for place, pick in enumerate(page) if pick.why is Why.NEW]
            assert len(places) == 1
            assert places[0] >= 3


def test_whom_somebody_follows_comes_with_that_reason(model: Learned) -> None:
    fan = person(model, [], [])
    fan.followed = model.content.authors == 7
    picks = ranker.recommend(model, fan, count=20, now=NOW, seed=1)
    said = {pick.why for pick in picks if model.content.authors[pick.item] == 7}
    assert said <= {Why.FOLLOWED, Why.NEW}
    assert Why.FOLLOWED in said


@settings(max_examples=25, deadline=None)
@given(
    hidden=st.sets(st.integers(0, GROUPS * EACH - 1)),
    count=st.integers(1, 150),
    seed=st.integers(-(2**63), 2**63),
    likes=st.lists(st.integers(0, GROUPS * EACH - 1), max_size=8),
)
def test_nothing_twice_nothing_hidden_and_nothing_missing(
    hidden: set[int], count: int, seed: int, likes: list[int]
) -> None:
    model = SHARED[0]
    viewer = person(model, likes, [0.5] * len(likes))
    viewer.hidden[:] = False
    viewer.hidden[list(hidden)] = True
    picks = ranker.recommend(model, viewer, count=count, now=NOW, seed=seed)
    items = [pick.item for pick in picks]
    assert len(items) == len(set(items)) == min(count, len(model) - len(hidden))
    assert not set(items) & hidden
    again = ranker.recommend(model, viewer, count=count, now=NOW, seed=seed)
    assert again == picks


SHARED = world()


def test_an_author_keeps_their_distance(model: Learned) -> None:
    before = Before(authors=(3, 5, 7))
    picks = ranker.recommend(model, person(model, [], []), count=30, now=NOW, seed=2, before=before)
    authors = [3, 5, 7, *(int(model.content.authors[pick.item]) for pick in picks)]
    assert all(authors[place] not in authors[place - 3 : place] for place in range(3, 33))


def test_neighbours_are_what_was_liked_soon_after() -> None:
    users = np.repeat(np.arange(30), 4)
    items = np.tile([0, 1, 5, 6], 30)
    near = covisits.count(users, items, np.tile(np.arange(4.0), 30), size=8)
    scores = near.scores(np.array([0]), 8)
    assert scores[1] > scores[5] >= scores[6] > scores[7] == 0
    assert (
        covisits.count(users[:0], items[:0], NOW * np.ones(0), size=8)
        .scores(np.array([0]), 8)
        .sum()
        == 0
    )


def test_centring_makes_a_patient_and_a_quick_viewer_alike() -> None:
    usual = np.array([0.9, 0.9, 0.95, 0.8] * 10)
    patient, quick = labels.centred(usual), labels.centred(usual - 0.6)
    assert np.abs(patient[-4:] - quick[-4:]).max() < 0.05


def test_places_use_own_quartiles_when_there_are_enough() -> None:
    ratios = np.linspace(0, 0.2, 1000)
    buckets = np.zeros(1000, dtype=int)
    assert Quartiles.of(ratios, buckets).places(np.array([0.1]), np.array([0]))[0] == pytest.approx(
        0.5, abs=0.01
    )
    few = Quartiles.of(ratios[:50], buckets[:50])
    assert few.places(np.array([0.1]), np.array([0]))[0] < 0.2


def test_smoothing_lets_one_fan_not_outweigh_a_hundred() -> None:
    shown = np.array([1.0, 200.0, 0.0])
    counts = Counts(shown, {"like": np.array([1.0, 60.0, 0.0])})
    worth = counts.worth(models.SIGNAL_WEIGHTS)
    assert worth[1] > worth[0] > worth[2] == 0


def test_learning_from_nothing_is_a_model_too() -> None:
    content = Content(np.zeros(3, dtype=int), np.full((3, 2), -1))
    none = np.zeros(0)
    log = Log(none.astype(int), none.astype(int), none, none)
    model = models.learn(
        log, content=content, published=np.full(3, NOW), counts=Counts(np.zeros(3), {}), now=NOW
    )
    assert len(ranker.recommend(model, person(model, [], []), count=5, now=NOW, seed=0)) == 3
    assert factors.ridge(np.zeros((0, 4)), none, none).tolist() == [0, 0, 0, 0]
