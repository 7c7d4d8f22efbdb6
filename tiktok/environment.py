"""Reading of the environment that settings need: secrets, database, storage and broker."""

import contextlib
import math
import os
import re
import secrets
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

MIN_SECRET_LENGTH = 32
TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}")
ENCODERS = ("libx264", "h264_nvenc", "h264_qsv", "h264_vaapi", "h264_videotoolbox")


class Environment:
    """Typed reading of variables; a value that does not fit is named, never guessed at."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables

    def text(self, name: str, default: str = "") -> str:
        """Return a text; an empty variable counts as absent."""
        return self.variables.get(name, "").strip() or default

    def whole(self, name: str, default: int) -> int:
        """Return a whole number of zero or more."""
        text = self.text(name)
        if text and not text.isdecimal():
            message = f"{name} must be a whole number, not {text!r}."
            raise ImproperlyConfigured(message)
        return int(text) if text else default

    def choice(self, name: str, known: Sequence[str], default: str) -> str:
        """Return one of the known values."""
        text = self.text(name) or default
        if text not in known:
            message = f"{name} must be one of {', '.join(known)}, not {text!r}."
            raise ImproperlyConfigured(message)
        return text

    def number(self, name: str, default: float) -> float:
        """Return a finite number above zero."""
        text = self.text(name)
        try:
            value = float(text) if text else default
        except ValueError:
            value = 0.0
        if not 0 < value < math.inf:
            message = f"{name} must be a number above zero, not {text!r}."
            raise ImproperlyConfigured(message)
        return value

    def named_numbers(self, name: str) -> dict[str, float]:
        """Return numbers by name, written as `one=1, other=-2.5`."""
        found = {}
        for part in self.parts(name):
            key, _, value = part.partition("=")
            try:
                found[key.strip()] = float(value)
            except ValueError:
                found[key.strip()] = math.nan
            if not math.isfinite(found[key.strip()]):
                message = f"{name} must be written as name=number, not {part!r}."
                raise ImproperlyConfigured(message)
        return found

    def switch(self, name: str, *, default: bool) -> bool:
        """Return a switch written as 1/0, true/false, yes/no or on/off."""
        text = self.text(name).lower()
        if text and text not in (*TRUE, *FALSE):
            message = f"{name} must be 1 or 0, not {text!r}."
            raise ImproperlyConfigured(message)
        return text in TRUE if text else default

    def language(self, name: str) -> str:
        """Return a language as in en, vi or pt-BR; empty when it is not set."""
        text = self.text(name)
        if text and not LANGUAGE.fullmatch(text):
            message = f"{name} must be a language as in en, vi or pt-BR, not {text!r}."
            raise ImproperlyConfigured(message)
        return text

    def command(self, name: str, needed: str) -> list[str]:
        """Return a command's words as a shell would split them; empty when it is not set."""
        text = self.text(name)
        try:
            words = shlex.split(text)
        except ValueError as error:
            message = f"{name} is not a command: {error}."
            raise ImproperlyConfigured(message) from error
        if words and not any(needed in word for word in words[1:]):
            message = f"{name} must name its input as {needed}."
            raise ImproperlyConfigured(message)
        return words

    def parts(self, name: str, default: Sequence[str] = ()) -> Sequence[str]:
        """Return the parts of a comma-separated text."""
        parts = [part.strip() for part in self.text(name).split(",") if part.strip()]
        return parts or list(default)


def keep_secret(path: Path) -> str:
    """Return the secret in `path`, made on first use and readable by the owner only.

    Web server and worker may start at the same moment: the secret is written aside and linked
    into place, so that the first one wins and nobody reads half a file.
    """
    if not path.exists():
        aside = path.with_name(f"{path.name}.{os.getpid()}")
        aside.write_text(secrets.token_urlsafe(48))
        aside.chmod(0o600)
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
        aside.unlink()
    value = path.read_text().strip()
    if len(value) < MIN_SECRET_LENGTH:
        message = f"{path} holds no usable secret: delete it and start again."
        raise ImproperlyConfigured(message)
    return value


def require_secret(name: str, value: str) -> str:
    """Return `value`, or stop: in the scaled mode every process must share one strong secret."""
    if len(value) < MIN_SECRET_LENGTH:
        message = (
            f"{name} must be set to at least {MIN_SECRET_LENGTH} characters when DATABASE_URL "
            "is set; "
            f'make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
        raise ImproperlyConfigured(message)
    return value


def database_from(url: str, data_dir: Path, *, pool_size: int) -> dict[str, Any]:
    """Return settings of the default database: SQLite in WAL, or PostgreSQL with a pool."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data_dir / "db.sqlite3",
            "OPTIONS": {
                # One writer at a time, taken at BEGIN: a read that later writes cannot deadlock.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;"
                ),
            },
            "TEST": {"NAME": data_dir / "test.sqlite3"},
        }
    config: dict[str, Any] = dict(environ.Env.db_url_config(url))
    if config.get("ENGINE") != "django.db.backends.postgresql":
        message = (
            "DATABASE_URL must be postgres://user:password@host:port/name, or empty for SQLite."
        )
        raise ImproperlyConfigured(message)
    config["CONN_HEALTH_CHECKS"] = True
    config["OPTIONS"] = {
        "pool": {"min_size": 1, "max_size": pool_size, "timeout": 10},
        "options": (
            "-c statement_timeout=15000 -c lock_timeout=8000"
            " -c idle_in_transaction_session_timeout=60000"
            # The default is of spinning disks: lists would be sorted whole instead of walked.
            " -c random_page_cost=1.1"
        ),
    }
    return config


def storage_from(
    *,
    bucket: str,
    endpoint: str | None,
    access_key: str | None,
    secret_key: str | None,
    region: str,
    media_root: Path,
) -> dict[str, Any]:
    """Return the media storage: a private S3 bucket when one is named, local files otherwise."""
    if not bucket:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(media_root)},
        }
    if bool(access_key) != bool(secret_key):
        message = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set together."
        raise ImproperlyConfigured(message)
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": endpoint,
            "access_key": access_key,
            "secret_key": secret_key,
            "region_name": region,
            "default_acl": None,
            "file_overwrite": True,
            "querystring_auth": True,
            "signature_version": "s3v4",
            "addressing_style": "path",
        },
    }


def broker_options(url: str, data_dir: Path) -> dict[str, Any]:
    """Return transport options: the file system needs folders, Redis a visibility timeout."""
    if url.startswith("filesystem://"):
        folders = {name: data_dir / "broker" / name for name in ("queue", "processed", "control")}
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
        return {
            "data_folder_in": str(folders["queue"]),
            "data_folder_out": str(folders["queue"]),
            "processed_folder": str(folders["processed"]),
            "control_folder": str(folders["control"]),
            "store_processed": False,
            # Half of it is what a clip waits before it is looked at.
            "polling_interval": 0.02,
        }
    if url.startswith(("redis://", "rediss://")):
        return {
            "visibility_timeout": 3600,
            "global_keyprefix": os.environ.get("BROKER_KEY_PREFIX", ""),
        }
    return {}
