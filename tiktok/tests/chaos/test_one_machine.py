"""The product as `make run` starts it: its server is killed in mid-burst and comes back."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from core.processes import descendants
from tiktok.instance import Instance
from tiktok.tests.chaos.line import Line
from tiktok.tests.chaos.plant import HEARTBEAT_SECONDS
from tiktok.tests.chaos.scene import Scene, wait_for

pytestmark = pytest.mark.crash


def web_processes(product: Instance) -> list[int]:
    assert product.process is not None
    found = []
    for pid in descendants(product.process.pid):
        with suppress(OSError):
            if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


def test_the_only_server_killed_in_mid_burst(tmp_path: Path) -> None:
    heartbeat = str(HEARTBEAT_SECONDS)
    with (
        Instance(tmp_path, SOCKET_HEARTBEAT_SECONDS=heartbeat) as product,
        Line(product.port) as line,
    ):
        scene = Scene(f"http://127.0.0.1:{product.port}", [line.port]).start()
        with scene.burst(each=40) as burst:
            burst.reach(0.3)
            killed = web_processes(product)
            assert killed
            for pid in killed:
                with suppress(ProcessLookupError):  # one may have gone with its parent
                    os.kill(pid, signal.SIGKILL)
            wait_for(product.is_ready, 60, lambda: product.log.read_text()[-2000:])
            burst.reach(0.6)
            line.cut()
            burst.reach(0.7)
            line.mend()
        scene.settle()
        assert not set(killed) & set(web_processes(product))
        for device in scene.devices:
            assert device.counts["greeted"] >= 2
        scene.end()
