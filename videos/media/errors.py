"""The one error of the pipeline: a stable code for programs, a sentence for the owner."""

from __future__ import annotations

from typing import Final

SENTENCES: Final[dict[str, str]] = {
    "empty_file": "The file is empty. Choose the video again and upload it once more.",
    "unsupported_format": "This kind of file is not accepted. Upload an MP4, MOV or WebM video.",
    "no_video": "The file has no picture in it. Upload a file with a video track.",
    "too_long": "The video is too long. Trim it and upload it again.",
    "too_large": "The picture is too large. Upload it in 4K (4096 x 2160) or smaller.",
    "too_many_streams": "The file has too many tracks. Export it with one picture and one sound.",
    "bad_frame_rate": "The frame rate is too high. Export the video at 240 per second or less.",
    "trim_outside": "The chosen part lies outside of the video. Upload it again and choose anew.",
    "sound_gone": "The sound you chose is not available any more. Upload it again without it.",
    "corrupt": "The file is damaged or incomplete. Export it again and upload the new file.",
    "timed_out": "Processing took too long. Upload a shorter or smaller version.",
    "resource_limit": "Processing needed too much room. Upload a shorter or smaller version.",
    "original_gone": "The video beside yours can no longer be used: it was deleted or closed.",
    "encoder_failed": "The video could not be converted. Try again, or export it as H.264 MP4.",
}


class MediaError(Exception):
    """A file cannot be used, or a tool failed on it.

    ``code`` is one of ``SENTENCES``; ``detail`` tells the owner what to do and never holds
    a path or a program's output; ``log`` is for the operator's log alone.
    """

    def __init__(self, code: str, detail: str | None = None, *, log: str = "") -> None:
        self.code = code
        self.detail = detail if detail is not None else SENTENCES[code]
        self.log = log
        super().__init__(f"{code}: {self.detail}")
