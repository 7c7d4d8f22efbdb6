"""What the graph does when accounts change."""

from accounts.events import AccountPrivacyChanged
from core import jobs


def accept_when_public(event: AccountPrivacyChanged) -> None:
    """Let in who waited: what they asked for needs no permission any more."""
    if not event.is_private:
        jobs.enqueue("graph.accept_pending", str(event.user_id))
