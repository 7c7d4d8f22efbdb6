"""The plant of a test file, and a fresh group in it for each test."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from feed.tests.test_outage import OwnRedis
from tiktok.tests.chaos.plant import Plant
from tiktok.tests.chaos.scene import Scene

MakeScene = Callable[..., Scene]


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnRedis]:
    """A Redis that a test may kill."""
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is missing: several gateways and a lost Redis were NOT tested")
    server = OwnRedis(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def whole_plant(redis: OwnRedis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    with Plant(tmp_path_factory.mktemp("plant"), redis.port) as plant:
        yield plant


@pytest.fixture
def plant(whole_plant: Plant) -> Iterator[Plant]:
    """The plant, mended after the test."""
    yield whole_plant
    whole_plant.mend()


@pytest.fixture
def make_scene(plant: Plant) -> Iterator[MakeScene]:
    """Return a maker of groups whose devices are connected."""
    made: list[Scene] = []

    def make(**options: Any) -> Scene:
        made.append(Scene(plant.url, plant.doors, **options).start())
        return made[-1]

    yield make
    for scene in made:
        scene.end()
