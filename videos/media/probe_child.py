"""The child that opens a stranger's file with PyAV: JSON question in argv, JSON answer on stdout.

Refusals are answers (``{"code": ...}``); only what PyAV cannot read at all ends in an error.
"""

from __future__ import annotations

import json
import statistics
import struct
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import av
from av.audio.codeccontext import AudioCodecContext
from av.container import InputContainer
from av.sidedata.sidedata import Type as SideDataType
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

_NOT_A_PICTURE: Final = av.stream.Disposition.attached_pic | av.stream.Disposition.timed_thumbnails
_SAMPLE_PACKETS: Final = 300
# Frames that seem to come faster come in bursts: then their number in the time counts.
_RATE_OF_BURSTS: Final = 120.0
_SAMPLE_BYTES: Final = 32 * 1024 * 1024
_TRANSFER: Final = {
    1: "bt709",
    6: "smpte170m",
    14: "bt2020-10",
    16: "smpte2084",
    18: "arib-std-b67",
}
_SPACE: Final = {0: "gbr", 1: "bt709", 5: "bt470bg", 6: "smpte170m", 9: "bt2020nc", 10: "bt2020c"}
_PRIMARIES: Final = {1: "bt709", 5: "bt470bg", 6: "smpte170m", 9: "bt2020", 12: "smpte432"}
_RANGE: Final = {1: "tv", 2: "pc"}
_HDR: Final = frozenset({"smpte2084", "arib-std-b67"})


class Refused(Exception):
    """The file is readable but not acceptable; the argument is the error's code."""


@dataclass
class Sample:
    """What the first packets told: one decoded frame, decode times and key frames (in ms)."""

    frame: VideoFrame | None = None
    times_ms: list[float] = field(default_factory=list)
    keys_ms: list[float] = field(default_factory=list)


def main() -> None:
    """Answer the question in argv: the fields of a ``Probe``, or the code of the refusal."""
    question = json.loads(sys.argv[1])
    try:
        answer = examine(question)
    except Refused as refusal:
        answer = {"code": str(refusal)}
    except MemoryError as error:
        answer = {"code": "resource_limit", "log": repr(error)}
    except (av.FFmpegError, OSError, ValueError) as error:
        answer = {"code": "corrupt", "log": repr(error)}
    sys.stdout.write(json.dumps(answer))


def examine(question: dict[str, Any]) -> dict[str, Any]:
    """Open the file and return a ``Probe``'s fields; raises ``Refused`` and PyAV's errors."""
    options = {
        "protocol_whitelist": "file",
        "format_whitelist": question["demuxer"],
        "max_pixels": str(question["max_pixels"]),
        # Generous: we count ourselves, to say "too many tracks" rather than "damaged".
        "max_streams": str(question["max_streams"] * 16),
    }
    if question["demuxer"] == "mov":
        # What is asked stands in its index and in the frame that is decoded below; looking at more
        # frames first took a quarter of all the time.
        options["analyzeduration"] = "1"
    path = question["path"]
    with av.open(f"file:{path}", format=question["demuxer"], options=options) as container:
        if len(container.streams) > question["max_streams"]:
            raise Refused("too_many_streams")
        video = _picture(container)
        if video.codec_context is None:
            raise Refused("unsupported_format")
        if video.width * video.height > question["max_pixels"]:
            raise Refused("too_large")
        duration_ms = _declared_duration_ms(container)
        if duration_ms > question["max_duration_ms"]:
            raise Refused("too_long")
        # A WebM that a browser records says nothing of its rate: what stands here is then a guess
        # from its first frames, which come in bursts where the machine is busy.
        is_guess = question["demuxer"].startswith("matroska")
        if not is_guess and (video.average_rate or 0) > question["max_fps"]:
            raise Refused("bad_frame_rate")
        _refuse_cut_off(video, Path(path).stat().st_size)
        sample = _sample(container, video, question["max_pixels"])
        if duration_ms == 0:
            duration_ms = _measured_duration_ms(path, options, question)
        if duration_ms < question["min_duration_ms"]:
            raise Refused("corrupt")
        report = _report(container, video, sample, duration_ms)
    if report["fps"] > question["max_fps"]:
        raise Refused("bad_frame_rate")
    return report


