"""`manage.py serve_sockets`: the socket gateway by itself, behind nginx (the scaled mode)."""

import asyncio
import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand

# A little above what the gateway takes, so that it can say 4413; beyond, the server says 1009.
MAX_BYTES = 64 * 1024


class Draining(uvicorn.Server):
    """Sends everybody elsewhere before it ends: asked twice, at once."""

    asked = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain; the server ends when nobody is left."""
        if self.asked or sig == signal.SIGINT:
            super().handle_exit(sig, frame)
            return
        self.asked = True
        self.draining = asyncio.get_event_loop().create_task(self._drain(sig))

    async def _drain(self, sig: int) -> None:
        from core.gateway.process import gateway

        await gateway().hub.drain(settings.SOCKET_DRAIN_SECONDS)
        super().handle_exit(sig, None)


class Command(BaseCommand):
    """Runs the gateway until SIGTERM."""

    help = "Serve sockets (and health checks) until SIGTERM, then drain."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8001)

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve."""
        config = uvicorn.Config(
            settings.ASGI_APPLICATION.replace(".application", ":application"),
            host=options["host"],
            port=options["port"],
            ws="websockets-sansio",
            ws_max_size=MAX_BYTES,
            ws_per_message_deflate=False,
            ws_ping_interval=None,
            lifespan="on",
            access_log=False,
            log_config=None,
            log_level="warning",
            timeout_graceful_shutdown=5,
        )
        Draining(config).run()
