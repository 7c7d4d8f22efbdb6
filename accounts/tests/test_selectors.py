import pytest
from django.db import IntegrityError, transaction

from accounts import selectors
from accounts.models import RefreshToken, Session, User
from accounts.tests.conftest import App
from core.errors import NotFound


@pytest.mark.parametrize("handle", ["alice", "ALICE", " alice ", "{id}", "{hex}"])
def test_people_are_found_by_name_and_id(alice: User, handle: str) -> None:
    text = handle.format(id=alice.pk, hex=alice.pk.hex)
    assert selectors.get_user_by_handle(text) == alice


def test_an_address_finds_only_who_allows_it(alice: User) -> None:
    with pytest.raises(NotFound):
        selectors.get_user_by_handle("alice@example.com")
    User.objects.update(found_by_email=True)
    assert selectors.get_user_by_handle("Alice@Example.com") == alice


@pytest.mark.parametrize(
    "odd",
    ["", " ", "nobody", "a\x00b", "\ud800", "x" * 5000, "%", "' OR 1=1", "{", "0" * 32, "@", "a@"],
)
def test_odd_handles_are_nobody(alice: User, odd: str) -> None:
    with pytest.raises(NotFound):
        selectors.get_user_by_handle(odd)
    with pytest.raises(NotFound):
        selectors.get_user(odd)
    assert selectors.find_by_login(odd) is None


class TestTheDatabaseItself:
    """Constraints hold without any of our code."""

    def refuse(self, **fields: object) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create(**{"username": "x1", "email": "x1@example.com", **fields})

    def test_refuses_a_second_name_or_address(self, alice: User) -> None:
        self.refuse(username="alice")
        self.refuse(email="alice@example.com")

    def test_refuses_capitals(self, db: None) -> None:
        self.refuse(username="Alice")
        self.refuse(email="Alice@example.com")

    def test_refuses_a_second_child_of_a_refresh_token(self, alice: User, app: type[App]) -> None:
        session = app(alice).session
        parent = RefreshToken.objects.get()
        later = session.expires_at
        RefreshToken.objects.create(session=session, parent=parent, hash=b"1", expires_at=later)
        with pytest.raises(IntegrityError), transaction.atomic():
            RefreshToken.objects.create(session=session, parent=parent, hash=b"2", expires_at=later)

    def test_refuses_the_same_hash_twice(self, alice: User, app: type[App]) -> None:
        token = RefreshToken.objects.get(session=app(alice).session)
        with pytest.raises(IntegrityError), transaction.atomic():
            RefreshToken.objects.create(
                session=Session.objects.get(), hash=token.hash, expires_at=token.expires_at
            )
