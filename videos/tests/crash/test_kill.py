"""`kill -9` of the worker mid-transcode, of the web server mid-upload, and of both.

After a restart and one sweep the invariants hold, and in the end every video is there.
"""

import hashlib
import http.client
import json
import socket
import struct
import time
from pathlib import Path

import pytest

from videos.tests.crash.machine import LEASE_SECONDS, Machine, kill_9, wait_for
from videos.tests.media import samples

pytestmark = pytest.mark.crash
MB = 1024 * 1024
PIECE = 8 * MB


@pytest.fixture(scope="session")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip whose first rendition takes a few seconds."""
    return samples.landscape_h264(tmp_path_factory.mktemp("clip"), size="1280x720", seconds=12)


def transcoding(machine: Machine, video_id: str) -> None:
    """Wait until a decoder works and the owner can see that it does."""
    wait_for(
        lambda: machine.ask("state", video_id)["progress"] > 0 and machine.decoders(),
        what="a transcode under way",
    )


def converges(machine: Machine, video_id: str) -> dict[str, object]:
    """Wait until the video and its whole ladder are there."""

    def done() -> object:
        found = machine.ask("state", video_id)
        ladder = found["jobs"].get("ladder", [None])[0]
        return found if ladder == "done" else None

    found = wait_for(done, 240, what="the whole ladder")
    assert found["processing"] == "ready"
    assert found["published"]
    return dict(found)


def test_the_worker_mid_transcode(machine: Machine, long_clip: Path) -> None:
    video_id = machine.ask("post", "alice", str(long_clip))
    worker = machine.worker()
    transcoding(machine, video_id)
    kill_9(worker)
    wait_for(lambda: not machine.decoders(), 30, what="the decoder to die with its worker")
    assert machine.ask("state", video_id)["processing"] == "processing"
    time.sleep(LEASE_SECONDS + 0.5)
    machine.worker()
    machine.ask("sweep")
    machine.ask("check")
    found = converges(machine, video_id)
    assert found["jobs"] == {"playable": ["done", 2], "ladder": ["done", 1]}
    machine.ask("sweep")
    machine.ask("check")


class Client:
    """A tus client whose requests can stop half way."""

    def __init__(self, machine: Machine, username: str, body: bytes) -> None:
        self.machine, self.body = machine, body
        self.headers = {
            "Authorization": f"Bearer {machine.sign_up(username)}",
            "Tus-Resumable": "1.0.0",
        }
        self.path = ""

    def call(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.machine.port, timeout=120)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, {**self.headers, **named})
        return connection.getresponse()

    def create(self) -> str:
        answer = self.call("POST", "/api/v1/uploads", Upload_Length=str(len(self.body)))
        assert answer.status == 201
        self.path = answer.headers["Location"]
        return self.path.rsplit("/", 1)[1]

    def send_half(self, size: int) -> socket.socket:
        """Announce everything, send `size` bytes, hold the line."""
        named = {
            **self.headers,
            "Host": f"127.0.0.1:{self.machine.port}",
            "Upload-Offset": "0",
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(len(self.body)),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        line = socket.create_connection(("127.0.0.1", self.machine.port))
        line.sendall(f"PATCH {self.path} HTTP/1.1\r\n{head}\r\n".encode() + self.body[:size])
        return line

    def resume(self) -> int:
        """Ask for the offset, send the rest; return where it went on."""
        offset = int(self.call("HEAD", self.path).headers["Upload-Offset"])
        answer = self.call(
            "PATCH",
            self.path,
            self.body[offset:],
            Upload_Offset=str(offset),
            Content_Type="application/offset+octet-stream",
        )
        assert (answer.status, answer.headers["Upload-Offset"]) == (204, str(len(self.body)))
        return offset

    def publish(self, upload_id: str) -> str:
        answer = self.call(
            "POST",
            "/api/v1/videos",
            json.dumps({"upload_id": upload_id}).encode(),
            Content_Type="application/json",
            Idempotency_Key="once",
        )
        assert answer.status == 202
        return str(json.load(answer)["id"])


def padded(clip: Path, size: int) -> bytes:
    """Return the clip with a `free` box behind it: a valid MP4 of that many bytes."""
    body = clip.read_bytes()
    return body + struct.pack(">I4s", size - len(body), b"free") + bytes(size - len(body) - 8)


def test_the_web_server_mid_upload(machine: Machine, tmp_path: Path) -> None:
    web = machine.web()
    client = Client(machine, "dora", padded(samples.landscape_h264(tmp_path), 20 * MB))
    upload_id = client.create()
    line = client.send_half(12 * MB)
    wait_for(lambda: machine.ask("offset", upload_id) == PIECE, what="the first durable piece")
    kill_9(web)
    line.close()
    machine.web()
    machine.ask("sweep")
    machine.ask("check")
    assert client.resume() == PIECE
    assert machine.ask("content", upload_id) == hashlib.sha256(client.body).hexdigest()
    video_id = client.publish(upload_id)
    assert client.publish(upload_id) == video_id
    machine.worker()
    converges(machine, video_id)
    machine.ask("sweep")
    machine.ask("check")


def test_both_at_once(machine: Machine, long_clip: Path, tmp_path: Path) -> None:
    web = machine.web()
    client = Client(machine, "bob", padded(samples.landscape_h264(tmp_path), 10 * MB))
    upload_id = client.create()
    posted = machine.ask("post", "carol", str(long_clip))
    worker = machine.worker()
    line = client.send_half(9 * MB)
    transcoding(machine, posted)
    wait_for(lambda: machine.ask("offset", upload_id) == PIECE, what="the first durable piece")
    kill_9(worker)
    kill_9(web)
    line.close()
    time.sleep(LEASE_SECONDS + 0.5)
    machine.web()
    machine.worker()
    machine.ask("sweep")
    machine.ask("check")
    assert client.resume() == PIECE
    for video_id in (client.publish(upload_id), posted):
        converges(machine, video_id)
    machine.ask("sweep")
    machine.ask("check")
