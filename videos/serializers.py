"""What clients may send about a video, and what its owner is told of its processing."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from videos import backgrounds, captions, kinds
from videos.models import Upload, Video


class ChoicesInput(serializers.Serializer[Any]):
    """What an author chooses whatever the kind of the post."""

    caption = serializers.CharField(
        required=False, allow_blank=True, max_length=captions.MAX_LENGTH, trim_whitespace=False
    )
    audience = serializers.ChoiceField(Video.Audience.choices, required=False)
    allow_comments = serializers.ChoiceField(Video.AllowComments.choices, required=False)
    allow_duet = serializers.BooleanField(required=False)
    allow_sound = serializers.BooleanField(required=False)
    allow_download = serializers.BooleanField(required=False)
    mature = serializers.BooleanField(required=False)
    draft = serializers.BooleanField(required=False)
    publish_at = serializers.DateTimeField(required=False, allow_null=True)


class EditInput(ChoicesInput):
    """Fields that the author may change; those left out stay as they are."""

    background = serializers.ChoiceField(
        backgrounds.NAMES, required=False, help_text="Of a text post."
    )


class NewInput(ChoicesInput):
    """A new post of any kind."""

    def to_internal_value(self, data: Any) -> Any:
        """Drop what a form leaves empty: it means "not chosen"."""
        kept = {name: data[name] for name in data if data[name] not in ("", None)}
        return super().to_internal_value(kept)


class PhotosInput(NewInput):
    """An album: finished uploads of pictures, in the order in which they are shown."""

    sound_id = serializers.UUIDField(required=False, help_text="Plays while they are looked at.")
    photos = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=kinds.MOST_PHOTOS
    )


class TextInput(NewInput):
    """A text post: its words are its caption."""

    caption = serializers.CharField(max_length=4 * kinds.TEXT_LENGTH, trim_whitespace=False)
    background = serializers.ChoiceField(backgrounds.NAMES, required=False)


class PublishInput(NewInput):
    """What a new video is made of."""

    upload_id = serializers.UUIDField(
        help_text="A complete upload of yours; the answer to its `POST uploads` names it."
    )
    cover_at_ms = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=24 * 3600 * 1000
    )


@extend_schema_field(OpenApiTypes.BINARY)
class BinaryField(serializers.FileField):
    """A file of a multipart form, for the OpenAPI document."""


class PublishForm(EditInput):
    """The multipart form of `POST videos`: a file, or an `upload_id`, or a caption alone.

    A caption alone (at most 500 characters) is a text post, set on `background`.
    """

    file = BinaryField(required=False)
    photos = serializers.ListField(child=BinaryField(), required=False, max_length=35)
    sound_id = serializers.UUIDField(required=False, help_text="Of an album.")
    upload_id = serializers.UUIDField(required=False)
    cover_at_ms = serializers.IntegerField(required=False, min_value=0)


class StatusOutput(serializers.Serializer[Any]):
    """How far a video is."""

    class ProcessingProblem(serializers.Serializer[Any]):
        """Why it failed, in words for its owner."""

        code = serializers.CharField()
        detail = serializers.CharField()

    processing_state = serializers.ChoiceField(Video.Processing.choices)
    progress = serializers.FloatField(help_text="Of the present stage, 0 to 1.")
    error = ProcessingProblem(required=False)


class PinOutput(serializers.Serializer[Any]):
    """Whether it leads its author's profile."""

    pinned = serializers.BooleanField()


class DirectInput(serializers.Serializer[Any]):
    """A file that is to go straight to the object store."""

    length = serializers.IntegerField(min_value=1, help_text="Bytes of the whole file.")
    filename = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class DirectPart(serializers.Serializer[Any]):
    """Where one part goes."""

    number = serializers.IntegerField()
    offset = serializers.IntegerField()
    size = serializers.IntegerField()
    url = serializers.CharField(help_text="PUT the bytes here; keep the ETag of the answer.")
    etag = serializers.CharField(help_text="Set when the part has arrived already.")


class SentPart(serializers.Serializer[Any]):
    """A part that was sent, and what the store said of it."""

    number = serializers.IntegerField(min_value=1, max_value=10_000)
    etag = serializers.CharField(max_length=128)


class CompleteInput(serializers.Serializer[Any]):
    """All parts of a direct upload."""

    parts = serializers.ListField(child=SentPart(), min_length=1, max_length=10_000)


class UploadOutput(serializers.Serializer[Any]):
    """An upload; `id` is the `upload_id` of `POST videos` once its offset reaches its length."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(Upload.State.choices)
    length = serializers.IntegerField(allow_null=True)
    offset = serializers.IntegerField()
    expires_at = serializers.DateTimeField()


class DirectOutput(UploadOutput):
    """An upload and where its parts go."""

    parts = DirectPart(many=True)
