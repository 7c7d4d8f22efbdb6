"""Reading of what pushes need: VAPID keys for browsers, and Expo's service for the app."""

from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from core import vapid
from tiktok.environment import Environment, keep_secret

EXPO_URL = "https://exp.host/--/api/v2/push"


@dataclass(frozen=True)
class Push:
    """Who may be told while they are away; each transport is off while it is not configured."""

    public_key: str = ""
    private_key: str = ""
    subject: str = ""
    expo: bool = False
    expo_url: str = EXPO_URL
    expo_token: str = ""
    allowed_hosts: frozenset[str] = frozenset()

    @property
    def web(self) -> bool:
        """Whether browsers can be pushed to."""
        return bool(self.private_key)

    @property
    def on(self) -> bool:
        """Whether anybody can be pushed to."""
        return self.web or self.expo


def read_push(env: Environment, *, contact: str, kept_in: Path | None) -> Push:
    """Return what is configured; raises ImproperlyConfigured for half a pair or a wrong one.

    `kept_in` is the folder in which the embedded mode keeps a key of its own, None for no such
    key. `contact` is whom push services write to, where VAPID_SUBJECT does not say.
    """
    public, private = env.text("VAPID_PUBLIC_KEY"), env.text("VAPID_PRIVATE_KEY")
    if bool(public) != bool(private):
        message = "VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY must be set together."
        raise ImproperlyConfigured(message)
    if private and _public_of(private) != public.rstrip("="):
        message = "VAPID_PUBLIC_KEY is not the one of VAPID_PRIVATE_KEY: make vapid_keys anew."
        raise ImproperlyConfigured(message)
    if not private and kept_in is not None:
        private = vapid.private_key_of(keep_secret(kept_in / "vapid_key"))
        public = vapid.public_key_of(private)
    subject = env.text("VAPID_SUBJECT", default=contact)
    if not subject.startswith(("mailto:", "https://")):
        message = f"VAPID_SUBJECT must begin with mailto: or https://, not {subject!r}."
        raise ImproperlyConfigured(message)
    return Push(
        public_key=public.rstrip("="),
        private_key=private,
        subject=subject,
        expo=env.switch("EXPO_PUSH", default=False),
        expo_url=env.text("EXPO_PUSH_URL", default=EXPO_URL).rstrip("/"),
        expo_token=env.text("EXPO_ACCESS_TOKEN"),
        allowed_hosts=frozenset(env.parts("PUSH_ALLOWED_HOSTS")),
    )


def _public_of(private: str) -> str:
    try:
        return vapid.public_key_of(private)
    except ValueError as error:
        message = "VAPID_PRIVATE_KEY is no key: `manage.py vapid_keys` makes one."
        raise ImproperlyConfigured(message) from error
