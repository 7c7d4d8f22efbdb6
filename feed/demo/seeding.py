"""Fills an empty network through the doors that everybody uses; stop it anywhere, run it again.

Each clip is published under an idempotency key of its own, so what is there is never made twice.
The first clips come before everything else: somebody is waiting for the first page.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from accounts.models import User
from core.errors import Conflict, Forbidden, NotFound
from feed.demo import cast, studio
from feed.demo.albums import ALBUMS, Album
from feed.demo.audience import receive
from feed.demo.clips import CLIPS, Clip
from feed.demo.patience import patiently
from feed.demo.people import PEOPLE
from feed.demo.subtitles import SUBTITLES, written
from feed.demo.thoughts import THOUGHTS, Thought
from videos.media.ffmpeg import ffmpeg_path
from videos.models import Upload, Video
from videos.services import publish_photos, publish_text, publishing, put_captions, uploads

FIRST_CLIPS = 4
WAITING_AT_MOST = 4  # clips ahead of the worker, so that it is never flooded
STALLED_SECONDS = 90.0
PEOPLE_BY_NAME = {person.username: person for person in PEOPLE}

Progress = Callable[[str], None]


class Seeding:
    """One run: `step(label)` is called once for each of its `total` pieces of work."""

    def __init__(
        self,
        *,
        password: str,
        step: Progress,
        clips: Sequence[Clip] = CLIPS,
        thoughts: Sequence[Thought] = THOUGHTS,
        albums: Sequence[Album] = ALBUMS,
    ) -> None:
        self.password = password
        self.step = step
        self.clips = clips
        self.thoughts = thoughts
        self.albums = list(albums)  # those that are still to come
        self.total = len(PEOPLE) + len(thoughts) + len(albums) + 2 * len(clips)
        self.ffmpeg = ffmpeg_path(settings.FFMPEG)
        self.by_slug = {clip.slug: clip for clip in clips}
        self.users: dict[str, User] = {}
        self.videos: dict[str, Video] = {}
        self.heard: set[str] = set()
        self.worker_stalled = False

    def run(self) -> None:
        """Publish the first clips, bring the people to life, publish the rest, let them talk."""
        for clip in self.clips[:FIRST_CLIPS]:
            self._publish(clip)
        for person in PEOPLE:
            cast.dress(person, self._account(person.username))
            self.step(f"@{person.username}")
        cast.follow_friends(self.users)
        for thought in self.thoughts:
            self._say(thought)
        self._talk()
        self._show_one()
        for clip in self.clips[FIRST_CLIPS:]:
            self._wait_for_worker(WAITING_AT_MOST)
            self._publish(clip)
            self._talk()
            self._show_one()
        self._wait_for_worker(0)
        self._talk()
        while self._show_one():
            pass
        for clip in self.clips:
            if clip.slug not in self.heard:
                self.step(f"{clip.slug}: not playable yet, run again later")
        for album in self.albums:
            self.step(f"{album.slug}: nothing to hear yet, run again later")

    def _account(self, username: str) -> User:
        if username not in self.users:
            person = PEOPLE_BY_NAME[username]
            self.users[username] = cast.find_or_sign_up(person, password=self.password)
        return self.users[username]

    def _publish(self, clip: Clip) -> None:
        author, key = self._account(clip.author), f"demo:{clip.slug}"
        with suppress(Conflict):  # its author deleted it: so be it
            video = publishing.find_published(actor=author, upload_id=None, idempotency_key=key)
            if video is None:
                with _folder() as folder:
                    file = studio.render(clip, folder / "clip.mp4", ffmpeg=self.ffmpeg)
                    upload = _send(author, file, key=key)
                video = patiently(
                    lambda: publishing.publish_video(
                        actor=author, upload_id=upload.pk, caption=clip.caption, idempotency_key=key
                    )
                )
            self.videos[clip.slug] = video
        self.step(clip.slug)

    def _show_one(self) -> bool:
        """Post the next album whose sound is there, one at a time between clips; False for none."""
        album = next((album for album in self.albums if album.sound in self.heard), None)
        if album is None:
            return False
        self.albums.remove(album)
        self._show(album)
        return True

    def _show(self, album: Album) -> None:
        author, key = self._account(album.author), f"demo:{album.slug}"
        sound_id = self.videos[album.sound].own_sound.pk
        with suppress(Conflict, Forbidden, NotFound):  # deleted, or its sound no longer open
            found = publishing.find_published(actor=author, upload_id=None, idempotency_key=key)
            if found is None:
                with _folder() as folder:
                    files = [
                        studio.still(picture, folder / f"{picture.slug}.jpg", ffmpeg=self.ffmpeg)
                        for picture in album.pictures
                    ]
                    sent = [_send(author, file, key=f"{key}:{file.stem}") for file in files]
                patiently(
                    lambda: publish_photos(
                        actor=author,
                        upload_ids=[upload.pk for upload in sent],
                        caption=album.caption,
                        sound_id=sound_id,
                        idempotency_key=key,
                    )
                )
        self.step(album.slug)

    def _subtitle(self, clip: Clip) -> None:
        video, author = self.videos[clip.slug], self._account(clip.author)
        there = set(video.caption_tracks.values_list("lang", flat=True))
        for lang, lines in SUBTITLES.get(clip.slug, {}).items():
            if lang not in there:
                body = written(lines, seconds=clip.seconds)
                patiently(
                    partial(put_captions, actor=author, video_id=video.pk, lang=lang, body=body)
                )

    def _say(self, thought: Thought) -> None:
        with suppress(Conflict):  # its author deleted it: so be it
            patiently(
                lambda: publish_text(
                    actor=self._account(thought.author),
                    caption=thought.text,
                    background=thought.background,
                    idempotency_key=f"demo:{thought.slug}",
                )
            )
        self.step(thought.slug)

    def _talk(self) -> None:
        """Let people react to the clips that have become visible since the last time."""
        silent = {video.pk: slug for slug, video in self.videos.items() if slug not in self.heard}
        seen = Video.objects.filter(pk__in=silent, published_at__isnull=False)
        for video_id in seen.order_by("created_at").values_list("pk", flat=True):
            slug = silent[video_id]
            self._subtitle(self.by_slug[slug])
            receive(self.by_slug[slug], video_id, self.users)
            self.heard.add(slug)
            self.step(f"{slug}: talk")

    def _wait_for_worker(self, most: int) -> None:
        """Wait until at most `most` clips are unfinished; never for a worker that stands still."""
        waiting, since = None, time.monotonic()
        while not self.worker_stalled:
            left = self._unfinished()
            if left <= most:
                return
            if left != waiting:
                waiting, since = left, time.monotonic()
            self.worker_stalled = time.monotonic() - since > STALLED_SECONDS
            time.sleep(0.3)

    def _unfinished(self) -> int:
        working = (Video.Processing.QUEUED, Video.Processing.PROCESSING)
        ids = [video.pk for video in self.videos.values()]
        return Video.objects.filter(pk__in=ids, processing_state__in=working).count()


@contextmanager
def _folder() -> Iterator[Path]:
    with TemporaryDirectory(dir=settings.SCRATCH_DIR, prefix="demo-") as folder:
        yield Path(folder)


def _send(author: User, file: Path, *, key: str) -> Upload:
    """Upload one file as its author would; what an earlier run sent is gone on with."""
    size = file.stat().st_size
    upload = patiently(
        lambda: uploads.create_upload(
            # The size is in the key: another ffmpeg may draw the file in other bytes.
            actor=author,
            length=size,
            file_name=file.name,
            idempotency_key=f"{key}:{size}:{time.strftime('%Y%m%d')}",
        )
    )
    if upload.offset == size:
        return upload
    with file.open("rb") as stream:
        stream.seek(upload.offset)
        left = size - upload.offset
        return uploads.append(
            actor=author, upload_id=upload.pk, offset=upload.offset, stream=stream, size=left
        )
