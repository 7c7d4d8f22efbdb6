"""The ASGI application: handshake, the conversation with one client, and the process's duties."""

import asyncio
import functools
import logging
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from types import SimpleNamespace
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit
from uuid import UUID

import orjson
from django.conf import settings
from django.db import close_old_connections
from django.http.request import validate_host
from django.utils import timezone

from core import realtime
from core.bus import LocalBus, RedisBus, bus, open_socket, read_offset
from core.errors import DomainError, RateLimited
from core.gateway import connection as codes
from core.gateway.connection import Connection, Send
from core.gateway.hub import Hub
from core.gateway.operations import Caller, Identity, doors
from core.gateway.redis_feed import RedisFeed
from core.http.clients import client_ip
from core.http.problems import to_domain
from core.redis_link import Gone

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")
BROWSER, NATIVE = "/ws/v1", "/ws/m/v1"
PROTOCOL = "app.v1"
MAX_BYTES = 32 * 1024
# Two heartbeats may be lost, the third is late: the other side is gone.
SILENCE_HEARTBEATS = 2.5
AUTH_SECONDS = 5.0
RECHECK_SECONDS, SWEEP_SECONDS = 5.0, 1.0
THREADS = 8


class Gateway:
    """Serves `websocket` and `lifespan` scopes."""

    def __init__(self) -> None:
        self.hub = Hub()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="socket")
        self._duties: list[asyncio.Task[None]] = []
        self._door: Any = None
        self._stopped = False

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Send) -> None:
        """Serve one connection, or the process's start and end."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        await receive()  # websocket.connect
        path = str(scope["path"]).rstrip("/")
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        if self.hub.draining or path not in (BROWSER, NATIVE):
            await send({"type": "websocket.close", "code": 1008})
            return
        if path == BROWSER and not _same_origin(headers):
            await send({"type": "websocket.close", "code": codes.SHUT_OUT})
            return
        offered = scope.get("subprotocols") or ()
        accepted = PROTOCOL if PROTOCOL in offered else None
        await send({"type": "websocket.accept", "subprotocol": accepted})
        identity, first = await self._identify(path, headers, receive)
        if identity is None:
            await send({"type": "websocket.close", "code": codes.UNAUTHENTICATED})
            return
        await self._attend(identity, first, _address(scope, headers), receive, send)

    async def start(self) -> None:
        """Begin to hear the bus and to sweep; the loop is the server's."""
        loop = asyncio.get_running_loop()
        carrier = bus()
        if isinstance(carrier, LocalBus):

            def hand_in(user_id: str, frame: bytes) -> None:
                loop.call_soon_threadsafe(self.hub.deliver, user_id, frame)

            carrier.listener = hand_in
            self._door = open_socket()
            loop.add_reader(self._door.fileno(), self._from_outside, carrier)
        elif isinstance(carrier, RedisBus):
            feed = RedisFeed(
                prefix=carrier.prefix,
                listener=self.hub.deliver,
                returned=lambda: self.hub.resync("bus"),
            )
            self.hub.subscribe, self.hub.unsubscribe = feed.subscribe, feed.unsubscribe
            self._duties.append(asyncio.ensure_future(feed.run()))
        self._duties += [
            asyncio.ensure_future(self._every(SWEEP_SECONDS, self._sweep)),
            asyncio.ensure_future(self._every(RECHECK_SECONDS, self._recheck)),
        ]

    async def stop(self, *, drain_seconds: float = 0.0) -> None:
        """Send everybody away and end the duties."""
        await self.hub.drain(drain_seconds)
        for duty in self._duties:
            duty.cancel()
        carrier = bus()
        if isinstance(carrier, LocalBus):
            carrier.listener = None
        if self._door is not None:
            asyncio.get_running_loop().remove_reader(self._door.fileno())
            self._door.close()
        self._stopped = True
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _lifespan(self, receive: Any, send: Send) -> None:
        await receive()
        await self.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _identify(
        self, path: str, headers: Mapping[str, str], receive: Any
    ) -> tuple[Identity | None, object]:
        """Return who it is, and the id of the frame that a native client said it by."""
        if path == BROWSER:
            if doors.cookie is None:
                return None, None
            return await self.in_thread(doors.cookie, _cookies(headers)), None
        try:
            frame = _parse(await asyncio.wait_for(receive(), AUTH_SECONDS))
        except TimeoutError:
            return None, None
        if not isinstance(frame, dict) or frame.get("op") != "auth" or doors.secret is None:
            return None, None
        given = frame.get("d")
        found = await self.in_thread(doors.secret, given if isinstance(given, dict) else {})
        return found, frame.get("id")

    async def _attend(
        self, identity: Identity, first: object, address: str, receive: Any, send: Send
    ) -> None:
        user_id = UUID(str(identity.user.pk))
        if not self.hub.admit(user_id, address):
            await send({"type": "websocket.close", "code": codes.TOO_MANY})
            return
        socket = Connection(
            key=secrets.token_urlsafe(9),
            user_id=user_id,
            session_id=identity.session_id,
            send=send,
        )
        await self.hub.add(socket, address)
        try:
            await self._greet(socket, first)
            await self._hooks(doors.opened, socket)
            await self._converse(socket, receive)
        finally:
            await self.hub.remove(socket, address)
            socket.end()
            await self._hooks(doors.closed, socket)

    async def _greet(self, socket: Connection, first: object) -> None:
        try:
            epoch, socket.offset = await self.in_thread(_where, str(socket.user_id))
        except Gone:
            epoch = ""
        greeting = {
            "conn": socket.id,
            "heartbeat_ms": int(settings.SOCKET_HEARTBEAT_SECONDS * 1000),
            "epoch": epoch,
            "offset": socket.offset,
            "now": timezone.now().isoformat(),
        }
        answers = [] if first is None else [_dump({"re": first, "ok": True})]
        socket.greet(*answers, _dump({"ev": "hello", "d": greeting}))

    async def _converse(self, socket: Connection, receive: Any) -> None:
        """Answer frames one after the other until the socket ends."""
        patience = settings.SOCKET_HEARTBEAT_SECONDS * SILENCE_HEARTBEATS
        while not socket.ended:
            try:
                event = await asyncio.wait_for(receive(), patience)
            except TimeoutError:
                socket.close(codes.SILENT)
                await asyncio.sleep(0.1)
                return
            if event["type"] != "websocket.receive":
                return
            frame = _parse(event)
            if isinstance(frame, int) or not socket.spend():
                socket.close(frame if isinstance(frame, int) else codes.TOO_FAST)
                await asyncio.sleep(0.1)
                return
            await self._answer(socket, frame)

    async def _answer(self, socket: Connection, frame: dict[str, Any]) -> None:
        op, number = str(frame.get("op", "")), frame.get("id")
        given = frame.get("d")
        data = given if isinstance(given, dict) else {}
        try:
            if op == "ping":
                answer: Mapping[str, Any] | None = await self._ping(socket)
            elif op == "resume":
                answer = await self._resume(socket, data)
            else:
                answer = await self._operate(socket, op, data)
        except DomainError as error:
            socket.push(_dump({"re": number, "ok": False, "err": _problem(error)}))
            return
        except Exception:
            # One client's odd request ends with an answer, never with the gateway.
            logger.exception("a socket's operation failed", extra={"op": op})
            socket.push(_dump({"re": number, "ok": False, "err": {"code": "internal"}}))
            return
        if number is not None and answer is not None:
            socket.push(_dump({"re": number, "ok": True, "d": answer}))

    async def _operate(
        self, socket: Connection, op: str, data: Mapping[str, Any]
    ) -> Mapping[str, Any] | None:
        operation = doors.operations.get(op)
        if operation is None:
            return {}  # unknown operations are ignored within v1
        find = doors.find
        assert find is not None

        def run() -> Mapping[str, Any] | None:
            identity = find(socket.session_id)
            if identity is None:
                raise DomainError("unauthenticated", "Sign in first.")
            caller = Caller(identity.user, socket.session_id, socket.id)
            return operation(caller, data)

        return await self.in_thread(run)

    async def _ping(self, socket: Connection) -> Mapping[str, Any]:
        await self._hooks(doors.beat, socket)
        try:
            epoch, top = await self.in_thread(_where, str(socket.user_id))
            return {"o": top, "epoch": epoch}
        except Gone:
            return {}

    async def _resume(
        self, socket: Connection, data: Mapping[str, Any]
    ) -> Mapping[str, Any] | None:
        """Replay what lies between the client's offset and the greeting's."""
        after = data.get("offset")
        frames = None
        if isinstance(after, int) and after >= 0:
            try:
                frames = await self.in_thread(
                    _replay, str(socket.user_id), data.get("epoch"), after
                )
            except Gone:
                frames = None
        if frames is None:
            socket.push(_dump({"ev": "resync", "d": {"reason": "ring"}}))
            return None
        missed = [frame for frame in frames if read_offset(frame) <= socket.offset]
        for frame in missed:
            head, _, body = frame.partition(b"\n")
            ev, c, _o = head.decode().split(" ")
            socket.push(body.decode(), ev=ev, c=c)
        return {"replayed": len(missed)}

    async def _hooks(self, hooks: list[Any], socket: Connection) -> None:
        for hook in () if self._stopped else hooks:
            try:
                await self.in_thread(hook, socket.user_id, socket.id)
            except Exception:
                # Presence is a courtesy: it must not cost anybody their socket.
                logger.exception("a socket's hook failed")

    async def in_thread(self, work: Callable[..., Answer], *args: Any) -> Answer:
        """Run what may block, with database connections closed as after a request."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, functools.partial(_tidy, work, *args))

    async def _every(self, seconds: float, duty: Callable[[], Any]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await duty()
            except Gone:
                continue
            except Exception:
                # The database may be away for a while; the next turn tries again.
                logger.exception("a duty of the gateway failed")

    async def _sweep(self) -> None:
        await self.in_thread(realtime.sweep)
        for duty in doors.regular:
            await self.in_thread(duty)

    async def _recheck(self) -> None:
        """Close what belongs to sessions that ended while nobody could tell."""
        sockets = self.hub.everybody()
        if not sockets or doors.alive is None:
            return
        alive = await self.in_thread(doors.alive, {one.session_id for one in sockets})
        for one in sockets:
            if one.session_id not in alive:
                one.close(codes.UNAUTHENTICATED)

    def _from_outside(self, carrier: LocalBus) -> None:
        with suppress(BlockingIOError):
            carrier.receive(self._door.recv(1024**2))


def _tidy(work: Callable[..., Answer], *args: Any) -> Answer:
    close_old_connections()
    try:
        return work(*args)
    finally:
        close_old_connections()


def _where(user_id: str) -> tuple[str, int]:
    return bus().epoch(), bus().top(user_id)


def _replay(user_id: str, epoch: object, after: int) -> list[bytes] | None:
    carrier = bus()
    return carrier.replay(user_id, after) if epoch == carrier.epoch() else None


def _parse(event: Mapping[str, Any]) -> dict[str, Any] | int:
    """Return the frame of an event, or the code that its sender is closed with."""
    text = event.get("text")
    if text is None or event["type"] != "websocket.receive":
        return codes.BAD_FRAME
    if len(text) > MAX_BYTES or len(text.encode(errors="replace")) > MAX_BYTES:
        return codes.TOO_BIG
    try:
        frame = orjson.loads(text)
    except orjson.JSONDecodeError:
        return codes.BAD_FRAME
    return cast(dict[str, Any], frame) if isinstance(frame, dict) else codes.BAD_FRAME


def _dump(frame: Mapping[str, Any]) -> str:
    return orjson.dumps(frame, default=str, option=orjson.OPT_UTC_Z).decode()


def _problem(error: DomainError) -> dict[str, Any]:
    known = to_domain(error) or error
    told: dict[str, Any] = {"code": known.code, "message": known.message}
    if isinstance(known, RateLimited):
        told["retry_ms"] = known.retry_after * 1000
    return told


def _same_origin(headers: Mapping[str, str]) -> bool:
    """Return whether the page that opens the socket is ours: same scheme, host and port."""
    origin, host = headers.get("origin", ""), headers.get("host", "")
    if origin == settings.PUBLIC_URL:
        return True
    parts = urlsplit(origin)
    scheme = "https" if settings.HTTPS else "http"
    if parts.scheme != scheme or not parts.hostname or parts.netloc != host:
        return False
    return origin == f"{scheme}://{host}" and validate_host(parts.hostname, settings.ALLOWED_HOSTS)


def _cookies(headers: Mapping[str, str]) -> dict[str, str]:
    try:
        return {
            name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()
        }
    except CookieError:
        return {}


def _address(scope: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    meta = {
        "REMOTE_ADDR": (scope.get("client") or [""])[0],
        "HTTP_X_FORWARDED_FOR": headers.get("x-forwarded-for", ""),
    }
    return client_ip(cast(Any, SimpleNamespace(META=meta)))
