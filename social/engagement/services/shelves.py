"""Collections: named shelves of what somebody saved; their owner's alone."""

from typing import TypedDict

from django.db import IntegrityError, transaction

from accounts.models import User
from core import events, limits
from core.errors import Conflict, NotFound
from social.engagement import selectors
from social.engagement.events import VideoSaved
from social.engagement.models import Collection, CollectionItem, Save
from social.engagement.policies import Viewer
from social.engagement.services.reactions import authorise, mark
from social.engagement.text import clean_name
from social.graph import policies as people

MAX_COLLECTIONS = 200
MAX_ITEMS = 1000


class ShelfState(TypedDict):
    """Whether the video stands on the collection, and whether the actor keeps it at all."""

    contains: bool
    saved: bool


def create_collection(*, actor: Viewer, name: str) -> Collection:
    """Make an empty collection and return it.

    Raises Invalid for an unusable name, Conflict for one that the actor has already or when they
    have MAX_COLLECTIONS.
    """
    actor = _authorise(actor)
    words = clean_name(name)
    try:
        with transaction.atomic():
            # One at a time: two would both see one place left. The row is only held.
            list(User.objects.filter(pk=actor.pk).select_for_update(no_key=True))
            if Collection.objects.filter(owner=actor).count() >= MAX_COLLECTIONS:
                message = f"You have {MAX_COLLECTIONS} collections. Delete one first."
                raise Conflict("too_many_collections", message)
            return Collection.objects.create(owner=actor, name=words)
    except IntegrityError as error:
        raise _taken() from error


def rename_collection(*, actor: Viewer, collection_id: object, name: str) -> Collection:
    """Give one's own collection another name; raises NotFound, else as `create_collection`."""
    actor = _authorise(actor)
    collection = selectors.own_collection(owner=actor, collection_id=collection_id)
    collection.name = clean_name(name)
    try:
        with transaction.atomic():
            found = Collection.objects.filter(pk=collection.pk).update(name=collection.name)
    except IntegrityError as error:
        raise _taken() from error
    if not found:
        raise NotFound
    return collection


def delete_collection(*, actor: Viewer, collection_id: object) -> None:
    """Delete one's own collection; what stood there stays saved. Raises NotFound."""
    actor = _authorise(actor)
    selectors.own_collection(owner=actor, collection_id=collection_id).delete()


def put_in(*, actor: Viewer, collection_id: object, video_id: object) -> ShelfState:
    """Put a video that the actor may see on their collection, and keep it.

    Raises NotFound for a collection of somebody else too, Conflict for a full one.
    """
    actor, video = authorise(actor, video_id)
    collection = selectors.own_collection(owner=actor, collection_id=collection_id)
    pair = {"collection_id": collection.pk, "video_id": video}
    try:
        with transaction.atomic():
            # Held, so that two do not both take the last place, and so that it is still there.
            shelf = Collection.objects.filter(pk=collection.pk).select_for_update(no_key=True)
            if not list(shelf):
                raise NotFound
            if not CollectionItem.objects.filter(**pair).exists():
                if CollectionItem.objects.filter(collection=collection).count() >= MAX_ITEMS:
                    raise Conflict("collection_full", f"A collection has {MAX_ITEMS} videos.")
                CollectionItem.objects.create(**pair)
            # An unsaving of this moment goes first, or waits and takes the new place away too.
            list(Save.objects.filter(user=actor, video_id=video).select_for_update())
            if mark(Save, actor.pk, video, "saves"):
                events.publish(VideoSaved(user_id=actor.pk, video_id=video))
    except IntegrityError as error:
        # Foreign keys are checked at the commit: the video went away meanwhile.
        raise NotFound from error
    return {"contains": True, "saved": True}


def take_out(*, actor: Viewer, collection_id: object, video_id: object) -> ShelfState:
    """Take a video off one's own collection; it stays saved. Raises NotFound as `put_in`."""
    actor, video = authorise(actor, video_id)
    collection = selectors.own_collection(owner=actor, collection_id=collection_id)
    CollectionItem.objects.filter(collection=collection, video_id=video).delete()
    saved = selectors.viewer_flags(actor.pk, [video])[video].saved
    return {"contains": False, "saved": saved}


def _authorise(actor: Viewer) -> User:
    actor = people.require_active(actor)
    limits.consume(budget="collection", subject=str(actor.pk))
    return actor


def _taken() -> Conflict:
    message = "You have a collection of this name."
    return Conflict("collection_exists", message, errors={"name": [message]})
