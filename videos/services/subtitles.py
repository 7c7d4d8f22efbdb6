"""Captions of a clip: written, replaced and taken away by its author."""

import re

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from core import events, limits
from core.errors import Conflict, Invalid, NotFound
from social.graph.policies import require_active
from videos import selectors, webvtt
from videos.events import VideoChanged
from videos.models import CaptionTrack, Video
from videos.policies import Viewer

MOST = 20
LANG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,2}")


def put_captions(
    *, actor: Viewer, video_id: object, lang: str, body: str, label: str = ""
) -> CaptionTrack:
    """Write the captions of a language, in the place of those before and of automatic ones.

    Raises NotFound, Forbidden, Conflict (not a clip), Invalid (language, file, too many).
    """
    actor = require_active(actor)
    video = selectors.get_own_video(owner=actor, video_id=video_id)
    if video.kind != Video.Kind.CLIP:
        raise Conflict("not_a_clip", "Only a clip has captions.")
    name, kept = language_name(lang), webvtt.clean(body)
    shown = "".join(char for char in label if char.isprintable()).strip()[:40]
    limits.consume(budget="edit", subject=str(actor.pk))
    try:
        with transaction.atomic():
            Video.objects.select_for_update().get(pk=video.pk, deleted_at__isnull=True)
            rows = CaptionTrack.objects.filter(video=video)
            changed = rows.filter(lang=name).update(
                body=kept, label=shown, automatic=False, version=F("version") + 1
            )
            guesses = rows.filter(automatic=True)
            guesses.filter(Q(lang=primary(name)) | Q(lang__startswith=f"{primary(name)}-")).delete()
            if not changed:
                if rows.count() >= MOST:
                    raise Invalid.field("lang", f"A clip has captions in at most {MOST} languages.")
                CaptionTrack.objects.create(video=video, lang=name, label=shown, body=kept)
            events.publish(VideoChanged(video.pk))
    except (IntegrityError, Video.DoesNotExist) as error:
        raise NotFound from error
    return CaptionTrack.objects.get(video=video, lang=name)


def delete_captions(*, actor: Viewer, video_id: object, lang: str) -> None:
    """Take the captions of a language away; raises NotFound, Forbidden."""
    video = selectors.get_own_video(owner=require_active(actor), video_id=video_id)
    with transaction.atomic():
        gone, _ = CaptionTrack.objects.filter(video=video, lang=lang.lower()).delete()
        if not gone:
            raise NotFound
        events.publish(VideoChanged(video.pk))


def primary(lang: str) -> str:
    """Return the language without script and region: `pt` of `pt-br`."""
    return lang.partition("-")[0]


def language_name(lang: str) -> str:
    """Return a language as kept, in lower case; raises Invalid for what is none."""
    name = lang.strip().lower().replace("_", "-")
    if len(name) > 16 or not LANG.fullmatch(name):
        raise Invalid.field("lang", "A language as in en, vi or pt-BR.")
    return name
