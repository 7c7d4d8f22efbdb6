"""Mature videos: adults by a link, adults who switched them on in feeds, others nowhere."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts import services as accounts
from accounts.models import User
from core.testing import commit
from videos import media_epochs, policies
from videos.models import Video
from videos.tests.factories import ready_video

pytestmark = pytest.mark.django_db


def tell_age(user: User, years: int) -> User:
    today = timezone.localdate()
    born = today.replace(year=today.year - years, day=min(today.day, 28))
    return accounts.update_profile(actor=user, birth_date=born)


def test_the_switch_hides_them_from_feeds_only(alice: User, bob: User) -> None:
    video, plain = ready_video(alice, mature=True), ready_video(alice)
    viewer = tell_age(bob, 30)
    assert policies.can_view(viewer, video)
    assert set(policies.listed_for(viewer)) == {plain}
    viewer = accounts.update_settings(actor=viewer, show_mature=True)
    assert set(policies.listed_for(viewer)) == {video, plain}
    viewer = accounts.update_settings(actor=viewer, show_mature=False)
    assert set(policies.listed_for(viewer)) == {plain}


def test_the_switch_alone_opens_nothing(alice: User, bob: User) -> None:
    video = ready_video(alice, mature=True)
    User.objects.filter(pk=bob.pk).update(show_mature=True)
    bob.refresh_from_db()
    assert not policies.can_view(bob, video)
    assert not policies.listed_for(bob).exists()


def test_a_corrected_age_ends_the_urls_that_were_handed_out(
    alice: User, bob: User, mod: User
) -> None:
    mature, plain = ready_video(alice, mature=True), ready_video(alice)
    tell_age(bob, 30)
    accounts.correct_birth_date(
        actor=mod, user_id=bob.pk, birth_date=timezone.localdate() - dt.timedelta(days=16 * 366)
    )
    commit()
    assert media_epochs.live(mature.pk) == (1, 0)
    assert media_epochs.live(plain.pk) == (0, 0)
    bob.refresh_from_db()
    assert list(policies.visible_to(bob)) == [plain]
    assert Video.objects.count() == 2
