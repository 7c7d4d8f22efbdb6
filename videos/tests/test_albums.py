"""Photo posts: sent, made by the worker, shown in order, deleted; hostile pictures refused."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import User
from conftest import ApiOf, BrowserOf
from core import storage
from core.errors import Conflict, DomainError, Invalid, NotFound, TooLarge, UnsupportedMedia
from core.models import StoredFile
from core.testing import commit, run_jobs
from videos import services
from videos.models import Photo, Upload, Video
from videos.services import sweeping
from videos.tests.factories import fake_file, received
from videos.tests.invariants import check_invariants
from videos.tests.media.test_images import GPS_IFD, bomb

pytestmark = pytest.mark.django_db
VIDEOS = "/api/v1/videos"


def picture(colour: str = "orange", size: tuple[int, int] = (90, 120), kind: str = "JPEG") -> bytes:
    """Return a picture that says where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(GPS_IFD)[1] = "N"
    exif[0x0110] = "A phone"
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, exif=exif)
    return out.getvalue()


def album(author: User, *bodies: bytes, **fields: Any) -> Video:
    uploads = [received(author, body) for body in bodies or (picture(),)]
    return services.publish_photos(
        actor=author, upload_ids=[upload.pk for upload in uploads], **fields
    )


def test_pictures_are_made_in_their_order_and_published(alice: User) -> None:
    video = album(alice, picture("red", (200, 100)), picture("blue", kind="PNG"), caption="#two")
    assert (video.kind, video.processing_state) == ("photos", "queued")
    run_jobs()
    video.refresh_from_db()
    assert (video.processing_state, video.width, video.height) == ("ready", 200, 100)
    assert video.published_at is not None
    first, second = video.photos.order_by("position")
    assert video.cover_key == first.small_key
    assert (first.width, second.width) == (200, 90)
    made = Image.open(io.BytesIO(b"".join(storage.read(first.key))))
    assert (made.format, made.size, dict(made.getexif())) == ("WEBP", (200, 100), {})
    red, _, blue = made.convert("RGB").getpixel((50, 50))  # type: ignore[misc]
    assert red > 200 > blue
    assert set(Upload.objects.values_list("state", flat=True)) == {"consumed"}
    sweeping.sweep()
    check_invariants()
    # Nothing of what was sent is left: it says where the pictures were taken.
    assert not StoredFile.objects.filter(key__startswith="uploads/").exclude(state="deleted")


def test_large_pictures_come_in_two_sizes(alice: User) -> None:
    video = album(alice, picture(size=(2400, 1200)))
    run_jobs()
    (photo,) = video.photos.all()
    sizes = [
        Image.open(io.BytesIO(b"".join(storage.read(key)))).size
        for key in (photo.key, photo.small_key)
    ]
    assert sizes == [(1920, 960), (640, 320)]


@pytest.mark.parametrize("count", [0, 36])
def test_an_album_has_one_to_thirty_five_pictures(alice: User, count: int) -> None:
    with pytest.raises(Invalid):
        services.publish_photos(actor=alice, upload_ids=[alice.pk] * count)


def test_only_ones_own_pictures_once_and_complete(alice: User, bob: User, settings: Any) -> None:
    own, other = received(alice, picture()), received(bob, picture())
    coming = services.create_upload(actor=alice, length=1000)
    clip = received(alice, fake_file(3000))

    def refused(*ids: object) -> type[DomainError]:
        with pytest.raises(DomainError) as error:
            services.publish_photos(actor=alice, upload_ids=ids)
        return error.type

    assert refused(own.pk, other.pk) is NotFound
    assert refused("nonsense") is NotFound
    assert refused(own.pk, own.pk) is Invalid
    assert refused(own.pk, coming.pk) is Conflict
    assert refused(own.pk, clip.pk) is UnsupportedMedia
    settings.PHOTO_MAX_BYTES = 10
    assert refused(own.pk) is TooLarge
    assert not Video.objects.exists()
    own.refresh_from_db()
    assert own.state == "received"


def test_a_picture_is_no_clip(alice: User) -> None:
    with pytest.raises(UnsupportedMedia):
        services.publish_video(actor=alice, upload_id=received(alice, picture()).pk)


def test_twice_is_once(alice: User) -> None:
    uploads = [received(alice, picture()) for _ in range(2)]
    ids = [upload.pk for upload in uploads]
    first = services.publish_photos(actor=alice, upload_ids=ids, idempotency_key="k")
    assert services.publish_photos(actor=alice, upload_ids=ids) == first
    assert services.publish_photos(actor=alice, upload_ids=ids[1:], idempotency_key="k") == first
    with pytest.raises(Conflict):
        services.publish_photos(actor=alice, upload_ids=[received(alice, picture()).pk, ids[1]])


