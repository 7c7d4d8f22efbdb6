"""What happens to accounts, as far as videos are concerned."""

from accounts.events import AgeCorrected
from social.graph.events import Unfollowed
from videos import services


def shut_mature(event: AgeCorrected) -> None:
    """End the media URLs of mature videos that somebody who is no adult was given as one."""
    if not event.is_adult:
        services.end_mature_urls()


def shut_followers_only(event: Unfollowed) -> None:
    """End the media URLs of what somebody was given as a follower."""
    services.end_followers_urls(author_id=event.followed_id)
