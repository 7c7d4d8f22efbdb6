"""An account's own setting bounds what each of its videos says."""

from typing import Any

import pytest

from accounts import services as accounts
from accounts.models import User
from conftest import ApiOf
from social.graph.tests.factories import befriend
from videos.tests.factories import ready_video

STEPS = ("everyone", "friends", "nobody")


@pytest.mark.django_db
@pytest.mark.parametrize("account", STEPS)
@pytest.mark.parametrize("video", STEPS)
def test_the_stricter_of_the_two_counts(
    api: ApiOf, alice: User, carol: User, erin: User, account: str, video: str
) -> None:
    befriend(alice, erin)
    accounts.update_settings(actor=alice, who_may_comment=account)
    made = ready_video(alice, allow_comments=video)
    allowed = max(account, video, key=STEPS.index)
    expected: dict[Any, bool] = {
        alice: True,
        erin: allowed != "nobody",
        carol: allowed == "everyone",
    }
    for person, may in expected.items():
        answer = api(person).post(f"/api/v1/videos/{made.pk}/comments", {"text": "hello"})
        assert answer.status_code == (201 if may else 403), person
    closed = api(carol).get(f"/videos/{made.pk}/comments").context["comments_closed"]
    assert closed is (allowed == "nobody")


@pytest.mark.django_db
def test_it_counts_for_old_videos_at_once(api: ApiOf, alice: User, carol: User) -> None:
    made, client = ready_video(alice), api(carol)
    path = f"/api/v1/videos/{made.pk}/comments"
    assert client.post(path, {"text": "hello"}).status_code == 201
    accounts.update_settings(actor=alice, who_may_comment="nobody")
    assert client.post(path, {"text": "hello"}).status_code == 403
