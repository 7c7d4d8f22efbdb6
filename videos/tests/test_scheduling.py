"""Drafts and moments to come: hidden until then, told to the other apps once."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import User
from core import events
from core.errors import Invalid
from core.testing import commit
from social.graph.tests.factories import together
from videos import policies, services
from videos.events import VideoPublished
from videos.models import Video
from videos.services import sweeping
from videos.services.editing import settle_publication
from videos.tests.factories import ready_video

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def heard() -> list[object]:
    """Return what is told from now on."""
    told: list[object] = []
    events.subscribe(VideoPublished, told.append)
    return told


def scheduled(author: User, **fields: object) -> Video:
    video = ready_video(author, draft=True, published_at=None, **fields)
    return services.edit_video(
        actor=author, video_id=video.pk, draft=False, publish_at=timezone.now() + HOUR
    )


def let_it_come(video: Video) -> None:
    moment = timezone.now() - dt.timedelta(seconds=1)
    Video.objects.filter(pk=video.pk).update(scheduled_for=moment, published_at=moment)


@pytest.mark.django_db
def test_a_scheduled_one_waits_and_is_told_once(
    alice: User, bob: User, heard: list[object]
) -> None:
    video = scheduled(alice)
    assert not policies.can_view(bob, video)
    assert sweeping.announce_scheduled() == 0
    let_it_come(video)
    assert policies.can_view(bob, video)
    assert sweeping.announce_scheduled() == 1
    assert sweeping.announce_scheduled() == 0
    commit()
    assert heard == [VideoPublished(video.pk, alice.pk)]
    again = services.edit_video(actor=alice, video_id=video.pk, draft=True)
    again = services.edit_video(actor=alice, video_id=again.pk, draft=False)
    sweeping.announce_scheduled()
    commit()
    assert again.published_at is not None
    assert len(heard) == 1


@pytest.mark.django_db(transaction=True)
def test_sweepers_at_once_tell_once(alice: User, heard: list[object]) -> None:
    let_it_come(scheduled(alice))
    results = together([sweeping.announce_scheduled] * 6)
    assert sorted(map(str, results)) == ["0", "0", "0", "0", "0", "1"]
    assert len(heard) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"moderation_state": "held"}, {"draft": True}])
def test_what_cannot_be_seen_is_not_told(
    alice: User, heard: list[object], fields: dict[str, object]
) -> None:
    video = scheduled(alice)
    let_it_come(video)
    Video.objects.filter(pk=video.pk).update(**fields)
    assert sweeping.announce_scheduled() == 0
    Video.objects.filter(pk=video.pk).update(moderation_state="visible", draft=False)
    assert sweeping.announce_scheduled() == 1


@pytest.mark.django_db
def test_one_that_is_removed_while_it_is_made_ready_is_told_when_it_is_restored(
    alice: User, mod: User, heard: list[object]
) -> None:
    video = ready_video(alice, published_at=None, moderation_state="removed")
    settle_publication(video)
    video.save()
    commit()
    assert heard == []
    services.restore_video(actor=mod, video_id=video.pk)
    sweeping.announce_scheduled()
    commit()
    assert heard == [VideoPublished(video.pk, alice.pk)]


@pytest.mark.django_db
def test_the_moment_can_be_moved_and_taken_back(alice: User, heard: list[object]) -> None:
    video = scheduled(alice)
    later = timezone.now() + 2 * HOUR
    moved = services.edit_video(actor=alice, video_id=video.pk, publish_at=later)
    assert moved.published_at == moved.scheduled_for == later
    now = services.edit_video(actor=alice, video_id=video.pk, publish_at=None)
    assert now.published_at is not None
    assert now.published_at <= timezone.now()
    commit()
    assert len(heard) == 1


@pytest.mark.django_db
def test_what_is_out_cannot_be_scheduled(alice: User) -> None:
    video = ready_video(alice)
    with pytest.raises(Invalid) as caught:
        services.edit_video(actor=alice, video_id=video.pk, publish_at=timezone.now() + HOUR)
    assert list(caught.value.errors) == ["publish_at"]
    back = services.edit_video(
        actor=alice, video_id=video.pk, draft=True, publish_at=timezone.now() + HOUR
    )
    assert back.published_at is None
