"""Looks of rooms: made, published, put on and taken off.

A theme never changes once it is made; editing one makes another that may share its pictures. The
pictures are decoded by the limited child and written anew, as every picture of a stranger.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from PIL import Image

from accounts.models import User
from chat import policies, selectors
from chat.colors import clean_color, require_readable
from chat.models import Conversation, Message, Theme, ThemeLayer
from chat.policies import Role
from chat.presentation import theme_json
from chat.services import direct, pictures, rooms
from chat.text import clean_line
from core import files
from core.errors import Forbidden, Invalid, NotFound
from social.graph.policies import Viewer

Background = Theme.Background
COLORS = ("bg_color", "own_color", "own_text", "other_color", "other_text")
MAX_LAYERS = 5
MAX_NAME = 40
MAX_OWN = 50
MAX_BYTES = 10 * 1024**2
EDGE = 1600


@dataclass(frozen=True)
class Layer:
    """A picture of a theme that is being made: new bytes, or that of the theme it builds on."""

    speed: float
    source: IO[bytes] | None = None
    kept: int | None = None


@dataclass(frozen=True)
class Look:
    """A theme that is being made; colours are `#rrggbb`."""

    name: str
    background: str
    bg_color: str
    own_color: str
    own_text: str
    other_color: str
    other_text: str
    layers: Sequence[Layer] = ()


@dataclass(frozen=True)
class _Picture:
    key: str
    width: int
    height: int
    is_new: bool


def make_theme(*, actor: Viewer, look: Look, builds_on: object = None) -> Theme:
    """Make a theme; `builds_on` is one that the actor may use, whose pictures may be kept.

    Raises Invalid (colours, `contrast_too_low`, layers, `too_many_themes`, pictures), NotFound,
    RateLimited, TooLarge. Not inside a transaction.
    """
    user = rooms.authorise(actor, budget="theme")
    name = clean_line(look.name, field="name", most=MAX_NAME)
    colors = {field: clean_color(getattr(look, field), field) for field in COLORS}
    require_readable(colors["own_text"], colors["own_color"], "own_text")
    require_readable(colors["other_text"], colors["other_color"], "other_text")
    base = selectors.usable_theme(user=user, theme_id=builds_on) if builds_on else None
    _require_layers(look, base)
    if selectors.own_themes(user).count() >= MAX_OWN:
        raise Invalid(
            "too_many_themes", f"You have {MAX_OWN} themes. Delete one before you make another."
        )
    found = [_picture(user, layer, base) for layer in look.layers]
    with transaction.atomic():
        theme = Theme.objects.create(owner=user, name=name, background=look.background, **colors)
        rows = [
            ThemeLayer(
                theme=theme,
                position=place,
                key=picture.key,
                width=picture.width,
                height=picture.height,
                speed=layer.speed if look.background == Background.PARALLAX else 0.0,
            )
            for place, (layer, picture) in enumerate(zip(look.layers, found, strict=True))
        ]
        ThemeLayer.objects.bulk_create(rows)
        # What is kept may have been let go meanwhile: then there is nothing to build on any more.
        _require_live([picture.key for picture in found if not picture.is_new])
        files.reference([picture.key for picture in found if picture.is_new])
    return theme


def publish_theme(*, actor: Viewer, theme_id: object, on: bool) -> Theme:
    """Show one's theme in the gallery, or no longer; rooms that use it keep it."""
    user = rooms.authorise(actor)
    theme = selectors.own_theme(user=user, theme_id=theme_id)
    if on != (theme.published_at is not None):
        theme.published_at = timezone.now() if on else None
        theme.save(update_fields=["published_at"])
    return theme


def delete_theme(*, actor: Viewer, theme_id: object) -> None:
    """Take a theme of one's own away; it stays with the rooms that look like it."""
    user = rooms.authorise(actor)
    theme = selectors.own_theme(user=user, theme_id=theme_id)
    with transaction.atomic():
        held = Theme.objects.select_for_update().filter(pk=theme.pk, owner_id=user.pk).first()
        if held is None:
            raise NotFound
        if held.uses:
            held.owner, held.published_at = None, None
            held.save(update_fields=["owner", "published_at"])
        else:
            purge(held)


