"""A bad line: passes bytes on and tears connections at positions that it was told."""

import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

BLOCK = 64 * 1024
# SO_LINGER of zero seconds: close() sends a reset, as a phone that leaves its cell does.
RESET = struct.pack("ii", 1, 0)


@dataclass
class BadLine:
    """Listens on a port of its own and passes on to `target`; use as a context manager.

    `cuts` are positions in the bytes towards the server, counted over all connections. At every
    second one the bytes still arrive and only the answer is lost.
    """

    target: int
    cuts: list[int]
    done: int = 0
    passed: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
                threading.Thread(target=self._up, args=(client, server), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        mute = threading.Event()
        threading.Thread(target=self._down, args=(client, server, mute), daemon=True).start()
        with suppress(OSError):
            while data := client.recv(BLOCK):
                room = self._room(len(data))
                if room is None:
                    server.sendall(data)
                elif self.done % 2:
                    mute.set()
                    server.sendall(data)
                else:
                    server.sendall(data[:room])
                    return tear(client, server)
            server.shutdown(socket.SHUT_WR)
        return None

    def _room(self, size: int) -> int | None:
        """Count `size` bytes; return how many of them pass when a cut lies among them."""
        with self.lock:
            start, self.passed = self.passed, self.passed + size
            if self.done < len(self.cuts) and self.cuts[self.done] <= self.passed:
                position = self.cuts[self.done]
                self.done += 1
                return max(0, position - start)
        return None

    def _down(self, client: socket.socket, server: socket.socket, mute: threading.Event) -> None:
        with suppress(OSError):
            while data := server.recv(BLOCK):
                if mute.is_set():
                    return tear(client, server)
                client.sendall(data)
        tear(client, server)
        return None


def tear(*ends: socket.socket) -> None:
    """Reset connections."""
    for end in ends:
        with suppress(OSError):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            # close() alone would leave a thread that is in recv() holding the line open.
            end.shutdown(socket.SHUT_RD)
        end.close()
