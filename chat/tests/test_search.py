"""Search: what is found, by which part of a word, and nothing that is not one's own to see."""

from typing import Any

import pytest
from django.db import connection

from accounts import services as accounts
from accounts.models import User
from chat import search_index, selectors, services
from chat.models import Message
from chat.tests.factories import befriend, make_dm, make_group, say
from chat.words import excerpt, words_of
from conftest import ApiOf, make_user
from social.graph import services as graph

API = "/api/v1"


def found(api: ApiOf, user: User, q: str, **more: Any) -> list[str]:
    answer = api(user).get(f"{API}/search/messages", {"q": q, **more})
    assert answer.status_code == 200, answer.content
    return [one["body"] for one in answer.json()["results"]]


@pytest.mark.parametrize(
    "typed, hits",
    [
        ("treasure", {"The TREASURE map"}),
        ("reasu", {"The TREASURE map"}),  # within a word
        ("map treas", {"The TREASURE map"}),  # every word, in any order
        ("map boat", set()),
        ("ма", {"мама мыла раму"}),  # a short word where a word begins
        ("ыла", {"мама мыла раму"}),
        ("ла", set()),
        ("đà nẵng", {"Đà Nẵng 2026"}),
        ("20", {"Đà Nẵng 2026"}),
        ("100%", {"100% sure_thing"}),
        ("sure_thing", {"100% sure_thing"}),
        ("%", set()),
        ("_", set()),
        ("a", set()),
        ('" OR body', set()),
        ("map' & treasure:*", {"The TREASURE map"}),
        ("NEAR(map)", set()),
        ("\x00map\ud800", {"The TREASURE map"}),
    ],
)
def test_words_find_messages(
    api: ApiOf, alice: User, bob: User, typed: str, hits: set[str]
) -> None:
    room = make_dm(alice, bob)
    for body in ("The TREASURE map", "мама мыла раму", "Đà Nẵng 2026", "100% sure_thing"):
        say(alice, room, body)
    rows = selectors.search_messages(user=bob, term=typed)
    assert {row.body for row in rows} == hits


def test_what_is_typed_has_an_end(api: ApiOf, alice: User, settings: Any) -> None:
    settings.RATE_LIMIT_SCALE = 1
    assert api(alice).get(f"{API}/search/messages", {"q": "x" * 201}).status_code == 400
    assert api(alice).get(f"{API}/search/messages").status_code == 400
    assert api(alice).get(f"{API}/search/users", {"q": "x" * 201}).status_code == 400
    assert len(words_of(" ".join(["word"] * 30))) == 8
    answers = [api(alice).get(f"{API}/search/messages", {"q": "word"}) for _ in range(40)]
    answer = answers[-1]
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_nothing_from_before_one_came_or_after_one_went(
    api: ApiOf, alice: User, bob: User, erin: User, carol: User
) -> None:
    group = make_group(alice, bob)
    say(alice, group, "secret one")
    befriend(alice, erin)
    services.add_members(actor=alice, conversation_id=group.pk, handles=["erin"])
    say(alice, group, "secret two")
    assert found(api, erin, "secret") == ["secret two"]
    assert found(api, bob, "secret") == ["secret two", "secret one"]
    assert found(api, carol, "secret") == []
    services.leave(actor=erin, conversation_id=group.pk)
    say(alice, group, "secret three")
    assert found(api, erin, "secret") == []
    services.add_members(actor=alice, conversation_id=group.pk, handles=["erin"])
    assert found(api, erin, "secret") == []  # history does not come back with her
    services.remove_member(actor=alice, conversation_id=group.pk, user_id=bob.pk)
    assert found(api, bob, "secret") == []


