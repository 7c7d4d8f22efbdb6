"""Statements made once: the same rows as the queryset gives, with whatever values."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import make_user
from core.expressions import RightNow
from core.statements import Statement, stand_in, stand_ins, width_for

pytestmark = pytest.mark.django_db
User = get_user_model()


def test_rows_are_those_of_the_values_given_now() -> None:
    people = [make_user(f"person{number}") for number in range(5)]
    ids = stand_ins(1, 3)
    asked = Statement(User.objects.filter(pk__in=ids).order_by("username"), {"ids": ids})

    assert asked.rows(ids=[people[3].pk, people[1].pk]) == [people[1], people[3]]
    assert asked.rows(ids=[people[0].pk]) == [people[0]]


def test_the_sql_is_made_once(alice: Any, bob: Any) -> None:
    asked = Statement(User.objects.filter(pk=stand_in(1)), {"person": stand_in(1)})

    with CaptureQueriesContext(
        connection,
    ) as seen:
        found = [asked.rows(person=one.pk) for one in (alice, bob)]

    assert found == [[alice], [bob]]
    one, other = (query["sql"] for query in seen.captured_queries)
    ids = [alice.pk, bob.pk]
    plain = [re.sub("|".join(f"{key}|{key.hex}" for key in ids), "", text) for text in (one, other)]
    assert plain[0] == plain[1]


def test_values_and_flat_lists_come_as_the_queryset_gives_them(alice: Any) -> None:
    rows = User.objects.filter(pk=stand_in(1))
    place = {"person": stand_in(1)}

    assert list(
        Statement(rows.values_list("username", flat=True), place).rows(person=alice.pk)
    ) == ["alice"]
    pairs = Statement(rows.values_list("pk", "username"), place).rows(person=alice.pk)
    assert dict(pairs) == {alice.pk: "alice"}


def test_the_process_clock_is_always_of_now(alice: Any) -> None:
    asked = Statement(
        User.objects.filter(pk=stand_in(1), created_at__lte=RightNow()), {"person": stand_in(1)}
    )
    assert asked.rows(person=alice.pk) == [alice]

    User.objects.filter(pk=alice.pk).update(created_at=timezone.now() + timedelta(milliseconds=300))
    assert not asked.rows(person=alice.pk)

    User.objects.filter(pk=alice.pk).update(created_at=timezone.now())
    assert asked.rows(person=alice.pk) == [alice]


def test_moments_are_places_too(alice: Any) -> None:
    moment = timezone.now()
    before = stand_in_moment = moment.replace(year=3)
    asked = Statement(User.objects.filter(created_at__lte=before), {"before": stand_in_moment})

    assert not list(asked.rows(before=moment - timedelta(days=1)))
    assert list(asked.rows(before=moment + timedelta(days=1))) == [alice]


def test_a_moment_that_would_stay_is_refused(alice: Any) -> None:
    rows = User.objects.filter(pk=stand_in(1), created_at__lte=timezone.now())

    with pytest.raises(ValueError, match="without a place"):
        Statement(rows, {"person": stand_in(1)})
    with pytest.raises(ValueError, match="without a place"):
        Statement(User.objects.filter(pk__in=[stand_in(1), alice.pk]), {"person": stand_in(1)})


def test_a_place_that_is_not_in_the_sql_is_refused() -> None:
    with pytest.raises(ValueError, match="not parameters"):
        Statement(User.objects.all(), {"person": stand_in(1)})


def test_more_values_than_the_list_has_are_refused(alice: Any) -> None:
    ids = stand_ins(1, 2)
    asked = Statement(User.objects.filter(pk__in=ids), {"ids": ids})

    for values in ([], [alice.pk] * 3):
        with pytest.raises(ValueError, match="1 to 2 values"):
            asked.rows(ids=values)


def test_what_can_have_no_rows_asks_nothing() -> None:
    asked = Statement(User.objects.filter(Q(pk__in=[]), pk=stand_in(1)), {"person": stand_in(1)})

    with CaptureQueriesContext(connection) as seen:
        assert not list(asked.rows(person=stand_in(2)))
    assert not seen.captured_queries


def test_lists_have_a_few_widths() -> None:
    assert [width_for(count) for count in (1, 2, 11, 12, 33, 400, 401)] == [
        1, 11, 11, 32, 48, 400, 401,
    ]  # fmt: skip
