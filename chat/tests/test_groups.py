"""Groups: roles, links, open doors, leaving; and nothing for whoever is outside."""

from typing import Any

import pytest

from accounts.models import User
from chat import policies, selectors, services
from chat.models import Member
from chat.tests.factories import befriend, make_group, say
from conftest import ApiOf, make_user
from core.errors import Conflict, Forbidden, NotFound
from core.models import Outbox

API = "/api/v1/conversations"


def roles(group: Any) -> dict[str, str]:
    rows = Member.objects.filter(conversation=group, state="active").select_related("user")
    return {row.user.username: row.role for row in rows}


def test_friends_are_in_and_others_are_asked(
    api: ApiOf, alice: User, bob: User, carol: User
) -> None:
    befriend(alice, bob)
    answer = api(alice).post(API, {"title": " Trip ", "members": ["bob", "carol"]})
    assert answer.status_code == 201
    shown = answer.json()
    states = {one["user"]["username"]: one["state"] for one in shown["members"]}
    assert states == {"alice": "active", "bob": "active", "carol": "request"}
    assert (shown["title"], shown["member_count"]) == ("Trip", 2)
    api(carol).post(f"{API}/{shown['id']}/request/accept")
    assert api(bob).get(f"{API}/{shown['id']}").json()["member_count"] == 3


def test_roles_decide(alice: User, bob: User, erin: User) -> None:
    group = make_group(alice, bob, erin)
    with pytest.raises(Forbidden):
        services.remove_member(actor=bob, conversation_id=group.pk, user_id=erin.pk)
    with pytest.raises(Forbidden):
        services.update_group(actor=bob, conversation_id=group.pk, title="Mine")
    services.set_role(actor=alice, conversation_id=group.pk, user_id=bob.pk, role="admin")
    services.update_group(actor=bob, conversation_id=group.pk, title="Ours")
    with pytest.raises(Forbidden):
        services.remove_member(actor=bob, conversation_id=group.pk, user_id=alice.pk)
    with pytest.raises(Forbidden):
        services.set_role(actor=bob, conversation_id=group.pk, user_id=erin.pk, role="admin")
    services.remove_member(actor=bob, conversation_id=group.pk, user_id=erin.pk)
    assert roles(group) == {"alice": "owner", "bob": "admin"}
    message = say(alice, group)
    services.delete_message(actor=bob, message_id=message.pk, for_whom="all")


def test_a_group_is_handed_over_whole(alice: User, bob: User, erin: User) -> None:
    group = make_group(alice, bob, erin)
    services.set_role(actor=alice, conversation_id=group.pk, user_id=bob.pk, role="owner")
    assert roles(group) == {"alice": "admin", "bob": "owner", "erin": "member"}
    services.leave(actor=bob, conversation_id=group.pk)
    assert roles(group) == {"alice": "owner", "erin": "member"}
    services.leave(actor=alice, conversation_id=group.pk)
    services.leave(actor=erin, conversation_id=group.pk)
    assert roles(group) == {}


def test_whoever_is_removed_hears_the_end_and_nothing_more(
    api: ApiOf, alice: User, bob: User, erin: User
) -> None:
    group = make_group(alice, bob, erin)
    Outbox.objects.all().delete()
    services.remove_member(actor=alice, conversation_id=group.pk, user_id=erin.pk)
    say(alice, group, "she is gone")
    heard = [
        row.event["ev"] for row in Outbox.objects.order_by("pk") if str(erin.pk) in row.user_ids
    ]
    assert heard == ["member.remove"]
    assert api(erin).get(f"{API}/{group.pk}/messages").status_code == 404
    # What goes out late goes to those who are inside now.
    from chat.subscribers import still_inside

    late = {"ev": "message.new", "c": str(group.pk)}
    assert set(still_inside(late, [alice.pk, erin.pk])) == {alice.pk}


def test_newcomers_see_what_follows(alice: User, bob: User, erin: User) -> None:
    group = make_group(alice, bob)
    say(alice, group, "before her time")
    befriend(alice, erin)
    services.add_members(actor=alice, conversation_id=group.pk, handles=["erin"])
    say(alice, group, "welcome")
    member = selectors.membership(user=erin, conversation_id=group.pk)
    page = selectors.messages_page(member)
    assert [one.body for one in page.messages if one.kind == "text"] == ["welcome"]


def test_links_let_people_in_until_they_are_dead(
    api: ApiOf, alice: User, bob: User, carol: User, dave: User
) -> None:
    group = make_group(alice, bob)
    assert api(bob).post(f"{API}/{group.pk}/link").status_code == 403
    old = api(alice).post(f"{API}/{group.pk}/link").json()["url"].rpartition("/")[2]
    new = api(alice).post(f"{API}/{group.pk}/link").json()["url"].rpartition("/")[2]
    with pytest.raises(NotFound):
        services.join_by_link(actor=carol, token=old)
    services.join_by_link(actor=carol, token=new)
    services.join_by_link(actor=carol, token=new)
    services.remove_member(actor=alice, conversation_id=group.pk, user_id=carol.pk)
    with pytest.raises(NotFound):
        services.join_by_link(actor=carol, token=new)
    assert api(alice).delete(f"{API}/{group.pk}/link").status_code == 204
    with pytest.raises(NotFound):
        services.join_by_link(actor=dave, token=new)


def test_open_groups_are_found_and_joined(api: ApiOf, alice: User, carol: User) -> None:
    group = make_group(alice, title="Gardening club")
    path = f"{API}/open?q=gardening"
    assert api(carol).get(path).json()["results"] == []
    assert api(carol).post(f"{API}/{group.pk}/join").status_code == 404
    services.update_group(actor=alice, conversation_id=group.pk, is_open=True)
    assert [one["title"] for one in api(carol).get(path).json()["results"]] == ["Gardening club"]
    assert api(carol).post(f"{API}/{group.pk}/join").json()["member_count"] == 2


def test_a_group_has_an_end(monkeypatch: pytest.MonkeyPatch, alice: User, bob: User) -> None:
    monkeypatch.setattr(policies, "MAX_MEMBERS", 2)
    group = make_group(alice, bob)
    befriend(alice, make_user("one_more"))
    with pytest.raises(Conflict):
        services.add_members(actor=alice, conversation_id=group.pk, handles=["one_more"])


def test_blocked_people_are_not_added(alice: User, bob: User, dave: User) -> None:
    from social.graph import services as graph

    group = make_group(alice, bob)
    graph.block(actor=dave, username="alice")
    with pytest.raises(NotFound):
        services.add_members(actor=alice, conversation_id=group.pk, handles=["dave"])