def test_a_cleared_pair_stays_cleared(api: ApiOf, alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    say(bob, room, "secret one")
    services.leave(actor=alice, conversation_id=room.pk)
    assert found(api, alice, "secret") == []
    assert found(api, bob, "secret") == ["secret one"]


def test_edits_are_found_by_their_new_words_and_deletions_by_none(
    api: ApiOf, alice: User, bob: User
) -> None:
    room = make_dm(alice, bob)
    edited, mine, gone = (say(alice, room, f"{name} apple") for name in ("one", "two", "three"))
    services.edit_message(actor=alice, message_id=edited.pk, body="one pear")
    services.delete_message(actor=bob, message_id=mine.pk, for_whom="me")
    services.delete_message(actor=alice, message_id=gone.pk, for_whom="all")
    assert found(api, bob, "apple") == []
    assert found(api, alice, "apple") == ["two apple"]
    assert found(api, bob, "pear") == ["one pear"]
    assert found(api, bob, "on pear") == ["one pear"]


def test_people_with_a_block_between_them_find_nothing_of_each_other(
    api: ApiOf, alice: User, bob: User, dave: User
) -> None:
    group = make_group(alice, bob, dave)
    for person in (bob, dave):
        say(person, group, f"a word of {person.username}")
    graph.block(actor=bob, username="dave")
    assert found(api, bob, "word") == ["a word of bob"]
    assert found(api, dave, "word") == ["a word of dave"]
    assert len(found(api, alice, "word")) == 2
    for who, other in ((bob, "dave"), (dave, "bob")):
        answer = api(who).get(f"{API}/search/users", {"q": other})
        assert answer.json()["results"] == []


def test_a_request_is_found_before_it_is_answered(api: ApiOf, alice: User, carol: User) -> None:
    room = make_dm(carol, alice, friends=False)
    say(carol, room, "may I ask")
    assert found(api, alice, "ask") == ["may I ask"]
    services.answer_request(actor=alice, conversation_id=room.pk, answer="decline")
    assert found(api, alice, "ask") == []


def test_one_room_can_be_searched_by_its_members(
    api: ApiOf, alice: User, bob: User, carol: User
) -> None:
    room, group = make_dm(alice, bob), make_group(alice, bob, title="Boats")
    say(alice, room, "word one")
    say(alice, group, "word two")
    assert found(api, bob, "word", c=str(group.pk)) == ["word two"]
    for path in (f"?q=word&c={group.pk}", "?q=word&c=01999999-0000-7000-8000-000000000000"):
        assert api(carol).get(f"{API}/search/messages{path}").status_code == 404
    assert api(bob).get(f"{API}/search/messages?q=word&c=x").status_code == 400


def test_a_hit_says_where_it_is(api: ApiOf, alice: User, bob: User) -> None:
    group, room = make_group(alice, bob, title="Boats"), make_dm(alice, bob)
    say(alice, group, f"{'so ' * 60}the Anchor\nis <b>up</b>, anchor {'on ' * 90}")
    say(alice, room, "anchors away")
    pair, many = api(bob).get(f"{API}/search/messages?q=anchor").json()["results"]
    assert (pair["room"]["title"], pair["room"]["kind"]) == ("Alice", "dm")
    assert (many["room"]["title"], many["room"]["id"]) == ("Boats", str(group.pk))
    assert [one["text"] for one in many["excerpt"] if one["hit"]] == ["Anchor", "anchor"]
    shown = "".join(one["text"] for one in many["excerpt"])
    assert shown.startswith("…")
    assert "the Anchor is <b>up</b>, anchor on" in shown
    assert len(shown) <= 162
    assert pair["excerpt"] == [{"text": "anchor", "hit": True}, {"text": "s away", "hit": False}]
    around = api(bob).get(
        f"{API}/conversations/{group.pk}/messages?around_seq={many['seq']}&limit=3"
    )
    assert many["id"] in [one["id"] for one in around.json()["results"]]


def test_an_excerpt_of_no_hit_is_the_beginning() -> None:
    assert [piece.text for piece in excerpt("x" * 200, ["absent"])] == ["x" * 160 + "…"]
    assert excerpt("", ["word"]) == []
    assert [piece.hit for piece in excerpt("go ago", ["go"])] == [True, False]


def test_pages_end_and_repeat_nothing(api: ApiOf, alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    said = [say(alice, room, f"word {number}").body for number in range(7)]
    path: str | None = f"{API}/search/messages?q=word&limit=3"
    pages: list[list[str]] = []
    while path:
        page = api(bob).get(path).json()
        pages.append([one["body"] for one in page["results"]])
        path = page["next"]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [one for page in pages for one in page] == said[::-1]
    foreign = api(bob).get(f"{API}/search/messages?q=word&limit=3").json()["next"]
    assert api(alice).get(foreign).status_code == 400
    assert api(alice).get(f"{API}/search/messages?q=word&cursor=x").status_code == 400


def test_people_come_in_pages(api: ApiOf, alice: User, carol: User, mod: User) -> None:
    for number in range(3):
        make_user(f"person{number}")
    hidden = make_user("person9")
    accounts.suspend_user(actor=mod, user_id=hidden.pk, reason="spam")
    first = api(alice).get(f"{API}/search/users?q=per&limit=2").json()
    second = api(alice).get(first["next"]).json()
    names = [one["username"] for one in (*first["results"], *second["results"])]
    assert names == ["person0", "person1", "person2"]
    assert second["next"] is None
    assert api(alice).get(f"{API}/search/users?q=alice").json()["results"] == []


def test_an_open_group_is_found_by_those_who_may_join_it(
    api: ApiOf, alice: User, bob: User, carol: User
) -> None:
    group, closed = make_group(alice, bob, title="Sea boats"), make_group(alice, title="My boats")
    services.update_group(actor=alice, conversation_id=group.pk, is_open=True)
    path = f"{API}/conversations/open?q=boat sea"
    assert [one["is_mine"] for one in api(bob).get(path).json()["results"]] == [True]
    assert [one["is_mine"] for one in api(carol).get(path).json()["results"]] == [False]
    services.remove_member(actor=alice, conversation_id=group.pk, user_id=bob.pk)
    assert api(bob).get(path).json()["results"] == []
    assert str(closed.pk) not in str(api(carol).get(f"{API}/conversations/open?q=boats").json())
    services.leave(actor=alice, conversation_id=group.pk)
    assert api(carol).get(path).json()["results"] == []  # nobody is left to run it
    assert api(carol).post(f"{API}/conversations/{group.pk}/join").status_code == 404


def test_own_groups_are_found_by_name(alice: User, bob: User, carol: User) -> None:
    group = make_group(alice, bob, title="Sea boats")
    assert [row.conversation_id for row in selectors.own_groups(user=bob, term="boat")] == [
        group.pk
    ]
    assert list(selectors.own_groups(user=carol, term="boat")) == []


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the tables of SQLite")
def test_what_triggers_missed_is_made_up_for(alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {search_index.PARTS}_added")
    say(alice, room, "unheard of")
    assert list(selectors.search_messages(user=bob, term="unheard")) == []
    search_index.ensure("default")
    search_index.ensure("default")
    assert [row.body for row in selectors.search_messages(user=bob, term="unheard")] == [
        "unheard of"
    ]
    Message.objects.all().delete()
    with connection.cursor() as cursor:
        for table in (search_index.PLACES, search_index.PARTS, search_index.WORDS):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="the plan of PostgreSQL")
def test_postgresql_reads_the_index(alice: User, bob: User) -> None:
    say(alice, make_dm(alice, bob), "the treasure")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        asked = "UPPER(body::text) LIKE UPPER('%tre%')"
        cursor.execute(f"EXPLAIN SELECT 1 FROM chat_message WHERE {asked}")
        assert "chat_message_trigrams" in str(cursor.fetchall())
        asked = (
            "to_tsvector('simple'::regconfig, COALESCE(body, '')) @@ to_tsquery('simple', 'a:*')"
        )
        cursor.execute(f"EXPLAIN SELECT 1 FROM chat_message WHERE {asked}")
        assert "chat_message_word_starts" in str(cursor.fetchall())
    rows = selectors.search_messages(user=bob, term="treasure is")
    assert 'UPPER("chat_message"."body"::text) LIKE UPPER(' in str(rows.query)
    assert "to_tsvector(simple::regconfig, COALESCE(" in str(rows.query)