def set_room_theme(*, actor: Viewer, conversation_id: object, theme_id: object) -> Conversation:
    """Put a theme on a room, or take it off (None): either of a pair, those who run a group.

    Raises NotFound for a theme that the actor may not use, Forbidden (`role_too_low`, or as for
    writing to the other of a pair).
    """
    user = rooms.authorise(actor)
    theme = selectors.usable_theme(user=user, theme_id=theme_id) if theme_id is not None else None
    with rooms.locked_as(user, conversation_id) as (conversation, member):
        if conversation.is_group:
            policies.require_role(member, Role.ADMIN)
        else:
            _, is_request = direct.require_may_send(conversation, user, kind=Message.Kind.TEXT)
            if is_request:
                raise Forbidden("request_text_only", "A request is one message of text.")
        before = conversation.theme_id
        if before == (theme.pk if theme else None):
            return conversation
        _count({before: -1, theme.pk if theme else None: 1})
        conversation.theme = theme
        conversation.save(update_fields=["theme"])
        gone = Theme.objects.filter(owner__isnull=True, uses=0)
        orphan = gone.filter(pk=before).first() if before else None
        if orphan is not None:
            purge(orphan)
        shown = theme_json(theme) if theme else None
        rooms.record(conversation, "conv.update", {"theme": shown})
    return conversation


def _require_layers(look: Look, base: Theme | None) -> None:
    """Raise Invalid unless there are as many pictures as the kind of background has."""
    fewest, most = {
        Background.COLOR: (0, 0),
        Background.IMAGE: (1, 1),
        Background.PARALLAX: (1, MAX_LAYERS),
    }.get(Background(look.background), (0, 0))
    if not fewest <= len(look.layers) <= most:
        wanted = f"{fewest} to {most}" if most > fewest else str(most)
        raise Invalid.field("layers", f"This kind of background has {wanted} pictures.")
    known = {layer.position for layer in base.layers.all()} if base else set()
    for layer in look.layers:
        if not 0 <= layer.speed <= 1:
            raise Invalid.field("layers", "A speed is a number from 0 to 1.")
        if layer.source is None and layer.kept not in known:
            raise Invalid.field("layers", "Choose a picture for every layer.")


def _picture(user: User, layer: Layer, base: Theme | None) -> _Picture:
    if layer.source is None:
        assert base is not None
        kept = next(one for one in base.layers.all() if one.position == layer.kept)
        return _Picture(kept.key, kept.width, kept.height, is_new=False)
    data = pictures.written_anew(
        layer.source, field="layers", max_bytes=MAX_BYTES, max_edge=EDGE, square=False
    )
    with Image.open(io.BytesIO(data)) as made:  # our own WebP: only its header is read
        width, height = made.size
    pictures.require_quota(user, len(data))
    key = pictures.store(user, ContentFile(data), folder="themes", purpose="theme")
    return _Picture(key, width, height, is_new=True)


def _require_live(keys: list[str]) -> None:
    if len(set(ThemeLayer.objects.filter(key__in=keys).values_list("key", flat=True))) != len(
        set(keys)
    ):
        raise NotFound


def _count(changes: dict[UUID | None, int]) -> None:
    """Change the numbers of uses, rows in one order everywhere; raises NotFound for one gone."""
    for key in sorted(pk for pk in changes if pk is not None):
        rows = Theme.objects.filter(pk=key)
        rows = rows.filter(removed_at__isnull=True) if changes[key] > 0 else rows
        if not rows.update(uses=F("uses") + changes[key]):
            raise NotFound


def purge(theme: Theme) -> None:
    """Delete a theme that no room wears, and its pictures unless another theme shares them."""
    keys = list(ThemeLayer.objects.filter(theme=theme).values_list("key", flat=True))
    theme.delete()
    kept = set(ThemeLayer.objects.filter(key__in=keys).values_list("key", flat=True))
    files.condemn([key for key in keys if key not in kept])
