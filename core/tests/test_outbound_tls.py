"""Requests over TLS: the certificate is of the name, though the connection goes to an address."""

import datetime as dt
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from core import outbound
from core.outbound import Unreachable
from core.tests.test_outbound import read_request

ANSWER = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok"


def certificate(folder: Path, name: str) -> Path:
    """Return a file with a key and a certificate of `name` that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return path


@contextmanager
def serving(handle: Callable[[socket.socket], None]) -> Iterator[int]:
    """Yield the port of a server that handles one connection."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def run() -> None:
            try:
                peer, _ = door.accept()
                with peer:
                    handle(peer)
            except OSError:
                return  # the other side went away, as it should

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield door.getsockname()[1]
    thread.join(5)


def over_tls(path: Path) -> Callable[[socket.socket], None]:
    def handle(peer: socket.socket) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        with context.wrap_socket(peer, server_side=True) as secure:
            read_request(secure)
            secure.sendall(ANSWER)

    return handle


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name is of this machine."""

    def answer(host: str, port: int, *_more: object, **_options: object) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)


def ask(name: str, port: int, **options: Any) -> outbound.Answer:
    place = f"{name}:{port}"
    return outbound.post(f"https://{place}/x", body=b"{}", headers={}, allowed={place}, **options)


@pytest.mark.parametrize(
    "asked, is_trusted, is_taken",
    [
        ("push.test", True, True),
        ("push.test", False, False),
        ("other.test", True, False),
    ],
)
def test_only_a_certificate_of_the_name_that_somebody_vouches_for(
    named: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    asked: str,
    is_trusted: bool,
    is_taken: bool,
) -> None:
    path = certificate(tmp_path, "push.test")
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with serving(over_tls(path)) as port:
        if is_taken:
            assert ask(asked, port) == outbound.Answer(201, {"content-length": "2"}, b"ok")
        else:
            with pytest.raises(Unreachable, match="SSLCertVerificationError"):
                ask(asked, port)


def test_a_handshake_that_does_not_end_is_ended(named: None) -> None:
    def drip(peer: socket.socket) -> None:
        # The head of a record of 16 KB, and then a byte of it from time to time.
        peer.sendall(b"\x16\x03\x03\x40\x00")
        while True:
            peer.sendall(b"\x02")
            time.sleep(0.1)

    begun = time.monotonic()
    with serving(drip) as port, pytest.raises(Unreachable):
        ask("push.test", port, seconds=0.6)
    assert time.monotonic() - begun < 3