def _picture(container: InputContainer) -> VideoStream:
    for stream in container.streams.video:
        if not stream.disposition & _NOT_A_PICTURE:
            return stream
    raise Refused("no_video")


def _declared_duration_ms(container: InputContainer) -> int:
    streams = (*container.streams.video, *container.streams.audio)
    seconds = (s.duration * s.time_base for s in streams if s.duration and s.time_base)
    return round(max(Fraction(container.duration or 0, 1_000_000), *seconds, Fraction(0)) * 1000)


def _measured_duration_ms(path: str, options: dict[str, str], question: dict[str, Any]) -> int:
    """Read a file that does not say how long it is (browsers record such WebM) to its end."""
    last_ms = 0
    with av.open(f"file:{path}", format=question["demuxer"], options=options) as container:
        for packet in container.demux():
            if packet.pts is None or packet.time_base is None:
                continue
            last_ms = max(
                last_ms, round((packet.pts + (packet.duration or 0)) * packet.time_base * 1000)
            )
            if last_ms > question["max_duration_ms"]:
                raise Refused("too_long")
    return last_ms


def _refuse_cut_off(video: VideoStream, size: int) -> None:
    """An MP4's index says where each frame lies: one beyond the end means the file was cut off."""
    if any(entry.pos + entry.size > size for entry in video.index_entries):
        raise Refused("corrupt")


def _sample(container: InputContainer, video: VideoStream, max_pixels: int) -> Sample:
    sample, size = Sample(), 0
    video.codec_context.options = {"max_pixels": str(max_pixels)}
    video.codec_context.thread_count = 1
    for stream in container.streams:
        if stream.index != video.index:
            stream.discard = av.stream.Discard.all
    unit_ms = (video.time_base or Fraction(1, 1000)) * 1000
    for count, packet in enumerate(container.demux(video)):
        if packet.dts is not None:
            sample.times_ms.append(float(packet.dts * unit_ms))
            if packet.is_keyframe:
                sample.keys_ms.append(sample.times_ms[-1])
        if sample.frame is None:
            sample.frame = _first_frame(video, packet, is_first=count == 0)
        size += packet.size
        if count >= _SAMPLE_PACKETS or size > _SAMPLE_BYTES:
            break
    if sample.frame is None:
        raise Refused("corrupt")
    entries = video.index_entries
    if len(entries) > len(sample.times_ms):  # MP4: the whole file's times, without reading it
        sample.times_ms = [float(entry.timestamp * unit_ms) for entry in entries]
        sample.keys_ms = [float(e.timestamp * unit_ms) for e in entries if e.is_keyframe]
    return sample


def _first_frame(
    video: VideoStream, packet: av.Packet[VideoStream], *, is_first: bool
) -> VideoFrame | None:
    try:
        frames = video.decode(packet)
        if is_first and not frames and packet.is_keyframe:
            # A decoder holds a picture back until it knows that none comes before it. To decode
            # those as well would cost more than the rest of the look at a phone's clip.
            frames = video.decode(None)
            video.codec_context.flush_buffers()
            if not frames:  # no whole picture by itself: a stream that refreshes bit by bit
                frames = video.decode(packet)
        return next(iter(frames), None)
    except av.error.InvalidDataError:  # a clip may start in the middle of a group of pictures
        return None
    except av.error.ArgumentError as error:
        # A picture over max_pixels: the demuxer then reports no size, so it was not caught before.
        raise Refused("corrupt" if video.width else "too_large") from error


def _gaps(times: list[float]) -> Iterator[float]:
    ordered = sorted(times)
    return (after - before for before, after in pairwise(ordered))


