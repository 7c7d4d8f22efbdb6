"""What people do with videos, and the exact counters of it."""

from social.engagement.models.answers import VideoReply
from social.engagement.models.collections import Collection, CollectionItem
from social.engagement.models.comments import Comment, CommentLike, CommentRevision
from social.engagement.models.mentions import Mention
from social.engagement.models.reactions import Like, Repost, Save, ShareLink, ShareOpening
from social.engagement.models.stats import VideoStats
from social.engagement.models.watching import ViewEvent

__all__ = [
    "Collection",
    "CollectionItem",
    "Comment",
    "CommentLike",
    "CommentRevision",
    "Like",
    "Mention",
    "Repost",
    "Save",
    "ShareLink",
    "ShareOpening",
    "VideoReply",
    "VideoStats",
    "ViewEvent",
]
