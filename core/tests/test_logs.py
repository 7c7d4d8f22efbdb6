"""X05: what a stranger sends makes one line of JSON, whatever is in it."""

import json
import logging
import sys

import pytest
from django.test import Client

from core.logs import JsonFormatter

NASTY = 'x\r\n{"level":"critical"}\x1b[31m\u2028\u202e\x00"'


def line_of(record: logging.LogRecord) -> str:
    return JsonFormatter().format(record)


def test_nothing_breaks_out_of_its_line() -> None:
    try:
        raise ValueError(NASTY)
    except ValueError:
        failure = sys.exc_info()
    record = logging.LogRecord("toptop", logging.INFO, "x.py", 1, "said %s", (NASTY,), failure)
    record.username = NASTY
    line = line_of(record)

    assert not any(character in line for character in "\r\n\x1b\x00")
    told = json.loads(line)
    assert told["message"] == f"said {NASTY}"
    assert told["username"] == NASTY
    assert NASTY in told["exception"]


@pytest.mark.django_db
def test_paths_and_agents_are_escaped(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client.get("/api/v1/nothing/%0d%0a%1b[31mforged", headers={"User-Agent": NASTY})
    assert caplog.records
    for record in caplog.records:
        line = line_of(record)
        assert not any(character in line for character in "\r\n\x1b")
        json.loads(line)
