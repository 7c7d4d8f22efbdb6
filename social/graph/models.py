"""Pairs of people. Every rule about a pair is a constraint of the database."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.ids import uuid7


class Follow(models.Model):
    """`follower` sees `followed`'s posts: (A, B) once; (B, A) is another fact."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    follower = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="following"
    )
    followed = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="followers"
    )
    bell = models.BooleanField(default=False, help_text="Tell the follower of new videos.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="follow_pair_unique"),
            models.CheckConstraint(condition=~Q(follower=F("followed")), name="follow_not_self"),
        ]
        indexes = [models.Index(fields=["followed", "-id"], name="follow_followed")]

    def __str__(self) -> str:
        return f"{self.follower_id} -> {self.followed_id}"


class FollowRequest(models.Model):
    """`sender` asks to follow the private account `target`; deleted when answered."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follow_requests_sent"
    )
    target = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follow_requests"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "target"], name="followrequest_pair_unique"),
            models.CheckConstraint(condition=~Q(sender=F("target")), name="followrequest_not_self"),
        ]
        indexes = [models.Index(fields=["target", "-id"], name="followrequest_target")]

    def __str__(self) -> str:
        return f"{self.sender_id} ? {self.target_id}"


class Friendship(models.Model):
    """A symmetric pair {lo, hi}, once, made only by accepting a request."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lo = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    hi = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lo", "hi"], name="friendship_pair_unique"),
            models.CheckConstraint(condition=Q(lo__lt=F("hi")), name="friendship_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.lo_id} = {self.hi_id}"


class FriendRequest(models.Model):
    """`sender` asks `recipient` to be friends; one open request per unordered pair."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="friend_requests_sent"
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="friend_requests"
    )
    pair_key = models.CharField(max_length=73, unique=True, help_text="<lower id>:<higher id>")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(sender=F("recipient")), name="friendrequest_not_self"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender_id} ?= {self.recipient_id}"


class Block(models.Model):
    """`blocker` and `blocked` do not exist for each other."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    blocker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blocks"
    )
    blocked = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blocked_by"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_pair_unique"),
            models.CheckConstraint(condition=~Q(blocker=F("blocked")), name="block_not_self"),
        ]
        indexes = [models.Index(fields=["blocked", "blocker"], name="block_blocked")]

    def __str__(self) -> str:
        return f"{self.blocker_id} x {self.blocked_id}"


class Mute(models.Model):
    """`muter` no longer meets `muted` in feeds, suggestions and notices."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    muter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mutes"
    )
    muted = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["muter", "muted"], name="mute_pair_unique"),
            models.CheckConstraint(condition=~Q(muter=F("muted")), name="mute_not_self"),
        ]

    def __str__(self) -> str:
        return f"{self.muter_id} ~ {self.muted_id}"


class Dismissal(models.Model):
    """`viewer` does not want `person` suggested again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["viewer", "person"], name="dismissal_pair_unique"),
            models.CheckConstraint(condition=~Q(viewer=F("person")), name="dismissal_not_self"),
        ]

    def __str__(self) -> str:
        return f"{self.viewer_id} - {self.person_id}"


class PersonStats(models.Model):
    """Counters of a person's pairs, changed with `F()` in the transaction of the pair."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="graph_stats",
    )
    followers = models.PositiveIntegerField(default=0)
    following = models.PositiveIntegerField(default=0)
    friends = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["-followers"], name="personstats_popular")]

    def __str__(self) -> str:
        return f"stats of {self.user_id}"
