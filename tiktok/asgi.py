"""ASGI entry point: sockets, and in the embedded mode pages and API on the same port.

`manage.py serve_sockets` runs it behind nginx, where HTTP here is health checks alone.
"""

import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiktok.settings")
App = Callable[[Mapping[str, Any], Any, Any], Awaitable[None]]


def _apps() -> tuple[Any, App]:
    """Return the gateway and the pages; the apps must be loaded before the gateway is."""
    from tiktok.wsgi import application as pages  # isort: skip
    from core.gateway.process import gateway
    from core.http.bridge import Bridge

    return gateway(), Bridge(pages, threads=settings.ASGI_THREADS)


sockets, web = _apps()


async def application(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
    """Serve one connection of whatever kind."""
    await (web if scope["type"] == "http" else sockets)(scope, receive, send)
