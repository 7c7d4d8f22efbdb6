"""What the feed keeps: frozen lists, what people told it, and what it has learned."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.ids import uuid7


class FeedSession(models.Model):
    """One viewer's list of one mode under one seed: only ever appended to.

    `ids` packs 16-byte video ids in the order of the list, so a position (`skip`) means the same
    thing for as long as the session lives, whatever is published or deleted meanwhile.
    """

    id = models.BigAutoField(primary_key=True)
    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    viewer_key = models.CharField(max_length=36, help_text="The viewer's id, or `anon`.")
    mode = models.CharField(max_length=12)
    seed = models.BigIntegerField()
    ids = models.BinaryField(default=bytes)
    length = models.PositiveIntegerField(default=0)
    whys = models.JSONField(
        default=list, help_text="What speaks for each id, from the first on; may be shorter."
    )
    frontier = models.JSONField(
        default=dict, help_text="Where the next batch of candidates starts."
    )
    born_at = models.DateTimeField(
        help_text="Ages are counted to this moment; what was published later comes at the end."
    )
    used_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["viewer_key", "mode", "seed"], name="feedsession_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mode} of {self.viewer_key}"


class TagFollow(models.Model):
    """`user` follows a hashtag, once."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tag_follows"
    )
    tag = models.ForeignKey("videos.Tag", on_delete=models.CASCADE, related_name="follows")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "tag"], name="tagfollow_pair_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} -> #{self.tag_id}"


class TagTrend(models.Model):
    """How much more a tag is used lately than it usually is; rewritten by `feed.trends`."""

    tag = models.OneToOneField(
        "videos.Tag", primary_key=True, on_delete=models.CASCADE, related_name="trend"
    )
    score = models.FloatField(help_text="(observed - expected) / sqrt(expected + 1)")
    observed = models.FloatField(help_text="Different authors lately, newer ones weighing more.")
    expected = models.FloatField(help_text="The same by the rate of the week before.")
    series = models.JSONField(default=list, help_text="Uses in each of the last 24 spans.")
    computed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-score", "-tag"], name="tagtrend_order")]

    def __str__(self) -> str:
        return f"#{self.tag_id}: {self.score:.2f}"


class SearchedFor(models.Model):
    """Something that somebody searched for, for themselves to see and clear."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="searches"
    )
    text = models.CharField(max_length=100)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "text"], name="searchedfor_once"),
        ]
        indexes = [models.Index(fields=["user", "-used_at", "-id"], name="searchedfor_latest")]

    def __str__(self) -> str:
        return self.text


class NotInterested(models.Model):
    """`user` does not want to see `video`, nor its author for a while."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="not_interested"
    )
    video = models.ForeignKey("videos.Video", on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "video"], name="notinterested_pair_unique"),
        ]
        indexes = [models.Index(fields=["user", "-id"], name="notinterested_user")]

    def __str__(self) -> str:
        return f"{self.user_id} without {self.video_id}"


class FeedMute(models.Model):
    """A word, tag or sound that `user` wants out of what the feed picks for them."""

    class Kind(models.TextChoices):
        """What is muted."""

        WORD = "word"
        TAG = "tag"
        SOUND = "sound"

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feed_mutes"
    )
    kind = models.CharField(max_length=5, choices=Kind.choices)
    value = models.CharField(
        max_length=100, help_text="Case-folded; a tag without its sign; the id of a sound."
    )
    sound = models.ForeignKey(
        "videos.Sound", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "value"], name="feedmute_once"),
            models.CheckConstraint(
                condition=Q(kind="sound", sound__isnull=False)
                | (~Q(kind="sound") & Q(sound__isnull=True)),
                name="feedmute_sound_of_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} without {self.kind} {self.value}"


class TasteReset(models.Model):
    """Since when the recommender may know something of `user`; whoever has no row: always."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} since {self.at}"


class RankingModel(models.Model):
    """What was learned of all videos together (`feed.recommender.shelves`); the newest counts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    content = models.BinaryField()
    facts = models.JSONField(default=dict, help_text="What had happened when it was learned.")

    def __str__(self) -> str:
        return f"of {self.made_at}"
