"""What people do with videos. Every verb authorises its actor and counts in its transaction."""

from social.engagement.services.answering import answer_comment, find_answerable, tell_answered
from social.engagement.services.comment_marks import (
    like_comment,
    pin_comment,
    unlike_comment,
    unpin_comment,
)
from social.engagement.services.comments import add_comment, delete_comment, edit_comment
from social.engagement.services.mentioning import mend_mentions, mention_in_caption
from social.engagement.services.reactions import (
    like_video,
    repost_video,
    save_video,
    unlike_video,
    unrepost_video,
    unsave_video,
)
from social.engagement.services.recounting import recount_videos
from social.engagement.services.sharing import open_share, share_video
from social.engagement.services.shelves import (
    create_collection,
    delete_collection,
    put_in,
    rename_collection,
    take_out,
)
from social.engagement.services.watching import (
    Watched,
    forget_old_views,
    record_views,
    roll_up_views,
)

__all__ = [
    "Watched",
    "add_comment",
    "answer_comment",
    "create_collection",
    "delete_collection",
    "delete_comment",
    "edit_comment",
    "find_answerable",
    "forget_old_views",
    "like_comment",
    "like_video",
    "mend_mentions",
    "mention_in_caption",
    "open_share",
    "pin_comment",
    "put_in",
    "record_views",
    "recount_videos",
    "rename_collection",
    "repost_video",
    "roll_up_views",
    "save_video",
    "share_video",
    "take_out",
    "tell_answered",
    "unlike_comment",
    "unlike_video",
    "unpin_comment",
    "unrepost_video",
    "unsave_video",
]
