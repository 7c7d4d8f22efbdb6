"""Who writes, in a process with the instance's environment; a file of `chat_people` says who.

`... FILE messages ROOMS SECONDS PART`: sends as fast as it can into so many rooms, through the
service, and prints how many. `... FILE floor ROOMS SECONDS PART`: only counts and inserts, one
transaction each. `... FILE steady RATE SECONDS PART`: at a rate, each body the nanosecond at which
it was due. `... FILE publish`: publishes as many events as each line of its input says, to
everybody, and answers each line. `... FILE hub`, `... FILE channels`: the same to the floors.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

PARTS = 4
STEADY_THREADS = 4
HUB_TOPIC = "bench-hub"
GROUP = "bench"
BODY = "A message of the usual length, as people write them to each other all day long."


def messages(people: dict[str, Any], rooms: int, seconds: float, part: int) -> int:
    """Send through the service; return how many."""
    from accounts.models import User

    users = User.objects.in_bulk(people["ids"])
    number, count = part, 0
    send = _sender(people, users)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        send(number % rooms, BODY)
        number += PARTS
        count += 1
    return count


def floor(people: dict[str, Any], rooms: int, seconds: float, part: int) -> int:
    """Take the next number of a room and insert a row, and nothing else."""
    import psycopg

    number, count = part, 0
    end = time.monotonic() + seconds
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        while time.monotonic() < end:
            with connection.transaction():
                row = connection.execute(
                    "UPDATE bench_room SET seq = seq + 1 WHERE id = %s RETURNING seq",
                    (number % rooms,),
                ).fetchone()
                assert row is not None
                connection.execute(
                    "INSERT INTO bench_message VALUES (%s, %s, %s)", (number % rooms, row[0], BODY)
                )
            number += PARTS
            count += 1
    return count


def steady(people: dict[str, Any], rate: float, seconds: float, part: int) -> int:
    """Send at a rate, whether or not the sends before have been answered."""
    from accounts.models import User

    users = User.objects.in_bulk(people["ids"])
    send = _sender(people, users)
    count = int(rate * seconds)
    began, epoch = time.monotonic() + 0.5, time.time_ns() + 500_000_000
    with ThreadPoolExecutor(STEADY_THREADS) as pool:
        sent = []
        for number in range(count):
            due = number / rate
            time.sleep(max(0.0, began + due - time.monotonic()))
            room = (number * PARTS + part) % len(people["rooms"])
            sent.append(pool.submit(send, room, str(epoch + int(due * 1e9))))
        for one in sent:
            one.result()
    return count


def _sender(people: dict[str, Any], users: dict[Any, Any]) -> Callable[[int, str], None]:
    from uuid import UUID

    from chat import services
    from core.ids import uuid7

    def send(room: int, body: str) -> None:
        services.send_message(
            actor=users[UUID(people["ids"][room])],
            conversation_id=people["rooms"][room],
            outgoing=services.Outgoing(client_id=uuid7(), body=body),
        )

    return send


def event() -> dict[str, Any]:
    """Return an event as `message.new` has them, for a room that nobody looks into."""
    zero = "00000000-0000-7000-8000-000000000000"
    said = {
        "id": zero,
        "client_id": zero,
        "sender_id": zero,
        "conversation_id": zero,
        "seq": 1,
        "kind": "text",
        "body": BODY,
        "meta": {},
        "links": [],
        "mentions": [],
        "reactions": [],
        "attachments": [],
        "reply_to": None,
        "edited_at": None,
    }
    return {"ev": "message.new", "c": zero, "es": 1, "d": said}


def _answer(publish: Callable[[], None]) -> None:
    for line in sys.stdin:
        for _ in range(int(line)):
            publish()
        sys.stdout.write("done\n")
        sys.stdout.flush()


def publish_to_gateway(people: dict[str, Any]) -> None:
    """Publish as the product does: one numbered event for each person."""
    from core import realtime
    from core.bus import Frame, bus

    told = event()
    frame = Frame(ev=told["ev"], c=told["c"], body=realtime.encode(told))
    _answer(lambda: bus().publish(people["ids"], frame))


def publish_to_hub() -> None:
    """Publish to the bare hub: once for all."""
    from core import realtime
    from core.redis_link import link

    redis, body = link(), realtime.encode(event())
    assert redis is not None

    def publish() -> None:
        redis.ask(("PUBLISH", HUB_TOPIC, body))

    _answer(publish)


def publish_to_channels() -> None:
    """Publish to Channels' pub/sub layer, on one connection and loop as is kindest to it."""
    import asyncio

    from tiktok.benchmarks.chat_floor import layer

    text = json.dumps(event())
    channels, loop = layer(), asyncio.new_event_loop()
    told = {"type": "deliver", "text": text}
    _answer(lambda: loop.run_until_complete(channels.group_send(GROUP, told)))


def main() -> None:
    """Do what the arguments say."""
    people: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text())
    what, rest = sys.argv[2], sys.argv[3:]
    if what in ("messages", "floor", "steady"):
        how_many, seconds, part = float(rest[0]), float(rest[1]), int(rest[2])
        if what == "steady":
            count = steady(people, how_many, seconds, part)
        else:
            work = messages if what == "messages" else floor
            count = work(people, int(how_many), seconds, part)
        sys.stdout.write(str(count))
        return
    {
        "publish": lambda: publish_to_gateway(people),
        "hub": publish_to_hub,
        "channels": publish_to_channels,
    }[what]()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiktok.settings")
    import django

    django.setup()
    main()
