"""A process that forks one child per order, so that each can be killed as a power cut would.

Run as `python -m videos.tests.crash.rehearsal` with the environment of the product under test.
Orders are JSON lines: `{"call": name, "args": [...], "env": {...}}`, or `{"wake": pid}` for a child
that stopped itself. Answers: `{"value": ...}`, `{"failed": text}`, `{"signal": n}`,
`{"stopped": pid}`.
This process itself opens no connection: every child has its own, as every process of the product.
"""

import datetime as dt
import io
import json
import os
import pickle
import resource
import shutil
import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any

from videos.tests.crash.driver import check, content, offset, person, post, state  # Django is up

# isort: split
from celery import current_app
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from accounts.devices import Device
from accounts.services import signin
from core import processes, storage, testing
from videos import leases, services
from videos.media import ladder, loudness, probe, stills, transcode
from videos.media.ffmpeg import ffmpeg_path
from videos.media.limits import Limits
from videos.models import ProcessingJob, Upload, Video
from videos.services import processing, sources, sweeping
from videos.workshop import Source, Workshop

ROOT_FOLDER = Path(settings.DATA_DIR)


def token(username: str) -> str:
    """Return an access token of a person."""
    return str(signin.admit(user=person(username), device=Device()).tokens.access)


def call(method: str, path: str, token: str, headers: dict[str, str], file: str = "") -> Any:
    """Make one request; return status, headers and JSON."""
    body = Path(file).read_bytes() if file else b""
    kind = headers.pop("Content-Type", "application/offset+octet-stream")
    if "json" in headers:
        kind, body = "application/json", headers.pop("json").encode()
    at = int(headers.get("Upload-Offset", "0"))
    answer = _client().generic(
        method,
        path,
        body[at:] if file else body,
        content_type=kind,
        headers={"Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0", **headers},
    )
    told = json.loads(answer.content) if answer.content else None
    return [answer.status_code, dict(answer.headers), told]


def create(username: str, length: int, key: str) -> str:
    """Create an upload under an idempotency key."""
    actor = person(username)
    return str(services.create_upload(actor=actor, length=length, idempotency_key=key).pk)


def append(username: str, upload_id: str, path: str) -> int:
    """Send what is missing of the file, as a client that asked for the offset; return that."""
    actor = person(username)
    at = Upload.objects.get(pk=upload_id).offset
    rest = io.BytesIO(Path(path).read_bytes()[at:])
    return services.append(actor=actor, upload_id=upload_id, offset=at, stream=rest).offset


def publish(username: str, upload_id: str, key: str) -> str:
    """Publish under an idempotency key."""
    actor = person(username)
    video = services.publish_video(actor=actor, upload_id=upload_id, idempotency_key=key)
    return str(video.pk)


def album(username: str, paths: list[str], key: str, sound_id: str | None = None) -> str:
    """Send pictures and post them as an album, each under its idempotency key: all may repeat."""
    actor, ids = person(username), []
    for number, path in enumerate(paths):
        upload_id = create(username, Path(path).stat().st_size, f"{key}:{number}")
        if offset(upload_id) < Path(path).stat().st_size:
            append(username, upload_id, path)
        ids.append(upload_id)
    video = services.publish_photos(
        actor=actor, upload_ids=ids, idempotency_key=key, sound_id=sound_id
    )
    return str(video.pk)


def ask_for_cover(username: str, video_id: str) -> None:
    """Ask for another cover."""
    services.change_cover(actor=person(username), video_id=video_id, at_ms=200)


def uploads_of(video_id: str) -> list[str]:
    """Return the stored keys of what an album was made of."""
    ids = sources.upload_ids(Video.objects.get(pk=video_id))
    return [key for upload_id in ids for key in objects(f"uploads/{upload_id}/")]


def delete(username: str, video_id: str) -> int:
    """Delete a video; return what its status route says afterwards."""
    services.delete_video(actor=person(username), video_id=video_id)
    return 0


def work() -> list[str]:
    """Do every job that the broker knows of, as a worker would."""
    return testing.run_jobs()


def work_on(video_id: str, stage: str) -> None:
    """Do one stage of one video."""
    getattr(processing, f"process_{stage}")(video_id=video_id)


def later() -> int:
    """Let the leases of the dead run out, and untold jobs be overdue; return how many leases."""
    past = timezone.now() - dt.timedelta(minutes=1)
    ProcessingJob.objects.update(queued_at=past)
    return ProcessingJob.objects.filter(state="running").update(lease_expires_at=past)


def sweep() -> str:
    """Sweep once."""
    return str(sweeping.sweep())


def objects(prefix: str) -> list[str]:
    """Return the stored keys under a prefix."""
    return sorted(found.key for found in storage.listing() if found.key.startswith(prefix))


def posts(username: str, path: str, number: int) -> list[str]:
    """Post a file as many videos."""
    return [post(username, path) for _ in range(number)]


def published(ids: list[str]) -> int:
    """Return how many of the videos are out."""
    return Video.objects.filter(pk__in=ids, published_at__isnull=False).count()


