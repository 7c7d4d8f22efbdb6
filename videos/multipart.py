"""`file` (and `cover`) or `photos` of a multipart form, streamed into uploads: one request.

The caller has authenticated and authorised; only then is the body read. The file's bytes take the
way of every upload (`videos.reception`), so they are never in memory nor in a temporary file of
their own kind. With an idempotency key a repeat after a lost connection goes on where the first
request stopped being durable.
"""

from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.datastructures import MultiValueDict
from rest_framework.parsers import BaseParser, DataAndFiles

from accounts.models import User
from core.errors import Conflict, Invalid, TooLarge
from social.graph.policies import require_active
from videos.kinds import MOST_PHOTOS
from videos.models import Upload, Video
from videos.policies import Viewer
from videos.reception import READ_BYTES, WRITABLE, Receiver
from videos.services import publishing, sources, uploads

FIELD = "file"
PHOTOS = "photos"
COVER = "cover"
# What boundaries, headers and the other fields of a form may weigh.
FORM_BYTES = 1024 * 1024
ENDED = (Upload.State.RECEIVED, Upload.State.CONSUMED)


class Untouched(BaseParser):
    """Leaves a multipart body unread for `receive_file`."""

    media_type = "multipart/form-data"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None
    ) -> "DataAndFiles[Any, Any]":
        """Return no fields and no files."""
        return DataAndFiles(QueryDict(), MultiValueDict())


@dataclass(frozen=True)
class Received:
    """What a form brought: the uploads that its files became, and its other fields."""

    file: str | None
    photos: list[str]
    fields: dict[str, str]
    cover: str | None = None

    @property
    def uploads(self) -> list[str]:
        """The ids of all its uploads."""
        return [key for key in (self.file, self.cover, *self.photos) if key]


def receive(request: HttpRequest, *, actor: Viewer, idempotency_key: str | None) -> Received:
    """Read the form, its files into uploads.

    Raises Invalid (malformed or cut short, empty file), TooLarge, UnsupportedMedia, RateLimited,
    Conflict.
    """
    actor = require_active(actor)
    length = _content_length(request)
    first = publishing.find_published(actor=actor, upload_id=None, idempotency_key=idempotency_key)
    body = _Counted(request)
    if first is not None:
        while body.read(READ_BYTES):
            pass  # a client that still sends would miss our answer
        return _as_before(first)
    handler = FileToUpload(actor=actor, idempotency_key=idempotency_key, at_most=length)
    try:
        fields = _parse(request, body, handler)
        if body.count < length:
            raise _cut_short()
        made = [(incoming.field, str(incoming.complete().pk)) for incoming in handler.incoming]
    except OSError as error:
        handler.give_up()
        raise _cut_short() from error
    except BaseException:
        handler.give_up()
        raise
    return Received(
        file=next((key for field, key in made if field == FIELD), None),
        photos=[key for field, key in made if field == PHOTOS],
        fields={name: str(value) for name, value in fields.items()},
        cover=next((key for field, key in made if field == COVER), None),
    )


def _as_before(video: Video) -> Received:
    photos = [str(key) for key in sources.upload_ids(video)]
    if video.kind == Video.Kind.PHOTOS:
        return Received(None, photos, {})
    fields = {"caption": video.caption} if video.kind == Video.Kind.TEXT else {}
    return Received(str(video.upload_id) if video.upload_id else None, [], fields)


