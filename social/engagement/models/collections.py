"""Named shelves of what somebody saved."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from core.ids import uuid7


class Collection(models.Model):
    """A shelf; nobody but its owner learns of it, and even they see of it what they may see now."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="collections"
    )
    name = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("owner", Lower("name"), name="collection_name_unique")
        ]
        indexes = [models.Index(fields=["owner", "-id"], name="collection_owner")]

    def __str__(self) -> str:
        return self.name


class CollectionItem(models.Model):
    """`video` stands on `collection`, once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="items")
    video = models.ForeignKey(
        "videos.Video", on_delete=models.CASCADE, related_name="collection_items"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "video"], name="collectionitem_pair_unique"
            )
        ]
        indexes = [models.Index(fields=["collection", "-id"], name="collectionitem_order")]

    def __str__(self) -> str:
        return f"{self.video_id} in {self.collection_id}"
