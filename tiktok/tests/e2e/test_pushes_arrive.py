"""The running product pushes: four seconds after the message, and also after it was killed."""

import os
import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from core.ids import uuid7
from core.testing import eventually
from core.vapid import new_private_key, public_key_of
from notifications.tests.kit import Browser, PushService
from tiktok.instance import Instance
from tiktok.tests.e2e.calls import Caller

pytestmark = pytest.mark.e2e
# Of the message itself, and what two busy cores may add.
WAIT, AT_MOST = 4.0, 60.0


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as made:
        yield made


@pytest.fixture
def product(tmp_path: Path, service: PushService) -> Iterator[Instance]:
    private = new_private_key()
    keys = {"VAPID_PRIVATE_KEY": private, "VAPID_PUBLIC_KEY": public_key_of(private)}
    with Instance(tmp_path, PUSH_ALLOWED_HOSTS=service.name, **keys) as instance:
        yield instance


def family(pid: int) -> Iterator[int]:
    """Yield a process and all that it started, and they."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from family(int(child))


def kill(product: Instance) -> None:
    """End every process of the product as a power cut would."""
    assert product.process is not None
    for pid in list(family(product.process.pid)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    product.process.wait()
    assert eventually(lambda: not product.is_ready())


def test_a_push_comes_in_time_and_survives_the_end_of_everything(
    product: Instance, service: PushService
) -> None:
    ann, ben = (Caller(product.url, f"{name}_{secrets.token_hex(3)}") for name in ("ann", "ben"))
    for one, other in ((ann, ben), (ben, ann)):
        one.post(f"users/{other.username}/friend-request")
    room = ann.post("conversations/dm", user_id=ben.username)["id"]
    phone = Browser(service, "bens")
    ben.post("push-devices", **phone.subscription)

    def write(text: str) -> float:
        ann.post(f"conversations/{room}/messages", client_id=str(uuid7()), body=text)
        return time.monotonic()

    sent = write("on time")
    assert eventually(lambda: len(phone.requests) == 1, AT_MOST)
    waited = time.monotonic() - sent
    assert waited > WAIT - 0.5
    assert phone.shown[0]["body"] == "on time"

    write("after the end")
    kill(product)
    assert len(phone.requests) == 1
    product.start()
    assert eventually(lambda: len(phone.requests) == 2, AT_MOST)
    assert phone.shown[1]["body"] == "after the end"
