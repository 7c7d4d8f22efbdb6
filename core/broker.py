"""The embedded mode's broker: kombu's messages in files, each there as a whole or not at all.

kombu writes a message under its final name: whoever looks at that moment reads nothing, takes it
for broken JSON, and the worker ends.
"""

import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """kombu's, with a rename at the end of writing."""

    # kombu's two parents call the second one by two names.
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        # As kombu names them: in the order of sending, the queue after the first point.
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        final = Path(self.data_folder_out) / name
        beside = final.with_name(f"{name}.part")  # which no reader takes for a message
        beside.write_text(dumps(payload))
        beside.replace(final)


class Transport(filesystem.Transport):
    """kombu's, with that channel."""

    Channel = Channel


def register() -> None:
    """Have `filesystem://` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
