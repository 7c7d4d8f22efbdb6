"""What breaks in mid-burst costs nobody a message: nothing lost, nothing twice, one order for all.

Real server processes, real sockets, lines that break. Every device ends with the same messages,
each once, in the order of their `seq`, which has no gap (`Scene.settle`).
"""

import time

import pytest

from core.gateway import connection as codes
from core.gateway.connection import QUEUE
from feed.tests.test_outage import OwnRedis
from tiktok.tests.chaos.conftest import MakeScene
from tiktok.tests.chaos.device import Device
from tiktok.tests.chaos.plant import HEARTBEAT_SECONDS, Plant

pytestmark = pytest.mark.crash


def test_two_senders_and_several_gateways(make_scene: MakeScene) -> None:
    scene = make_scene()
    with scene.burst(pause=0.0):
        pass
    scene.settle()
    for device in scene.devices:
        # Nothing broke, so everything came by itself.
        assert device.counts["greeted"] == 1
        assert not device.counts["resyncs"]


def test_gateways_killed_in_mid_burst(plant: Plant, make_scene: MakeScene) -> None:
    scene = make_scene()
    with scene.burst() as burst:
        burst.reach(0.2)
        plant.kill(0)
        burst.reach(0.4)
        plant.revive(0)
        burst.reach(0.6)
        plant.kill(1)
        burst.reach(0.8)
        plant.revive(1)
    scene.settle()
    for device in scene.devices:
        assert device.counts["greeted"] >= 2, "a gateway's death was not felt"


def test_the_network_torn_in_mid_burst(plant: Plant, make_scene: MakeScene) -> None:
    scene = make_scene()
    with scene.burst() as burst:
        for share in (0.2, 0.5, 0.8):
            burst.reach(share)
            for line in plant.lines:
                line.cut()
            time.sleep(0.7)
            for line in plant.lines:
                line.mend()
    scene.settle()
    for device in scene.devices:
        assert device.counts["greeted"] >= 2


def test_the_network_silent_for_longer_than_anybody_waits(
    plant: Plant, make_scene: MakeScene
) -> None:
    """Packets are swallowed: neither side hears of the end, both must find out."""
    scene = make_scene()
    with scene.burst() as burst:
        burst.reach(0.3)
        for line in plant.lines:
            line.freeze()
        # The gateway gives up after two and a half heartbeats, the client before that.
        time.sleep(3.5 * HEARTBEAT_SECONDS)
        for line in plant.lines:
            line.mend()
    scene.settle()
    for device in scene.devices:
        assert device.counts["greeted"] >= 2


def test_redis_killed_and_restarted_in_mid_burst(
    plant: Plant, redis: OwnRedis, make_scene: MakeScene
) -> None:
    scene = make_scene(believes_beats=False)
    with scene.burst() as burst:
        burst.reach(0.2)
        redis.stop()
        before = len(scene.accepted)
        burst.reach(0.5)
        assert len(scene.accepted) > before, "without Redis nothing was acknowledged"
        redis.start()
    scene.settle()
    for device in scene.devices:
        assert device.counts["resyncs"] >= 1, "nobody said that something was missed"


def test_redis_restarted_after_the_last_word(
    plant: Plant, redis: OwnRedis, make_scene: MakeScene
) -> None:
    """No later message shows the gap: only being told to ask does."""
    scene = make_scene(believes_beats=False)
    with scene.burst(each=20) as burst:
        burst.reach(0.5)
        redis.stop()
    redis.start()
    scene.settle()


def test_a_silent_line_to_redis(plant: Plant, make_scene: MakeScene) -> None:
    """Publishing goes on, the gateways hear nothing, and nothing tells them so."""
    scene = make_scene(believes_beats=False)
    with scene.burst(each=40) as burst:
        burst.reach(0.3)
        plant.redis_line.freeze()
        burst.reach(0.9)
        plant.redis_line.mend()
    scene.settle()
    for device in scene.devices:
        assert device.counts["resyncs"] >= 1


def test_everything_at_once(plant: Plant, redis: OwnRedis, make_scene: MakeScene) -> None:
    scene = make_scene()
    with scene.burst() as burst:
        burst.reach(0.2)
        plant.lines[1].cut()
        redis.stop()
        burst.reach(0.3)
        plant.kill(0)
        plant.lines[1].mend()
        burst.reach(0.5)
        plant.revive(0)
        redis.start()
        burst.reach(0.7)
        plant.lines[0].cut()
        plant.lines[0].mend()
    scene.settle()


def test_a_slow_reader_is_closed_and_comes_back(plant: Plant, make_scene: MakeScene) -> None:
    scene = make_scene()
    ben, cal = scene.people[1:]
    slow = Device(cal, scene.room, [plant.ports[0]], narrow=True).start()
    scene.devices.append(slow)
    before = plant.memory(0)
    slow.reading.clear()
    # What the gateway keeps for one socket, and what lies in buffers on the way.
    for number in range(QUEUE + 80):
        scene.post(ben, f"{number} ".ljust(4000, "\U0001f40c"))
    grown = (plant.memory(0) - before) / 1024**2
    slow.reading.set()
    scene.settle()
    assert codes.SLOW in slow.codes, slow.counts
    assert [device.codes for device in scene.devices[:4]] == [[]] * 4
    assert grown < 20, f"{grown:.0f} MB more"
