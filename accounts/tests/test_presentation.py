from collections.abc import Sequence
from dataclasses import FrozenInstanceError
from typing import Any
from uuid import UUID

import pytest

from accounts import presentation
from accounts.models import User
from core.testing import same_queries


@pytest.fixture
def no_facets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what the apps above registered."""
    monkeypatch.setattr(presentation, "_facets", [])


def test_a_brief_is_what_stands_beside_a_video(alice: User) -> None:
    brief = presentation.brief(alice)
    assert brief == presentation.UserBrief(alice.pk, "alice", "Alice", None, False)
    alice.name = ""
    assert presentation.brief(alice).name == "alice"
    with pytest.raises(FrozenInstanceError):
        brief.name = "x"  # type: ignore[misc]


def test_every_name_of_the_contract_is_there(alice: User, no_facets: None) -> None:
    shown = presentation.present_user(alice, viewer=None)
    assert set(shown) == {
        "id", "username", "name", "bio", "avatar", "links", "is_private", "is_verified",
        "created_at", "counts", "viewer",
    }  # fmt: skip
    assert shown["counts"] == {"followers": 0, "following": 0, "likes": 0, "videos": 0}
    assert not any(shown["viewer"].values())


def test_facets_fill_in_what_the_apps_above_know(alice: User, bob: User, no_facets: None) -> None:
    asked: list[Any] = []

    def facet(viewer_id: UUID | None, user_ids: Sequence[UUID]) -> dict[UUID, Any]:
        asked.append((viewer_id, list(user_ids)))
        return {bob.pk: {"counts": {"followers": 3}, "viewer": {"follows": True}}}

    presentation.register_facet(facet)
    presentation.register_facet(facet)
    first, second = presentation.present_users([alice, bob], viewer=alice)
    assert asked == [(alice.pk, [alice.pk, bob.pk])]
    assert (first["counts"]["followers"], second["counts"]["followers"]) == (0, 3)
    assert second["viewer"]["follows"] is True


def test_nobody_costs_nothing(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert presentation.present_users([], viewer=None) == []


def test_2_and_20_people_cost_the_same(alice: User) -> None:
    people = [User(username=f"p{n}", email=f"p{n}@example.com") for n in range(20)]
    User.objects.bulk_create(people)
    with same_queries() as record:
        for count in (2, 20):
            record(lambda count=count: presentation.present_users(people[:count], viewer=alice))  # type: ignore[misc]
