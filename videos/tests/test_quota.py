"""What one person may send in a day and keep open; the refusals name themselves."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from conftest import ApiOf
from videos import quota, services
from videos.models import Upload
from videos.tests.factories import fake_file, posted, received

pytestmark = pytest.mark.django_db


def refused(api: ApiOf, user: User, length: int) -> Any:
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(length)}
    answer = api(user).post("/api/v1/uploads", headers=headers)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"].endswith(".")
    return answer


def test_a_days_count(api: ApiOf, alice: User, bob: User, settings: Any) -> None:
    settings.UPLOADS_PER_DAY = 3
    posted(alice, fake_file(1_000))
    received(alice, fake_file(1_000))
    services.create_upload(actor=alice, length=1_000)
    answer = refused(api, alice, 1_000)
    assert (answer.status_code, answer.json()["code"]) == (429, "daily_uploads_spent")
    assert 86_000 < int(answer["Retry-After"]) <= 86_400
    services.create_upload(actor=bob, length=1_000)
    Upload.objects.filter(owner=alice).update(created_at=timezone.now() - timedelta(hours=25))
    services.create_upload(actor=alice, length=1_000)


def test_what_never_brought_a_byte_does_not_count(alice: User, settings: Any) -> None:
    settings.UPLOADS_PER_DAY = 1
    for _ in range(3):
        given_up = services.create_upload(actor=alice, length=1_000)
        services.abort_upload(actor=alice, upload_id=given_up.pk)
    received(alice, fake_file(1_000))


def test_a_days_bytes_to_the_byte(api: ApiOf, alice: User, settings: Any) -> None:
    settings.UPLOAD_BYTES_PER_DAY = 10_000
    brought = received(alice, fake_file(4_000))
    services.abort_upload(actor=alice, upload_id=brought.pk)
    assert quota.bytes_used(alice.pk) == 0
    open_one = services.create_upload(actor=alice, length=5_000)
    answer = refused(api, alice, 1_001)
    assert (answer.status_code, answer.json()["code"]) == (429, "daily_bytes_spent")
    assert int(answer["Retry-After"]) > 0
    services.abort_upload(actor=alice, upload_id=open_one.pk)
    services.create_upload(actor=alice, length=6_000)


def test_too_many_open_says_what_to_do(api: ApiOf, alice: User, settings: Any) -> None:
    settings.UPLOAD_MAX_OPEN = 2
    for _ in range(2):
        services.create_upload(actor=alice, length=1_000)
    answer = refused(api, alice, 1_000)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_open_uploads")
    assert "2 unfinished" in answer.json()["detail"]
