"""Authors with many followers: `python -m tiktok.benchmarks.crowd COUNT` prints an author's token.

The followers are bare accounts of their own, made once and shared by every author of the run.
"""

import os
import sys
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from accounts.models import User

FIRST = 0x0190_0000_0000_7000_8002_0000_0000_0000
AUTHORS = 0x0190_0000_0000_7000_8003_0000_0000_0000
PAIRS = 0x0190_0000_0000_7000_8000_0000_0000_0000


def author_of(count: int) -> "User":
    """Return an author with exactly so many followers; call with Django set up."""
    from django.utils import timezone

    from accounts.models import User
    from social.graph.models import Follow, PersonStats
    from tiktok.benchmarks.dataset import write

    name = f"author_of_{count}"
    known = User.objects.filter(username=name).first()
    if known:
        return known
    now = timezone.now()
    here = User.objects.filter(username__startswith="crowd_").count()
    write(
        User,
        (
            {"id": UUID(int=FIRST + number), "username": f"crowd_{number}"}
            | {"email": f"crowd_{number}@crowd.invalid", "password": "!", "created_at": now}
            for number in range(here, count)
        ),
        total=max(count - here, 0),
    )
    author = User.objects.create(
        id=UUID(int=AUTHORS + count),
        username=name,
        email=f"{name}@crowd.invalid",
        password="!",  # noqa: S106  unusable: nobody signs in as a crowd
    )
    write(
        Follow,
        (
            {"id": UUID(int=PAIRS + (count << 32) + number), "created_at": now}
            | {"follower_id": UUID(int=FIRST + number), "followed_id": author.pk}
            for number in range(count)
        ),
        total=count,
    )
    PersonStats.objects.create(user=author, followers=count)
    return author


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiktok.settings")
    import django

    django.setup()
    from tiktok.benchmarks.viewers import token_of

    sys.stdout.write(token_of(author_of(int(sys.argv[1]))))
