"""Files of messages: whose they are, what they become, and when they go."""

import io
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import User
from chat import services
from chat.models import Attachment
from chat.services import attaching
from chat.tests.factories import make_dm, make_group, say
from conftest import ApiOf, BrowserOf
from core.errors import Invalid
from core.models import StoredFile

API = "/api/v1/attachments"


def picture(width: int = 300, height: int = 200) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(data, "PNG")
    return data.getvalue()


def upload(api: ApiOf, user: User, content: bytes, name: str = "a.bin") -> UUID:
    answer = api(user).post(API, {"file": SimpleUploadedFile(name, content)}, format="multipart")
    assert answer.status_code == 201, answer.content
    return UUID(answer.json()["id"])


def test_a_picture_is_sent_seen_and_gone(
    api: ApiOf, browser: BrowserOf, alice: User, bob: User, carol: User
) -> None:
    key = upload(api, alice, picture(), "../../holiday\u202e.png")
    path = f"/messages/files/{key}"
    assert browser(bob).get(path).status_code == 404  # nobody's but hers until it is sent
    message = say(alice, make_dm(alice, bob), "look", attachments=(key,))
    shown = api(bob).get(f"/api/v1/conversations/{message.conversation_id}/messages").json()
    (one,) = shown["results"][0]["attachments"]
    assert (one["kind"], one["width"], one["height"]) == ("image", 300, 200)
    assert one["name"] == "holiday.png"
    answer = browser(bob).get(path)
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]
    assert browser(carol).get(path).status_code == 404
    services.delete_message(actor=alice, message_id=message.pk, for_whom="all")
    assert browser(bob).get(path).status_code == 404
    assert StoredFile.objects.get(purpose="message").state == "condemned"


def test_whoever_is_removed_loses_the_files(
    api: ApiOf, browser: BrowserOf, alice: User, bob: User
) -> None:
    group = make_group(alice, bob)
    key = upload(api, alice, b"OggS and so on", "voice.ogg")
    assert say(alice, group, "", attachments=(key,)).kind == "audio"
    client, path = browser(bob), f"/messages/files/{key}"
    assert client.get(path)["Content-Type"] == "audio/ogg"
    services.remove_member(actor=alice, conversation_id=group.pk, user_id=bob.pk)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b"<svg onload=x>", b"GIF89a"])
def test_what_might_run_is_only_ever_saved(
    api: ApiOf, browser: BrowserOf, alice: User, content: bytes
) -> None:
    answer = browser(alice).get(f"/messages/files/{upload(api, alice, content, 'x.html')}")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_files_of_others_cannot_be_sent(api: ApiOf, alice: User, bob: User) -> None:
    room, key = make_dm(alice, bob), upload(api, alice, b"mine")
    with pytest.raises(Invalid):
        say(bob, room, "", attachments=(key,))
    say(alice, room, "", attachments=(key,))
    with pytest.raises(Invalid):
        say(alice, room, "twice", attachments=(key,))


def test_unusable_files_are_refused(
    api: ApiOf, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def code(content: bytes) -> str:
        body = {"file": SimpleUploadedFile("x.png", content)}
        return str(api(alice).post(API, body, format="multipart").json()["code"])

    assert code(picture()[:60]) == "corrupt"
    monkeypatch.setitem(attaching.ATTACHMENT_MAX_BYTES, Attachment.Kind.FILE, 3)
    assert code(b"four") == "file_too_large"
    assert api(alice).post(API, {}, format="multipart").status_code == 400


def test_a_forward_keeps_the_file_of_a_deleted_message(
    api: ApiOf, browser: BrowserOf, alice: User, bob: User, erin: User
) -> None:
    key = upload(api, alice, b"a file")
    first = say(alice, make_dm(alice, bob), "", attachments=(key,))
    copy = say(alice, make_dm(alice, erin), "", forward_of=first.pk)
    services.delete_message(actor=alice, message_id=first.pk, for_whom="all")
    forwarded = copy.attachments.get()
    assert browser(erin).get(f"/messages/files/{forwarded.pk}").status_code == 200


def test_what_was_never_sent_is_let_go(api: ApiOf, alice: User) -> None:
    import datetime as dt

    from django.utils import timezone

    from chat.tasks import sweep

    old, new = upload(api, alice, b"old"), upload(api, alice, b"new")
    long_ago = timezone.now() - dt.timedelta(days=3)
    Attachment.objects.filter(pk=old).update(created_at=long_ago)
    sweep()
    assert list(Attachment.objects.values_list("pk", flat=True)) == [new]
