"""A bad variable stops the process with a sentence that names it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from tiktok import environment

ROOT = Path(__file__).parents[2]


def check(**variables: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py check` in a process of its own with these variables only."""
    clean = {"PATH": os.environ["PATH"], **variables}
    command = [sys.executable, "manage.py", "check"]
    return subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, check=False)


def test_the_embedded_mode_needs_nothing(tmp_path: Path) -> None:
    done = check(DATA_DIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert oct((tmp_path / "secret_key").stat().st_mode)[-3:] == "600"


@pytest.mark.parametrize(
    "name, value",
    [
        ("DATABASE_URL", "mysql://root@localhost/x"),
        ("RATE_LIMIT_SCALE", "fast"),
        ("PORT", "eighty"),
        ("UPLOAD_MAX_BYTES", "2G"),
        ("AWS_ACCESS_KEY_ID", "only-half"),
        ("TURN_URLS", "turn:turn.example.com:3478"),
        ("STUN_URLS", "https://stun.example.com"),
        ("LIVEKIT_URL", "wss://livekit.example.com"),
        ("VAPID_PUBLIC_KEY", "only-half"),
        ("VAPID_SUBJECT", "somebody"),
    ],
)
def test_bad_values_are_named(tmp_path: Path, name: str, value: str) -> None:
    variables = {"DATA_DIR": str(tmp_path), "AWS_STORAGE_BUCKET_NAME": "media", name: value}
    done = check(**variables)
    assert done.returncode != 0
    assert name in done.stderr.splitlines()[-1]


def test_the_scaled_mode_wants_a_real_secret(tmp_path: Path) -> None:
    done = check(
        DATA_DIR=str(tmp_path), DATABASE_URL="postgres://u@127.0.0.1/x", SECRET_KEY="short"
    )
    assert done.returncode != 0
    assert "SECRET_KEY must be set" in done.stderr


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    first = environment.keep_secret(tmp_path / "key")
    assert environment.keep_secret(tmp_path / "key") == first
    assert len(first) >= environment.MIN_SECRET_LENGTH


def test_an_emptied_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("")
    with pytest.raises(ImproperlyConfigured, match="delete it"):
        environment.keep_secret(tmp_path / "key")


def test_a_command_is_split_as_a_shell_would_and_names_its_input() -> None:
    given = environment.Environment(
        {"GOOD": "say -x 'a b' {audio}", "BAD": "say", "OPEN": "say '{audio}", "LANG": "en US"}
    )
    assert given.command("GOOD", "{audio}") == ["say", "-x", "a b", "{audio}"]
    assert given.command("NONE", "{audio}") == []
    for name in ("BAD", "OPEN"):
        with pytest.raises(ImproperlyConfigured, match=name):
            given.command(name, "{audio}")
    with pytest.raises(ImproperlyConfigured, match="LANG"):
        given.language("LANG")
