"""Requests to addresses of strangers: S of the security tests, against real sockets."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from core import outbound
from core.outbound import Refused, Unreachable

CLOSED = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
PRIVATE = (
    "127.0.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::1",
    "2001:db8::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "ff02::1",
)


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_of_the_public_internet(address: str) -> None:
    assert not outbound.is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8"]
)
def test_what_is(address: str) -> None:
    assert outbound.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://0/",
        "https://2130706433/",
        "https://0177.0.0.1/",
        "https://0x7f.1/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/",
        "https://localhost/",
        "https://localhost./",
        "https://example.com:22/",
        "https://a@example.com/",
        "https://example.com/a b",
        "https://example.com/\u202e",
        "https://[::1",
        "file:///etc/passwd",
        "gopher://example.com/",
        "//example.com/",
        "",
    ],
)
def test_urls_that_are_refused_unasked(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _never)
    with pytest.raises(Refused):
        outbound.post(url, body=b"", headers={})


def _never(*_args: object, **_options: object) -> Any:
    message = "nobody was to be asked"
    raise AssertionError(message)


def _resolves_to(*addresses: str) -> Callable[..., Any]:
    asked = []

    def answer(host: str, port: int, **_options: object) -> Any:
        asked.append(host)
        assert len(asked) == 1, "asked twice: the second answer may be another one"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    return answer


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("1.1.1.1", "10.0.0.1"), ("::1",)])
def test_a_name_of_which_any_address_is_private(
    addresses: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _resolves_to(*addresses))
    monkeypatch.setattr(socket, "create_connection", _never)
    with pytest.raises(Refused):
        outbound.post("https://rebinding.example.com/x", body=b"", headers={})


def test_the_connection_goes_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The name is asked for once, so a second answer cannot be another one."""
    monkeypatch.setattr(socket, "getaddrinfo", _resolves_to("1.1.1.1", "1.0.0.1"))
    tried: list[Any] = []

    def refuse(address: Any, timeout: float) -> Any:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(Unreachable):
        outbound.post("https://push.example.com/x", body=b"", headers={})
    assert tried == [("1.1.1.1", 443), ("1.0.0.1", 443)]


def read_request(peer: socket.socket) -> None:
    """Take a request to its end: who closes with something unread takes the answer back."""
    read = b""
    while not read.endswith(b"{}"):
        part = peer.recv(65536)
        if not part:
            return
        read += part


@contextmanager
def listening(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Yield `host:port` of a server that answers one connection after the other."""
    door = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        while True:
            try:
                peer, _ = door.accept()
            except OSError:
                return
            with peer:
                try:
                    read_request(peer)
                    answer(peer)
                except OSError:
                    continue

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{door.getsockname()[1]}"
    finally:
        door.shutdown(socket.SHUT_RDWR)
        door.close()
        thread.join(5)


def ask(name: str, **options: Any) -> outbound.Answer:
    return outbound.post(f"http://{name}/x", body=b"{}", headers={}, allowed={name}, **options)


def test_what_an_operator_vouches_for_is_asked() -> None:
    with listening(lambda peer: peer.sendall(CLOSED)) as name:
        assert (ask(name).status, ask(name).body) == (200, b"ok")
        with pytest.raises(Refused):
            outbound.post(f"http://{name}/x", body=b"", headers={}, allowed={"127.0.0.1:1"})


def test_nothing_is_followed() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
    with listening(lambda peer: peer.sendall(moved)) as name:
        assert ask(name).status == 302


def test_a_long_answer_is_not_read_to_its_end() -> None:
    def flood(peer: socket.socket) -> None:
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
        while True:
            peer.sendall(b"x" * 65536)

    with listening(flood) as name, pytest.raises(Unreachable, match="too long"):
        ask(name, most=1024)


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"]
)
def test_one_byte_a_second_ends_after_the_time_for_the_whole(head: bytes) -> None:
    def drip(peer: socket.socket) -> None:
        peer.sendall(head)
        while True:
            peer.sendall(b"x")
            time.sleep(0.1)

    begun = time.monotonic()
    with listening(drip) as name, pytest.raises(Unreachable):
        ask(name, seconds=0.6)
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"]
)
def test_what_is_no_answer(answer: bytes) -> None:
    with listening(lambda peer: peer.sendall(answer)) as name, pytest.raises(Unreachable):
        ask(name, seconds=2)


def test_nobody_there() -> None:
    with pytest.raises(Unreachable):
        ask("127.0.0.1:9", seconds=2)
