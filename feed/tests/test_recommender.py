"""The recommender in the product: from rows to pages, for the first person and the hundredth."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.models import User
from conftest import make_user
from core.testing import same_queries
from feed import controls, pages, tasks
from feed.models import FeedSession, RankingModel
from feed.modes import Mode
from feed.pages import FeedPage
from feed.recommender import learning, serving, shelves
from feed.tests.factories import add_tags, make_video, make_videos
from feed.tests.test_controls import watch
from social.engagement import services as engagement
from social.graph.models import Block, Follow
from videos.models import Video


def read(viewer: User, *, limit: int = 10, seed: str = "1", cursor: str | None = None) -> FeedPage:
    place = pages.find_place(
        viewer=viewer,
        mode=None if cursor else Mode.FOR_YOU,
        seed=None if cursor else seed,
        cursor=cursor,
    )
    return pages.feed_page(viewer=viewer, place=place, limit=limit)


def ids_of(page: FeedPage) -> list[UUID]:
    return [card.id for card in page.cards]


def walk(viewer: User, *, seed: str = "1", limit: int = 7) -> list[UUID]:
    page = read(viewer, seed=seed, limit=limit)
    found = ids_of(page)
    while page.cursor:
        page = read(viewer, cursor=page.cursor, limit=limit)
        found += ids_of(page)
    assert len(found) == len(set(found))
    return found


@pytest.fixture
def kinds(db: None) -> dict[str, list[Video]]:
    """Thirty videos of ten authors: rain, cars and food."""
    found: dict[str, list[Video]] = {"rain": [], "cars": [], "food": []}
    for number in range(30):
        tag = list(found)[number % 3]
        author = User.objects.filter(username=f"author{number // 3}").first()
        video = make_video(
            author or make_user(f"author{number // 3}"), minutes_ago=60 * 24 * 5 + number
        )
        add_tags(video, tag)
        found[tag].append(video)
    return found


def likes_rain(viewer: User, kinds: dict[str, list[Video]]) -> None:
    for video in kinds["rain"][:4]:
        watch(viewer, video, 2.0)
        engagement.like_video(actor=viewer, video_id=video.pk)
    for video in (*kinds["cars"][:3], *kinds["food"][:3]):
        watch(viewer, video, 0.03)


def test_it_works_for_the_first_person_without_a_model(
    bob: User, kinds: dict[str, list[Video]]
) -> None:
    likes_rain(bob, kinds)
    assert not RankingModel.objects.exists()
    page = read(bob, limit=6)
    rain = {video.pk for video in kinds["rain"]}
    assert len(rain & set(ids_of(page)[:5])) >= 4
    assert "Because you like #rain" in [card.viewer.reason for card in page.cards]


def test_it_learns_from_others_and_says_so(bob: User, kinds: dict[str, list[Video]]) -> None:
    for number in range(6):
        fan = make_user(f"fan{number}")
        for video in kinds["rain"]:
            watch(fan, video, 1.5)
    likes_rain(bob, kinds)
    tasks.learn()
    assert RankingModel.objects.count() == 1
    page = read(bob, limit=6)
    rain = {video.pk for video in kinds["rain"]}
    assert len(rain & set(ids_of(page)[:5])) >= 4
    assert all(card.viewer.reason for card in page.cards)


def test_what_was_watched_comes_last_and_still_comes(
    bob: User, kinds: dict[str, list[Video]]
) -> None:
    likes_rain(bob, kinds)
    order = walk(bob)
    assert len(order) == 30
    watched = {video.pk for video in (*kinds["rain"][:4], *kinds["cars"][:3], *kinds["food"][:3])}
    assert set(order[-10:]) == watched


def test_somebody_who_saw_everything_is_still_shown_pages(alice: User, bob: User) -> None:
    videos = make_videos(alice, 8)
    for video in videos:
        watch(bob, video)
    assert set(walk(bob)) == {video.pk for video in videos}


def test_the_author_of_what_is_not_wanted_waits_till_the_end(
    bob: User, kinds: dict[str, list[Video]]
) -> None:
    refused = kinds["rain"][0]
    controls.not_interested(actor=bob, video_id=refused.pk, on=True)
    order = walk(bob)
    others = Video.objects.filter(author_id=refused.author_id).exclude(pk=refused.pk)
    assert set(order[-2:]) == set(others.values_list("pk", flat=True))
    assert refused.pk not in order


def test_a_reset_makes_it_forget(bob: User, kinds: dict[str, list[Video]]) -> None:
    likes_rain(bob, kinds)
    controls.reset(actor=bob)
    reasons = {card.viewer.reason for card in read(bob, limit=20).cards}
    assert "Because you like #rain" not in reasons


def test_picked_interests_lead_from_the_start(bob: User, kinds: dict[str, list[Video]]) -> None:
    controls.pick_interests(actor=bob, names=["food"])
    page = read(bob, limit=5)
    assert "Because you picked #food" in [card.viewer.reason for card in page.cards]


def test_a_reason_that_no_longer_holds_is_not_given(
    bob: User, kinds: dict[str, list[Video]]
) -> None:
    likes_rain(bob, kinds)
    read(bob)
    kinds["rain"][0].video_tags.model.objects.all().delete()
    assert not [card for card in read(bob).cards if "#rain" in (card.viewer.reason or "")]


def test_hidden_videos_are_never_chosen(
    alice: User, bob: User, carol: User, kinds: dict[str, list[Video]]
) -> None:
    hidden = [make_video(alice, audience="only_me"), make_video(alice, audience="friends")]
    blocked = make_video(carol)
    tasks.learn()
    Block.objects.create(blocker=carol, blocked=bob)
    order = walk(bob)
    assert len(order) == 30
    assert not {video.pk for video in (*hidden, blocked)} & set(order)


def test_new_videos_appear_without_a_new_model(
    alice: User, bob: User, kinds: dict[str, list[Video]]
) -> None:
    tasks.learn()
    Follow.objects.create(follower=bob, followed=alice)
    new = make_video(alice, minutes_ago=1)
    card = next(card for card in read(bob, limit=15).cards if card.id == new.pk)
    assert card.viewer.reason == "You follow @alice"


def test_a_list_is_the_same_from_any_process(bob: User, kinds: dict[str, list[Video]]) -> None:
    likes_rain(bob, kinds)
    tasks.learn()
    first = read(bob)
    rest = ids_of(read(bob, cursor=first.cursor))
    shelves._current = (None, shelves.empty())  # another process has unpacked nothing yet
    FeedSession.objects.all().delete()
    assert ids_of(read(bob, cursor=first.cursor)) == rest


def test_models_survive_packing(bob: User, kinds: dict[str, list[Video]]) -> None:
    likes_rain(bob, kinds)
    learning.learn()
    shelf = shelves.of_model(RankingModel.objects.latest("pk").pk)
    assert set(shelf.videos) == {video.pk for tag in kinds.values() for video in tag}
    assert set(shelf.tags) == set(kinds)
    number = shelf.number_of[kinds["rain"][0].pk]
    assert shelf.tags[shelf.learned.content.tags[number][0]] == "rain"
    assert shelf.authors[shelf.learned.content.authors[number]] == kinds["rain"][0].author_id
    assert shelf.learned.shown[number] == 1


def test_learning_is_skipped_while_nothing_happens_and_keeps_two_models(
    alice: User, bob: User
) -> None:
    assert learning.learn()
    assert learning.learn() is None
    for _ in range(3):
        watch(bob, make_video(alice))
        assert learning.learn()
    assert RankingModel.objects.count() == 2


def test_an_unknown_signal_is_named(settings: object, alice: User) -> None:
    settings.FEED_SIGNAL_WEIGHTS = {"applause": 1.0}  # type: ignore[attr-defined]
    with pytest.raises(Exception, match="applause"):
        learning.learn()


def test_choosing_costs_the_same_queries_whatever_there_is(
    bob: User, kinds: dict[str, list[Video]]
) -> None:
    likes_rain(bob, kinds)
    tasks.learn()

    def choose() -> None:
        serving.choose(bob, seed=1, turn=0, taken={}, born_at=timezone.now())

    choose()
    with same_queries() as record:
        record(choose)
        author = make_user("prolific")
        for number in range(30):
            video = make_video(author, minutes_ago=number)
            add_tags(video, f"t{number}")
            watch(bob, video)
        record(choose)


def test_a_scheduled_video_waits_for_its_hour(alice: User, bob: User) -> None:
    make_video(alice, published_at=timezone.now() + timedelta(hours=1))
    assert walk(bob) == []
