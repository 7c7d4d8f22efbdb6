"""W03, Z02: whoever is outside gets the answer that an unknown id gets, on every route."""

from typing import Any

import pytest

from accounts.models import User
from chat.models import Message
from chat.tests.factories import make_dm, make_group, make_theme, say
from conftest import ApiOf
from core.ids import uuid7

API = "/api/v1"
THEME = str(uuid7())
ROOM: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("get", "conversations/{}", {}),
    ("patch", "conversations/{}", {"draft": "x"}),
    ("patch", "conversations/{}", {"title": "x"}),
    ("delete", "conversations/{}", {}),
    ("get", "conversations/{}/messages", {}),
    ("post", "conversations/{}/messages", {"client_id": str(uuid7()), "body": "hi"}),
    ("post", "conversations/{}/read", {"seq": 1}),
    ("get", "conversations/{}/receipts", {}),
    ("get", "conversations/{}/events?after=0", {}),
    ("post", "conversations/{}/members", {"members": ["carol"]}),
    ("patch", "conversations/{}/members/" + str(uuid7()), {"role": "admin"}),
    ("delete", "conversations/{}/members/" + str(uuid7()), {}),
    ("post", "conversations/{}/request/accept", {}),
    ("post", "conversations/{}/request/decline", {}),
    ("post", "conversations/{}/request/block", {}),
    ("get", "conversations/{}/link", {}),
    ("post", "conversations/{}/link", {}),
    ("delete", "conversations/{}/picture", {}),
    ("delete", "conversations/{}/link", {}),
    ("post", "conversations/{}/join", {}),
    ("put", "conversations/{}/theme", {"theme_id": THEME}),
    ("delete", "conversations/{}/theme", {}),
    ("get", "conversations/{}/emoji-sets", {}),
    ("get", "search/messages?q=hello&c={}", {}),
)
MESSAGE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("patch", "messages/{}", {"body": "x"}),
    ("delete", "messages/{}?for=me", {}),
    ("delete", "messages/{}?for=all", {}),
    ("get", "messages/{}/revisions", {}),
    ("put", "messages/{}/reactions/👍", {}),
    ("delete", "messages/{}/reactions/👍", {}),
)


def told(answer: Any) -> tuple[int, Any]:
    body = answer.json()
    return answer.status_code, {name: body[name] for name in ("code", "detail", "title")}


@pytest.mark.parametrize("who", ["carol", "mod"])
def test_outside_is_the_same_as_nowhere(
    api: ApiOf, request: pytest.FixtureRequest, alice: User, bob: User, who: str
) -> None:
    outsider: User = request.getfixturevalue(who)
    client = api(outsider)
    make_theme(outsider, pk=THEME)
    message = say(alice, make_dm(alice, bob))
    rooms = [message.conversation_id, make_group(alice, bob).pk]
    before = Message.objects.count()
    for method, path, body in ROOM:
        for room in rooms:
            answer = getattr(client, method)(f"{API}/{path.format(room)}", body or None)
            nowhere = getattr(client, method)(f"{API}/{path.format(uuid7())}", body or None)
            assert told(answer) == told(nowhere), (method, path)
            assert answer.status_code == 404, (method, path)
    for method, path, body in MESSAGE:
        answer = getattr(client, method)(f"{API}/{path.format(message.pk)}", body or None)
        nowhere = getattr(client, method)(f"{API}/{path.format(uuid7())}", body or None)
        assert told(answer) == told(nowhere), (method, path)
        assert answer.status_code == 404, (method, path)
    assert Message.objects.count() == before
