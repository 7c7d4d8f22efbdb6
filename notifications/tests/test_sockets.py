"""A socket is no person: only a device that says that somebody looks at it keeps a push back."""

from collections.abc import Iterator

import pytest

from accounts.models import User
from chat.models import Member
from chat.tests.factories import make_dm, say
from chat.tests.sockets import Server, native
from notifications.tests.kit import Browser, pushes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server().start()
    yield made
    made.stop()


def test_a_laptop_that_was_just_closed_gets_its_push(
    server: Server, alice: User, bob: User, phone: Browser
) -> None:
    """Its socket lingers, it said a moment ago that it is looked at, and the frame reaches it."""
    room = make_dm(alice, bob)
    with native(server, bob) as laptop:
        laptop.ask("ping", foreground=True)
        say(alice, room, "are you there?")
        assert laptop.until("message.new")["d"]["body"] == "are you there?"
        # From here on it says nothing more, and does not close either.
        pushes()
        assert phone.texts == [("Alice", "are you there?")]


def test_a_laptop_that_is_looked_at_keeps_the_push_back(
    server: Server, alice: User, bob: User, phone: Browser
) -> None:
    room = make_dm(alice, bob)
    with native(server, bob) as laptop:
        say(alice, room)
        seq = laptop.until("message.new")["d"]["seq"]
        assert laptop.ask("delivered", c=str(room.pk), seq=seq, foreground=True)["ok"]
        pushes()
        assert phone.shown == []
        say(alice, room, "and this?")
        laptop.until("message.new")
        assert laptop.ask("delivered", c=str(room.pk), seq=seq + 1, foreground="yes")["ok"]
        pushes()
        assert phone.texts == [("Alice", "and this?")]


def test_nobody_says_that_they_have_what_is_not_there_yet(
    server: Server, alice: User, bob: User, phone: Browser
) -> None:
    room = make_dm(alice, bob)
    say(alice, room, "one")
    with native(server, bob) as laptop:
        assert laptop.ask("delivered", c=str(room.pk), seq=10**6, foreground=True)["ok"]
    assert Member.objects.get(conversation=room, user=bob).last_shown_seq == 1
    say(alice, room, "two")
    pushes()
    assert phone.texts == [("Alice", "two")]
