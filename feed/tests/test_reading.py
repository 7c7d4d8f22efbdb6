"""What is read by statements made once is what the one rule says, for everybody and every feed."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import User
from feed import cards, modes, reading
from feed.models import FeedMute, NotInterested
from feed.modes import Mode
from feed.tests.factories import add_tags, make_video
from social.graph.models import Block, Follow, Friendship, Mute
from videos.models import Video
from videos.policies import Viewer

pytestmark = pytest.mark.django_db
MODES = tuple(Mode)


@pytest.fixture
def everything(alice: User, bob: User, carol: User, dave: User, erin: User) -> list[Video]:
    """Videos of every audience and state by everybody, among people who stand in every relation."""
    Follow.objects.create(follower=bob, followed=alice)
    lo, hi = sorted([alice, erin], key=lambda person: person.pk)
    Friendship.objects.create(lo=lo, hi=hi)
    Block.objects.create(blocker=alice, blocked=dave)
    Mute.objects.create(muter=carol, muted=erin)
    User.objects.filter(pk=erin.pk).update(birth_date=dt.date(1980, 1, 1), show_mature=True)
    User.objects.filter(pk=bob.pk).update(birth_date=dt.date(1980, 1, 1))
    made = [
        make_video(author, audience=audience, mature=mature, caption=f"{author.username} rain")
        for author in (alice, bob, carol, dave, erin)
        for audience in ("everyone", "followers", "friends", "only_me")
        for mature in (False, True)
    ]
    made.append(make_video(alice, draft=True))
    made.append(make_video(alice, moderation_state="held"))
    made.append(make_video(alice, deleted_at=timezone.now()))
    made.append(make_video(alice, published_at=timezone.now() + dt.timedelta(hours=1)))
    add_tags(made[0], "dogs")
    FeedMute.objects.create(user=carol, kind=FeedMute.Kind.TAG, value="dogs")
    NotInterested.objects.create(user=bob, video=made[0])
    return made


def people(*known: User) -> list[Viewer]:
    return [User.objects.get(pk=person.pk) for person in known] + [AnonymousUser(), None]


def test_statements_say_what_the_rule_says(
    everything: list[Video], alice: User, bob: User, carol: User, dave: User, erin: User
) -> None:
    ids = [video.pk for video in everything]
    some = 0
    for viewer in people(alice, bob, carol, dave, erin):
        for mode in MODES:
            if mode not in modes.PUBLIC and not isinstance(viewer, User):
                continue
            rule = modes.videos_of(viewer=viewer, mode=mode).filter(pk__in=ids)
            expected = set(rule.values_list("pk", flat=True))
            assert set(reading.shown(viewer=viewer, mode=mode, ids=ids)) == expected
            some += bool(expected)
    assert some > len(MODES)


def test_what_one_viewer_was_shown_is_not_shown_to_the_next(
    everything: list[Video], bob: User, carol: User, erin: User
) -> None:
    liked = next(one for one in everything if one.author_id == bob.pk)
    liked.likes.create(user=erin)

    for viewer in (erin, carol, erin):
        rows = reading.shown(viewer=viewer, mode=Mode.ALL, ids=[liked.pk]).values()
        (card,) = cards.cards_for(rows, viewer=viewer)
        assert card.viewer.liked is (viewer == erin)


def test_a_suspended_person_is_shown_nothing(everything: list[Video], bob: User) -> None:
    ids = [video.pk for video in everything]
    bob.suspended_at = timezone.now()

    assert not reading.shown(viewer=bob, mode=Mode.ALL, ids=ids)


def test_what_was_published_after_the_statement_was_made_is_shown(alice: User, bob: User) -> None:
    soon = make_video(alice, published_at=timezone.now() + dt.timedelta(milliseconds=200))
    assert not reading.shown(viewer=bob, mode=Mode.ALL, ids=[soon.pk])

    Video.objects.filter(pk=soon.pk).update(published_at=timezone.now())
    assert set(reading.shown(viewer=bob, mode=Mode.ALL, ids=[soon.pk])) == {soon.pk}
