"""Small clips and hostile files, drawn by ffmpeg's own sources: no media is kept in the tree.

Every function writes one file into ``folder`` and returns its path. Used by the tests of the
pipeline and of the app around it, and by the end-to-end tests.
"""

from __future__ import annotations

import random
import struct
import subprocess
from pathlib import Path

from videos.media.ffmpeg import ffmpeg_path

GPS = "+10.7769+106.7009/"
# The same place as the text it would leave in a file, in any form a tag takes.
GPS_TRACES = (b"10.7769", b"106.7009")

_H264 = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "34", "-pix_fmt", "yuv420p")
_AAC = ("-c:a", "aac", "-b:a", "64k")


def _ffmpeg(*args: str) -> None:
    subprocess.run([ffmpeg_path(), "-v", "error", "-nostdin", "-y", *args], check=True, timeout=120)


def _picture(size: str, rate: str = "30", seconds: float = 2) -> tuple[str, ...]:
    return ("-f", "lavfi", "-t", str(seconds), "-i", f"testsrc2=s={size}:r={rate}")


def _tone(seconds: float = 2, volume: float = 0.5) -> tuple[str, ...]:
    source = f"sine=frequency=440:sample_rate=48000,volume={volume}"
    return ("-f", "lavfi", "-t", str(seconds), "-i", source)


# --- what people upload -----------------------------------------------------------------------


def landscape_h264(folder: Path, *, size: str = "640x360", seconds: float = 2) -> Path:
    """H.264 and AAC in MP4: browsers play it as it is."""
    out = folder / "landscape.mp4"
    _ffmpeg(*_picture(size, seconds=seconds), *_tone(seconds), *_H264, *_AAC, str(out))
    return out


def portrait_hevc_mov(folder: Path) -> Path:
    """A phone's clip: HEVC stored lying, turned by a display matrix, with place and device.

    Upright the top half is red and the bottom half blue.
    """
    lying = folder / "lying.mov"
    # Turned a quarter clockwise for display, the left edge comes up on top.
    halves = "color=red:s=240x360:r=30,pad=480:360:0:0:blue"
    _ffmpeg(
        *("-f", "lavfi", "-t", "2", "-i", halves, *_tone()),
        *("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error"),
        *("-pix_fmt", "yuv420p", "-tag:v", "hvc1", *_AAC, str(lying)),
    )
    out = folder / "portrait.mov"
    _ffmpeg(
        *("-display_rotation", "-90", "-i", str(lying), "-c", "copy"),
        *("-movflags", "use_metadata_tags", "-metadata", f"location={GPS}"),
        *("-metadata", f"com.apple.quicktime.location.ISO6709={GPS}"),
        *("-metadata", "com.apple.quicktime.model=Phone 99", str(out)),
    )
    lying.unlink()
    return out


def turned(folder: Path, clip: Path, *turn: str) -> Path:
    """A copy of ``clip`` with a display matrix alone."""
    out = folder / "turned.mp4"
    _ffmpeg(*turn, "-i", str(clip), "-c", "copy", str(out))
    return out


def web_safe_with_gps(folder: Path) -> Path:
    """An MP4 that is remuxed: only our own care takes its place and chapters away."""
    plain, notes = landscape_h264(folder), folder / "chapters.txt"
    notes.write_text(
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=900\ntitle=At home 10.7769\n"
    )
    out = folder / "web-safe-gps.mp4"
    _ffmpeg(
        *("-i", str(plain), "-i", str(notes), "-map_metadata", "1", "-map", "0", "-c", "copy"),
        *("-metadata", f"location={GPS}", "-metadata:s:v", f"title={GPS}", str(out)),
    )
    return out


def plain(
    folder: Path,
    color: str,
    *,
    size: str = "360x640",
    seconds: float = 2,
    tone: int | None = None,
    volume: float = 0.5,
    rate: int = 30,
) -> Path:
    """One colour all over, and a tone of so many Hz or silence."""
    out = folder / f"{color}-{size}.mp4"
    picture = ("-f", "lavfi", "-t", str(seconds), "-i", f"color={color}:s={size}:r={rate}")
    source = f"sine=frequency={tone}:sample_rate=48000,volume={volume}"
    sound = ("-f", "lavfi", "-t", str(seconds), "-i", source) if tone else ()
    _ffmpeg(*picture, *sound, *_H264, *(_AAC if tone else ()), str(out))
    return out


