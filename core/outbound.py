"""Requests to addresses that strangers name: to public hosts over HTTPS, and briefly.

The name is resolved once, every address that it has must be public, and the connection goes to an
address that was checked (a second answer of the resolver is never asked for). Nothing is followed,
and the whole of it ends after so many seconds whatever the other side does.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

PORTS = {"https": 443, "http": 80}
MAX_ADDRESSES = 3


class Refused(Exception):
    """The address is not one that this instance talks to, today or ever."""


class Unreachable(Exception):
    """Nobody answered, or not in time, or not in HTTP; later they may."""


@dataclass(frozen=True)
class Answer:
    """What the other side said; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def post(
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    allowed: Collection[str] = (),
    seconds: float = 5.0,
    most: int = 64 * 1024,
) -> Answer:
    """Send a POST and return the answer, redirects too; `seconds` and `most` bytes bound it.

    `allowed` are `host:port` that an operator vouches for: also by http, also private. Raises
    Refused, Unreachable.
    """
    place = check(url, allowed=allowed)
    vouched = _name(place) in allowed
    connection = _Pinned(place, _resolve(place, vouched=vouched), seconds)
    watchdog = threading.Timer(seconds, connection.abort)
    watchdog.daemon = True
    watchdog.start()
    try:
        target = (place.path or "/") + (f"?{place.query}" if place.query else "")
        connection.request("POST", target, body=body, headers=dict(headers))
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        read = answer.read(most + 1)
        # What is still owed of the promised length, None where none was promised.
        owed = answer.length
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(type(error).__name__) from error
    finally:
        watchdog.cancel()
        connection.close()
    if connection.aborted or len(read) > most or owed:
        message = "too slow" if connection.aborted else "too long" if len(read) > most else "cut"
        raise Unreachable(message)
    return Answer(answer.status, told, read)


def check(url: str, *, allowed: Collection[str] = ()) -> SplitResult:
    """Return a URL's parts if it may be sent to as far as its text tells; raises Refused.

    A name with a dot whose end is no number, over HTTPS at its own port: `127.1`, `0x7f000001`,
    `localhost` and IPv6 are all refused without asking anybody.
    """
    if not url.isascii() or not url.isprintable() or " " in url:
        message = "not a plain URL"
        raise Refused(message)
    try:
        place = urlsplit(url)
        name = _name(place)
    except ValueError as error:
        message = "not a URL"
        raise Refused(message) from error
    if place.scheme not in PORTS or not place.hostname or place.username is not None:
        message = "not a web address"
        raise Refused(message)
    if name in allowed:
        return place
    labels = place.hostname.removesuffix(".").split(".")
    named = len(labels) > 1 and all(labels) and labels[-1][0].isalpha() and ":" not in labels[-1]
    if place.scheme != "https" or place.port not in (None, PORTS["https"]) or not named:
        message = "not a public address"
        raise Refused(message)
    return place


def is_public(address: str) -> bool:
    """Return whether an IP address is of the public Internet, whatever it is wrapped in."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip.sixtofour is not None or ip.teredo is not None:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _name(place: SplitResult) -> str:
    return f"{place.hostname}:{place.port or PORTS.get(place.scheme, 0)}"


def _resolve(place: SplitResult, *, vouched: bool) -> list[tuple[str, int]]:
    """Return addresses to connect to; one that is not public spoils them all."""
    port = place.port or PORTS[place.scheme]
    try:
        found = socket.getaddrinfo(place.hostname, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        message = "not a host name"
        raise Refused(message) from error
    except OSError as error:
        message = "no such host"
        raise Unreachable(message) from error
    addresses = list(dict.fromkeys((str(row[4][0]), port) for row in found))
    if not vouched and not all(is_public(address) for address, _ in addresses):
        message = "a private address"
        raise Refused(message)
    return addresses[:MAX_ADDRESSES]


class _Pinned(http.client.HTTPConnection):
    """A connection to addresses that were checked, under the name that the certificate is for."""

    def __init__(self, place: SplitResult, to: list[tuple[str, int]], seconds: float) -> None:
        assert place.hostname is not None
        super().__init__(place.hostname, place.port or PORTS[place.scheme], timeout=seconds)
        self._secure = place.scheme == "https"
        self.default_port = PORTS[place.scheme]
        self._to = to
        self.aborted = False

    def connect(self) -> None:
        """Connect to the first address that answers."""
        failure: OSError | None = None
        for address in self._to:
            try:
                self.sock = socket.create_connection(address, timeout=self.timeout)
                break
            except OSError as error:
                failure = error
        else:
            raise failure or OSError("no address")
        if self.aborted:
            message = "too slow to connect"
            raise OSError(message)
        if self._secure:
            context = ssl.create_default_context()
            # The handshake is made on `sock`, so that the watchdog can end it.
            self.sock = context.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def abort(self) -> None:
        """End whatever it waits for, from another thread."""
        self.aborted = True
        if self.sock is not None:
            try:
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
            except OSError:
                return  # it has ended by itself meanwhile
