"""The messenger's section of `make bench`: messages kept, deliveries, memory, delay."""

import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import requests

from tiktok.benchmarks import throughput
from tiktok.benchmarks.chat_writers import PARTS
from tiktok.benchmarks.listeners import Listeners
from tiktok.benchmarks.ratios import Spread
from tiktok.instance import ROOT, Instance, free_port

Say = Callable[[str], None]
SOCKETS = 1000
ROOMS = 1000
WARM = 100
ROUND = 10  # events that each socket is told of before all are waited for
RATES = (20, 200)  # messages a second
STEADY_SECONDS = 10.0
START_SECONDS = 30
GOALS = {"hub": 0.35, "channels": 8.0, "memory": 45}
TICK = os.sysconf("SC_CLK_TCK")
NATIVE = "/ws/m/v1"


def scaled(env: dict[str, str], *, runs: int, seconds: float, say: Say) -> None:
    """Measure all of it on PostgreSQL and Redis."""
    say(f"\nscaled: messages; {SOCKETS} sockets, one per person, {ROOMS} rooms")
    with TemporaryDirectory(prefix="toptop-bench-") as place:
        quiet = {"DEMO": "0", "RATE_LIMIT_SCALE": "1000000", "WEB_SOCKETS": "0"}
        # A heartbeat that nobody sends must not end a socket in mid-run.
        quiet["SOCKET_HEARTBEAT_SECONDS"] = "3600"
        with Instance(Path(place), **quiet, **env) as instance:
            file = instance.folder / "people.json"
            file.write_text(throughput.run(instance, "chat_people", str(ROOMS)))
            bench = _Bench(instance, file, json.loads(file.read_text())["tokens"], say)
            bench.kept(runs, seconds)
            bench.delivered(runs, seconds)
            bench.delays()


@dataclass
class _Server:
    """A server of sockets, who listens to it, and who publishes to it."""

    name: str
    pid: int
    ears: Listeners
    publisher: subprocess.Popen[str]

    def rate(self, seconds: float) -> float:
        """Return deliveries per second of the server's processor time."""
        before, started, told = _processor_seconds(self.pid), self.ears.heard, 0
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.publisher.stdin is not None
            assert self.publisher.stdout is not None
            self.publisher.stdin.write(f"{ROUND}\n")
            self.publisher.stdin.flush()
            self.publisher.stdout.readline()
            told += ROUND * SOCKETS
            self.ears.wait_for(started + told)
        return told / (_processor_seconds(self.pid) - before)


