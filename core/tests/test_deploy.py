"""The deployment files: valid by their formats, pinned, complete; nginx does what they say."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from jsonschema import Draft202012Validator

from core.tests.edge import running_nginx

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONE_SHOTS = {"migrate", "bucket"}


def test_compose_is_valid_by_the_specification() -> None:
    schema = json.loads((Path(__file__).parent / "data" / "compose-spec.json").read_text())
    errors = [error.message for error in Draft202012Validator(schema).iter_errors(COMPOSE)]
    assert errors == []


def test_every_service_of_the_design_is_there() -> None:
    wanted = {
        "web",
        "socket",
        "worker",
        "push",
        "transcoder",
        "ladder",
        "captions",
        "beat",
        "postgres",
        "redis",
        "minio",
        "nginx",
    }
    assert set(SERVICES) == wanted | ONE_SHOTS


def test_images_are_pinned_to_an_exact_release() -> None:
    foreign = {name: s["image"] for name, s in SERVICES.items() if "build" not in s}
    for name, image in foreign.items():
        assert re.search(r":(RELEASE\.\d{4}-\d\d-\d\d|\d+\.\d+)", image), f"{name}: {image}"
    dockerfile = (ROOT / "Dockerfile").read_text()
    bases = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    assert all(re.match(r"python:3\.11\.\d+-slim", base) for base in bases)
    assert "USER toptop" in dockerfile


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_is_watched_restarted_and_waits_for_what_it_needs(name: str) -> None:
    service = SERVICES[name]
    if name in ONE_SHOTS:
        assert service["restart"] == "no"
    else:
        assert "healthcheck" in service or "test" in service["healthcheck"]
        assert service["restart"] == "unless-stopped"
    for needed, condition in service.get("depends_on", {}).items():
        expected = "service_completed_successfully" if needed in ONE_SHOTS else "service_healthy"
        assert condition["condition"] == expected
        assert needed in SERVICES
    for volume in service.get("volumes", []):
        source = volume.split(":")[0]
        assert source in COMPOSE["volumes"] or (ROOT / source).exists(), volume


def test_every_variable_is_explained_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text()
    explained = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE))
    compose = (ROOT / "docker-compose.yml").read_text()
    read = set(re.findall(r"\$\{([A-Z][A-Z0-9_]+)", compose))
    sources = [*(ROOT / "tiktok").glob("*.py"), ROOT / "core/management/commands/serve.py"]
    for source in sources:
        text = source.read_text()
        read |= set(re.findall(r"\benv\.\w+\(\s*\"([A-Z][A-Z0-9_]+)\"", text))
        read |= set(re.findall(r"environ(?:\.get\(|\[)\s*\"([A-Z][A-Z0-9_]+)\"", text))
    internal = {"PYTEST_XDIST_WORKER", "PYTEST_VERSION", "DJANGO_SETTINGS_MODULE"}
    assert read - explained - internal == set()


class Upstream(BaseHTTPRequestHandler):
    """Plays web and MinIO; keeps what it was asked."""

    protocol_version = "HTTP/1.1"
    seen: ClassVar[list[tuple[str, dict[str, str]]]] = []

    def do_GET(self) -> None:
        self.seen.append((self.path, dict(self.headers)))
        redirect = self.path.startswith("/media/") and "Signature" not in self.path
        body = b"" if redirect else b"0123456789"
        self.send_response(200)
        if redirect:
            self.send_header("X-Accel-Redirect", "/_s3/media/key.mp4?X-Amz-Signature=a%2Fb")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        first = self.rfile.read(3)
        self.seen.append((first.decode(), dict(self.headers)))
        self.rfile.read(int(self.headers["Content-Length"]) - 3)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Stay silent."""


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[int]:
    """Run deploy/nginx.conf in front of `Upstream`; yield the port."""
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    Upstream.seen.clear()
    here = f"127.0.0.1:{upstream.server_port}"
    with running_nginx(tmp_path, web=here, store=here) as port:
        yield port
    upstream.shutdown()
    upstream.server_close()


def ask(port: int, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    return response, response.read()


def test_nginx_replaces_what_a_client_says_about_itself(edge: int) -> None:
    lies = {
        "X-Forwarded-For": "6.6.6.6",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X-Accel-Redirect": "/etc",
        "Forwarded": "for=6.6.6.6",
        "X-Request-Id": "mine-mine",
    }
    ask(edge, "/", **lies)
    _, headers = Upstream.seen[0]
    assert headers["X-Forwarded-For"] == "127.0.0.1"
    assert headers["X-Forwarded-Proto"] == "http"
    assert headers["X-Request-Id"] != "mine-mine"
    assert {"X-Forwarded-Host", "X-Accel-Redirect", "Forwarded"} & set(headers) == set()


def test_nginx_fetches_media_from_the_store_and_hides_the_internal_paths(edge: int) -> None:
    response, body = ask(edge, "/media/key.mp4", Range="bytes=0-9", Cookie="sessionid=secret")
    assert (response.status, body) == (200, b"0123456789")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    path, headers = Upstream.seen[-1]
    assert path == "/media/key.mp4?X-Amz-Signature=a%2Fb"
    assert headers["Range"] == "bytes=0-9"
    assert "Cookie" not in headers
    assert ask(edge, "/_s3/media/key.mp4")[0].status == 404
    assert ask(edge, "/_media/key.mp4")[0].status == 404
    assert ask(edge, "/metrics")[0].status == 404


def test_nginx_passes_an_upload_on_before_it_is_complete(edge: int) -> None:
    head = b"POST /api/v1/videos HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\nabc"
    with socket.create_connection(("127.0.0.1", edge), timeout=60) as client:
        client.sendall(head)
        deadline = time.monotonic() + 5
        while not Upstream.seen and time.monotonic() < deadline:
            time.sleep(0.02)
    assert Upstream.seen[0][0] == "abc"
