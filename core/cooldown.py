"""Once in a while: whether something may happen again yet, without keeping a budget."""

from django.core.cache import cache


def take(name: str, *, seconds: int) -> bool:
    """Return whether `name` was free, and hold it for so many seconds; no while Redis is away."""
    return bool(cache.add(f"cooldown:{name}", 1, seconds))
