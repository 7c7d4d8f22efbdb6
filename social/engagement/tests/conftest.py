"""One video by alice."""

import pytest

from accounts.models import User
from social.engagement.tests.factories import make_video
from videos.models import Video


@pytest.fixture
def video(alice: User) -> Video:
    """A public clip of alice."""
    return make_video(author=alice)
