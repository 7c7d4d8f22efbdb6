"""Numbers, moments and icons as pages show them."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from core.templatetags import present


@pytest.mark.parametrize(
    "count, shown",
    [
        (None, "0"),
        (0, "0"),
        (999, "999"),
        (1_000, "1K"),
        (1_250, "1.2K"),
        (99_999, "99.9K"),
        (999_999, "999K"),
        (1_000_000, "1M"),
        (5_600_000, "5.6M"),
        (2_000_000_000, "2B"),
    ],
)
def test_compact_never_rounds_up_across_a_unit(count: int | None, shown: str) -> None:
    assert present.compact(count) == shown


@pytest.mark.parametrize(
    "milliseconds, shown",
    [(None, "0:00"), (900, "0:01"), (12_000, "0:12"), (61_400, "1:01"), (3_723_000, "1:02:03")],
)
def test_clock(milliseconds: int | None, shown: str) -> None:
    assert present.clock(milliseconds) == shown


@pytest.mark.parametrize(
    "age, shown",
    [
        (timedelta(seconds=5), ">now<"),
        (timedelta(minutes=3), ">3m<"),
        (timedelta(hours=5), ">5h<"),
        (timedelta(days=2), ">2d<"),
    ],
)
def test_ago_says_how_long_and_keeps_the_moment(age: timedelta, shown: str) -> None:
    moment = timezone.now() - age
    markup = present.ago(moment)
    assert shown in markup
    assert f'datetime="{moment.isoformat()}"' in markup


def test_ago_of_nothing_is_nothing() -> None:
    assert present.ago(None) == ""


def test_initial_of_a_person_in_any_shape() -> None:
    assert present.initial(SimpleNamespace(name="đặng", username="x")) == "Đ"
    assert present.initial({"name": "", "username": "linh"}) == "L"


def test_icon_is_hidden_from_screen_readers_and_escaped() -> None:
    markup = present.icon("heart", '"><script>')
    assert 'aria-hidden="true"' in markup
    assert 'href="#i-heart"' in markup
    assert "<script>" not in markup