def square(folder: Path) -> Path:
    out = folder / "square.mp4"
    _ffmpeg(*_picture("400x400"), *_tone(), *_H264, *_AAC, str(out))
    return out


def vp9_webm(folder: Path) -> Path:
    out = folder / "vp9.webm"
    vp9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus")
    _ffmpeg(*_picture("480x360"), *_tone(), *vp9, str(out))
    return out


def live_webm(folder: Path) -> Path:
    """As browsers record: a WebM stream that never says how long it is."""
    out = folder / "live.webm"
    with out.open("wb") as file:
        webm = ("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus", "-f", "webm")
        live = ("-live", "1", "pipe:1")
        args = [ffmpeg_path(), "-v", "error", "-nostdin", *_picture("320x240"), *_tone()]
        subprocess.run([*args, *webm, *live], stdout=file, check=True, timeout=60)
    return out


def silent(folder: Path) -> Path:
    out = folder / "silent.mp4"
    _ffmpeg(*_picture("640x360"), *_H264, str(out))
    return out


def in_bursts(folder: Path) -> Path:
    """As a browser records on a busy machine: four frames within 4 ms, then none for 0.13 s."""
    out = folder / "bursts.webm"
    late = "settb=1/1000,setpts='(floor(N/4)*4/30+mod(N,4)/1000)/TB'"
    vp8 = ("-c:v", "libvpx", "-deadline", "realtime", "-fps_mode", "passthrough", "-live", "1")
    _ffmpeg(*_picture("320x240"), "-vf", late, "-enc_time_base", "1/1000", *vp8, str(out))
    return out


def variable_rate(folder: Path) -> Path:
    """30 frames a second for a second, then 10: as phones film in the dark."""
    out = folder / "vfr.mp4"
    pick = "select='lt(t,1)+not(mod(n,3))'"
    _ffmpeg(
        *_picture("640x360"), *_tone(), "-vf", pick, "-fps_mode", "vfr", *_H264, *_AAC, str(out)
    )
    return out


def hdr_10_bit(folder: Path, *, size: str = "640x360", seconds: float = 2) -> Path:
    """HEVC Main 10, BT.2020 with the PQ curve."""
    out = folder / "hdr.mp4"
    colors = "colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:log-level=error"
    _ffmpeg(
        *_picture(size, seconds=seconds),
        *("-vf", "scale=out_color_matrix=bt2020:out_range=tv,format=yuv420p10le"),
        *("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", colors),
        *("-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc"),
        *("-tag:v", "hvc1", str(out)),
    )
    return out


def hdr_half_tagged(folder: Path, *, transfer: str = "smpte2084") -> Path:
    """HDR that names its curve but neither its matrix nor its primaries."""
    out = folder / f"hdr-{transfer}.mov"
    _ffmpeg(
        *_picture("640x360", seconds=1),
        *("-vf", "format=yuv420p10le", "-c:v", "libx265", "-preset", "ultrafast"),
        *("-x265-params", f"transfer={transfer}:log-level=error", "-tag:v", "hvc1", str(out)),
    )
    return out


def four_k(folder: Path, *, seconds: float = 0.5) -> Path:
    out = folder / "4k.mp4"
    _ffmpeg(*_picture("3840x2160", seconds=seconds), *_tone(seconds), *_H264, *_AAC, str(out))
    return out


def cover_art_first(folder: Path) -> Path:
    """A video whose first picture stream is an attached still."""
    clip, still, out = silent(folder), folder / "art.png", folder / "cover-art.mp4"
    _ffmpeg("-f", "lavfi", "-i", "color=green:s=64x64", "-frames:v", "1", str(still))
    _ffmpeg(
        *("-i", str(still), "-i", str(clip), "-map", "0", "-map", "1", "-c", "copy"),
        *("-disposition:v:0", "attached_pic", str(out)),
    )
    return out


