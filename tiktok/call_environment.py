"""Reading of what calls need: STUN and TURN servers, and a LiveKit for groups."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from tiktok.environment import Environment

STUN, TURN = ("stun:", "stuns:"), ("turn:", "turns:")


@dataclass(frozen=True)
class Ice:
    """Servers that help two devices find a way to each other; none: the local network only."""

    stun_urls: tuple[str, ...]
    turn_urls: tuple[str, ...]
    secret: str
    policy: str
    seconds: int


@dataclass(frozen=True)
class LiveKit:
    """The server of group calls; off while `url` is empty."""

    url: str
    key: str
    secret: str

    @property
    def origins(self) -> list[str]:
        """Return what pages must be let connect to: its sockets, and its checks over HTTP."""
        if not self.url:
            return []
        place = urlsplit(self.url)
        return [f"{place.scheme}://{place.netloc}", f"http{place.scheme[2:]}://{place.netloc}"]


def read_ice(env: Environment) -> Ice:
    """Return the servers; raises ImproperlyConfigured for half a TURN or another scheme."""
    stun, turn = tuple(env.parts("STUN_URLS")), tuple(env.parts("TURN_URLS"))
    secret = env.text("TURN_SECRET")
    for name, urls, schemes in (("STUN_URLS", stun, STUN), ("TURN_URLS", turn, TURN)):
        for url in urls:
            if not url.startswith(schemes):
                message = f"{name} must begin with {' or '.join(schemes)}, not {url!r}."
                raise ImproperlyConfigured(message)
    if bool(turn) != bool(secret):
        message = "TURN_URLS and TURN_SECRET must be set together."
        raise ImproperlyConfigured(message)
    policy = env.choice("ICE_POLICY", ("all", "relay"), default="all")
    if policy == "relay" and not turn:
        message = "ICE_POLICY=relay needs TURN_URLS."
        raise ImproperlyConfigured(message)
    seconds = env.whole("TURN_CREDENTIAL_SECONDS", default=3600)
    return Ice(stun, turn, secret, policy, seconds)


def read_livekit(env: Environment) -> LiveKit:
    """Return the server of group calls; raises ImproperlyConfigured for half of one."""
    found = LiveKit(
        url=env.text("LIVEKIT_URL"),
        key=env.text("LIVEKIT_API_KEY"),
        secret=env.text("LIVEKIT_API_SECRET"),
    )
    given = [bool(part) for part in (found.url, found.key, found.secret)]
    if any(given) and not all(given):
        message = "LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET must be set together."
        raise ImproperlyConfigured(message)
    if found.url and not found.url.startswith(("wss://", "ws://")):
        message = f"LIVEKIT_URL must begin with wss:// or ws://, not {found.url!r}."
        raise ImproperlyConfigured(message)
    return found
