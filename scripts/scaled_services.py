"""Waits for the services of the scaled test run and makes the buckets of its workers.

Reads DATABASE_URL, REDIS_URL and AWS_*; exits with a sentence naming what does not answer.
"""

import os
import sys
import time
from collections.abc import Callable

import boto3
import psycopg
import redis
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

PATIENCE_SECONDS = 20
MAX_WORKERS = 6  # as scripts/test allows


def postgres() -> None:
    """Connect to the server's own database: the tests create theirs."""
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    psycopg.connect(f"{base}/postgres", connect_timeout=3).close()


def cache() -> None:
    """Ping Redis."""
    redis.Redis.from_url(os.environ["REDIS_URL"], socket_connect_timeout=3).ping()


def buckets() -> None:
    """Make the bucket of a plain run and one per test worker, where they are missing."""
    client = boto3.client(
        "s3",
        endpoint_url=os.environ.get("AWS_S3_ENDPOINT_URL") or None,
        region_name=os.environ.get("AWS_S3_REGION_NAME", "us-east-1"),
        config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
    )
    name = os.environ["AWS_STORAGE_BUCKET_NAME"]
    present = {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}
    for bucket in [name, *(f"{name}-gw{number}" for number in range(MAX_WORKERS))]:
        if bucket not in present:
            client.create_bucket(Bucket=bucket)


def wait_for(name: str, variable: str, check: Callable[[], None]) -> None:
    """Try `check` until it succeeds; exit naming the service when it does not."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return check()
        except (psycopg.Error, redis.RedisError, BotoCoreError, ClientError) as error:
            if time.monotonic() > deadline:
                where = os.environ.get(variable, "(not set)")
                sys.exit(
                    f"{name} does not answer at {where}: {error}\nStart it, or set {variable}."
                )
            time.sleep(0.5)


if __name__ == "__main__":
    wait_for("PostgreSQL", "DATABASE_URL", postgres)
    wait_for("Redis", "REDIS_URL", cache)
    wait_for("The S3 service", "AWS_S3_ENDPOINT_URL", buckets)