class FileToUpload(FileUploadHandler):
    """Passes the bytes of the form's one file, or of its pictures, to uploads of their own."""

    chunk_size = READ_BYTES

    def __init__(self, *, actor: User, idempotency_key: str | None, at_most: int) -> None:
        super().__init__()
        self.actor = actor
        self.key = idempotency_key
        self.at_most = min(at_most, settings.UPLOAD_MAX_BYTES)
        self.incoming: list[Incoming] = []

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        """Open the upload for the field `file` or one of `photos`; other files are not read."""
        super().new_file(field_name, *args, **kwargs)
        if field_name not in (FIELD, PHOTOS, COVER):
            raise SkipFile
        before = [incoming.field for incoming in self.incoming]
        if field_name != PHOTOS and (field_name in before or PHOTOS in before):
            raise Invalid.field(field_name, "Send one file with one cover, or pictures.")
        if field_name == PHOTOS and {FIELD, COVER} & set(before):
            raise Invalid.field(FIELD, "Send one file, or pictures.")
        if len(before) >= MOST_PHOTOS:
            raise Invalid.field(PHOTOS, f"An album has at most {MOST_PHOTOS} pictures.")
        key = self.key
        if key and field_name != FIELD:
            key = f"{key}:{field_name if field_name == COVER else len(before)}"
        upload = uploads.create_upload(
            actor=self.actor,
            length=None,
            at_most=min(self.at_most, settings.PHOTO_MAX_BYTES)
            if field_name != FIELD
            else self.at_most,
            file_name=self.file_name or "",
            idempotency_key=key,
        )
        self.incoming.append(Incoming(field_name, upload, key))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take the next bytes."""
        self.incoming[-1].take(raw_data)

    def file_complete(self, file_size: int) -> None:
        """Keep the file out of `request.FILES`."""

    def give_up(self) -> None:
        """Free what was received, unless a key lets a repeat go on from here."""
        for incoming in self.incoming:
            incoming.give_up()


class Incoming:
    """One file of a form on its way into its upload."""

    def __init__(self, field: str, upload: Upload, key: str | None) -> None:
        self.field = field
        self.upload = upload
        self.key = key
        # What an earlier request made durable is passed over.
        self.skip = upload.offset
        self.receiver = Receiver(upload) if upload.state in WRITABLE else None
        # The last bytes of a body that was cut short may be half a boundary: held until the end.
        self.held = b""

    def take(self, data: bytes) -> None:
        """Take the next bytes."""
        fresh = data[min(self.skip, len(data)) :]
        self.skip -= len(data) - len(fresh)
        if self.receiver and fresh:
            self.receiver.write(self.held)
            self.held = fresh

    def complete(self) -> Upload:
        """Store the last piece and declare the upload complete."""
        if self.receiver:
            try:
                self.receiver.write(self.held)
                self.receiver.finish()
            except Conflict:
                self._accept_twin()
            finally:
                self.receiver.discard()
        if self.upload.state in WRITABLE:
            uploads.complete(self.upload)
        if self.upload.state not in ENDED:
            raise Conflict("upload_ended", "An earlier request with this key was refused.")
        return self.upload

    def give_up(self) -> None:
        """Free what was received, unless a key lets a repeat go on from here."""
        if self.receiver:
            self.receiver.discard()
        if not self.key:
            uploads.end_upload(self.upload, state=Upload.State.ABORTED)

    def _accept_twin(self) -> None:
        """Go on with what another request of the same key stored, if that is everything."""
        mine = self.upload.offset + (self.receiver.pending if self.receiver else 0)
        self.upload.refresh_from_db()
        if not self.key or (self.upload.offset < mine and self.upload.state not in ENDED):
            raise Conflict("upload_busy", "Another request with this key is still sending.")


def _cut_short() -> Invalid:
    return Invalid("body_incomplete", "The connection ended before the body did.")


class _Counted:
    """A request's body that knows how much of it was read."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        data = self.request.read(size)
        self.count += len(data)
        return data


def _parse(request: HttpRequest, body: _Counted, handler: FileToUpload) -> QueryDict:
    try:
        parser = MultiPartParser(
            request.META,
            body,  # type: ignore[arg-type]  # `read` is all that the parser asks for
            [handler],
            request.encoding or "utf-8",
        )
        fields, _ = parser.parse()
    except MultiPartParserError as error:
        raise Invalid("form_malformed", "The form data is malformed.") from error
    # As DRF does: whoever asks the plain request for its form gets what was read here.
    request._post = fields  # type: ignore[attr-defined]
    request._files = MultiValueDict()  # type: ignore[attr-defined]
    return fields


def _content_length(request: HttpRequest) -> int:
    text = str(request.META.get("CONTENT_LENGTH") or "")
    if not text.isdecimal() or int(text) == 0:
        raise Invalid.field(FIELD, "Send the form with its Content-Length.", code="empty_form")
    if int(text) > settings.UPLOAD_MAX_BYTES + FORM_BYTES:
        raise TooLarge("upload_too_large", f"A file is at most {settings.UPLOAD_MAX_BYTES} bytes.")
    return int(text)
