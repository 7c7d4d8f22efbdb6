"""What clients may send about a video, and what its owner is told of its processing."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from videos import backgrounds, captions, kinds
from videos.models import Upload, Video

LONGEST_MS = 24 * 3600 * 1000


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


ONLY_CLIPS = ("duet_of", "reply_to", "trim_start_ms", "trim_end_ms", "cover_upload_id")


class OtherInput(NewInput):
    """A post that is no clip."""

    def validate(self, attrs: Any) -> Any:
        """Refuse what only clips can be, instead of posting something else than was meant."""
        only = [name for name in ONLY_CLIPS if self.initial_data.get(name)]
        if only:
            raise serializers.ValidationError(dict.fromkeys(only, "Only for a video."))
        return attrs


class PhotosInput(OtherInput):
    """An album: finished uploads of pictures, in the order in which they are shown."""

    sound_id = serializers.UUIDField(required=False, help_text="Plays while they are looked at.")
    photos = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=kinds.MOST_PHOTOS
    )


class TextInput(OtherInput):
    """A text post: its words are its caption."""

    caption = serializers.CharField(max_length=4 * kinds.TEXT_LENGTH, trim_whitespace=False)
    background = serializers.ChoiceField(backgrounds.NAMES, required=False)


class PublishInput(NewInput):
    """What a new video is made of."""

    upload_id = serializers.UUIDField(
        help_text="A complete upload of yours; the answer to its `POST uploads` names it."
    )
    cover_at_ms = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=LONGEST_MS,
        help_text="A moment of the clip, counted from where it begins.",
    )
    trim_start_ms = serializers.IntegerField(
        required=False, min_value=0, max_value=LONGEST_MS, help_text="Where it begins in the file."
    )
    trim_end_ms = serializers.IntegerField(
        required=False, min_value=1, max_value=LONGEST_MS, help_text="Where it ends in the file."
    )
    cover_upload_id = serializers.UUIDField(
        required=False, help_text="A complete upload of a picture, in the place of a frame."
    )
    sound_id = serializers.UUIDField(required=False, help_text="Is heard under or for its own.")
    sound_level = serializers.IntegerField(
        required=False, min_value=0, max_value=100, help_text="Percent; 100 by itself."
    )
    own_level = serializers.IntegerField(
        required=False, min_value=0, max_value=100, help_text="Percent of its own sound."
    )
    duet_of = serializers.UUIDField(required=False, help_text="A video to stand beside.")
    reply_to = serializers.UUIDField(required=False, help_text="A comment that it answers.")


@extend_schema_field(OpenApiTypes.BINARY)
class BinaryField(serializers.FileField):
    """A file of a multipart form, for the OpenAPI document."""


class PublishForm(EditInput):
    """The multipart form of `POST videos`: a file, or an `upload_id`, or a caption alone.

    A caption alone (at most 500 characters) is a text post, set on `background`.
    """

    file = BinaryField(required=False)
    cover = BinaryField(required=False, help_text="A picture, in the place of a frame.")
    photos = serializers.ListField(child=BinaryField(), required=False, max_length=35)
    sound_id = serializers.UUIDField(required=False, help_text="Of an album or a clip.")
    sound_level = serializers.IntegerField(required=False, min_value=0, max_value=100)
    own_level = serializers.IntegerField(required=False, min_value=0, max_value=100)
    upload_id = serializers.UUIDField(required=False)
    cover_upload_id = serializers.UUIDField(required=False)
    trim_start_ms = serializers.IntegerField(required=False, min_value=0)
    trim_end_ms = serializers.IntegerField(required=False, min_value=1)
    cover_at_ms = serializers.IntegerField(required=False, min_value=0)
    duet_of = serializers.UUIDField(required=False, help_text="Of a clip: one to stand beside.")
    reply_to = serializers.UUIDField(required=False, help_text="Of a clip: a comment it answers.")


class StatusOutput(serializers.Serializer[Any]):
    """How far a video is."""

    class ProcessingProblem(serializers.Serializer[Any]):
        """Why it failed, in words for its owner."""

        code = serializers.CharField()
        detail = serializers.CharField()

    processing_state = serializers.ChoiceField(Video.Processing.choices)
    progress = serializers.FloatField(help_text="Of the present stage, 0 to 1.")
    error = ProcessingProblem(required=False)


class CoverInput(serializers.Serializer[Any]):
    """Another cover: a moment of the clip, or a picture."""

    at_ms = serializers.IntegerField(required=False, min_value=0, max_value=LONGEST_MS)
    upload_id = serializers.UUIDField(required=False, help_text="A complete upload of a picture.")


class CoverOutput(serializers.Serializer[Any]):
    """How far another cover is; the one before stays until it is `done`."""

    state = serializers.ChoiceField(["queued", "running", "done", "failed"])
    error = StatusOutput.ProcessingProblem(required=False)


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
