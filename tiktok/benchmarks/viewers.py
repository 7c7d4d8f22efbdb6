"""`python -m tiktok.benchmarks.viewers COUNT`: access tokens of people of the dataset, as JSON.

A day long, so that the load needs no signing in; checked like any other by the server.
"""

import json
import os
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User

DAY = timedelta(days=1)


def people_of(count: int, start: int = 0) -> "list[User]":
    """Return so many people of the dataset, from number `start`; call with Django set up."""
    from accounts.models import User

    known = User.objects.filter(email__endswith="@bench.invalid").order_by("pk")
    return list(known[start : start + count])


def issue(count: int) -> list[str]:
    """Return a token of a device session for each of the first people; call with Django set up."""
    return [token_of(user) for user in people_of(count)]


def token_of(user: "User") -> str:
    """Return a token of a new device session of somebody."""
    from django.utils import timezone

    from accounts.models import Session
    from accounts.tokens import AccessToken

    session = Session.objects.create(
        user=user,
        kind=Session.Kind.APP,
        auth_version=user.auth_version,
        expires_at=timezone.now() + DAY,
    )
    token = AccessToken()
    token["sub"], token["sid"] = str(user.pk), str(session.pk)
    token.set_exp(lifetime=DAY)
    return str(token)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiktok.settings")
    import django

    django.setup()
    sys.stdout.write(json.dumps(issue(int(sys.argv[1]))))
