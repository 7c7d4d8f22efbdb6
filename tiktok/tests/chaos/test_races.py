"""Many at once, through two gateways and a web server of several threads."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from websockets.sync.client import connect

from core.ids import uuid7
from tiktok.tests.chaos.conftest import MakeScene
from tiktok.tests.chaos.device import Person
from tiktok.tests.chaos.plant import Plant
from tiktok.tests.chaos.scene import ACCEPTED, arrive

WRITERS, EACH = 8, 12


def at_once(*works: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(len(works)) as pool:
        return [one.result(60) for one in [pool.submit(work) for work in works]]


def over_socket(port: int, person: Person, *asked: tuple[str, dict[str, Any]]) -> list[Any]:
    """Ask one thing after the other over a socket of one's own; return the answers."""
    answers = []
    with connect(f"ws://127.0.0.1:{port}/ws/m/v1", ping_interval=None, proxy=None) as raw:
        raw.send(json.dumps({"id": 0, "op": "auth", "d": {"token": person.token}}))
        for number, (op, d) in enumerate(asked, start=1):
            raw.send(json.dumps({"id": number, "op": op, "d": d}))
            while (frame := json.loads(raw.recv(timeout=20))).get("re") != number:
                pass
            answers.append(frame)
    return answers


def test_eight_writers_over_sockets_and_http(plant: Plant, make_scene: MakeScene) -> None:
    scene = make_scene()
    ann, ben, _ = scene.people

    def by_socket(port: int, who: Person) -> list[int]:
        asked = [
            ("msg.send", {"c": scene.room, "client_id": str(uuid7()), "body": str(number)})
            for number in range(EACH)
        ]
        return [one["d"]["seq"] for one in over_socket(port, who, *asked)]

    def by_http(who: Person) -> list[int]:
        path, found = f"conversations/{scene.room}/messages", []
        for number in range(EACH):
            answer = who.call("POST", path, client_id=str(uuid7()), body=str(number))
            assert answer.status_code in ACCEPTED, answer.text
            found.append(answer.json()["seq"])
        return found

    works = [partial(by_socket, port, who) for port in plant.ports for who in (ann, ben)]
    works += [partial(by_http, who) for who in (ann, ben) * 2]
    assert len(works) == WRITERS
    places = at_once(*works)
    expected = list(range(scene.first + 1, scene.first + 1 + WRITERS * EACH))
    assert sorted(seq for seqs in places for seq in seqs) == expected
    for seqs in places:
        assert seqs == sorted(seqs)


def test_one_client_id_at_two_gateways_is_one_message(plant: Plant, make_scene: MakeScene) -> None:
    scene = make_scene()
    ann = scene.people[0]
    said = {"c": scene.room, "client_id": str(uuid7()), "body": "Once"}
    doors = plant.ports * 2
    answers = at_once(
        *[lambda port=port: over_socket(port, ann, ("msg.send", said)) for port in doors]
    )
    told = [one["d"] for (one,) in answers]
    assert {one["seq"] for one in told} == {scene.first + 1}
    assert sorted(one["duplicate"] for one in told) == [False, True, True, True]
    page = ann.read(f"conversations/{scene.room}/messages?after_seq={scene.first}&limit=50")
    assert [one["body"] for one in page["results"]] == ["Once"]


def test_a_read_position_only_rises(plant: Plant, make_scene: MakeScene) -> None:
    scene = make_scene()
    ann, ben, _ = scene.people
    for number in range(6):
        scene.post(ben, str(number))
    top = scene.first + 6
    orders = ([top - 3, top, top - 5], [top - 1, top - 4, top - 2])
    at_once(
        *[
            lambda port=port, order=order: over_socket(
                port, ann, *[("read", {"c": scene.room, "seq": seq}) for seq in order]
            )
            for port, order in zip(plant.ports, orders, strict=True)
        ]
    )
    assert ann.read(f"conversations/{scene.room}")["me"]["last_read_seq"] == top


def test_a_pair_that_asks_and_opens_at_once_is_one_friendship_and_one_room(plant: Plant) -> None:
    dan, eve = arrive(plant.url, "dan"), arrive(plant.url, "eve")
    pairs = [(dan, eve), (eve, dan)] * 3
    answers = at_once(
        *[
            lambda who=who, whom=whom: who.call("POST", f"users/{whom.name}/friend-request")
            for who, whom in pairs
        ]
    )
    assert all(one.status_code < 500 for one in answers), [one.text for one in answers]
    for who, whom in pairs[:2]:
        assert who.read(f"users/{whom.name}")["viewer"]["friend"] is True
    opened = at_once(
        *[
            lambda who=who, whom=whom: who.call("POST", "conversations/dm", user_id=whom.name)
            for who, whom in pairs
        ]
    )
    assert {one.status_code for one in opened} <= {200, 201}, [one.text for one in opened]
    assert len({one.json()["id"] for one in opened}) == 1
