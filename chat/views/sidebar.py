"""The list of conversations, which stands beside whatever is open."""

from collections.abc import Sequence
from typing import Any

from accounts.models import User
from chat import selectors, services, shelf
from chat.models import Member

LIST = 30


def presence_of(user: User, people: Sequence[dict[str, Any] | None]) -> list[services.Presence]:
    """Return who of these is there, as far as the user may know."""
    return services.presence_of(user, [person["id"] for person in people if person])


def sidebar(user: User, *, folder: str = "inbox") -> dict[str, Any]:
    """Return what `chat/_list.html` shows of a folder."""
    rows: list[Member] = list(selectors.memberships(user=user, folder=folder)[:LIST])
    shown = shelf.conversations_json(rows)
    for one in shown:
        others = [who["user"] for who in one["members"] if who["user_id"] != user.pk]
        one["face"] = next((person for person in others if person), None)
    present = {one.user_id: one for one in presence_of(user, [one["face"] for one in shown])}
    for one in shown:
        one["presence"] = present.get(one["face"]["id"]) if one["face"] else None
    shown.sort(key=lambda one: one["me"]["pinned_at"] is None)
    return {
        "folder": folder,
        "conversations": shown,
        "requests": selectors.memberships(user=user, folder="requests").count(),
        "archived": selectors.memberships(user=user, folder="archived").exists(),
    }
