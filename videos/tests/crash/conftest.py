"""A migrated product, made once for all crash tests of a test process."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from videos.tests.crash.machine import Machine, machines, prepare


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A migrated database, made once."""
    data = tmp_path_factory.mktemp("crash")
    return data, prepare(data)


@pytest.fixture
def machine(prepared: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[Machine]:
    """A product of its own."""
    template, env = prepared
    data = tmp_path / "data"
    shutil.copytree(template, data)
    yield from machines(data, {**env, "DATA_DIR": str(data)})
