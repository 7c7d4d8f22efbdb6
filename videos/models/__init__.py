"""Uploads, videos, their renditions and the jobs that make them."""

from videos.models.edits import ClipEdit
from videos.models.photos import Photo
from videos.models.processing import ProcessingJob, Rendition
from videos.models.sounds import Sound
from videos.models.subtitles import CaptionTrack
from videos.models.tags import Tag, VideoTag
from videos.models.uploads import Upload, UploadChunk
from videos.models.video import SHUFFLE_RANGE, Video, random_shuffle_key

__all__ = [
    "SHUFFLE_RANGE",
    "CaptionTrack",
    "ClipEdit",
    "Photo",
    "ProcessingJob",
    "Rendition",
    "Sound",
    "Tag",
    "Upload",
    "UploadChunk",
    "Video",
    "VideoTag",
    "random_shuffle_key",
]