def can(path: str, folder: str) -> None:
    """Do the real media work on a clip once and keep every result for `canned`."""
    clip, kept = Path(path), Path(folder)
    kept.mkdir()
    limits, ffmpeg = Limits(), ffmpeg_path(settings.FFMPEG)
    found = probe.probe(clip, scratch=kept, limits=limits)
    sound = loudness.measure_loudness(clip, probe=found, ffmpeg=ffmpeg, scratch=kept, limits=limits)
    tools: dict[str, Any] = {"probe": found, "ffmpeg": ffmpeg, "scratch": kept, "limits": limits}
    made = {
        rung.short_edge: transcode.render(
            clip, rung, kept / f"{rung.short_edge}.mp4", loudness=sound, **tools
        )
        for rung in ladder.plan(found)
    }
    cover = stills.cover(clip, 0, kept / "cover.jpg", **tools)
    preview = stills.preview(clip, kept / "preview.webp", **tools)
    (kept / "results").write_bytes(pickle.dumps((found, sound, made, cover, preview)))


def canned(folder: str) -> None:
    """Give every media tool of this process its result of `can` in place of work."""
    found, sound, made, cover, preview = pickle.loads((Path(folder) / "results").read_bytes())  # noqa: S301

    def give(out: Path, result: Any) -> Any:
        shutil.copy(result.path, out)
        return type(result)(**{**vars(result), "path": out})

    def rendered(source: Path, rung: Any, out: Path, *, on_written: Any, **rest: Any) -> Any:
        result = give(out, made[rung.short_edge])
        on_written(out)
        return result

    def opened(shop: Workshop, upload: Upload, findings: dict[str, Any]) -> Source:
        return Source(shop.scratch / "source", found, sound)

    fakes = {
        (Workshop, "open"): opened,
        (transcode, "render"): rendered,
        (stills, "cover"): lambda source, at, out, **rest: give(out, cover),
        (stills, "preview"): lambda source, out, **rest: give(out, preview),
    }
    for (where, name), fake in fakes.items():
        setattr(where, name, fake)


def break_(what: str) -> None:
    """Take the database, the storage or the room on the disk away from this process."""
    if what == "database":
        options = connection.settings_dict["OPTIONS"]
        options.get("pool", {})["timeout"] = 0.5
        connection.settings_dict |= {"NAME": "/nowhere/at/all", "PORT": "9"}
    elif what == "storage" and settings.AWS_STORAGE_BUCKET_NAME:
        settings.STORAGES["default"]["OPTIONS"]["endpoint_url"] = "http://127.0.0.1:9"
    elif what == "storage":
        settings.STORAGES["default"]["OPTIONS"]["location"] = "/dev/null/media"
    elif what == "disk":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (16384, 16384))


def poison(video_id: str) -> None:
    """Kill this process when it is about to work on a video, as a decoder that eats all memory."""
    begin = leases.claim

    def claim(**wanted: Any) -> leases.Lease | None:
        lease = begin(**wanted)
        if str(wanted["video_id"]) == video_id and lease is not None:
            os.kill(os.getpid(), signal.SIGKILL)
        return lease

    processing.claim = claim  # type: ignore[attr-defined]


def die_with(program: str) -> None:
    """Kill this process as soon as it has a child that runs `program` (a part of its command)."""
    own = os.getpid()

    def watch() -> None:
        while True:
            for pid in processes.children(own):
                try:
                    line = Path(f"/proc/{pid}/cmdline").read_bytes()
                except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
                    continue
                if program.encode() in line:
                    os.kill(own, signal.SIGKILL)
            time.sleep(0.002)

    threading.Thread(target=watch, daemon=True).start()


ORDERS = {
    order.__name__: order
    for order in (
        *(
            album,
            ask_for_cover,
            append,
            call,
            can,
            check,
            content,
            create,
            delete,
            later,
            objects,
            offset,
            post,
            posts,
        ),
        *(publish, published, state, sweep, token, uploads_of, work, work_on),
    )
}


def main() -> None:
    """Obey until the input ends."""
    # What every child would import and build for itself is done once, before the first fork.
    current_app.loader.import_default_modules()
    get_resolver().url_patterns  # noqa: B018
    answers: dict[int, int] = {}
    # Mails that the product prints must not come between the answers.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        order = json.loads(line)
        pid = order.get("wake")
        if pid:
            os.kill(pid, signal.SIGCONT)
        else:
            pid = _fork(order, answers)
        _, status = os.waitpid(pid, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            answer: dict[str, Any] = {"stopped": pid}
        else:
            with os.fdopen(answers.pop(pid)) as pipe:
                said = pipe.read()
            answer = json.loads(said) if said else {"signal": os.WTERMSIG(status)}
        print(json.dumps(answer), file=out, flush=True)


def _fork(order: dict[str, Any], answers: dict[int, int]) -> int:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        answers[pid] = reading
        return pid
    os.close(reading)
    try:
        answer = {"value": _obey(order)}
    except BaseException:  # noqa: BLE001 - whatever it was, the test shows it
        answer = {"failed": traceback.format_exc()}
    os.write(writing, json.dumps(answer).encode())
    os._exit(0)


def _obey(order: dict[str, Any]) -> Any:
    env = order.get("env", {})
    os.environ.update(env)
    if folder := env.get("CANNED"):
        canned(folder)
    if what := env.get("BROKEN"):
        break_(what)
    if video_id := env.get("POISON"):
        poison(video_id)
    if program := env.get("CAPTIONS_PROGRAM"):
        settings.CAPTIONS_COMMAND = [program, "{audio}"]
    if program := env.get("DIE_WITH"):
        die_with(program)
    return ORDERS[order["call"]](*order.get("args", []))


def _client() -> Client:
    return Client(headers={"Host": "localhost"}, raise_request_exception=False)


if __name__ == "__main__":
    main()
