"""`python -m tiktok.benchmarks.chat_people COUNT`: people in a ring of groups of two.

Prints JSON: their ids and tokens, and the rooms; person n and n + 1 are in room n.
"""

import json
import os
import sys
from typing import Any


def make(count: int) -> dict[str, Any]:
    """Make so many people and rooms; call with Django set up."""
    from django.utils import timezone

    from accounts.models import User
    from chat.models import Conversation, Member
    from tiktok.benchmarks.viewers import token_of

    people = User.objects.bulk_create(
        User(username=f"talker{number}", email=f"talker{number}@bench.invalid", name="Talker")
        for number in range(count)
    )
    now = timezone.now()
    rooms = Conversation.objects.bulk_create(
        Conversation(
            kind=Conversation.Kind.GROUP,
            title=f"Room {number}",
            last_activity_at=now,
            sort_at=now,
            member_count=2,
        )
        for number in range(count)
    )
    Member.objects.bulk_create(
        Member(
            conversation=room,
            user=people[(number + place) % count],
            role=Member.Role.MEMBER if place else Member.Role.OWNER,
            state=Member.State.ACTIVE,
            changed_at=now,
        )
        for number, room in enumerate(rooms)
        for place in (0, 1)
    )
    return {
        "ids": [str(user.pk) for user in people],
        "tokens": [token_of(user) for user in people],
        "rooms": [str(room.pk) for room in rooms],
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiktok.settings")
    import django

    django.setup()
    sys.stdout.write(json.dumps(make(int(sys.argv[1]))))
