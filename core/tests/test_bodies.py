"""A body cut short over a real connection never reaches a view as if it were whole."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client

from core.http.bodies import BodyCutShort, WholeBody

ROOT = Path(__file__).resolve().parents[2]
APP = """
from core.http.bodies import BodyCutShort, require_whole_bodies

def count(environ, start_response):
    total = 0
    try:
        while piece := environ["wsgi.input"].read(65536):
            total += len(piece)
        print("whole", total, flush=True)
    except BodyCutShort:
        print("cut", total, flush=True)
    start_response("200 OK", [("Content-Length", "0")])
    return [b""]

application = require_whole_bodies(count)
"""


def test_reading_all_of_a_short_body_raises() -> None:
    with pytest.raises(BodyCutShort):
        WholeBody(BytesIO(b"abc"), 4).read()


def test_a_whole_body_reads_to_its_end() -> None:
    body = WholeBody(BytesIO(b"abcd"), 4)
    assert [body.read(3), body.read(3), body.read(3)] == [b"abc", b"d", b""]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    (tmp_path / "bodies_app.py").write_text(APP)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "granian",
                "--interface",
                "wsgi",
                "--port",
                str(port),
                "bodies_app:application",
            ],
            cwd=tmp_path,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{tmp_path}"},
        )
    yield port, log
    process.terminate()
    process.wait(timeout=60)


def logged(log: Path, word: str) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if word in log.read_text():
            return True
        time.sleep(0.05)
    return False


def connect(port: int) -> socket.socket:
    deadline = time.monotonic() + 10
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=60)
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def test_a_client_that_leaves_half_way_is_noticed(server: tuple[int, Path]) -> None:
    port, log = server
    head = b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
    with connect(port) as client:
        client.sendall(head + b"a" * 1_000_000)
        assert logged(log, "whole 1000000"), log.read_text()
    with connect(port) as client:
        client.sendall(head + b"a" * 500_000)
        time.sleep(0.2)
    assert logged(log, "cut 500000"), log.read_text()


@pytest.mark.django_db
def test_a_pages_body_is_refused_before_it_is_read() -> None:
    body = b"x" * 10
    answer = Client(enforce_csrf_checks=True).generic(
        "POST", "/signup", body, "multipart/form-data; boundary=x", CONTENT_LENGTH=str(10**9)
    )
    assert answer.status_code == 413
    assert b"64 MB" in answer.content
