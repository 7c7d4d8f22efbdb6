"""What goes in and out, for validation and for the OpenAPI document."""

from rest_framework import serializers

from feed.modes import Mode
from feed.pages import MAX_LIMIT, MAX_SKIP
from videos import backgrounds
from videos.api.subtitles import CaptionOutput
from videos.models import Video

DEFAULT_LIMIT = 20


class FeedQuery(serializers.Serializer[None]):
    """Where in which feed to read: a cursor, or seed and skip in the clear."""

    seed = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=64,
        help_text="Names a session. None, or a new one, begins a fresh list.",
    )
    skip = serializers.IntegerField(
        required=False,
        default=0,
        min_value=0,
        max_value=MAX_SKIP,
        help_text="Position in the session's list, as answered by the page before.",
    )
    limit = serializers.IntegerField(
        required=False, default=DEFAULT_LIMIT, min_value=1, max_value=MAX_LIMIT
    )
    cursor = serializers.CharField(
        required=False, max_length=1000, help_text="As in `next`; replaces seed and skip."
    )


class AnyFeedQuery(FeedQuery):
    """The same, with the feed named in the query."""

    mode = serializers.ChoiceField(
        choices=[mode.value for mode in Mode], required=False, help_text="Default: for-you."
    )


class AuthorOutput(serializers.Serializer[None]):
    """A person beside a video."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    name = serializers.CharField()
    avatar = serializers.CharField(allow_null=True)
    is_verified = serializers.BooleanField()


class SourceOutput(serializers.Serializer[None]):
    """One playable file."""

    url = serializers.CharField()
    type = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    bitrate = serializers.IntegerField(help_text="Bits per second.")


class SoundOutput(serializers.Serializer[None]):
    """What is heard, where the caller may hear it apart from its clip."""

    id = serializers.UUIDField()
    title = serializers.CharField(help_text="Words of its clip's caption; may be empty.")
    author = AuthorOutput()
    url = serializers.CharField()
    duration_ms = serializers.IntegerField()
    is_original = serializers.BooleanField(help_text="It is this clip's own.")


class SoundViewerOutput(serializers.Serializer[None]):
    """How the caller stands to a sound."""

    may_use = serializers.BooleanField()


class OriginalOutput(serializers.Serializer[None]):
    """The clip on the right of a duet, where the caller may see it."""

    id = serializers.UUIDField()
    author = AuthorOutput()


class AnsweredOutput(serializers.Serializer[None]):
    """A comment, where the caller may read it."""

    comment_id = serializers.UUIDField()
    video_id = serializers.UUIDField(help_text="Of the video that it is below.")
    author = AuthorOutput()
    text = serializers.CharField()


class PhotoOutput(serializers.Serializer[None]):
    """One picture of an album."""

    url = serializers.CharField()
    small_url = serializers.CharField(help_text="At most 640 pixels a side.")
    width = serializers.IntegerField(help_text="Of `url`.")
    height = serializers.IntegerField()


class TextOutput(serializers.Serializer[None]):
    """The words of a text post and what they are set on."""

    body = serializers.CharField()
    background = serializers.ChoiceField(choices=backgrounds.NAMES)
    colors = serializers.ListField(
        child=serializers.CharField(), help_text="Upper left, lower right: `#rrggbb`."
    )
    ink = serializers.CharField(help_text="Colour of the words.")


class CountsOutput(serializers.Serializer[None]):
    """What people did with a video."""

    views = serializers.IntegerField()
    likes = serializers.IntegerField()
    comments = serializers.IntegerField()
    saves = serializers.IntegerField()
    shares = serializers.IntegerField()
    reposts = serializers.IntegerField()


class ViewerOutput(serializers.Serializer[None]):
    """What the viewer did with it, and why it is in their feed."""

    liked = serializers.BooleanField()
    saved = serializers.BooleanField()
    reposted = serializers.BooleanField()
    reason = serializers.CharField(allow_null=True)


class VideoOutput(serializers.Serializer[None]):
    """A video."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Video.Kind.choices)
    author = AuthorOutput()
    caption = serializers.CharField(allow_blank=True)
    tags = serializers.ListField(child=serializers.CharField())
    mentions = AuthorOutput(many=True)
    sound = SoundOutput(allow_null=True)
    duet_of = OriginalOutput(allow_null=True, help_text="What it stands beside.")
    reply_to = AnsweredOutput(allow_null=True, help_text="The comment that it answers.")
    created_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)
    audience = serializers.ChoiceField(choices=Video.Audience.choices)
    allow_comments = serializers.ChoiceField(choices=Video.AllowComments.choices)
    allow_duet = serializers.BooleanField()
    allow_sound = serializers.BooleanField()
    allow_download = serializers.BooleanField()
    mature = serializers.BooleanField()
    pinned = serializers.BooleanField(help_text="It leads its author's profile.")
    processing_state = serializers.ChoiceField(choices=Video.Processing.choices)
    duration_ms = serializers.IntegerField(allow_null=True)
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    cover = serializers.CharField(allow_null=True)
    preview = serializers.CharField(allow_null=True)
    sources = SourceOutput(many=True, help_text="Smallest first.")
    photos = PhotoOutput(many=True, help_text="Of an album, in its author's order.")
    text = TextOutput(allow_null=True, help_text="Of a text post.")
    captions = CaptionOutput(many=True)
    counts = CountsOutput()
    viewer = ViewerOutput()
    blurhash = serializers.CharField(allow_blank=True)


class FeedOutput(serializers.Serializer[None]):
    """One page of a feed."""

    results = VideoOutput(many=True)
    next = serializers.CharField(allow_null=True, help_text="URL of the next page.")
    seed = serializers.JSONField(help_text="Name of the session: an integer, or the text given.")
    skip = serializers.IntegerField(help_text="Position of the next page.")
    end = serializers.BooleanField(help_text="True when nothing is left.")


class VideoListOutput(serializers.Serializer[None]):
    """One page of a list of videos."""

    results = VideoOutput(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class ListQuery(serializers.Serializer[None]):
    """Where in a list to read."""

    limit = serializers.IntegerField(required=False, min_value=1, max_value=MAX_LIMIT)
    cursor = serializers.CharField(required=False)
