"""Requests: to follow a private account, and to be friends."""

from collections.abc import Sequence

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.presentation import present_users
from core.idempotency import idempotent
from social.graph import policies, selectors, services
from social.graph.api.schemas import REQUESTS, DirectionQuery, NewestFirst
from social.graph.models import FollowRequest, FriendRequest

ANSWER = inline_serializer(
    "RequestAnswer", {"state": serializers.ChoiceField(["accepted", "declined"])}
)
ACCEPTED = {"state": "accepted"}
DECLINED = {"state": "declined"}


class FollowRequests(APIView):
    """Open requests to follow."""

    @extend_schema(operation_id="follow_requests", parameters=[DirectionQuery], responses=REQUESTS)
    def get(self, request: Request) -> Response:
        """Return the requests that wait for the caller, or (`sent`) that the caller waits for."""
        actor = policies.require_active(request.user)
        received = _received(request)
        pages = NewestFirst()
        rows = selectors.follow_requests(actor, received=received)
        page: list[FollowRequest] = pages.paginate_queryset(rows, request, self) or []
        others = [row.sender if received else row.target for row in page]
        return pages.get_paginated_response(_present(actor, page, others))


class FriendRequests(APIView):
    """Open requests to be friends."""

    @extend_schema(operation_id="friend_requests", parameters=[DirectionQuery], responses=REQUESTS)
    def get(self, request: Request) -> Response:
        """Return the requests that wait for the caller, or (`sent`) that the caller waits for."""
        actor = policies.require_active(request.user)
        received = _received(request)
        pages = NewestFirst()
        rows = selectors.friend_requests(actor, received=received)
        page: list[FriendRequest] = pages.paginate_queryset(rows, request, self) or []
        others = [row.sender if received else row.recipient for row in page]
        return pages.get_paginated_response(_present(actor, page, others))


class AcceptFollow(APIView):
    """Yes."""

    @extend_schema(operation_id="follow_request_accept", request=None, responses=ANSWER)
    @idempotent
    def post(self, request: Request, request_id: str) -> Response:
        """Let the sender follow the caller."""
        services.accept_follow_request(actor=request.user, request_id=request_id)
        return Response(ACCEPTED)


class DeclineFollow(APIView):
    """No."""

    @extend_schema(operation_id="follow_request_decline", request=None, responses=ANSWER)
    @idempotent
    def post(self, request: Request, request_id: str) -> Response:
        """Delete the request; its sender is not told."""
        services.decline_follow_request(actor=request.user, request_id=request_id)
        return Response(DECLINED)


class AcceptFriend(APIView):
    """Yes."""

    @extend_schema(operation_id="friend_request_accept", request=None, responses=ANSWER)
    @idempotent
    def post(self, request: Request, request_id: str) -> Response:
        """Become friends with the sender."""
        services.accept_friend_request(actor=request.user, request_id=request_id)
        return Response(ACCEPTED)


class DeclineFriend(APIView):
    """No."""

    @extend_schema(operation_id="friend_request_decline", request=None, responses=ANSWER)
    @idempotent
    def post(self, request: Request, request_id: str) -> Response:
        """Delete the request; its sender is not told."""
        services.decline_friend_request(actor=request.user, request_id=request_id)
        return Response(DECLINED)


def _received(request: Request) -> bool:
    query = DirectionQuery(data=request.query_params)
    query.is_valid(raise_exception=True)
    return bool(query.validated_data["direction"] == "received")


def _present(
    viewer: User, page: Sequence[FollowRequest | FriendRequest], others: list[User]
) -> list[dict[str, object]]:
    people = present_users(others, viewer=viewer)
    return [
        {"id": row.pk, "user": person, "created_at": row.created_at}
        for row, person in zip(page, people, strict=True)
    ]
