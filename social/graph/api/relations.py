"""What one person does to another: follow, remove a follower, block, mute, bell, unfriend."""

from abc import ABC, abstractmethod

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.graph import services
from social.graph.api.schemas import toggle

FOLLOW_STATES = ["following", "requested", "none"]
FRIEND_STATES = ["friends", "requested", "none"]


class Toggle(APIView, ABC):
    """POST or PUT sets, DELETE unsets; both answer the resulting state with 200."""

    def post(self, request: Request, handle: str) -> Response:
        """Set."""
        return self.set(request, handle)

    def put(self, request: Request, handle: str) -> Response:
        """Set."""
        return self.set(request, handle)

    def delete(self, request: Request, handle: str) -> Response:
        """Unset."""
        return self.unset(request, handle)

    @abstractmethod
    def set(self, request: Request, handle: str) -> Response:
        """Call the service that sets."""

    @abstractmethod
    def unset(self, request: Request, handle: str) -> Response:
        """Call the service that unsets."""


@toggle("follow", state=serializers.ChoiceField(FOLLOW_STATES))
class Follow(Toggle):
    """Follow a person, or ask a private one."""

    def set(self, request: Request, handle: str) -> Response:
        """Follow."""
        return Response({"state": services.follow(actor=request.user, username=handle)})

    def unset(self, request: Request, handle: str) -> Response:
        """Unfollow, or withdraw the request."""
        return Response({"state": services.unfollow(actor=request.user, username=handle)})


@toggle("block", blocks=serializers.BooleanField())
class Block(Toggle):
    """No longer exist for each other."""

    def set(self, request: Request, handle: str) -> Response:
        """Block."""
        services.block(actor=request.user, username=handle)
        return Response({"blocks": True})

    def unset(self, request: Request, handle: str) -> Response:
        """Unblock."""
        services.unblock(actor=request.user, username=handle)
        return Response({"blocks": False})


@toggle("mute", mutes=serializers.BooleanField())
class Mute(Toggle):
    """Keep a person out of feeds, suggestions and notices."""

    def set(self, request: Request, handle: str) -> Response:
        """Mute."""
        services.mute(actor=request.user, username=handle)
        return Response({"mutes": True})

    def unset(self, request: Request, handle: str) -> Response:
        """Unmute."""
        services.unmute(actor=request.user, username=handle)
        return Response({"mutes": False})


@toggle("bell", bell=serializers.BooleanField())
class Bell(Toggle):
    """Hear of each new video of somebody followed."""

    def set(self, request: Request, handle: str) -> Response:
        """Switch the bell on; 409 `not_following` for somebody not followed."""
        on = services.set_bell(actor=request.user, username=handle, on=True)
        return Response({"bell": on})

    def unset(self, request: Request, handle: str) -> Response:
        """Switch the bell off."""
        on = services.set_bell(actor=request.user, username=handle, on=False)
        return Response({"bell": on})


@toggle("friend_request", state=serializers.ChoiceField(FRIEND_STATES))
class FriendRequest(Toggle):
    """Ask a person to be friends."""

    def set(self, request: Request, handle: str) -> Response:
        """Ask; requests that cross become a friendship."""
        state = services.send_friend_request(actor=request.user, username=handle)
        return Response({"state": state})

    def unset(self, request: Request, handle: str) -> Response:
        """Take the caller's own request back."""
        state = services.withdraw_friend_request(actor=request.user, username=handle)
        return Response({"state": state})


class Follower(APIView):
    """A follower of the caller."""

    @extend_schema(
        operation_id="follower_remove",
        responses=inline_serializer(
            "FollowerState", {"state": serializers.ChoiceField(FOLLOW_STATES)}
        ),
    )
    def delete(self, request: Request, handle: str) -> Response:
        """End a person's follow of the caller, or their request, in silence."""
        services.remove_follower(actor=request.user, username=handle)
        return Response({"state": "none"})


class Friend(APIView):
    """A friend of the caller."""

    @extend_schema(
        operation_id="friend_remove",
        responses=inline_serializer(
            "FriendState", {"state": serializers.ChoiceField(FRIEND_STATES)}
        ),
    )
    def delete(self, request: Request, handle: str) -> Response:
        """End the friendship for both."""
        return Response({"state": services.unfriend(actor=request.user, username=handle)})
