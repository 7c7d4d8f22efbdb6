"""The standard client (`tus-js-client` on node) over a line that breaks, against a real server.

`make tus-endurance` runs the same with 200 MB and 20 disconnects.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from videos.tests.crash.machine import ROOT, Machine
from videos.tests.crash.proxy import BadLine
from videos.tests.crash.test_kill import padded
from videos.tests.media import samples

pytestmark = pytest.mark.crash
MB = 1024 * 1024
SIZE = int(os.environ.get("TUS_MEGABYTES", "12")) * MB
CUTS = int(os.environ.get("TUS_CUTS", "6"))
# Small enough that some pieces get through between two cuts.
CHUNK = SIZE // (2 * CUTS)
FOLDER = ROOT / "videos/tests/tus_client"


@pytest.fixture(scope="module")
def node() -> str:
    """The client, installed."""
    installed = subprocess.run([ROOT / "scripts/tus-client"], capture_output=True, text=True)
    if installed.returncode == 3:
        pytest.skip("npm is missing: tus-js-client was NOT driven against the server")
    if installed.returncode:
        pytest.skip(f"tus-js-client could not be installed and was NOT driven: {installed.stderr}")
    found = shutil.which("node")
    assert found
    return found


class Client:
    """One user of the standard client."""

    def __init__(self, node: str, machine: Machine, path: Path, token: str) -> None:
        self.node, self.path, self.token = node, path, token
        self.state = machine.data / "tus-state.json"

    def run(self, verb: str, port: int, *, chunk: int) -> Generator[dict[str, Any]]:
        """Yield what the client says; close the generator to kill the client."""
        endpoint = f"http://127.0.0.1:{port}/api/v1/uploads"
        argv = [self.node, str(FOLDER / "client.mjs"), verb, endpoint, self.token]
        child = subprocess.Popen(
            [*argv, str(self.path), str(self.state), str(chunk)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        try:
            for line in child.stdout:
                yield json.loads(line)
            assert child.wait() == 0
        finally:
            child.send_signal(signal.SIGKILL)
            child.wait()
            child.stdout.close()


def test_the_standard_client_through_forced_disconnects(
    node: str, machine: Machine, tmp_path: Path
) -> None:
    file = tmp_path / "clip.mp4"
    file.write_bytes(padded(samples.landscape_h264(tmp_path), SIZE))
    machine.web()
    client = Client(node, machine, file, machine.sign_up("tess"))
    chance = random.Random(4)
    cuts = sorted(chance.randrange(64 * 1024, SIZE) for _ in range(CUTS))
    heard: list[dict[str, Any]] = []
    with BadLine(machine.port, cuts) as line:
        # First the client itself dies once: the next one finds its way back by its own notes.
        first = client.run("upload", line.port, chunk=CHUNK)
        for event in first:
            heard.append(event)
            if event["event"] == "chunk":
                break
        first.close()
        heard += client.run("upload", line.port, chunk=CHUNK)
        assert line.done == CUTS, f"only {line.done} cuts: {heard}"
    last = heard[-1]
    assert last["event"] == "done", heard
    assert {"retry", "resumed"} <= {event["event"] for event in heard}
    upload_id = last["url"].rsplit("/", 1)[1]
    assert machine.ask("offset", upload_id) == SIZE
    assert machine.ask("content", upload_id) == hashlib.sha256(file.read_bytes()).hexdigest()
    machine.ask("sweep")
    machine.ask("check")

    *_, gone = client.run("abandon", machine.port, chunk=CHUNK)
    assert gone["event"] == "abandoned"
    request = urllib.request.Request(
        machine.url(gone["url"].split(str(machine.port))[1]),
        method="HEAD",
        headers={"Authorization": f"Bearer {client.token}", "Tus-Resumable": "1.0.0"},
    )
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(request)
    machine.ask("sweep")
    machine.ask("check")
