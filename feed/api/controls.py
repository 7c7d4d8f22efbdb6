"""`feed/interests`, `feed/reset`, `feed/mutes`, and what is said of one video."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.policies import require_user
from feed import controls, interests
from feed.api.schemas import AuthorOutput
from feed.models import FeedMute

PRIVATE = {"Cache-Control": "private, no-store"}
REFUSED = inline_serializer("NotInterestedState", {"not_interested": serializers.BooleanField()})


class TagInterestOutput(serializers.Serializer[None]):
    """A tag, and how much it counts."""

    name = serializers.CharField()
    weight = serializers.FloatField(help_text="Above 0: more of it; below: less.")
    followed = serializers.BooleanField(help_text="Picked by the caller, and not only learned.")


class AuthorInterestOutput(serializers.Serializer[None]):
    """A person, and how much their videos count."""

    user = AuthorOutput()
    weight = serializers.FloatField()


class FeedMuteOutput(serializers.Serializer[None]):
    """Something muted."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=FeedMute.Kind.choices)
    value = serializers.CharField(help_text="A word, a tag without its sign, a sound's id.")
    name = serializers.CharField(
        help_text="What it is called; empty for a sound that cannot be heard any more."
    )


class InterestsOutput(serializers.Serializer[None]):
    """All that the recommender knows of the caller."""

    since = serializers.DateTimeField(
        allow_null=True, help_text="What was done before says nothing."
    )
    views = serializers.IntegerField(help_text="How many views it looks at.")
    tags = TagInterestOutput(many=True)
    authors = AuthorInterestOutput(many=True)
    not_interested = serializers.IntegerField(help_text="How many videos were refused.")
    mutes = FeedMuteOutput(many=True)


class InterestsInput(serializers.Serializer[Any]):
    """What somebody picked."""

    tags = serializers.ListField(
        child=serializers.CharField(max_length=101), max_length=controls.MOST_INTERESTS
    )


class FeedMuteInput(serializers.Serializer[Any]):
    """Something to mute."""

    kind = serializers.ChoiceField(choices=FeedMute.Kind.choices)
    value = serializers.CharField(max_length=200, help_text="Of a sound: its id.")


class FeedMuteListOutput(serializers.Serializer[None]):
    """Everything muted."""

    results = FeedMuteOutput(many=True)


class Interests(APIView):
    """What the recommender knows of the caller; nobody else ever sees it."""

    takes_idempotency_key = False

    @extend_schema(operation_id="feed_interests", responses=InterestsOutput)
    def get(self, request: Request) -> Response:
        """Return what was learned and what was picked."""
        return _known(request)

    @extend_schema(
        operation_id="feed_interests_pick", request=InterestsInput, responses=InterestsOutput
    )
    def put(self, request: Request) -> Response:
        """Follow exactly these tags."""
        body = InterestsInput(data=request.data)
        body.is_valid(raise_exception=True)
        controls.pick_interests(actor=request.user, names=body.validated_data["tags"])
        return _known(request)


class Reset(APIView):
    """Forgetting."""

    takes_idempotency_key = False

    @extend_schema(operation_id="feed_reset", request=None, responses=InterestsOutput)
    def post(self, request: Request) -> Response:
        """Forget what was learned of the caller; what they picked or muted stays."""
        controls.reset(actor=request.user)
        return _known(request)


class Mutes(APIView):
    """Words, tags and sounds that the caller wants out of what is picked for them."""

    takes_idempotency_key = False

    @extend_schema(operation_id="feed_mutes", responses=FeedMuteListOutput)
    def get(self, request: Request) -> Response:
        """Return them, at most 200, the latest first."""
        user = require_user(request.user)
        mutes = controls.shown_mutes(user, controls.mutes_of(user))
        return Response({"results": [asdict(one) for one in mutes]}, headers=PRIVATE)

    @extend_schema(operation_id="feed_mute", request=FeedMuteInput, responses={201: FeedMuteOutput})
    def post(self, request: Request) -> Response:
        """Mute a word, a tag or a sound."""
        body = FeedMuteInput(data=request.data)
        body.is_valid(raise_exception=True)
        made = controls.mute(actor=request.user, **body.validated_data)
        (shown,) = controls.shown_mutes(require_user(request.user), [made])
        return Response(asdict(shown), status=status.HTTP_201_CREATED)


class Mute(APIView):
    """One of them."""

    @extend_schema(operation_id="feed_unmute", request=None, responses={204: None})
    def delete(self, request: Request, mute_id: str) -> Response:
        """Mute it no longer."""
        controls.unmute(actor=request.user, mute_id=mute_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema_view(
    post=extend_schema(operation_id="not_interested_set", request=None, responses=REFUSED),
    put=extend_schema(operation_id="not_interested_put", request=None, responses=REFUSED),
    delete=extend_schema(operation_id="not_interested_unset", request=None, responses=REFUSED),
)
class NotInterested(APIView):
    """That the caller does not want a video, and less of its kind."""

    takes_idempotency_key = False

    def post(self, request: Request, video_id: str) -> Response:
        """Keep it out of what is picked for the caller, and its author for two weeks."""
        return _set(request, video_id, on=True)

    def put(self, request: Request, video_id: str) -> Response:
        """Keep it out, as POST."""
        return _set(request, video_id, on=True)

    def delete(self, request: Request, video_id: str) -> Response:
        """Take it back."""
        return _set(request, video_id, on=False)


class WhyOutput(serializers.Serializer[None]):
    """Why a video may be in the caller's feed."""

    reasons = serializers.ListField(
        child=serializers.CharField(), help_text="Sentences, the strongest first."
    )
    tags = serializers.ListField(child=serializers.CharField(), help_text="What could be muted.")


class Why(APIView):
    """Why one video may be shown to the caller."""

    @extend_schema(operation_id="video_why", responses=WhyOutput)
    def get(self, request: Request, video_id: str) -> Response:
        """Return what speaks for a video, for the caller at this moment."""
        found = interests.explain(require_user(request.user), video_id)
        return Response({"reasons": found.reasons, "tags": found.tags}, headers=PRIVATE)


def _set(request: Request, video_id: str, *, on: bool) -> Response:
    state = controls.not_interested(actor=request.user, video_id=video_id, on=on)
    return Response({"not_interested": state})


def _known(request: Request) -> Response:
    known = interests.known_of(require_user(request.user))
    shown = {
        "since": known.since,
        "views": known.views,
        "tags": [asdict(tag) for tag in known.tags],
        "authors": [{"user": asdict(one.user), "weight": one.weight} for one in known.authors],
        "not_interested": known.not_interested,
        "mutes": [asdict(one) for one in known.mutes],
    }
    return Response(shown, headers=PRIVATE)
