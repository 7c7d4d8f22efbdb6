import io
import zlib
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts import services
from accounts.models import User
from accounts.tests.conftest import App
from core import files
from core.models import StoredFile

ME = "/api/v1/users/me"


def picture(size: tuple[int, int] = (800, 400), kind: str = "JPEG", **options: Any) -> bytes:
    """Return a picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def send(app: App, content: bytes, name: str = "me.jpg", **fields: str) -> Any:
    upload = SimpleUploadedFile(name, content, content_type="image/jpeg")
    return app.client.patch(ME, {"avatar": upload, **fields}, format="multipart")


def fetch(url: str) -> Any:
    return Client().get(url)


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_a_picture_becomes_a_square_webp_for_everybody(alice: User, app: type[App]) -> None:
    answer = send(app(alice), picture(), name="alice.jpg", bio="with a picture")
    assert answer.status_code == 200
    assert answer.json()["bio"] == "with a picture"
    url = answer.json()["avatar"]
    assert url.startswith(f"/media/avatars/{alice.pk}/")
    served = fetch(url)
    assert served.status_code == 200
    assert served["Content-Type"] == "image/webp"
    assert served["Cache-Control"] == "public, max-age=31536000, immutable"
    assert served["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in served
    assert "Cookie" not in served.get("Vary", "")
    with Image.open(io.BytesIO(body_of(served))) as image:
        assert (image.format, image.size) == ("WEBP", (400, 400))


def test_place_and_camera_are_gone_and_the_picture_is_upright(alice: User, app: type[App]) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # held on its side
    exif[0x010F] = "CameraMaker"
    exif.get_ifd(0x8825)[1] = "N"
    answer = send(app(alice), picture((400, 400), exif=exif))
    data = body_of(fetch(answer.json()["avatar"]))
    assert b"CameraMaker" not in data
    with Image.open(io.BytesIO(data)) as image:
        assert not image.getexif()
        upper, lower = image.getpixel((200, 20)), image.getpixel((200, 380))
    assert isinstance(upper, tuple)
    assert isinstance(lower, tuple)
    assert upper[0] > 200
    assert lower[2] > 200


def test_the_former_picture_is_condemned_and_no_longer_served(alice: User, app: type[App]) -> None:
    phone = app(alice)
    first = send(phone, picture()).json()["avatar"]
    second = send(phone, picture()).json()["avatar"]
    assert first != second
    assert fetch(first).status_code == 404
    assert fetch(second).status_code == 200
    files.sweep()
    assert not default_storage.exists(first.removeprefix("/media/"))
    states = StoredFile.objects.order_by("created_at").values_list("state", flat=True)
    assert list(states) == ["deleted", "referenced"]


def test_null_takes_it_away(alice: User, app: type[App]) -> None:
    phone = app(alice)
    url = send(phone, picture()).json()["avatar"]
    assert phone.client.patch(ME, {"avatar": None}).json()["avatar"] is None
    assert fetch(url).status_code == 404
    assert phone.client.patch(ME, {"avatar": None}).status_code == 200


def test_the_picture_of_a_suspended_account_is_gone(alice: User, mod: User, app: type[App]) -> None:
    url = send(app(alice), picture()).json()["avatar"]
    services.suspend_user(actor=mod, user_id=alice.pk, reason="spam")
    assert fetch(url).status_code == 404


def bomb() -> bytes:
    """Return a PNG of 20000 x 20000 one-bit pixels in 50 kB."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return len(data).to_bytes(4, "big") + kind + data + crc.to_bytes(4, "big")

    side = (20000).to_bytes(4, "big")
    rows = zlib.compress((b"\0" * (1 + 2500)) * 20000, 9)
    head = chunk(b"IHDR", side + side + b"\x01\0\0\0\0")
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "content, status",
    [
        (b"", 400),
        (b"not a picture", 415),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", 415),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", 415),
        (b"GIF89a/*<script>*/=1;", 415),
        (b"\xff\xd8\xff\xe0" + b"\0" * 100, 415),
        (picture()[:700], 400),
        (picture(kind="TIFF"), 415),
        (picture(kind="BMP"), 415),
        (bomb(), 413),
    ],
)
def test_what_is_no_picture_is_refused(
    alice: User, app: type[App], content: bytes, status: int
) -> None:
    answer = send(app(alice), content)
    assert answer.status_code == status
    assert list(answer.json()["errors"]) == ["avatar"]
    alice.refresh_from_db()
    assert alice.avatar_key == ""


def test_with_a_bad_picture_or_a_bad_text_nothing_changes(alice: User, app: type[App]) -> None:
    phone = app(alice)
    assert send(phone, b"no picture", bio="new").status_code == 415
    assert send(phone, picture(), bio="x" * 161).status_code == 400
    alice.refresh_from_db()
    assert (alice.bio, alice.avatar_key) == ("", "")
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_the_usual_kinds_are_accepted(alice: User, app: type[App], kind: str) -> None:
    assert send(app(alice), picture(kind=kind)).status_code == 200


def test_a_body_without_end_is_refused_before_it_is_read(alice: User, app: type[App]) -> None:
    answer = app(alice).client.generic(
        "PATCH",
        ME,
        "--x--",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(20 * 1024**2),
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    "body, boundary",
    [("", "x"), ("--x\r\n\r\n", "x"), ("rubbish", "x"), ("--x--", ""), ("\0" * 50, "é")],
)
def test_malformed_multipart_is_no_500(
    alice: User, app: type[App], body: str, boundary: str
) -> None:
    answer = app(alice).client.generic(
        "PATCH", ME, body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    assert answer.status_code in (200, 400)


def test_the_name_of_the_file_is_nothing_to_us(alice: User, app: type[App]) -> None:
    for name in ("../../etc/x.jpg", "a\u202e.jpg", "x" * 240 + ".jpg", "|cmd"):
        url = send(app(alice), picture((64, 64)), name=name).json()["avatar"]
        assert url.startswith(f"/media/avatars/{alice.pk}/")
        assert url.endswith(".webp")


@pytest.mark.parametrize("name", ["x", "..%2f..%2fsecret", "%00", "x.webp%2f.."])
def test_odd_urls_are_404(alice: User, name: str) -> None:
    assert fetch(f"/media/avatars/{alice.pk}/{name}.webp").status_code == 404
    assert fetch(f"/media/avatars/nobody/{name}.webp").status_code == 404
