"""Objects that browsers send to the store in parts: begin, sign, look, put together, drop.

Everything here asks the store; what it answers is recorded by the caller, row before object.
"""

import functools
from dataclasses import dataclass
from typing import Any, cast

from botocore.exceptions import ClientError
from django.conf import settings
from django.core.files.storage import default_storage

from core import storage

GONE = ("NoSuchUpload", *storage.S3_MISSING)


@dataclass(frozen=True)
class Part:
    """A part that the store has."""

    number: int
    size: int
    etag: str


def begin(key: str) -> str:
    """Open a multipart upload of `key` and return the store's name of it; raises OSError."""
    with storage.s3_errors(key):
        answer = _client().create_multipart_upload(
            Bucket=_bucket(), Key=key, ContentType="application/octet-stream"
        )
    return str(answer["UploadId"])


def sign(key: str, multipart_id: str, number: int, *, seconds: int) -> str:
    """Return an address to which one part can be PUT for a while."""
    return str(
        _public_client().generate_presigned_url(
            "upload_part",
            Params={
                "Bucket": _bucket(),
                "Key": key,
                "UploadId": multipart_id,
                "PartNumber": number,
            },
            ExpiresIn=seconds,
        )
    )


def parts(key: str, multipart_id: str) -> list[Part] | None:
    """Return the parts that the store has, in order; None when the upload is no longer open."""
    pages = _client().get_paginator("list_parts")
    found: list[Part] = []
    try:
        with storage.s3_errors(key):
            for page in pages.paginate(Bucket=_bucket(), Key=key, UploadId=multipart_id):
                found += [
                    Part(part["PartNumber"], part["Size"], part["ETag"])
                    for part in page.get("Parts", [])
                ]
    except OSError as error:
        if _is_gone(error):
            return None
        raise
    return found


def put_together(key: str, multipart_id: str, pinned: list[Part]) -> None:
    """Make one object of exactly these parts; raises OSError."""
    listed = [{"PartNumber": part.number, "ETag": part.etag} for part in pinned]
    with storage.s3_errors(key):
        _client().complete_multipart_upload(
            Bucket=_bucket(), Key=key, UploadId=multipart_id, MultipartUpload={"Parts": listed}
        )


def look(key: str) -> tuple[int, str] | None:
    """Return size and ETag of an object, None when there is none; raises OSError."""
    try:
        with storage.s3_errors(key):
            head = _client().head_object(Bucket=_bucket(), Key=key)
    except FileNotFoundError:
        return None
    return int(head["ContentLength"]), str(head["ETag"])


def drop(key: str, multipart_id: str) -> None:
    """Let the store forget parts that will not be put together; none is fine. Raises OSError."""
    try:
        with storage.s3_errors(key):
            _client().abort_multipart_upload(Bucket=_bucket(), Key=key, UploadId=multipart_id)
    except OSError as error:
        if not _is_gone(error):
            raise


def _is_gone(error: OSError) -> bool:
    cause = error.__cause__
    return isinstance(cause, ClientError) and cause.response["Error"]["Code"] in GONE


def _bucket() -> str:
    return str(settings.AWS_STORAGE_BUCKET_NAME)


def _client() -> Any:
    return cast(Any, default_storage).connection.meta.client


@functools.cache
def _public_client() -> Any:
    """Signatures hold for one host: browsers may know the store by another name than we do."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        endpoint_url=settings.AWS_S3_PUBLIC_ENDPOINT_URL,
        aws_access_key_id=settings.AWS_ACCESS_KEY_ID,
        aws_secret_access_key=settings.AWS_SECRET_ACCESS_KEY,
        region_name=settings.AWS_S3_REGION_NAME,
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )
