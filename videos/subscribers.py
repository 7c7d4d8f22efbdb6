"""What happens to accounts, as far as videos are concerned."""

from accounts.events import AgeCorrected
from videos import services


def shut_mature(event: AgeCorrected) -> None:
    """End the media URLs of mature videos that somebody who is no adult was given as one."""
    if not event.is_adult:
        services.end_mature_urls()
