"""Which encoder makes the renditions: software everywhere, or what a machine has for it."""

from __future__ import annotations

from typing import Final

_RENDER_NODE: Final = "/dev/dri/renderD128"
# Constant quality at about what x264 gives for the same number.
_ARGS: Final[dict[str, tuple[str, ...]]] = {
    "libx264": ("-preset", "veryfast", "-crf", "{quality}"),
    "h264_nvenc": ("-preset", "p4", "-rc", "vbr", "-cq", "{quality}"),
    "h264_qsv": ("-preset", "veryfast", "-global_quality", "{quality}"),
    "h264_vaapi": ("-rc_mode", "QVBR", "-global_quality", "{quality}"),
    "h264_videotoolbox": ("-q:v", "{percent}"),
}
# Device files that the encoder opens; a sandbox must let it.
_DEVICES: Final[dict[str, tuple[str, ...]]] = {
    "h264_nvenc": ("/dev/nvidia0", "/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools"),
    "h264_qsv": ("/dev/dri",),
    "h264_vaapi": ("/dev/dri",),
}


def args(encoder: str, quality: int) -> list[str]:
    """Return the arguments that choose `encoder` at x264's `quality` (crf: less is better)."""
    # Apple's scale runs the other way, from 1 to 100.
    filled = {"quality": quality, "percent": max(1, 100 - 2 * quality)}
    return ["-c:v", encoder, *(word.format(**filled) for word in _ARGS[encoder])]


def upload_filter(encoder: str) -> str:
    """Return what to append to the filters so that frames reach the encoder's memory."""
    return ",format=nv12,hwupload" if encoder == "h264_vaapi" else ""


def device_args(encoder: str) -> list[str]:
    """Return the arguments that open the encoder's device before any input."""
    return ["-vaapi_device", _RENDER_NODE] if encoder == "h264_vaapi" else []


def devices(encoder: str) -> tuple[str, ...]:
    """Return the device files of the encoder."""
    return _DEVICES.get(encoder, ())
