"""The frozen lists that feed pages are cut from."""

from django.conf import settings
from django.db import models


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
