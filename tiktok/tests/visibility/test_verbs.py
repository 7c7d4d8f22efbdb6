"""What may be done to a clip, a comment or a person: the second table, and Z02 for what is hidden.

"May not see" is the answer that an unknown id gets, byte for byte, and leaves every row as it was.
"""

from collections.abc import Iterable, Iterator

import pytest
from django.http import HttpResponseBase
from django.test import Client

from core.ids import uuid7
from moderation.models import Report
from social.engagement.models import (
    Collection,
    CollectionItem,
    Comment,
    CommentLike,
    Like,
    Repost,
    Save,
    ShareLink,
    VideoReply,
)
from social.graph.models import (
    Block,
    Dismissal,
    Follow,
    FollowRequest,
    FriendRequest,
    Friendship,
    Mute,
)
from tiktok.tests.visibility import oracle, verbs
from tiktok.tests.visibility.oracle import Relation, Viewer
from tiktok.tests.visibility.sameness import fingerprint
from tiktok.tests.visibility.staging import Stage
from tiktok.tests.visibility.surfaces import API
from videos.models import Video

pytestmark = pytest.mark.django_db
PAIRS = (Follow, FollowRequest, Friendship, FriendRequest, Block, Mute, Dismissal)
MODELS = (
    Report, Like, Save, Repost, ShareLink, Collection, CollectionItem, Comment, CommentLike,
    VideoReply, *PAIRS,
)  # fmt: skip
STATES = ("audience", "caption", "deleted_at", "moderation_state", "processing_state")


def rows() -> object:
    """Return what verbs could change."""
    videos = list(Video.objects.order_by("pk").values_list("pk", *STATES))
    comments = Comment.objects.filter(deleted_at__isnull=True).count()
    return [model._default_manager.count() for model in MODELS], videos, comments


@pytest.mark.parametrize("viewer", ["stranger", "follower", "friend", "blocked", "moderator"])
def test_what_is_hidden_cannot_be_touched(world: Stage, viewer: str) -> None:
    hidden = [
        name
        for name, clip in world.world.clips.items()
        if not oracle.may_view(world.world, viewer, clip)
    ]
    before = rows()
    wrong: list[str] = []
    for verb in (*verbs.CLIP, *verbs.OWN_CLIP, *verbs.TAKE, *verbs.POST):
        targets = {name: str(world.videos[name].pk) for name in _samples(hidden)}
        wrong += _differences(world, viewer, verb, targets)
    for verb in (*verbs.COMMENT, *verbs.ANSWER):
        unseen = [name for name in world.comments if _is_closed(world, viewer, name)]
        targets = {name: str(world.comments[name].pk) for name in _samples(unseen)}
        wrong += _differences(world, viewer, verb, targets)
    for verb in verbs.PERSON:
        gone = [name for name in world.users if _is_gone(world, viewer, name)]
        wrong += _differences(world, viewer, verb, {name: name for name in gone})
    # Last: what the studio refuses is told on the next page, which would look different then.
    for verb in verbs.STUDIO:
        targets = {name: str(world.videos[name].pk) for name in _samples(hidden)}
        wrong += _differences(world, viewer, verb, targets)
    assert not wrong, "\n".join(wrong)
    assert rows() == before


@pytest.mark.parametrize("viewer", ["stranger", "friend", "pub"])
def test_requests_that_wait_for_others_cannot_be_answered(world: Stage, viewer: str) -> None:
    user, before = world.users[viewer], rows()
    kinds = {
        "follow": FollowRequest.objects.exclude(target=user),
        "friend": FriendRequest.objects.exclude(recipient=user),
    }
    for verb in verbs.REQUEST:
        kind = "follow" if "follow" in verb.name else "friend"
        targets = {str(row.pk): str(row.pk) for row in kinds[kind]}
        assert targets
        assert not list(_differences(world, viewer, verb, targets))
    assert rows() == before


def test_strangers_are_asked_to_sign_in_before_anything_is_said(world: Stage) -> None:
    before = rows()
    seen, hidden = world.videos["pub-everyone"], world.videos["pub-friends"]
    for verb in verbs.ALL:
        answers = [
            fingerprint(verb.do(world.client(None), target), asked=target)
            for target in (str(seen.pk), str(hidden.pk), str(uuid7()))
        ]
        assert answers[0][0] in (302, 401), verb.name
        assert answers[0] == answers[1] == answers[2], verb.name
    assert rows() == before


@pytest.mark.parametrize("viewer", ["stranger", "follower", "friend", "moderator"])
def test_whoever_sees_a_clip_may_react_but_not_change_it(world: Stage, viewer: str) -> None:
    for name, clip in world.world.clips.items():
        if clip.author == viewer or not oracle.may_view(world.world, viewer, clip):
            continue
        target, client = str(world.videos[name].pk), world.client(viewer)
        for verb in verbs.CLIP:
            assert verb.do(client, target).status_code < 400, (verb.name, name)
        for verb in verbs.OWN_CLIP:
            assert verb.do(client, target).status_code == 403, (verb.name, name)


