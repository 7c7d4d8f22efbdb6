"""The floors of delivery, served as the gateway is: a bare hub, and Channels' own pub/sub layer.

`python -m tiktok.benchmarks.chat_floor hub|channels PORT`. The hub knows nobody and checks
nothing: one subscription, and whatever comes is written to every socket.
"""

import asyncio
import os
import sys
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import hiredis
import uvicorn

from tiktok.benchmarks.chat_writers import GROUP, HUB_TOPIC


class Hub:
    """Writes what Redis brings to all."""

    def __init__(self) -> None:
        self.sends: set[Any] = set()

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        """Serve the process's life or one socket."""
        if scope["type"] == "lifespan":
            await receive()
            task = asyncio.ensure_future(self._listen())
            await send({"type": "lifespan.startup.complete"})
            await receive()
            task.cancel()
            await send({"type": "lifespan.shutdown.complete"})
            return
        await receive()
        await send({"type": "websocket.accept"})
        self.sends.add(send)
        try:
            while (await receive())["type"] == "websocket.receive":
                pass
        finally:
            self.sends.discard(send)

    async def _listen(self) -> None:
        parts = urlsplit(os.environ["REDIS_URL"])
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        command = ("SUBSCRIBE", HUB_TOPIC)
        writer.write(hiredis.pack_command(command))  # type: ignore[arg-type]
        parser = hiredis.Reader()
        while data := await reader.read(65536):
            parser.feed(data)
            while (answer := parser.gets()) is not False:
                if answer[0] == b"message":
                    message = {"type": "websocket.send", "text": answer[2].decode()}
                    for send in tuple(self.sends):
                        await send(message)


def layer() -> Any:
    """Return Channels' pub/sub layer; raises ImportError where channels_redis is not installed."""
    from channels_redis.pubsub import RedisPubSubChannelLayer

    return RedisPubSubChannelLayer(hosts=[os.environ["REDIS_URL"]])


def channels_app() -> Any:
    """Return a consumer as Channels' documentation writes them."""
    from channels.generic.websocket import AsyncWebsocketConsumer
    from channels.layers import channel_layers

    channel_layers.set("default", layer())

    class Listener(AsyncWebsocketConsumer):  # type: ignore[misc]
        """One socket in the group."""

        groups = [GROUP]

        async def deliver(self, event: dict[str, Any]) -> None:
            """Write what the group is told."""
            await self.send(text_data=event["text"])

    served = Listener.as_asgi()

    async def application(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        await served(scope, receive, send)

    return application


def main(what: str, port: int) -> None:
    """Serve until told to stop, with the options of `manage.py serve_sockets`."""
    import django

    django.setup()
    uvicorn.run(
        Hub() if what == "hub" else channels_app(),
        port=port,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        lifespan="on" if what == "hub" else "off",
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiktok.settings")
    main(sys.argv[1], int(sys.argv[2]))
