"""Runs `deploy/nginx.conf` as it is, in front of servers of this machine."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.testing import eventually

CONFIG = Path(__file__).resolve().parents[2] / "deploy/nginx.conf"


@contextmanager
def running_nginx(
    folder: Path, *, web: str, store: str = "127.0.0.1:9", media: str = "/data/media"
) -> Iterator[int]:
    """Run nginx before `web` and the object store, both `host:port`; yield its port.

    Skips the test where nginx is not installed: `scripts/test` installs it when it may.
    """
    nginx = shutil.which("nginx")
    if nginx is None:
        pytest.skip("nginx is not installed: deploy/nginx.conf was not run")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = CONFIG.read_text()
    for old, new in {
        "web:8000": web,
        "socket:8000": web,
        "minio:9000": store,
        "listen 8080": f"listen 127.0.0.1:{port}",
        "worker_processes auto": "user root;\nworker_processes 1",
        "/data/media/": f"{media}/",
        "/tmp/nginx": f"{folder}/nginx",
        "/dev/stderr": f"{folder}/error.log",
        "/dev/stdout": f"{folder}/access.log",
    }.items():
        assert old in config
        config = config.replace(old, new)
    path = folder / "nginx.conf"
    path.write_text(config)
    command = [nginx, "-c", str(path), "-p", str(folder), "-e", str(folder / "error.log")]
    syntax = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert syntax.returncode == 0, syntax.stderr
    process = subprocess.Popen([*command, "-g", "daemon off;"])
    try:
        assert eventually(lambda: _listens(port)), (folder / "error.log").read_text()
        yield port
    finally:
        process.terminate()
        process.wait(timeout=60)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