@pytest.mark.parametrize("viewer", ["stranger", "follower", "friend", "moderator"])
def test_files_are_taken_only_where_everybody_may_watch(world: Stage, viewer: str) -> None:
    (take,) = verbs.TAKE
    for name, clip in world.world.clips.items():
        if not oracle.may_view(world.world, viewer, clip) or clip.author == viewer:
            continue
        if clip.kind != "clip":
            continue  # there is no file to take
        is_open = clip.audience == "everyone" and not world.world.people[clip.author].private
        for allowed in (True, False):
            Video.objects.filter(pk=world.videos[name].pk).update(allow_download=allowed)
            answer = take.do(world.client(viewer), str(world.videos[name].pk))
            assert answer.status_code == (200 if is_open and allowed else 403), name
        Video.objects.filter(pk=world.videos[name].pk).update(allow_download=True)


@pytest.mark.parametrize("allowed", Video.AllowComments.values)
@pytest.mark.parametrize("viewer", ["stranger", "follower", "friend", "pub"])
def test_comments_follow_the_authors_switch(world: Stage, viewer: str, allowed: str) -> None:
    video = world.videos["pub-everyone"]
    Video.objects.filter(pk=video.pk).update(allow_comments=allowed)
    stands = oracle.relation(world.world, viewer, "pub")
    may = (
        stands == Relation.OWNER
        or {
            "everyone": True,
            "friends": stands == Relation.FRIEND,
            "nobody": False,
        }[allowed]
    )
    for verb in verbs.CLIP:
        if verb.name.startswith("comment"):
            answer = verb.do(world.client(viewer), str(video.pk))
            assert answer.status_code == (201 if may else 403)


@pytest.mark.parametrize(
    "viewer, expected", [("friend", 403), ("speaker", 204), ("pub", 204), ("moderator", 204)]
)
def test_comments_are_deleted_by_whoever_may(world: Stage, viewer: str, expected: int) -> None:
    comment = world.comments["speaker on pub-everyone"]
    answer = verbs.COMMENT[0].do(world.client(viewer), str(comment.pk))
    assert answer.status_code == expected


def test_nobody_answers_a_comment_that_they_cannot_see(world: Stage) -> None:
    client, video = world.client("blocked"), world.videos["priv-everyone"]
    assert oracle.relation(world.world, "blocked", "speaker") == Relation.BLOCKED
    seen = world.videos["pub-everyone"]
    Block.objects.filter(blocked=world.users["blocked"], blocker=world.users["pub"]).delete()
    before = Comment.objects.count()
    answers = [
        _reply(client, seen, parent)
        for parent in (
            str(world.comments["speaker on pub-everyone"].pk),
            str(world.comments["shut on pub-everyone"].pk),
            str(Comment.objects.filter(video=video)[0].pk),
            str(uuid7()),
        )
    ]
    assert answers[-1].status_code == 404
    assert len({str(fingerprint(answer)) for answer in answers}) == 1
    assert Comment.objects.count() == before


def _reply(client: Client, video: Video, parent: str) -> HttpResponseBase:
    verb = verbs.Verb(
        "reply",
        "POST",
        lambda it: f"{API}/videos/{it}/comments",
        lambda _: {"text": "Hello.", "parent_id": parent},
    )
    return verb.do(client, str(video.pk))


def _differences(
    world: Stage, viewer: Viewer, verb: verbs.Verb, targets: dict[str, str]
) -> Iterator[str]:
    client, unknown = world.client(viewer), str(uuid7())
    named = verb not in verbs.PERSON  # A name is also a word of the page; no answer repeats it.
    if not named:
        unknown = "nobody"
    expected = fingerprint(verb.do(client, unknown), asked=unknown if named else "")
    refusals = (302,) if verb in verbs.STUDIO else (404,)
    if expected[0] not in refusals:
        yield f"{verb.name} of an unknown id: {expected[0]}"
    for name, target in targets.items():
        answer = verb.do(client, target)
        if fingerprint(answer, asked=target if named else "") != expected:
            yield f"{verb.name} of {name}: {answer.status_code}, not what an unknown id gets"


def _samples(names: Iterable[str], most: int = 9) -> list[str]:
    """Return names spread over all of them."""
    every = sorted(names)
    step = max(1, len(every) // most)
    return every[::step]


def _is_closed(world: Stage, viewer: str, comment: str) -> bool:
    """Whether the comment is neither the viewer's, nor below theirs, nor visible to them."""
    clip, author, _ = world.world.comments[comment]
    moderates = world.world.people[viewer].moderator
    own = viewer in (author, world.world.clips[clip].author) or moderates
    return not own and not oracle.sees_comment(world.world, viewer, comment)


def _is_gone(world: Stage, viewer: str, person: str) -> bool:
    return not oracle.may_see_person(world.world, viewer, person)


@pytest.mark.parametrize("viewer", ["stranger", "follower", "friend", "pub"])
def test_duets_are_made_only_of_what_everybody_may_watch(world: Stage, viewer: str) -> None:
    (duet,) = verbs.POST
    for name, clip in world.world.clips.items():
        if not oracle.may_view(world.world, viewer, clip):
            continue
        author = world.world.people[clip.author]
        is_open = clip.is_out and clip.audience == "everyone" and not author.private
        fits = clip.kind == "clip" and clip.duet_of is None
        for allowed in (True, False):
            Video.objects.filter(pk=world.videos[name].pk).update(allow_duet=allowed)
            may = fits and is_open and (allowed or viewer == clip.author)
            answer = duet.do(world.client(viewer), str(world.videos[name].pk))
            # Where it may, the upload is asked for next, and there is none.
            assert answer.status_code == (404 if may else 403), name
