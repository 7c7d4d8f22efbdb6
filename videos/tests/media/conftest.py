"""Samples made once per run, and the tools the pipeline is called with."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from videos.media import ladder, transcode
from videos.media.ffmpeg import ffmpeg_path
from videos.media.ladder import Rung
from videos.media.limits import Limits
from videos.media.loudness import UNTOUCHED
from videos.media.probe import Probe, probe
from videos.media.transcode import Rendition

type_of_sample = Callable[[Path], Path]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Callable[[type_of_sample], Path]:
    """Return a function that makes a sample the first time it is asked for."""
    made: dict[str, Path] = {}

    def get(make: type_of_sample) -> Path:
        if make.__name__ not in made:
            made[make.__name__] = make(tmp_path_factory.mktemp(make.__name__))
        return made[make.__name__]

    return get


@pytest.fixture(scope="session")
def limits() -> Limits:
    return Limits()


@dataclass
class Kit:
    """The pipeline with its tools filled in."""

    ffmpeg: str
    scratch: Path
    limits: Limits

    def probe(self, path: Path) -> Probe:
        return probe(path, scratch=self.scratch, limits=self.limits)

    def render(
        self,
        path: Path,
        rung: Rung | None = None,
        on_progress: Callable[[float], None] = lambda share: None,
    ) -> Rendition:
        found = self.probe(path)
        rung = rung or ladder.plan(found)[0]
        return transcode.render(
            path,
            rung,
            self.scratch / f"{path.stem}-{rung.short_edge}.mp4",
            probe=found,
            loudness=UNTOUCHED,
            ffmpeg=self.ffmpeg,
            scratch=self.scratch,
            limits=self.limits,
            on_progress=on_progress,
        )


@pytest.fixture
def kit(tmp_path: Path, limits: Limits) -> Kit:
    return Kit(ffmpeg_path(), tmp_path, limits)


@pytest.fixture(params=["auto", "rlimits"])
def any_kit(kit: Kit, request: pytest.FixtureRequest) -> Kit:
    """The pipeline in the host's best sandbox, and in the plain one that every host has."""
    return replace(kit, limits=replace(kit.limits, sandbox=request.param))


class Canary:
    """A secret file and a local port: nobody may read the one or knock at the other."""

    def __init__(self, folder: Path) -> None:
        self.secret = b"canary-7f3a-do-not-copy"
        self.file = folder / "canary.ts"
        self.file.write_bytes(self.secret * 64)
        self.hits = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:  # closed at the end of the test
                return
            self.hits += 1
            client.close()

    def close(self) -> None:
        # A closed socket does not wake accept(); shutting it down does.
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@pytest.fixture
def canary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canary]:
    bird = Canary(tmp_path_factory.mktemp("canary"))
    yield bird
    bird.close()
