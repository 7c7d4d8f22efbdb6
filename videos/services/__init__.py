"""The verbs of videos, by noun; call them as `services.publish_video(...)`."""

from videos.services.albums import publish_photos
from videos.services.covers import change_cover
from videos.services.direct import begin_direct, complete_direct
from videos.services.editing import edit_video, end_followers_urls, end_mature_urls
from videos.services.pinning import pin_video, unpin_video
from videos.services.publishing import publish_video
from videos.services.removal import delete_video, remove_video, restore_video, retry_video
from videos.services.subtitles import delete_captions, put_captions
from videos.services.texts import publish_text
from videos.services.uploads import abort_upload, append, create_upload

__all__ = [
    "abort_upload",
    "append",
    "begin_direct",
    "change_cover",
    "complete_direct",
    "create_upload",
    "delete_captions",
    "delete_video",
    "edit_video",
    "end_followers_urls",
    "end_mature_urls",
    "pin_video",
    "publish_photos",
    "publish_text",
    "publish_video",
    "put_captions",
    "remove_video",
    "restore_video",
    "retry_video",
    "unpin_video",
]
