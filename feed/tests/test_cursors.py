from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core.errors import Invalid
from feed.cursors import Place, Seed, new_seed, read_cursor, read_seed, write_cursor
from feed.modes import Mode

BORN = datetime(2026, 11, 21, 1, 2, 3, 456789, tzinfo=UTC)


def place(**fields: Any) -> Place:
    values: dict[str, Any] = {"mode": Mode.ALL, "seed": Seed("42"), "skip": 7, "born_at": BORN}
    return Place(**(values | fields))


def test_a_cursor_reads_back_as_the_place_it_was_made_of(alice: User) -> None:
    assert read_cursor(write_cursor(place(), viewer=alice), viewer=alice) == place()
    named = place(seed=Seed("rainy day"))
    assert read_cursor(write_cursor(named, viewer=None), viewer=None) == named


def test_a_cursor_is_of_no_use_to_anybody_else(alice: User, bob: User) -> None:
    cursor = write_cursor(place(), viewer=alice)
    for other in (bob, None):
        with pytest.raises(Invalid) as error:
            read_cursor(cursor, viewer=other)
        assert error.value.code == "cursor_invalid"


@pytest.mark.parametrize("text", ["", "x", "a:b:c", "\x00", "é" * 10, "x" * 5000, "::", "-"])
def test_nonsense_is_no_cursor(text: str) -> None:
    with pytest.raises(Invalid):
        read_cursor(text, viewer=None)


def test_a_changed_cursor_is_refused() -> None:
    cursor = write_cursor(place(), viewer=None)
    changed = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    with pytest.raises(Invalid):
        read_cursor(changed, viewer=None)


@given(st.integers(-(2**63), 2**63 - 1))
def test_an_integer_seed_means_itself(number: int) -> None:
    assert read_seed(str(number)).number == number
    assert read_seed(str(number)).value == number


@given(st.text(min_size=1, max_size=64).filter(str.isprintable))
def test_any_printable_text_is_a_seed_that_fits_the_database(text: str) -> None:
    seed = read_seed(text)
    assert -(2**63) <= seed.number < 2**63
    assert str(seed.value) == text


@pytest.mark.parametrize("text", ["10" * 15, "-0", "007", "1e3", "٣", "1_000", "+5"])
def test_numbers_in_another_form_are_names_and_echoed_as_given(text: str) -> None:
    assert read_seed(text).value == text
    assert -(2**63) <= read_seed(text).number < 2**63


@pytest.mark.parametrize("text", ["", "\x00", "a\x00b", "x" * 65, "line\nline"])
def test_a_seed_must_be_short_and_printable(text: str) -> None:
    with pytest.raises(Invalid) as error:
        read_seed(text)
    assert error.value.code == "seed_invalid"


def test_new_seeds_differ_and_fit_the_integers_of_javascript() -> None:
    seeds = {new_seed().number for _ in range(100)}
    assert len(seeds) == 100
    assert all(0 <= seed < 2**53 for seed in seeds)
