"""A walk over every URL pattern of the product."""

import re
from collections.abc import Iterator, Mapping

from django.urls import URLPattern, URLResolver, get_resolver

CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
NOTHING = "01999999-0000-7000-8000-000000000000"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Values(dict[str, str]):
    """Parameters of routes by name; whatever is not named is nothing's id."""

    def __missing__(self, name: str) -> str:
        """Return an id that nothing has."""
        return NOTHING


def walk(
    patterns: list[URLPattern | URLResolver] | None = None, before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Yield each route as written (`api/v1/videos/<str:video_id>`) with its pattern."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from walk(entry.url_patterns, route)
        else:
            yield route, entry


def fill(route: str, values: Mapping[str, str], samples: Mapping[str, str]) -> str:
    """Return a path of the route: parameters replaced, or the sample of a regular expression."""
    if "^" in route:
        return "/" + samples[route]
    return "/" + CONVERTER.sub(lambda match: values[match[1]], route)
