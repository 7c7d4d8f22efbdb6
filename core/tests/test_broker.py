"""Messages in files: whoever reads while others write finds whole ones, all of them, once."""

import threading
from pathlib import Path
from queue import Empty
from typing import Any

from kombu import Connection

from core import broker

SENT = 1500


def test_no_message_is_read_before_it_is_written(tmp_path: Path) -> None:
    broker.register()
    for name in ("queue", "done", "control"):
        (tmp_path / name).mkdir()
    options = {
        "data_folder_in": str(tmp_path / "queue"),
        "data_folder_out": str(tmp_path / "queue"),
        "control_folder": str(tmp_path / "control"),
        "store_processed": True,
        "processed_folder": str(tmp_path / "done"),
    }
    found: list[int] = []
    with Connection("filesystem://", transport_options=options) as connection:
        writing: Any = connection.channel()
        reading: Any = connection.channel()
        assert isinstance(writing, broker.Channel)

        def write() -> None:
            for number in range(SENT):
                writing._put("jobs", {"number": number, "pad": "x" * 2000})

        writer = threading.Thread(target=write)
        writer.start()
        while writer.is_alive() or len(found) < SENT:
            try:
                found.append(reading._get("jobs")["number"])
            except Empty:
                if not writer.is_alive() and len(found) >= SENT:
                    break
        writer.join()
    assert sorted(found) == list(range(SENT))
    assert not list((tmp_path / "queue").iterdir())