def _rate(video: VideoStream, sample: Sample) -> tuple[float, bool]:
    """Frames a second and whether they come unevenly (over 15 % off, more than rounding)."""
    gaps = [gap for gap in _gaps(sample.times_ms) if gap > 0]
    declared = float(video.average_rate or video.guessed_rate or 0)
    if not gaps:
        return min(declared, _RATE_OF_BURSTS) or 1.0, False
    usual = statistics.median(gaps)
    uneven = sum(abs(gap - usual) > max(0.15 * usual, 1.5) for gap in gaps)
    is_vfr = uneven > 0.02 * len(gaps) or (uneven > 0 and len(gaps) < 50)
    typical = 1000 / usual
    if typical > _RATE_OF_BURSTS:
        typical = len(gaps) * 1000 / sum(gaps)
    if not is_vfr and declared and abs(declared - typical) < 0.05 * typical:
        return declared, False  # exact (30000/1001), where the gaps are rounded
    return typical, is_vfr or (declared > 0 and abs(declared - typical) > 0.05 * typical)


def _orientation(frame: VideoFrame) -> tuple[int, bool]:
    """Degrees clockwise the picture is to be turned, and whether it is mirrored."""
    matrices: Mapping[Any, Any] = frame.side_data
    data = matrices.get(SideDataType.DISPLAYMATRIX)
    if data is None:
        return 0, False
    a, b, _, c, d = struct.unpack("<5i", bytes(data)[:20])
    return round(-frame.rotation) % 360, a * d - b * c < 0


def _picture_fields(video: VideoStream, frame: VideoFrame) -> dict[str, Any]:
    rotation, is_flipped = _orientation(frame)
    aspect = video.sample_aspect_ratio or Fraction(1)
    aspect = aspect if aspect > 0 else Fraction(1)
    width, height = round(frame.width * aspect), frame.height
    if rotation % 180 == 90:
        width, height = height, width
    transfer = _TRANSFER.get(int(frame.color_trc), "unknown")
    return {
        "width": width,
        "height": height,
        "rotation": rotation,
        "is_flipped": is_flipped,
        "has_square_pixels": aspect == 1,
        "is_interlaced": frame.interlaced_frame,
        "video_codec": video.codec_context.name,
        "video_profile": video.codec_context.profile or "",
        "pixel_format": frame.format.name,
        "bit_depth": max(part.bits for part in frame.format.components),
        "is_hdr": transfer in _HDR,
        "color_transfer": transfer,
        "color_space": _SPACE.get(int(frame.colorspace), "unknown"),
        "color_primaries": _PRIMARIES.get(int(frame.color_primaries), "unknown"),
        "color_range": _RANGE.get(int(frame.color_range), "unknown"),
        "video_index": video.index,
    }


def _sound_fields(container: InputContainer) -> dict[str, Any]:
    for audio in container.streams.audio:
        # PyAV gives no context for a codec it cannot decode (Apple's spatial sound).
        context: AudioCodecContext | None = audio.codec_context
        if context is not None and audio.channels and audio.sample_rate:
            return {
                "has_audio": True,
                "audio_codec": context.name,
                "audio_channels": audio.channels,
                "audio_index": audio.index,
            }
    return {"has_audio": False, "audio_codec": "", "audio_channels": 0, "audio_index": None}


def _tags(container: InputContainer) -> list[str]:
    names = set(container.metadata)
    for stream in container.streams:
        names.update(stream.metadata)
    return sorted(names)


def _report(
    container: InputContainer, video: VideoStream, sample: Sample, duration_ms: int
) -> dict[str, Any]:
    assert sample.frame is not None  # _sample refuses a file without one
    fps, is_vfr = _rate(video, sample)
    keys = [*sample.keys_ms, sample.times_ms[-1]] if sample.times_ms else []
    return {
        "duration_ms": duration_ms,
        "fps": fps,
        "is_vfr": is_vfr,
        "keyframe_gap_ms": round(max(_gaps(keys), default=0)),
        "nb_streams": len(container.streams),
        "tags": _tags(container),
        **_picture_fields(video, sample.frame),
        **_sound_fields(container),
    }


if __name__ == "__main__":
    main()
