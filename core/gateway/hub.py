"""Who is connected to this process, and what reaches them."""

import asyncio
import logging
import random
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from uuid import UUID

import orjson

from core.gateway import connection as codes
from core.gateway.connection import Connection

logger = logging.getLogger(__name__)
PER_USER, PER_ADDRESS = 10, 50


class Hub:
    """Connections by person; `subscribe` is told of each, `unsubscribe` of the last."""

    def __init__(self) -> None:
        self.people: dict[str, set[Connection]] = defaultdict(set)
        self.addresses: Counter[str] = Counter()
        self.subscribe: Callable[[str], Awaitable[None]] | None = None
        self.unsubscribe: Callable[[str], Awaitable[None]] | None = None
        self.draining = False

    def admit(self, user_id: UUID, address: str) -> bool:
        """Return whether one more socket of this person from this address is welcome."""
        mine = len(self.people.get(str(user_id), ()))
        return mine < PER_USER and self.addresses[address] < PER_ADDRESS

    async def add(self, connection: Connection, address: str) -> None:
        """Let a connection hear; returns once nothing can be missed any more."""
        key = str(connection.user_id)
        self.people[key].add(connection)
        self.addresses[address] += 1
        if self.subscribe is not None:
            await self.subscribe(key)

    async def remove(self, connection: Connection, address: str) -> None:
        """Forget a connection."""
        key = str(connection.user_id)
        self.people[key].discard(connection)
        self.addresses[address] -= 1
        if self.addresses[address] <= 0:
            del self.addresses[address]
        if not self.people[key]:
            del self.people[key]
            if self.unsubscribe is not None:
                await self.unsubscribe(key)

    def everybody(self) -> list[Connection]:
        """Return all connections."""
        return [one for sockets in self.people.values() for one in sockets]

    def deliver(self, user_id: str, frame: bytes) -> None:
        """Write a frame of the bus to the sockets of a person."""
        sockets = self.people.get(user_id)
        if not sockets:
            return
        head, _, body = frame.partition(b"\n")
        ev, c, _o = head.decode().split(" ")
        text = body.decode()
        if ev in ("session.revoked", "account.shut", "member.add", "member.remove"):
            self._control(user_id, ev, c, body, text)
            return
        for socket in tuple(sockets):
            if not c.startswith("@") or c[1:] == socket.id:
                socket.push(text, ev=ev, c=c)

    def resync(self, reason: str) -> None:
        """Tell everybody to ask for the state anew: something may have been missed."""
        text = orjson.dumps({"ev": "resync", "d": {"reason": reason}}).decode()
        for socket in self.everybody():
            socket.push(text)

    async def drain(self, seconds: float) -> None:
        """Send everybody elsewhere, spread over a while so that they do not return at once."""
        self.draining = True
        waiting = self.everybody()
        random.shuffle(waiting)
        for socket in waiting:
            socket.close(codes.DRAINING)
            await asyncio.sleep(random.uniform(0, 2) * seconds / max(1, len(waiting)))

    def _control(self, user_id: str, ev: str, c: str, body: bytes, text: str) -> None:
        """Frames that change what a socket may hear, besides telling it."""
        told = orjson.loads(body)["d"]
        for socket in tuple(self.people[user_id]):
            if ev == "session.revoked":
                if told["session_id"] == str(socket.session_id):
                    socket.push(text)
                    socket.close(codes.UNAUTHENTICATED)
                continue
            if ev == "member.add" and told.get("user_id") == user_id:
                socket.deny(c, on=False)
            socket.push(text, ev=ev, c=c)
            if ev == "account.shut":
                socket.close(codes.SHUT_OUT)
            if ev == "member.remove" and told.get("user_id") == user_id:
                socket.deny(c, on=True)
