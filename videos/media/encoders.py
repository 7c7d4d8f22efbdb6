"""Which encoder makes the renditions: software everywhere, or what a machine has for it."""

from __future__ import annotations

from typing import Final

SOFTWARE: Final = "libx264"
_RENDER_NODE: Final = "/dev/dri/renderD128"
# x264 at VMAF 90 for fewer bytes than veryfast at crf 23 and a fifth more time (docs/media.md): a
# picture with a short edge below 720 needs more of its bits for that.
_PRESET: Final = ("-preset", "faster")
_CRF_SMALL: Final = ("-crf", "25")
_CRF: Final = ("-crf", "26")
# At about the same quality.
_HARDWARE: Final[dict[str, tuple[str, ...]]] = {
    "h264_nvenc": ("-preset", "p4", "-rc", "vbr", "-cq", "23"),
    "h264_qsv": ("-preset", "veryfast", "-global_quality", "23"),
    "h264_vaapi": ("-rc_mode", "QVBR", "-global_quality", "23"),
    "h264_videotoolbox": ("-q:v", "54"),
}
# Device files that the encoder opens; a sandbox must let it.
_DEVICES: Final[dict[str, tuple[str, ...]]] = {
    "h264_nvenc": ("/dev/nvidia0", "/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools"),
    "h264_qsv": ("/dev/dri",),
    "h264_vaapi": ("/dev/dri",),
}


def args(encoder: str, short_edge: int) -> list[str]:
    """Return the arguments that choose `encoder` and its constant quality for a picture's size."""
    chosen = _HARDWARE.get(encoder) or (*_PRESET, *(_CRF_SMALL if short_edge < 720 else _CRF))
    return ["-c:v", encoder, *chosen]


def upload_filter(encoder: str) -> str:
    """Return what to append to the filters so that frames reach the encoder's memory."""
    return ",format=nv12,hwupload" if encoder == "h264_vaapi" else ""


def device_args(encoder: str) -> list[str]:
    """Return the arguments that open the encoder's device before any input."""
    return ["-vaapi_device", _RENDER_NODE] if encoder == "h264_vaapi" else []


def devices(encoder: str) -> tuple[str, ...]:
    """Return the device files of the encoder."""
    return _DEVICES.get(encoder, ())
