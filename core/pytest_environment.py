"""The environment of a test run; pyproject.toml loads this before anything reads the settings.

A conftest.py would be too late: pytest-django imports the settings before it. Tests never touch
the developer's data, and parallel workers (gw0, gw1, ...) never each other's.
"""

import atexit
import os
import shutil
import tempfile

if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="toptop-test-")
    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
os.environ.setdefault("RATE_LIMIT_SCALE", "1000")
for name in ("SECRET_KEY", "JWT_SIGNING_KEY", "MEDIA_SIGNING_KEY"):
    os.environ.setdefault(name, f"test-{name}-" + "x" * 32)
os.environ["CELERY_BROKER_URL"] = "memory://"

if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["DATA_DIR"] += f"/{worker}"
    if redis_url := os.environ.get("REDIS_URL"):
        server, _, number = redis_url.rpartition("/")
        os.environ["REDIS_URL"] = f"{server}/{int(number) + int(worker.removeprefix('gw'))}"
    if bucket := os.environ.get("AWS_STORAGE_BUCKET_NAME"):
        os.environ["AWS_STORAGE_BUCKET_NAME"] = f"{bucket}-{worker}"
