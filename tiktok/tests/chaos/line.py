"""A TCP line that can be cut, go silent, and be mended."""

import socket
import threading
from contextlib import suppress
from typing import Self

from videos.tests.crash.proxy import BLOCK, tear


class Line:
    """Listens on a port of its own and passes bytes on to `target`; use as a context manager."""

    def __init__(self, target: int) -> None:
        self.target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        self._live: list[tuple[threading.Event, socket.socket, socket.socket]] = []
        self._flowing = threading.Event()
        self._flowing.set()
        self._refusing = False

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RD)
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """Reset every connection, and each new one, until `mend`."""
        self._refusing = True
        self._flowing.set()
        with self._lock:
            broken, self._live = self._live, []
        for flow, *ends in broken:
            flow.set()
            tear(*ends)

    def freeze(self) -> None:
        """Let nothing through and say nothing, as a network that swallows packets does."""
        self._flowing.clear()
        with self._lock:
            for flow, *_ in self._live:
                flow.clear()

    def mend(self) -> None:
        """Let new connections through; those that froze stay silent, as behind a router that
        has forgotten them."""
        self._refusing = False
        self._flowing.set()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._join, args=(client,), daemon=True).start()

    def _join(self, client: socket.socket) -> None:
        self._flowing.wait()
        if self._refusing:
            tear(client)
            return
        try:
            server = socket.create_connection(("127.0.0.1", self.target))
        except OSError:  # nobody listens there now
            tear(client)
            return
        flow = threading.Event()
        flow.set()
        with self._lock:
            self._live.append((flow, client, server))
        back = threading.Thread(target=self._pump, args=(flow, server, client), daemon=True)
        back.start()
        self._pump(flow, client, server)
        back.join()
        tear(client, server)
        with self._lock:
            self._live = [one for one in self._live if one[0] is not flow]

    def _pump(self, flow: threading.Event, source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(BLOCK):
                flow.wait()
                sink.sendall(data)
            flow.wait()
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            tear(source, sink)
