"""`GET videos/feed` and its aliases."""

from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

import orjson
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from core.http.throttles import Call
from core.redis_link import Command, link
from feed import pages
from feed.api.queries import read_query
from feed.api.schemas import AnyFeedQuery, FeedOutput, FeedQuery
from feed.modes import Mode


class FairUse:
    """`FairUseThrottle` for a view that asks Redis anyway."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def commands(self) -> Sequence[Command]:
        """Return what counts the call."""
        return self._call.commands()

    def answered(self, answers: Sequence[Any]) -> None:
        """Raise Throttled where the budget is spent."""
        if not self._call.fits_answers(answers):
            raise Throttled(self._call.left)


class Feed(APIView):
    """A feed cut into pages that neither repeat nor miss a video."""

    permission_classes = [AllowAny]
    query_class: ClassVar[type[FeedQuery]] = AnyFeedQuery
    mode: ClassVar[Mode | None] = None
    fair_use: FairUse | None = None

    @extend_schema(operation_id="feed", parameters=[AnyFeedQuery], responses=FeedOutput)
    def get(self, request: Request) -> HttpResponse:
        """Return one page of `for-you`, `following`, `friends` or `all`."""
        return self.page(request)

    def check_throttles(self, request: Request) -> None:
        """Count the call together with the page's first question to Redis, where there is one."""
        redis = link()
        self.fair_use = None
        if redis is not None and redis.is_up:
            self.fair_use = FairUse(Call(request))
        else:
            super().check_throttles(request)

    def page(self, request: Request) -> HttpResponse:
        """Return the page that the query names."""
        given = read_query(request.query_params, self.query_class)
        mode = self.mode or (Mode(given["mode"]) if "mode" in given else None)
        place = pages.find_place(
            viewer=request.user,
            mode=mode,
            seed=given.get("seed"),
            skip=given["skip"],
            cursor=given.get("cursor"),
        )
        page = pages.json_page(
            viewer=request.user, place=place, limit=given["limit"], rider=self.fair_use
        )
        following = None
        if page.cursor:
            parameters = urlencode({"cursor": page.cursor, "limit": given["limit"]})
            # As `build_absolute_uri`, which takes a path apart to put it together again.
            following = f"{request.scheme}://{request.get_host()}{request.path}?{parameters}"
        rest = {"next": following, "seed": page.seed.value, "skip": page.skip, "end": page.end}
        body = b'{"results":[%b],%b' % (b",".join(page.videos), orjson.dumps(rest)[1:])
        return HttpResponse(
            body,
            content_type="application/json",
            headers={"Cache-Control": "private, no-store"},
        )


class AllFeed(Feed):
    """The seeded shuffle of everything visible."""

    query_class = FeedQuery
    mode = Mode.ALL

    @extend_schema(operation_id="feed_all", parameters=[FeedQuery], responses=FeedOutput)
    def get(self, request: Request) -> HttpResponse:
        """Return one page of everything visible, shuffled by the seed."""
        return self.page(request)


class FollowingFeed(Feed):
    """The videos of people whom the caller follows."""

    query_class = FeedQuery
    mode = Mode.FOLLOWING

    @extend_schema(operation_id="feed_following", parameters=[FeedQuery], responses=FeedOutput)
    def get(self, request: Request) -> HttpResponse:
        """Return one page of followed people's videos, newest first."""
        return self.page(request)
