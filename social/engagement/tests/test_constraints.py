"""What the database itself refuses, whatever the code above it does."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import User
from social.engagement.models import Comment, Like, Save, VideoStats
from videos.models import Video


@pytest.mark.parametrize("model", [Like, Save])
def test_second_pair(model: Any, video: Video, bob: User) -> None:
    model.objects.create(user=bob, video=video)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.bulk_create([model(user=bob, video=video)])


def test_live_comment_without_text(video: Video, bob: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.create(video=video, author=bob, text="")


@pytest.mark.parametrize("counter", ["likes", "comments", "saves"])
def test_negative_counter(counter: str, video: Video) -> None:
    VideoStats.objects.create(video=video)
    with pytest.raises(IntegrityError), transaction.atomic():
        VideoStats.objects.update(**{counter: F(counter) - 1})
