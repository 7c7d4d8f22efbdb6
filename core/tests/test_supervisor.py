"""`manage.py serve`: whoever is killed, and how, nothing that it started stays behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.processes import descendants
from core.testing import eventually

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.crash
# The product as a user starts it: without what settings do for a test process.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTEST_VERSION"} | {
    "DATABASE_URL": "",
    "REDIS_URL": "",
    "CELERY_BROKER_URL": "",
    "AWS_STORAGE_BUCKET_NAME": "",
    "DEMO": "0",
}

# A service with a grandchild in a session of its own, deaf to SIGTERM: the worst one to lose.
SERVICE = """
import signal, subprocess, sys, time
deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"
subprocess.Popen([sys.executable, "-c", deaf], start_new_session=True)
print("service is up", flush=True)
time.sleep(60)
"""
PROGRAM = """
import sys
from core import processes, supervisor
supervisor.GRACE_SECONDS = 2.0
def body():
    keeper = supervisor.Supervisor()
    keeper.add(supervisor.Service("one", [sys.executable, "-c", sys.argv[1]]))
    keeper.run(lambda: None)
    return 0
sys.exit(processes.run_guarded(body))
"""


def running(pids: list[int]) -> list[int]:
    """Return those that still run: a zombie is gone, nobody has asked yet."""
    alive = []
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            alive.append(pid)
    return alive


@pytest.fixture
def guard() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, SERVICE], cwd=ROOT)
    assert eventually(lambda: len(descendants(process.pid)) == 3)
    time.sleep(0.3)
    yield process
    process.kill()
    process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_one_signal_ends_everything(guard: subprocess.Popen[bytes], number: int) -> None:
    tree = descendants(guard.pid)
    guard.send_signal(number)
    assert guard.wait(timeout=60) == 0
    assert running(tree) == []


def test_kill_9_of_the_guard_leaves_nothing(guard: subprocess.Popen[bytes]) -> None:
    tree = descendants(guard.pid)
    guard.kill()
    assert eventually(lambda: running(tree) == [])


def test_kill_9_of_the_supervisor_leaves_nothing(guard: subprocess.Popen[bytes]) -> None:
    tree = descendants(guard.pid)
    os.kill(tree[0], signal.SIGKILL)
    assert guard.wait(timeout=60) == 128 + signal.SIGKILL
    assert running(tree) == []


def test_a_killed_service_is_started_again(guard: subprocess.Popen[bytes]) -> None:
    _, service, _ = descendants(guard.pid)
    os.kill(service, signal.SIGKILL)
    assert eventually(lambda: running([service]) == [])
    assert eventually(
        lambda: len(descendants(guard.pid)) >= 3 and service not in descendants(guard.pid)
    )


def serve(data_dir: Path, port: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        env={**ENVIRONMENT, "DATA_DIR": str(data_dir), "PORT": str(port)},
    )


def test_a_taken_port_is_said_with_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = serve(tmp_path, port)
    assert result.returncode == 1
    assert f"Port {port} is in use" in result.stderr
    assert "PORT=" in result.stderr


def test_a_port_that_is_none_is_refused(tmp_path: Path) -> None:
    result = serve(tmp_path, 99999)
    assert result.returncode == 1
    assert "PORT must be a number" in result.stderr


def test_the_product_starts_answers_and_ends(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**ENVIRONMENT, "DATA_DIR": str(tmp_path / "data"), "PORT": str(port)},
        )
    try:
        assert eventually(lambda: "| open http" in log.read_text(), 60), log.read_text()
        second = serve(tmp_path / "data", port + 1)
        assert "Already running" in second.stderr
        tree = descendants(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
        assert running(tree) == []
    finally:
        process.kill()
        process.wait()
