"""Lets people react to a clip: likes, saves, comment threads; what is there is left alone."""

from collections import Counter
from functools import partial
from uuid import UUID

from accounts.models import User
from feed.demo.clips import Clip
from feed.demo.patience import patiently
from feed.demo.talk import Line, reception
from social.engagement import services as engagement
from social.engagement.models import Comment, Like, Save


def receive(clip: Clip, video_id: UUID, users: dict[str, User]) -> None:
    """Bring the likes, saves and threads of `clip` to what they should be."""
    planned = reception(clip)
    liked = set(Like.objects.filter(video_id=video_id).values_list("user_id", flat=True))
    saved = set(Save.objects.filter(video_id=video_id).values_list("user_id", flat=True))
    for name in planned.likes:
        if users[name].pk not in liked:
            patiently(partial(engagement.like_video, actor=users[name], video_id=video_id))
    for name in planned.saves:
        if users[name].pk not in saved:
            patiently(partial(engagement.save_video, actor=users[name], video_id=video_id))
    _Threads(video_id, users).write(planned.threads)


class _Threads:
    """Writes comments once: a person's nth line is skipped when they have written n already."""

    def __init__(self, video_id: UUID, users: dict[str, User]) -> None:
        self.video_id = video_id
        self.users = users
        self.rows = Comment.objects.filter(video_id=video_id)
        self.written = Counter(self.rows.values_list("author_id", flat=True))
        self.wanted: Counter[UUID] = Counter()

    def write(self, lines: list[Line]) -> None:
        """Write the threads, the heads first as talk does."""
        heads = [(line, self._say(line.author, line.text, None)) for line in lines]
        for line, head_id in heads:
            for reply in line.replies:
                if head_id is not None:
                    self._say(reply.author, reply.text, head_id)

    def _say(self, username: str, text: str, parent_id: UUID | None) -> UUID | None:
        """Return the id of the comment, old or new; None when somebody deleted it."""
        author = self.users[username]
        self.wanted[author.pk] += 1
        if self.wanted[author.pk] <= self.written[author.pk]:
            old = self.rows.filter(author_id=author.pk, text=text, parent_id=parent_id).first()
            return old.pk if old else None
        return patiently(
            lambda: engagement.add_comment(
                actor=author, video_id=self.video_id, text=text, parent_id=parent_id
            )
        ).pk
