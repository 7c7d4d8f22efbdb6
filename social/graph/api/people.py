"""People: search, suggestions, followers and following, the caller's own lists."""

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import (
    SAFE_METHODS,
    AllowAny,
    BasePermission,
    IsAuthenticated,
)
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.schemas import UserSchema
from accounts.api.users import OwnedByHandle
from accounts.presentation import present_user, present_users
from social.graph import policies, selectors, services
from social.graph.api.schemas import (
    PEOPLE,
    ByUsername,
    LimitQuery,
    PageQuery,
    SearchQuery,
    SuggestedOutput,
    answer_people,
    page_of,
)


class People(APIView):
    """Everybody."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="users_search", parameters=[SearchQuery], responses=PEOPLE)
    def get(self, request: Request) -> Response:
        """Return people whose handle or name starts with `search`; nobody without it."""
        query = _valid(SearchQuery, request)
        people = selectors.people_matching(viewer=request.user, text=query["search"])
        return answer_people(self, request, people, lambda person: person, ByUsername())


class Person(OwnedByHandle):
    """A person: anybody may look, the owner may change (see `OwnedByHandle`)."""

    def get_permissions(self) -> list[BasePermission]:
        """Return the rule of the method: looking needs no account."""
        return [AllowAny()] if self.request.method in SAFE_METHODS else [IsAuthenticated()]

    @extend_schema(operation_id="user", responses={200: UserSchema})
    def get(self, request: Request, handle: str) -> Response:
        """Return the public profile of a handle: a username, an id or a findable address."""
        person = policies.get_visible_person(viewer=request.user, handle=handle)
        return Response(present_user(person, viewer=request.user))


class Suggested(APIView):
    """Whom the caller may know."""

    @extend_schema(
        operation_id="users_suggested",
        parameters=[LimitQuery],
        responses=page_of("SuggestedPage", SuggestedOutput),
    )
    def get(self, request: Request) -> Response:
        """Return people whom the caller may know, each with a reason; one page."""
        limit = _valid(LimitQuery, request)["limit"]
        actor = policies.require_active(request.user)
        found = selectors.suggest(viewer=actor, limit=limit)
        people = present_users([one.person for one in found], viewer=actor)
        results = [
            person | {"reason": one.reason} for person, one in zip(people, found, strict=True)
        ]
        return Response({"results": results, "next": None, "previous": None})


class Suggestion(APIView):
    """Somebody who was suggested."""

    @extend_schema(
        operation_id="suggestion_dismiss",
        request=None,
        responses=inline_serializer("SuggestionState", {"dismissed": serializers.BooleanField()}),
    )
    def delete(self, request: Request, handle: str) -> Response:
        """Never suggest this person to the caller again."""
        services.dismiss_suggestion(actor=request.user, username=handle)
        return Response({"dismissed": True})


class Followers(APIView):
    """Who follows a person."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="user_followers", parameters=[PageQuery], responses=PEOPLE)
    def get(self, request: Request, handle: str) -> Response:
        """Return the followers; a private account's only for its followers and friends."""
        person = policies.get_visible_person(viewer=request.user, handle=handle)
        rows = selectors.followers_of(viewer=request.user, person=person)
        return answer_people(self, request, rows, lambda row: row.follower)


class Following(APIView):
    """Whom a person follows."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="user_following", parameters=[PageQuery], responses=PEOPLE)
    def get(self, request: Request, handle: str) -> Response:
        """Return whom they follow; a private account's only for its followers and friends."""
        person = policies.get_visible_person(viewer=request.user, handle=handle)
        rows = selectors.following_of(viewer=request.user, person=person)
        return answer_people(self, request, rows, lambda row: row.followed)


class Friends(APIView):
    """The caller's friends."""

    @extend_schema(operation_id="friends", parameters=[PageQuery], responses=PEOPLE)
    def get(self, request: Request) -> Response:
        """Return the caller's friends, the newest friendship first."""
        actor = policies.require_active(request.user)
        rows = selectors.friends_of(actor)
        return answer_people(
            self, request, rows, lambda row: row.hi if row.lo_id == actor.pk else row.lo
        )


class Blocks(APIView):
    """Whom the caller blocked."""

    @extend_schema(operation_id="blocks", parameters=[PageQuery], responses=PEOPLE)
    def get(self, request: Request) -> Response:
        """Return whom the caller blocked, the latest first; nobody else sees this."""
        rows = selectors.blocked_by(policies.require_active(request.user))
        return answer_people(self, request, rows, lambda row: row.blocked)


class Mutes(APIView):
    """Whom the caller muted."""

    @extend_schema(operation_id="mutes", parameters=[PageQuery], responses=PEOPLE)
    def get(self, request: Request) -> Response:
        """Return whom the caller muted, the latest first; nobody else sees this."""
        rows = selectors.muted_by(policies.require_active(request.user))
        return answer_people(self, request, rows, lambda row: row.muted)


def _valid(serializer: type[LimitQuery], request: Request) -> dict[str, Any]:
    query = serializer(data=request.query_params)
    query.is_valid(raise_exception=True)
    values: dict[str, Any] = query.validated_data
    return values
