"""`manage.py ensure_bucket`: makes the media bucket where it is missing (compose's one-shot)."""

from typing import Any

from botocore.exceptions import ClientError
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from storages.backends.s3 import S3Storage


class Command(BaseCommand):
    """Creates the private bucket of AWS_STORAGE_BUCKET_NAME; safe to run again."""

    help = "Create the S3 bucket of the media storage when it does not exist."

    def handle(self, *args: Any, **options: Any) -> None:
        """Look for the bucket, make it when there is none; CommandError says what is wrong."""
        name = settings.AWS_STORAGE_BUCKET_NAME
        if not name or not isinstance(default_storage, S3Storage):
            raise CommandError("AWS_STORAGE_BUCKET_NAME is not set: media lie in local files.")
        client = default_storage.connection.meta.client
        try:
            client.head_bucket(Bucket=name)
        except ClientError as error:
            if error.response["Error"]["Code"] not in {"404", "NoSuchBucket"}:
                message = f"Bucket {name} cannot be looked at: {error}"
                raise CommandError(message) from error
            client.create_bucket(Bucket=name, **_placement(settings.AWS_S3_REGION_NAME))
            self.stdout.write(f"made bucket {name}")
        else:
            self.stdout.write(f"bucket {name} is there")
        if settings.UPLOAD_DIRECT:
            client.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": [_rule()]})
            self.stdout.write(f"browsers of {settings.PUBLIC_URL} may send to it")


def _rule() -> dict[str, Any]:
    """Return what browsers of our own pages may do: send parts, and read how each was stored."""
    return {
        "AllowedOrigins": [settings.PUBLIC_URL],
        "AllowedMethods": ["PUT"],
        "AllowedHeaders": ["*"],
        "ExposeHeaders": ["ETag"],
        "MaxAgeSeconds": 3600,
    }


def _placement(region: str) -> dict[str, Any]:
    """Return the arguments that S3 wants for any region but its first."""
    if region == "us-east-1":
        return {}
    return {"CreateBucketConfiguration": {"LocationConstraint": region}}
