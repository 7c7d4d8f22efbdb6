"""`python -m tiktok.benchmarks`: runs everything in each mode that this machine can, and prints."""

import argparse
import os
import secrets
import signal
import socket
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from tiktok.benchmarks import dataset, feed, machine, messenger, playable
from tiktok.benchmarks.ratios import Comparison
from tiktok.instance import Instance

POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
REDIS = "redis://127.0.0.1:6379/9"
PLAYABLE_GOAL = 1.2
LADDER_GOAL = 1.3


def main() -> None:
    """Measure and print."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # let the instances end their processes
    print(machine.describe())
    print(f"{arguments.runs} interleaved runs each: median (least to most)\n")
    modes = {"embedded": {"DATABASE_URL": "", "REDIS_URL": "", "AWS_STORAGE_BUCKET_NAME": ""}}
    scaled = _scaled()
    if scaled:
        modes["scaled"] = scaled
    else:
        print("scaled mode: not measured, PostgreSQL and Redis do not both answer here\n")
    for name, env in modes.items():
        if arguments.mode in (name, "all"):
            _run(name, env, arguments)


def _run(mode: str, env: dict[str, str], arguments: argparse.Namespace) -> None:
    if arguments.only in ("playable", "all"):
        with TemporaryDirectory(prefix="toptop-bench-") as place:
            folder = Path(place)
            quiet = {"DEMO": "0", "RATE_LIMIT_SCALE": "1000000", "WEB_SOCKETS": "0"}
            with Instance(folder, **quiet, **env) as instance:
                print(f"{mode}: from the last byte to playable, {playable.CLIP}")
                first, full = playable.measure(instance, folder, runs=arguments.runs)
                _show(first, "s", "bare ffmpeg, same rendition", f"goal: at most {PLAYABLE_GOAL}")
                print(f"{mode}: from the last byte to all renditions and the preview")
                _show(full, "s", "bare ffmpeg, same renditions", f"goal: at most {LADDER_GOAL}")
    if arguments.only in ("feed", "all"):
        if mode == "embedded":
            feed.embedded(env, say=_say)
        else:
            runs, seconds = arguments.runs, arguments.seconds
            feed.scaled(env, size=arguments.size, runs=runs, seconds=seconds, say=_say)
    if arguments.only in ("messages", "all") and mode == "scaled":
        messenger.scaled(env, runs=arguments.runs, seconds=arguments.seconds, say=_say)


def _say(line: str) -> None:
    print(line, flush=True)


def _show(found: Comparison, unit: str, floor: str, note: str = "") -> None:
    print(f"  measured {found.measured:.2f} {unit}")
    print(f"  floor    {found.floor:.2f} {unit}: {floor}")
    print(f"  ratio    {found.ratio:.2f}{'  ' + note if note else ''}\n", flush=True)


def _scaled() -> dict[str, str]:
    """Return the scaled mode's environment when its services answer, else nothing."""
    env = {
        "DATABASE_URL": os.environ.get("DATABASE_URL") or POSTGRES,
        "REDIS_URL": os.environ.get("REDIS_URL") or REDIS,
    }
    if not all(_answers(url) for url in env.values()):
        return {}
    for name in ("SECRET_KEY", "JWT_SIGNING_KEY", "MEDIA_SIGNING_KEY"):
        env[name] = secrets.token_urlsafe(48)
    return env


def _answers(url: str) -> bool:
    parts = urlsplit(url)
    port = parts.port or {"redis": 6379}.get(parts.scheme, 5432)
    try:
        socket.create_connection((parts.hostname or "127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tiktok.benchmarks", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="interleaved runs (default 5)")
    parser.add_argument("--seconds", type=float, default=4, help="of load per run (default 4)")
    parser.add_argument("--mode", choices=("embedded", "scaled", "all"), default="all")
    parser.add_argument(
        "--size", choices=tuple(dataset.SIZES), default="large", help="of the feed, scaled (large)"
    )
    parser.add_argument("--only", choices=("playable", "feed", "messages", "all"), default="all")
    return parser.parse_args()


if __name__ == "__main__":
    main()
