"""The one gateway of this process, for the server that runs it and the command that ends it."""

import functools

from core.gateway.app import Gateway


@functools.cache
def gateway() -> Gateway:
    """Return the gateway."""
    return Gateway()
