"""The query of a feed: read by hand when it is plain, by the serializer when it is not.

The serializer says what is wrong; it takes longer than the rest of a page from memory.
"""

import re
from typing import TYPE_CHECKING, Any

from feed.api.schemas import DEFAULT_LIMIT, AnyFeedQuery, FeedQuery
from feed.modes import Mode
from feed.pages import MAX_LIMIT

if TYPE_CHECKING:
    from django.http import QueryDict

PLAIN = re.compile(r"[A-Za-z0-9_.:-]+")
NUMBER = re.compile(r"[0-9]{1,9}")
MODES = {mode.value for mode in Mode}


def read_query(params: "QueryDict", query: type[FeedQuery]) -> dict[str, Any]:
    """Return the validated query; raises ValidationError."""
    plain = _plain(params, with_mode=issubclass(query, AnyFeedQuery))
    if plain is not None:
        return plain
    asked = query(data=params)
    asked.is_valid(raise_exception=True)
    given: dict[str, Any] = asked.validated_data
    return given


def _plain(params: "QueryDict", *, with_mode: bool) -> dict[str, Any] | None:
    found: dict[str, Any] = {"skip": 0, "limit": DEFAULT_LIMIT}
    for name in params:
        value = str(params[name])
        if name in ("skip", "limit") and NUMBER.fullmatch(value):
            found[name] = int(value)
        elif _is_plain(name, value, with_mode=with_mode):
            found[name] = value
        else:
            return None
    return found if 1 <= found["limit"] <= MAX_LIMIT else None


def _is_plain(name: str, value: str, *, with_mode: bool) -> bool:
    if name == "mode":
        return with_mode and value in MODES
    longest = {"cursor": 400, "seed": 64}.get(name, 0)
    return len(value) <= longest and PLAIN.fullmatch(value) is not None