@pytest.mark.parametrize("body", [picture()[:300], bomb(), b"RIFF\0\0\0\0WEBP" + b"x" * 500])
def test_a_bad_picture_fails_with_its_number_and_can_be_retried(alice: User, body: bytes) -> None:
    video = album(alice, picture(), body)
    run_jobs()
    video.refresh_from_db()
    assert video.processing_state == "failed"
    assert video.error_detail.startswith("Picture 2: ")
    services.retry_video(actor=alice, video_id=video.pk)
    services.delete_video(actor=alice, video_id=video.pk)
    run_jobs()
    assert not StoredFile.objects.exclude(state="deleted").exists()


def test_deleted_means_gone(alice: User) -> None:
    video = album(alice)
    run_jobs()
    services.delete_video(actor=alice, video_id=video.pk)
    run_jobs()
    assert not StoredFile.objects.exclude(state="deleted").exists()
    assert list(Photo.objects.values_list("key", "small_key")) == [("", "")]


def test_pictures_wait_for_their_album_beyond_the_open_limit(alice: User, settings: Any) -> None:
    settings.UPLOAD_MAX_OPEN = 2
    ids = [received(alice, picture()).pk for _ in range(4)]
    assert services.publish_photos(actor=alice, upload_ids=ids).kind == "photos"


def file_of(colour: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("../../x.jpg", picture(colour), content_type="image/jpeg")


def test_one_form_with_repeated_photos(api: ApiOf, alice: User, anon: Any) -> None:
    form = {"photos": [file_of("red"), file_of("blue"), file_of("green")], "caption": "Three"}
    answer = api(alice).post(VIDEOS, form, format="multipart", HTTP_IDEMPOTENCY_KEY="k")
    assert answer.status_code == 202, answer.content
    shown = answer.json()
    assert (shown["kind"], shown["photos"], shown["caption"]) == ("photos", [], "Three")
    form = {"photos": [file_of("red"), file_of("blue"), file_of("green")], "caption": "Three"}
    again = api(alice).post(VIDEOS, form, format="multipart", HTTP_IDEMPOTENCY_KEY="k")
    assert again.json()["id"] == shown["id"]
    run_jobs()
    photos = anon.get(f"{VIDEOS}/{shown['id']}").json()["photos"]
    assert len(photos) == 3
    for photo in photos:
        assert (photo["width"], photo["height"]) == (90, 120)
        for url in (photo["url"], photo["small_url"]):
            media = anon.get(url)
            assert (media.status_code, media["Content-Type"]) == (200, "image/webp")
    services.edit_video(actor=alice, video_id=shown["id"], audience="only_me")
    commit()  # old URLs end with the transaction
    assert anon.get(photos[0]["url"]).status_code == 404


def test_by_ids_of_uploads(api: ApiOf, alice: User) -> None:
    ids = [str(received(alice, picture()).pk) for _ in range(2)]
    answer = api(alice).post(VIDEOS, {"photos": ids, "caption": "Two", "audience": "friends"})
    assert answer.status_code == 202, answer.content
    assert answer.json()["audience"] == "friends"
    assert api(alice).post(VIDEOS, {"photos": ["x"]}).status_code == 400


def test_a_refused_form_keeps_nothing(api: ApiOf, alice: User) -> None:
    form = {"photos": [file_of("red")], "file": file_of("blue")}
    assert api(alice).post(VIDEOS, form, format="multipart").status_code == 400
    form = {"photos": [file_of("red")], "audience": "aliens"}
    assert api(alice).post(VIDEOS, form, format="multipart").status_code == 400
    assert not Upload.objects.exclude(state="aborted").exists()


def test_pages_show_every_picture(browser: BrowserOf, alice: User, bob: User) -> None:
    video = album(alice, picture("red"), picture("blue"), caption="On the #road")
    run_jobs()
    watch = browser(bob).get(f"/@alice/video/{video.pk}").content.decode()
    assert watch.count('class="pics__one"') == 2
    assert "photo00.webp" in watch
    for path in ("/", "/@alice", "/tag/road", "/search?q=road"):
        assert str(video.pk) in browser(bob).get(path).content.decode(), path


def test_the_page_publishes_without_scripts(browser: BrowserOf, alice: User) -> None:
    page = browser(alice)
    assert page.get("/upload/photos").status_code == 200
    answer = page.post("/upload/photos", {"photos": [file_of("red"), file_of("blue")]})
    assert answer["Location"] == "/studio"
    assert Photo.objects.count() == 2
    empty = page.post("/upload/photos", {"caption": "None."})
    assert empty.status_code == 400
    wrong = page.post("/upload/photos", {"photos": [SimpleUploadedFile("x.gif", b"GIF89a" * 50)]})
    assert wrong.status_code == 415
    assert Video.objects.count() == 1