def quiet(folder: Path) -> Path:
    """Sound that nobody would hear."""
    out = folder / "quiet.mp4"
    _ffmpeg(*_picture("320x240"), *_tone(volume=0.0001), *_H264, *_AAC, str(out))
    return out


def noise(folder: Path) -> Path:
    """What compresses worst."""
    out = folder / "noise.mp4"
    _ffmpeg(*_picture("640x360", seconds=3), "-vf", "noise=alls=100:allf=t", *_H264, str(out))
    return out


def anamorphic(folder: Path) -> Path:
    """Stored 360 x 480, shown 720 x 480: pixels twice as wide as high."""
    out = folder / "anamorphic.mp4"
    _ffmpeg(*_picture("360x480", seconds=0.5), "-vf", "setsar=2", *_H264, str(out))
    return out


def loud(folder: Path) -> Path:
    """A quiet tone with short bursts near full scale: only a limiter keeps those from clipping."""
    out = folder / "loud.mp4"
    burst = "aevalsrc='0.1*sin(2*PI*300*t)+0.85*sin(2*PI*997*t)*lt(mod(t,1),0.004)':s=48000"
    sound = ("-f", "lavfi", "-t", "4", "-i", burst)
    _ffmpeg(*_picture("320x240", seconds=4), *sound, *_H264, *_AAC, str(out))
    return out


# --- what must be refused ---------------------------------------------------------------------


def zero_bytes(folder: Path) -> Path:
    return _write(folder / "empty.mp4", b"")


def random_bytes(folder: Path) -> Path:
    return _write(folder / "random.mp4", random.Random(7).randbytes(50_000))


def random_after_ftyp(folder: Path) -> Path:
    head = struct.pack(">I4s4sI4s", 20, b"ftyp", b"isom", 512, b"isom")
    return _write(folder / "random-ftyp.mp4", head + random.Random(7).randbytes(50_000))


def png_named_mp4(folder: Path) -> Path:
    png, out = folder / "still.png", folder / "png.mp4"
    _ffmpeg("-f", "lavfi", "-i", "color=red:s=320x240", "-frames:v", "1", str(png))
    return png.rename(out)


