"""VAPID keys: a pair belongs together, and the embedded mode keeps one of its own."""

import io
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from core.vapid import new_private_key, public_key_of
from tiktok.environment import Environment
from tiktok.push_environment import Push, read_push


def read(variables: dict[str, str] | None = None, kept_in: Path | None = None) -> Push:
    return read_push(Environment(variables or {}), contact="mailto:x@example.com", kept_in=kept_in)


def test_the_command_prints_a_pair_that_is_taken() -> None:
    out = io.StringIO()
    call_command("vapid_keys", stdout=out)
    pair = dict(line.split("=", 1) for line in out.getvalue().split())
    found = read(pair)
    assert found.web
    assert found.public_key == pair["VAPID_PUBLIC_KEY"]


def test_nothing_is_on_by_itself() -> None:
    found = read()
    assert (found.web, found.expo, found.on) == (False, False, False)


def test_the_embedded_mode_keeps_its_key(tmp_path: Path) -> None:
    first, again = read(kept_in=tmp_path), read(kept_in=tmp_path)
    assert first == again
    assert first.web
    assert public_key_of(first.private_key) == first.public_key
    other = tmp_path / "other"
    other.mkdir()
    assert read(kept_in=other).private_key != first.private_key


def test_what_was_set_comes_before_what_is_kept(tmp_path: Path) -> None:
    private = new_private_key()
    pair = {"VAPID_PRIVATE_KEY": private, "VAPID_PUBLIC_KEY": public_key_of(private)}
    assert read(pair, tmp_path).private_key == private
    assert not (tmp_path / "vapid_key").exists()


@pytest.mark.parametrize(
    "variables",
    [
        {"VAPID_PRIVATE_KEY": new_private_key()},
        {
            "VAPID_PRIVATE_KEY": new_private_key(),
            "VAPID_PUBLIC_KEY": public_key_of(new_private_key()),
        },
        {"VAPID_PRIVATE_KEY": "A" * 43, "VAPID_PUBLIC_KEY": "x"},
        {"VAPID_PRIVATE_KEY": "short", "VAPID_PUBLIC_KEY": "x"},
        {"VAPID_SUBJECT": "http://example.com"},
    ],
)
def test_half_a_pair_and_two_halves_stop_the_process(variables: dict[str, str]) -> None:
    with pytest.raises(ImproperlyConfigured, match="VAPID"):
        read(variables)
