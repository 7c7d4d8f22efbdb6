"""What the API of pushes takes and answers."""

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from notifications.models import PushDevice
from notifications.services.devices import MAX_TOKEN


class KeysInput(serializers.Serializer[Any]):
    """The keys of a browser's subscription, as its `toJSON()` has them."""

    p256dh = serializers.CharField(max_length=100)
    auth = serializers.CharField(max_length=40)


class DeviceInput(serializers.Serializer[Any]):
    """A browser's subscription (`endpoint`, `keys`), or Expo's `token`."""

    transport = serializers.ChoiceField(PushDevice.Transport.choices)
    endpoint = serializers.CharField(max_length=MAX_TOKEN, required=False)
    keys = KeysInput(required=False)
    token = serializers.CharField(max_length=MAX_TOKEN, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for what the transport needs."""
        web = attrs["transport"] == PushDevice.Transport.WEB
        for name in ("endpoint", "keys") if web else ("token",):
            if name not in attrs:
                raise serializers.ValidationError({name: ["This field is required."]})
        return attrs


class TokenInput(serializers.Serializer[Any]):
    """Which device: a browser's endpoint, or Expo's token."""

    token = serializers.CharField(max_length=MAX_TOKEN)


class DeviceSchema(serializers.Serializer[Any]):
    """A device, without the secret by which it is reached."""

    id = serializers.UUIDField()
    transport = serializers.ChoiceField(PushDevice.Transport.choices)
    device = serializers.CharField()
    is_current = serializers.BooleanField()
    registered_at = serializers.DateTimeField()


class PreferencesBody(serializers.Serializer[Any]):
    """What to be told of while away; times as in 22:30, both or neither."""

    messages = serializers.BooleanField(required=False)
    calls = serializers.BooleanField(required=False)
    show_text = serializers.BooleanField(required=False)
    quiet_from = serializers.TimeField(required=False, allow_null=True, format="%H:%M")
    quiet_until = serializers.TimeField(required=False, allow_null=True, format="%H:%M")
    time_zone = serializers.CharField(required=False, max_length=64)


DEVICES = inline_serializer(
    "PushDevices",
    {
        "results": DeviceSchema(many=True),
        "public_key": serializers.CharField(allow_null=True),
        "expo": serializers.BooleanField(),
    },
)