class _Bench:
    """The measurements of one instance."""

    def __init__(self, instance: Instance, file: Path, tokens: list[str], say: Say) -> None:
        self.instance, self.file, self.tokens, self.say = instance, file, tokens, say

    def kept(self, runs: int, seconds: float) -> None:
        """Say how many messages a second are kept, beside the fewest statements that could."""
        with psycopg.connect(self.instance.env["DATABASE_URL"], autocommit=True) as connection:
            connection.execute("CREATE TABLE bench_room (id int PRIMARY KEY, seq bigint NOT NULL)")
            connection.execute(
                "CREATE TABLE bench_message (room int, seq bigint, body text, "
                "PRIMARY KEY (room, seq))"
            )
            connection.execute(
                "INSERT INTO bench_room SELECT n, 0 FROM generate_series(0, %s) n", (ROOMS,)
            )
        for rooms in (1, ROOMS):
            pairs = [
                [self._write(what, rooms, seconds) / seconds for what in ("messages", "floor")]
                for _ in range(runs)
            ]
            sent, bare = (Spread.of([pair[place] for pair in pairs]) for place in (0, 1))
            ratio = Spread.of([one / other for one, other in pairs])
            where = "one room" if rooms == 1 else f"{rooms:,} rooms"
            self.say(f"  messages kept in {where}, {PARTS} writers: {sent:,.0f}/s  no goal")
            self.say(f"    of one UPDATE and one INSERT ({bare:,.0f}/s): {ratio:.2f}")

    def delivered(self, runs: int, seconds: float) -> None:
        """Say what a delivery costs beside the floors, and what an idle socket takes."""
        with ExitStack() as stack:
            servers = [self._gateway(stack), self._floor(stack, "hub")]
            if importlib.util.find_spec("channels_redis"):
                servers.append(self._floor(stack, "channels"))
            for server in servers:
                server.rate(1)
            rates: dict[str, list[float]] = {server.name: [] for server in servers}
            for turn in range(runs):
                for server in servers if turn % 2 else reversed(servers):
                    rates[server.name].append(server.rate(seconds))
        for name, found in rates.items():
            self.say(f"  deliveries per processor second, {name}: {Spread.of(found):,.0f}")
        for name, goal in (("hub", GOALS["hub"]), ("channels", GOALS["channels"])):
            if name not in rates:
                self.say(
                    f"    of Channels' pub/sub layer: not measured, channels_redis is not installed"
                    f"  goal: at least {goal:g}"
                )
                continue
            pairs = zip(rates["gateway"], rates[name], strict=True)
            ratio = Spread.of([one / other for one, other in pairs])
            what = "the bare hub" if name == "hub" else "Channels' pub/sub layer"
            self.say(f"    gateway, of {what}: {ratio:.2f}  goal: at least {goal:g}")

    def delays(self) -> None:
        """Say how long messages take from the service to the sockets."""
        with ExitStack() as stack:
            port = free_port()
            stack.enter_context(
                self._serving(["manage.py", "serve_sockets", "--port", str(port)], port)
            )
            ears = Listeners()
            stack.callback(ears.close)
            ears.connect(port, NATIVE, self.tokens)
            for rate in RATES:
                ears.late.clear()
                sent = self._write("steady", rate / PARTS, STEADY_SECONDS)
                time.sleep(2)
                late = sorted(ears.late)
                p50, p99 = (1000 * late[int(len(late) * share)] for share in (0.5, 0.99))
                self.say(
                    f"  send to receive at {rate}/s: p50 {p50:,.0f} ms, p99 {p99:,.0f} ms "
                    f"of {len(late):,}, {2 * sent - len(late)} missing  no goal"
                )

    def _write(self, what: str, rooms: float, seconds: float) -> int:
        writers = [
            self._start(["chat_writers", what, str(rooms), str(seconds), str(part)])
            for part in range(PARTS)
        ]
        return sum(int(writer.communicate()[0]) for writer in writers)

    def _gateway(self, stack: ExitStack) -> _Server:
        port = free_port()
        argv = ["manage.py", "serve_sockets", "--port", str(port)]
        pid = stack.enter_context(self._serving(argv, port))
        ears = Listeners()
        stack.callback(ears.close)
        ears.connect(port, NATIVE, self.tokens[:WARM])
        time.sleep(3)
        before = _resident(pid)
        ears.connect(port, NATIVE, self.tokens[WARM:])
        time.sleep(3)
        kilobytes = (_resident(pid) - before) / (len(self.tokens) - WARM) / 1024
        self.say(f"  memory of an idle socket: {kilobytes:.1f} KB  goal: at most {GOALS['memory']}")
        return _Server("gateway", pid, ears, self._publisher(stack, "publish"))

    def _floor(self, stack: ExitStack, name: str) -> _Server:
        port = free_port()
        argv = ["-m", "tiktok.benchmarks.chat_floor", name, str(port)]
        pid = stack.enter_context(self._serving(argv, port))
        ears = Listeners()
        stack.callback(ears.close)
        ears.connect(port, "/", [""] * SOCKETS)
        time.sleep(1)
        return _Server(name, pid, ears, self._publisher(stack, name))

    def _publisher(self, stack: ExitStack, what: str) -> subprocess.Popen[str]:
        process = self._start(["chat_writers", what])
        stack.callback(process.kill)
        return process

    def _start(self, arguments: list[str]) -> subprocess.Popen[str]:
        module, *rest = arguments
        return subprocess.Popen(
            [sys.executable, "-m", f"tiktok.benchmarks.{module}", str(self.file), *rest],
            env=self.instance.env,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @contextmanager
    def _serving(self, argv: list[str], port: int) -> Iterator[int]:
        with (self.instance.folder / "sockets.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *argv], env=self.instance.env, cwd=ROOT, stdout=log, stderr=log
            )
            try:
                _wait_for(port)
                yield process.pid
            finally:
                process.kill()
                process.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            requests.get(f"http://localhost:{port}/healthz", timeout=2)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    message = "a server of sockets did not start"
    raise RuntimeError(message)


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _resident(pid: int) -> int:
    fields = Path(f"/proc/{pid}/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")
