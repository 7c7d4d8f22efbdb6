"""Verbs of pushes: devices and wishes, and the way of a push from an event to a device."""

from notifications.services.delivering import deliver
from notifications.services.devices import (
    MAX_DEVICES,
    Keys,
    forget_session,
    register_device,
    remove_device,
    remove_token,
)
from notifications.services.enqueueing import enqueue_message, enqueue_missed, enqueue_request, ring
from notifications.services.preferences import FIELDS, preferences_of, update_preferences
from notifications.services.receipts import poll_receipts
from notifications.services.spreading import spread
from notifications.services.sweeping import forget, sweep

__all__ = [
    "FIELDS",
    "MAX_DEVICES",
    "Keys",
    "deliver",
    "enqueue_message",
    "enqueue_missed",
    "enqueue_request",
    "forget",
    "forget_session",
    "poll_receipts",
    "preferences_of",
    "register_device",
    "remove_device",
    "remove_token",
    "ring",
    "spread",
    "sweep",
    "update_preferences",
]
