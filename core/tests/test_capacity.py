"""How many transcodes at once: what cores and memory bear, at least one."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from core import capacity
from core.management.commands.work import worker_argv

GB = 1024**3


@pytest.mark.parametrize(
    "cores,free,cgroup,wanted",
    [
        (1, 8 * GB, "max", 1),
        (2, 8 * GB, "max", 1),
        (16, 64 * GB, "max", 8),
        (16, 3 * GB, "max", 3),
        (16, 64 * GB, str(2 * GB), 2),
        (16, GB // 2, "max", 1),
    ],
)
def test_cores_and_memory_bound_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    cores: int,
    free: int,
    cgroup: str,
    wanted: int,
) -> None:
    monkeypatch.setattr(capacity, "cores", lambda: cores)
    for name, text in (
        ("MEMINFO", f"MemTotal: 1 kB\nMemAvailable:  {free // 1024} kB\n"),
        ("CGROUP_LIMIT", f"{cgroup}\n"),
    ):
        (tmp_path / name).write_text(text)
        monkeypatch.setattr(capacity, name, tmp_path / name)
    assert capacity.transcoders() == wanted


def test_a_setting_decides(settings: Any) -> None:
    settings.TRANSCODERS = 5
    assert capacity.transcoders() == 5
    assert "--concurrency=5" in worker_argv(["ladder"])
    assert "--concurrency=2" in worker_argv(["default"])
    assert {"--concurrency=7", "--queues=default,media"} <= set(worker_argv(["default", "media"]))
    assert {"--concurrency=3", "--queues=default,push"} <= set(worker_argv(["default", "push"]))


@pytest.mark.django_db
def test_only_our_own_networks_read_which_sandbox_decoders_run_in(client: Client) -> None:
    kinds = ("bubblewrap", "landlock", "rlimits")
    assert client.get("/readyz", REMOTE_ADDR="127.0.0.1").json()["sandbox"] in kinds
    for address in ("203.0.113.9", ""):
        assert "sandbox" not in client.get("/readyz", REMOTE_ADDR=address).json()
