"""What the graph tells every page: how many requests wait for whoever is signed in."""

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from social.graph import selectors


def waiting(request: HttpRequest) -> dict[str, Any]:
    """Return `waiting_requests`, counted only by a page that shows it."""
    return {"waiting_requests": SimpleLazyObject(lambda: _count(request))}


def _count(request: HttpRequest) -> int:
    if not isinstance(request.user, User):
        return 0
    try:
        return selectors.count_waiting(request.user)
    except DatabaseError:
        # The page that says "try again in a moment" has a navigation too.
        return 0
