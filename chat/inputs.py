"""Messages and themes as clients send them, over HTTP, a form or a socket."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from chat.models import Theme
from chat.services import MAX_LAYERS, Layer, Look, Outgoing

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


class EmojiInput(serializers.Serializer[Any]):
    """The name of an emoji, whose picture comes as `file`."""

    shortcode = serializers.CharField(max_length=100)


class ThemeInput(serializers.Serializer[Any]):
    """A theme without its pictures, which come as files `layer_0` to `layer_4`."""

    name = serializers.CharField(max_length=LOOSE)
    background = serializers.ChoiceField(Theme.Background.values)
    bg_color = serializers.CharField(max_length=20)
    own_color = serializers.CharField(max_length=20)
    own_text = serializers.CharField(max_length=20)
    other_color = serializers.CharField(max_length=20)
    other_text = serializers.CharField(max_length=20)
    builds_on = serializers.UUIDField(required=False, allow_null=True, default=None)

    def get_fields(self) -> dict[str, "serializers.Field[Any, Any, Any, Any]"]:
        """Return the fields, with a speed and a kept picture for every layer."""
        fields = super().get_fields()
        for place in range(MAX_LAYERS):
            fields[f"speed_{place}"] = serializers.FloatField(
                required=False, min_value=0, max_value=1, default=0.0
            )
            fields[f"keep_{place}"] = serializers.IntegerField(
                required=False, allow_null=True, min_value=0, max_value=MAX_LAYERS, default=None
            )
        return fields


def look_of(fields: Mapping[str, Any], files: Mapping[str, Any]) -> Look:
    """Return the theme of valid fields and uploaded files; places without a picture are left out.

    A colour has no pictures and a picture has one, whatever else a form without scripts sent.
    """
    most = {"color": 0, "image": 1}.get(fields["background"], MAX_LAYERS)
    layers = []
    for place in range(MAX_LAYERS):
        given, kept = files.get(f"layer_{place}"), fields[f"keep_{place}"]
        if given is not None:
            layers.append(Layer(fields[f"speed_{place}"], source=given.file))
        elif kept is not None:
            layers.append(Layer(fields[f"speed_{place}"], kept=kept))
    plain = ("name", "background", "bg_color", "own_color", "own_text", "other_color", "other_text")
    return Look(**{name: fields[name] for name in plain}, layers=layers[:most])