def without_moov(folder: Path) -> Path:
    """The index of an MP4 is written last: half a file has none."""
    whole = landscape_h264(folder).read_bytes()
    return _write(folder / "no-moov.mp4", whole[: len(whole) // 2])


def cut_off(folder: Path) -> Path:
    """The index comes first and promises more than there is."""
    fast = folder / "fast.mp4"
    _ffmpeg("-i", str(landscape_h264(folder)), "-c", "copy", "-movflags", "+faststart", str(fast))
    whole = fast.read_bytes()
    return _write(folder / "cut-off.mp4", whole[: len(whole) * 2 // 3])


def thousand_fps(folder: Path) -> Path:
    out = folder / "1000fps.mp4"
    _ffmpeg(*_picture("64x64", rate="1000", seconds=0.5), *_H264, str(out))
    return out


def many_streams(folder: Path, count: int = 61) -> Path:
    out = folder / "streams.mp4"
    tone = folder / "tone.m4a"
    _ffmpeg(*_tone(0.5), *_AAC, str(tone))
    maps = [part for _ in range(count - 1) for part in ("-map", "1")]
    video = _picture("64x64", seconds=0.5)
    _ffmpeg(*video, "-i", str(tone), "-map", "0", *maps, *_H264, "-c:a", "copy", str(out))
    return out


def sound_only(folder: Path) -> Path:
    out = folder / "sound.mp4"
    _ffmpeg(*_tone(), *_AAC, str(out))
    return out


def hundred_hours(folder: Path) -> Path:
    """100 frames, one an hour: the header's length counts, not the bytes."""
    out = folder / "100h.mp4"
    frames = ("-f", "lavfi", "-i", "color=s=64x64:r=1/3600", "-frames:v", "100")
    _ffmpeg(*frames, *_H264, str(out))
    return out


def vast_picture(folder: Path) -> Path:
    """16384 x 16000 in about 64 kB: decoded it would be hundreds of megabytes a frame."""
    out = folder / "vast.mp4"
    black = "color=black:s=16384x16000:r=2,format=monob"
    _ffmpeg("-f", "lavfi", "-i", black, "-frames:v", "2", "-c:v", "png", "-f", "mov", str(out))
    return out


def hls(folder: Path, canary: Path, port: int) -> Path:
    lines = ["#EXTM3U", "#EXT-X-TARGETDURATION:10", "#EXTINF:10,", f"file://{canary}"]
    lines += ["#EXTINF:10,", f"http://127.0.0.1:{port}/canary.ts", "#EXT-X-ENDLIST", ""]
    return _write(folder / "hls.mp4", "\n".join(lines).encode())


def ffconcat(folder: Path, canary: Path, port: int) -> Path:
    text = (
        f"ffconcat version 1.0\nfile {canary}\nfile {canary.name}\nfile http://127.0.0.1:{port}/x\n"
    )
    return _write(folder / "concat.mp4", text.encode())


def dash(folder: Path, canary: Path, port: int) -> Path:
    text = (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
        'mediaPresentationDuration="PT1S"><Period><AdaptationSet mimeType="video/mp4">'
        f'<Representation id="0" bandwidth="1"><BaseURL>http://127.0.0.1:{port}/x.mp4</BaseURL>'
        f"</Representation><Representation id='1' bandwidth='1'><BaseURL>file://{canary}</BaseURL>"
        "</Representation></AdaptationSet></Period></MPD>"
    )
    return _write(folder / "dash.mp4", text.encode())


def sdp(folder: Path, canary: Path, port: int) -> Path:
    text = f"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns={canary}\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    return _write(folder / "sdp.mp4", f"{text}m=video {port} RTP/AVP 96\r\n".encode())


def svg(folder: Path, canary: Path, port: int) -> Path:
    text = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="64" height="64"><image xlink:href="file://{canary}"/>'
        f'<image xlink:href="http://127.0.0.1:{port}/x.png"/></svg>'
    )
    return _write(folder / "svg.mp4", text.encode())


def html_polyglot(folder: Path, canary: Path, port: int) -> Path:
    text = f'<!--ftypisom--><script src="http://127.0.0.1:{port}/"></script>{canary}'
    return _write(folder / "html.mp4", text.encode())


def playlist_in_matroska(folder: Path, canary: Path, port: int) -> Path:
    """A plain video with a playlist as attachment: the video is fine, the playlist stays shut."""
    attached, out = hls(folder, canary, port), folder / "attachment.mkv"
    _ffmpeg(
        *(*_picture("320x240"), *_H264, "-attach", str(attached)),
        *("-metadata:s:t", "mimetype=application/vnd.apple.mpegurl", str(out)),
    )
    return out


def external_reference_mov(folder: Path, canary: Path, port: int) -> Path:
    """A MOV whose media is said to lie in another file (an alias in ``dref``)."""
    plain = folder / "dref-plain.mov"
    _ffmpeg(*_picture("320x240"), *_H264, str(plain))
    whole = plain.read_bytes()
    own = struct.pack(">I4sI", 12, b"url ", 1)
    alias = _alias(canary)
    at = whole.index(own, whole.index(b"dref"))
    grown = len(alias) - len(own)
    patched = bytearray(whole[:at] + alias + whole[at + len(own) :])
    for box in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
        size_at = patched.rindex(box, 0, at) - 4
        (size,) = struct.unpack_from(">I", patched, size_at)
        struct.pack_into(">I", patched, size_at, size + grown)
    return _write(folder / "dref.mov", bytes(patched))


def _alias(target: Path) -> bytes:
    """An old Macintosh alias record naming ``target`` by its path on the volume (tag 2)."""
    name, path = target.name.encode()[:63], b"root" + str(target).encode()
    record = struct.pack(">4sHHH", b"\0" * 4, 150, 2, 0)
    record += struct.pack(">B27s", 4, b"root") + b"\0" * 12
    record += struct.pack(">B63s", len(name), name) + b"\0" * 16
    record += struct.pack(">HH", 0, 0) + b"\0" * 16
    record += struct.pack(">HH", 2, len(path)) + path + b"\0" * (len(path) % 2)
    record += struct.pack(">Hh", 0xFFFF, 0)
    return struct.pack(">I4sI", 12 + len(record), b"alis", 0) + record


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
