"""`manage.py vapid_keys`: a new pair for Web Push."""

from typing import Any

from django.core.management.base import BaseCommand

from core import vapid


class Command(BaseCommand):
    """Prints two lines for the environment."""

    help = "Print a new pair of VAPID keys, as lines for .env."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make and print it; nothing is kept."""
        private = vapid.new_private_key()
        self.stdout.write(f"VAPID_PUBLIC_KEY={vapid.public_key_of(private)}")
        self.stdout.write(f"VAPID_PRIVATE_KEY={private}")
