"""A client as the protocol means it: it believes what it is told, and asks only when told to.

It fetches on `resync`, on a jump in `es`, and when a heartbeat's answer knows of more. Nothing is
polled: what a server fails to tell is missing at the end, and the test sees it.
"""

import json
import random
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

from chat.tests.sockets import require_published
from core.ids import uuid7

GAP_PATIENCE = 1.0
ANSWER_SECONDS = 2.0
HTTP_SECONDS = 10


@dataclass(frozen=True)
class Person:
    """Somebody with an account, and where the API is."""

    name: str
    token: str
    base: str

    def call(self, method: str, path: str, **body: Any) -> requests.Response:
        """Ask the API; any answer is returned."""
        return requests.request(
            method,
            f"{self.base}/api/v1/{path}",
            json=body or None,
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=HTTP_SECONDS,
        )

    def read(self, path: str) -> Any:
        """GET JSON; raises for an error."""
        answer = self.call("GET", path)
        answer.raise_for_status()
        return answer.json()


class Lost(Exception):
    """The connection is of no use any more."""


class Device:
    """One device of a person, with one conversation open; runs in a thread of its own.

    `doors` are ports that it tries in turns, as a proxy would. `believes_beats=False` leaves the
    number in heartbeats' answers unread, for tests of what has to be told without it. `narrow`
    takes nearly nothing in that is not read, so that slowness is felt on the other side soon.
    While `reading` is not set it only says that it is there.
    """

    def __init__(
        self,
        person: Person,
        room: str,
        doors: Sequence[int],
        *,
        believes_beats: bool = True,
        narrow: bool = False,
    ) -> None:
        self.person, self.room = person, room
        self.seen: list[tuple[int, str, str]] = []
        self.counts: Counter[str] = Counter()
        self.codes: list[int] = []
        self.faults: list[str] = []
        self.acknowledged: dict[str, int] = {}
        self.reading = threading.Event()
        self.reading.set()
        self.up = threading.Event()
        self._doors = deque(doors)
        self._believes_beats, self._narrow = believes_beats, narrow
        state = person.read(f"conversations/{room}")
        self.first = int(state["last_msg_seq"])
        self._es = int(state["last_event_seq"])
        self._cursor = person.read("sync")["cursor"]
        self._epoch, self._offset = "", -1
        self._ahead = -1  # how far live frames got while older ones are still asked for
        self._early: dict[int, dict[str, Any]] = {}
        self._gap_at = 0.0
        self._stale = False
        self._outbox: deque[tuple[str, str]] = deque()
        self._number = 10
        self._flight = 0
        self._ended = False
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> "Device":
        """Connect, and return once greeted."""
        self._thread.start()
        assert self.up.wait(30), "no gateway let the device in"
        return self

    def end(self) -> None:
        """Close, and wait for the thread."""
        self._ended = True
        self.reading.set()
        self._thread.join(20)
        assert not self._thread.is_alive(), "the device's thread does not end"

    def say(self, body: str) -> str:
        """Put a message into the outbox of this device's socket; return its client id."""
        key = str(uuid7())
        self._outbox.append((key, body))
        return key

    @property
    def is_idle(self) -> bool:
        """Whether everything that was said has been acknowledged."""
        return not self._outbox

    # -- the connection ---------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._ended:
            try:
                self._talk(self._doors[0])
            except ConnectionClosed as error:
                self.codes.append(error.rcvd.code if error.rcvd else 0)
            except (OSError, Lost, WebSocketException):
                self.counts["broken"] += 1
            except Exception as error:
                self.faults.append(repr(error))
                raise
            finally:
                self.up.clear()
            self._doors.rotate(-1)
            time.sleep(random.uniform(0.05, 0.4))

    def _talk(self, port: int) -> None:
        url = f"ws://127.0.0.1:{port}/ws/m/v1"
        with connect(
            url,
            sock=_narrow_socket(port) if self._narrow else None,
            open_timeout=3,
            close_timeout=0.2,
            ping_interval=None,
            max_queue=4,
            proxy=None,
        ) as raw:
            raw.send(json.dumps({"id": 1, "op": "auth", "d": {"token": self.person.token}}))
            self._greeted(raw, self._await_hello(raw))
            while not self._ended:
                self._duties(raw)
                if not self.reading.wait(0.05):
                    self._heard_at = time.monotonic()
                    continue
                try:
                    frame = json.loads(raw.recv(timeout=0.05))
                except TimeoutError:
                    continue
                self._heard_at = time.monotonic()
                require_published(frame)
                self._take(raw, frame)

    def _await_hello(self, raw: ClientConnection) -> dict[str, Any]:
        answer, hello = (json.loads(raw.recv(timeout=5)) for _ in range(2))
        if answer != {"re": 1, "ok": True} or hello.get("ev") != "hello":
            self.faults.append(f"before the greeting came {answer} {hello}")
        found: dict[str, Any] = hello["d"]
        return found

    def _greeted(self, raw: ClientConnection, hello: dict[str, Any]) -> None:
        self.counts["greeted"] += 1
        self._beat_seconds = hello["heartbeat_ms"] / 1000
        self._heard_at = self._beaten_at = time.monotonic()
        self._flight = 0
        self._resuming = self._ahead = -1
        first = self._offset < 0
        if first or hello["epoch"] != self._epoch:
            self._epoch, self._offset = hello["epoch"], hello["offset"]
            self._stale = not first
        else:
            self._ahead = hello["offset"]
            asked = {"epoch": self._epoch, "offset": self._offset}
            self._resuming = self._send(raw, "resume", asked)
        self.up.set()

    def _send(self, raw: ClientConnection, op: str, d: dict[str, Any]) -> int:
        self._number += 1
        frame = {"id": self._number, "op": op, "d": d}
        raw.send(json.dumps(frame, ensure_ascii=False))
        return self._number

    def _duties(self, raw: ClientConnection) -> None:
        now = time.monotonic()
        if now - self._beaten_at > self._beat_seconds:
            self._beaten_at, self._asked_with = now, self._offset
            self._beat = self._send(raw, "ping", {"foreground": True, "o": self._offset})
        if now - self._heard_at > self._beat_seconds + ANSWER_SECONDS:
            raise Lost
        if self._stale:
            self._sync()
        if self._early and now - self._gap_at > GAP_PATIENCE:
            self.counts["gaps"] += 1
            self._fetch()
        if self._outbox and not self._flight:
            key, body = self._outbox[0]
            self._flight = self._send(
                raw, "msg.send", {"c": self.room, "client_id": key, "body": body}
            )

    def _take(self, raw: ClientConnection, frame: dict[str, Any]) -> None:
        if "re" in frame:
            self._answered(frame)
            return
        if o := frame.get("o"):
            if self._ahead < 0:
                self._offset = max(self._offset, o)
            else:
                self._ahead = max(self._ahead, o)
        if frame["ev"] == "resync":
            self.counts["resyncs"] += 1
            self._caught_up()
            self._stale = True
        elif frame.get("c") == self.room and "es" in frame:
            self._place(frame)

    def _answered(self, frame: dict[str, Any]) -> None:
        if frame["re"] == self._resuming:
            self.counts["replayed"] += frame["d"]["replayed"]
            self._caught_up()
        elif frame["re"] == self._flight:
            self._flight = 0
            if frame["ok"]:
                key, _ = self._outbox.popleft()
                self.acknowledged[key] = frame["d"]["seq"]
            elif frame["err"]["code"] not in ("internal", "try_again"):
                self.faults.append(f"refused: {frame['err']}")
                self._outbox.clear()
        elif frame["re"] == getattr(self, "_beat", 0) and self._believes_beats:
            told = frame["d"]
            if "o" not in told:
                return
            changed = told["epoch"] != self._epoch
            behind = told["o"] > self._asked_with == self._offset and self._ahead < 0
            if changed or behind:
                self.counts["beats that told"] += 1
                self._epoch, self._offset = told["epoch"], told["o"]
                self._stale = True

    def _caught_up(self) -> None:
        self._offset, self._ahead = max(self._offset, self._ahead), -1

    # -- the conversation -------------------------------------------------------------------------

    def _place(self, frame: dict[str, Any]) -> None:
        """Apply what follows without a gap, keep what came early, drop what came twice."""
        if frame["es"] <= self._es:
            self.counts["heard again"] += 1
            return
        self._early.setdefault(frame["es"], frame)
        while found := self._early.pop(self._es + 1, None):
            self._es += 1
            if found["ev"] == "message.new":
                told = found["d"]
                self.seen.append((told["seq"], told["id"], told["body"]))
        self._gap_at = time.monotonic()

    def _sync(self) -> None:
        """Ask what changed since the last time, and for the events of what did."""
        try:
            told = self.person.read(f"sync?cursor={quote(self._cursor)}")
        except requests.RequestException:
            self.counts["sync failed"] += 1
            time.sleep(0.2)
            return
        self._cursor = told["cursor"]
        self._stale = False
        for one in told["conversations"]:
            if one["id"] == self.room and one["last_event_seq"] > self._es:
                self._fetch(up_to=one["last_event_seq"])

    def _fetch(self, *, up_to: int = 0) -> None:
        self._gap_at = time.monotonic()
        try:
            while True:
                answer = self.person.read(f"conversations/{self.room}/events?after={self._es}")
                for frame in answer["results"]:
                    self._place(frame)
                if not answer["results"] or self._es >= up_to:
                    return
        except requests.RequestException:
            self.counts["events failed"] += 1
            self._stale = True


def _narrow_socket(port: int) -> socket.socket:
    made = socket.socket()
    # The kernel sizes the other side's buffer by the segments: those of the loopback are of 64 KB.
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.settimeout(3)
    made.connect(("127.0.0.1", port))
    made.settimeout(None)
    return made
