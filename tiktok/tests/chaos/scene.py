"""A group, its people's devices, a burst of messages into it, and what must hold at the end."""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import requests

from core.ids import uuid7
from tiktok.tests.chaos.device import Device, Person

SETTLE_SECONDS = 30
ACCEPTED = (requests.codes.ok, requests.codes.created)
PASSWORD = "correct horse battery"


def arrive(base: str, name: str) -> Person:
    """Return a new account."""
    name = f"{name}_{secrets.token_hex(3)}"
    body = {"email": f"{name}@example.com", "password": PASSWORD, "username": name}
    answer = requests.post(f"{base}/api/v1/auth/signup", json=body, timeout=30)
    answer.raise_for_status()
    return Person(name, answer.json()["access"], base)


def befriend(one: Person, other: Person) -> None:
    """Make friends of two people."""
    for who, whom in ((one, other), (other, one)):
        who.call("POST", f"users/{whom.name}/friend-request").raise_for_status()


def wait_for(condition: Callable[[], Any], seconds: float, what: Callable[[], str]) -> None:
    """Wait until a condition holds; fails with what is said then."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what()
        time.sleep(0.02)


class Scene:
    """Ann, Ben and Cal in one group; Ann has two devices, the others one each."""

    def __init__(self, base: str, doors: list[int], **options: Any) -> None:
        self.people = [arrive(base, name) for name in ("ann", "ben", "cal")]
        ann, ben, cal = self.people
        befriend(ann, ben)
        befriend(ann, cal)
        made = ann.call("POST", "conversations", title="Chaos", members=[ben.name, cal.name])
        made.raise_for_status()
        self.room = str(made.json()["id"])
        self.devices = []
        for number, person in enumerate((ann, ann, ben, cal)):
            turned = doors[number % len(doors) :] + doors[: number % len(doors)]
            self.devices.append(Device(person, self.room, turned, **options))
        self.first = self.devices[0].first
        # client id of everything said, in the order in which each said it
        self.said: dict[str, list[str]] = {}
        self.accepted: dict[str, int] = {}
        self.faults: list[str] = []

    def start(self) -> "Scene":
        """Connect every device."""
        for device in self.devices:
            device.start()
        return self

    def end(self) -> None:
        """Close every device."""
        for device in self.devices:
            device.end()

    @contextmanager
    def burst(self, *, each: int = 60, pause: float = 0.05) -> Iterator["Burst"]:
        """Have Ann (over her socket) and Ben (over HTTP) send at once; at the end all is sent."""
        burst = Burst(self, each, pause)
        burst.start()
        yield burst
        burst.join()

    def post(self, person: Person, body: str, *, seconds: float = SETTLE_SECONDS) -> None:
        """Send over HTTP as a device does: again and again under one id until it is accepted."""
        key = str(uuid7())
        self.said.setdefault(person.name, []).append(key)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                path = f"conversations/{self.room}/messages"
                answer = person.call("POST", path, client_id=key, body=body)
            except requests.RequestException:
                time.sleep(0.1)
                continue
            if answer.status_code in ACCEPTED:
                self.accepted[key] = answer.json()["seq"]
                return
            if answer.status_code < 500:
                self.faults.append(f"{answer.status_code} {answer.text}")
                return
            time.sleep(0.1)
        self.faults.append(f"never accepted: {body}")

    def settle(self) -> None:
        """Wait until everybody has everything, and hold what the messenger promises."""
        speaker = self.devices[0]
        wait_for(lambda: speaker.is_idle or speaker.faults, SETTLE_SECONDS, self._account)
        total = sum(map(len, self.said.values()))
        wait_for(
            lambda: all(len(device.seen) >= total for device in self.devices),
            SETTLE_SECONDS,
            self._account,
        )
        assert [one.faults for one in self.devices] == [[]] * len(self.devices)
        assert self.faults == []
        truth = self._truth()
        expected = list(range(self.first + 1, self.first + total + 1))
        assert [one["seq"] for one in truth] == expected
        as_seen = [(one["seq"], one["id"], one["body"]) for one in truth]
        for device in self.devices:
            assert device.seen == as_seen, self._account()
        # Whatever was acknowledged is where the answer said, and nobody's words changed places.
        places = {one["client_id"]: one["seq"] for one in truth}
        assert len(places) == total
        for key, seq in (self.accepted | speaker.acknowledged).items():
            assert places[key] == seq
        for keys in self.said.values():
            assert [places[key] for key in keys] == sorted(places[key] for key in keys)
        assert len(self.accepted | speaker.acknowledged) == total

    def _truth(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        after = self.first
        reader = self.people[0]  # client ids are told to their senders alone or to all alike
        while True:
            path = f"conversations/{self.room}/messages?after_seq={after}&limit=50"
            page = reader.read(path)["results"]
            if not page:
                return found
            found += page
            after = page[-1]["seq"]

    def _account(self) -> str:
        total = sum(map(len, self.said.values()))
        lines = [f"{total} said, {len(self.accepted)} accepted over HTTP; {self.faults}"]
        for device in self.devices:
            seqs = [seq for seq, _, _ in device.seen]
            expected = range(self.first + 1, self.first + total + 1)
            missing = sorted(set(expected) - set(seqs))
            lines.append(
                f"{device.person.name}: {len(seqs)} seen, missing {missing[:8]}, es {device._es}, "
                f"early {sorted(device._early)[:8]}, {dict(device.counts)}, closed {device.codes}, "
                f"{device.faults}"
            )
        return "\n".join(lines)


class Burst:
    """Two senders at once, each at its own pace."""

    def __init__(self, scene: Scene, each: int, pause: float) -> None:
        self.scene, self.each, self.pause = scene, each, pause
        self._threads = [threading.Thread(target=self._ann), threading.Thread(target=self._ben)]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Wait until both have said everything."""
        for thread in self._threads:
            thread.join(2 * SETTLE_SECONDS)
            assert not thread.is_alive(), "a sender does not come to its end"

    def reach(self, share: float) -> None:
        """Wait until Ben has got this share of his messages accepted."""
        wait_for(
            lambda: len(self.scene.accepted) >= share * self.each,
            SETTLE_SECONDS,
            self.scene._account,
        )

    def _ann(self) -> None:
        device = self.scene.devices[0]
        keys = self.scene.said.setdefault(device.person.name, [])
        for number in range(self.each):
            keys.append(device.say(f"Ann {number}"))
            time.sleep(self.pause)

    def _ben(self) -> None:
        for number in range(self.each):
            self.scene.post(self.scene.people[1], f"Ben {number}")
            time.sleep(self.pause)
