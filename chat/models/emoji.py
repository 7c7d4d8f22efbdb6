"""Small pictures with a name, of a person or of a group."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from chat.models.conversations import Conversation
from core.ids import uuid7


class CustomEmoji(models.Model):
    """A picture that `:shortcode:` stands for, in what its person writes or in what its group does.

    A message keeps which emoji its words meant when it was sent. It shows them for as long as they
    exist, to those in whose rooms they were used (`EmojiUse`); after that the words are left.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    conversation = models.ForeignKey(
        Conversation, null=True, on_delete=models.CASCADE, related_name="emoji"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    shortcode = models.CharField(max_length=32, help_text="Without its colons.")
    key = models.CharField(max_length=255)
    edge = models.PositiveSmallIntegerField(help_text="Pixels of each side, 16 to 128.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=True, conversation__isnull=False)
                | Q(owner__isnull=False, conversation__isnull=True),
                name="emoji_of_one",
            ),
            models.CheckConstraint(condition=Q(edge__gte=16, edge__lte=128), name="emoji_edge"),
            models.UniqueConstraint(
                fields=["owner", "shortcode"],
                condition=Q(owner__isnull=False),
                name="emoji_of_person_unique",
            ),
            models.UniqueConstraint(
                fields=["conversation", "shortcode"],
                condition=Q(conversation__isnull=False),
                name="emoji_of_group_unique",
            ),
        ]

    def __str__(self) -> str:
        return f":{self.shortcode}:"


class EmojiUse(models.Model):
    """An emoji that was used in a conversation, so that those in it may see its picture."""

    emoji = models.ForeignKey(CustomEmoji, on_delete=models.CASCADE, related_name="uses")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["emoji", "conversation"], name="emojiuse_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.emoji_id} in {self.conversation_id}"
