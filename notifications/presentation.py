"""A device as its owner sees it, the same for the API and the page."""

from typing import Any
from uuid import UUID

from accounts.useragents import describe
from notifications.models import PushDevice


def device_json(device: PushDevice, *, current: UUID | None) -> dict[str, Any]:
    """Return a device without its token; `current` is the sign-in that asks."""
    return {
        "id": device.pk,
        "transport": device.transport,
        "device": describe(device.session.user_agent) if device.session else "",
        "is_current": device.session_id is not None and device.session_id == current,
        "registered_at": device.registered_at,
    }
