"""A message as clients send it, over HTTP and over a socket."""

from typing import Any

from rest_framework import serializers

from chat.services import Outgoing

LOOSE = 8000


class MessageInput(serializers.Serializer[Any]):
    """A new message; exactly the same again under one `client_id` is the same message."""

    client_id = serializers.UUIDField()
    body = serializers.CharField(
        max_length=LOOSE, required=False, allow_blank=True, trim_whitespace=False, default=""
    )
    reply_to = serializers.UUIDField(required=False, allow_null=True, default=None)
    attachments = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=100
    )
    video_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    profile = serializers.CharField(required=False, allow_blank=True, max_length=320, default="")
    forward_of = serializers.UUIDField(required=False, allow_null=True, default=None)


def outgoing_of(fields: dict[str, Any]) -> Outgoing:
    """Return the message of valid fields."""
    return Outgoing(**fields | {"attachments": tuple(fields["attachments"])})
