from functools import partial

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from conftest import ApiOf
from core.testing import same_queries
from social.engagement.models import Comment
from social.engagement.tests.factories import make_comment, make_video, stats
from social.graph import services as graph
from social.graph.tests.factories import make_people, suspend
from videos.models import Video

V1 = "/api/v1"


def test_like_and_save(api: ApiOf, video: Video, bob: User) -> None:
    client = api(bob)
    for method in ("post", "put"):
        answer = getattr(client, method)(f"{V1}/videos/{video.pk}/like")
        assert (answer.status_code, answer.json()) == (200, {"liked": True, "likes": 1})
    answer = client.delete(f"{V1}/videos/{video.pk}/like/")
    assert answer.json() == {"liked": False, "likes": 0}
    for method in ("post", "put"):
        answer = getattr(client, method)(f"{V1}/videos/{video.pk}/save")
        assert answer.json() == {"saved": True, "saves": 1}
    assert client.delete(f"{V1}/videos/{video.pk}/save").json() == {"saved": False, "saves": 0}


@pytest.mark.parametrize("path", ["comments", "comment"])
def test_add(api: ApiOf, video: Video, alice: User, path: str) -> None:
    answer = api(alice).post(f"{V1}/videos/{video.pk}/{path}", {"text": " Hi <b> "})
    assert answer.status_code == 201
    body = answer.json()
    comment = Comment.objects.get()
    assert body == {
        "id": str(comment.pk),
        "video_id": str(video.pk),
        "parent_id": None,
        "author": {
            "id": str(alice.pk),
            "username": "alice",
            "name": "Alice",
            "avatar": None,
            "is_verified": False,
        },
        "text": "Hi <b>",
        "created_at": body["created_at"],
        "reply_count": 0,
        "like_count": 0,
        "liked": False,
        "liked_by_creator": False,
        "pinned": False,
        "edited_at": None,
        "is_author_of_video": True,
        "can_delete": True,
        "can_edit": True,
        "can_pin": True,
        "deleted": False,
        "mentions": [],
        "video_reply": None,
    }


def test_a_repeated_comment_is_one(api: ApiOf, video: Video, bob: User) -> None:
    answers = [
        api(bob).post(
            f"{V1}/videos/{video.pk}/comments", {"text": "x"}, headers={"Idempotency-Key": "k"}
        )
        for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert stats(video) == (0, 1, 0)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": " "},
        {"text": "x" * 1001},
        {"text": None},
        {"text": ["x"]},
        {"text": "x", "parent_id": "x"},
        {"text": "a\u0000b"},
        [],
        "x",
    ],
)
def test_malformed(api: ApiOf, video: Video, bob: User, body: object) -> None:
    answer = api(bob).post(f"{V1}/videos/{video.pk}/comments", body)
    assert answer.status_code == 400
    assert answer.json()["code"]
    assert stats(video) == (0, 0, 0)


def test_extra_fields_change_nothing(api: ApiOf, video: Video, alice: User, bob: User) -> None:
    body = {"text": "x", "author": str(alice.pk), "deleted_at": "2020-01-01", "id": str(bob.pk)}
    api(bob).post(f"{V1}/videos/{video.pk}/comments", body)
    comment = Comment.objects.get()
    assert (comment.author_id, comment.deleted_at) == (bob.pk, None)
    assert comment.pk != bob.pk


def test_thread(api: ApiOf, anon: APIClient, video: Video, alice: User, bob: User) -> None:
    head = make_comment(video, bob, "head")
    last = make_comment(video, bob, "last")
    client = api(alice)
    for text in ("one", "two"):
        body = {"text": text, "parent_id": str(head.pk)}
        assert client.post(f"{V1}/videos/{video.pk}/comments", body).status_code == 201
    page = anon.get(f"{V1}/videos/{video.pk}/comments").json()
    assert [(one["text"], one["reply_count"]) for one in page["results"]] == [
        ("last", 0),
        ("head", 2),
    ]
    assert page["total"] == 4
    replies = anon.get(f"{V1}/comments/{head.pk}/replies").json()["results"]
    assert [one["text"] for one in replies] == ["one", "two"]
    assert client.delete(f"{V1}/comments/{head.pk}").status_code == 204
    page = anon.get(f"{V1}/videos/{video.pk}/comments").json()
    placeholder = page["results"][1]
    assert (placeholder["deleted"], placeholder["author"], placeholder["text"]) == (True, None, "")
    assert page["total"] == 3
    assert client.delete(f"{V1}/comments/{last.pk}").status_code == 204
    assert client.delete(f"{V1}/comments/{last.pk}").status_code == 404


def test_comments_off(api: ApiOf, alice: User, bob: User) -> None:
    video = make_video(author=alice, allow_comments="nobody")
    answer = api(bob).post(f"{V1}/videos/{video.pk}/comments", {"text": "x"})
    assert (answer.status_code, answer.json()["code"]) == (403, "comments_off")


def test_deleting_another_s(api: ApiOf, video: Video, bob: User, carol: User) -> None:
    comment = make_comment(video, bob)
    answer = api(carol).delete(f"{V1}/comments/{comment.pk}")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")


def routes(video: Video, comment: Comment) -> list[tuple[str, str, dict[str, str] | None]]:
    path = f"{V1}/videos/{video.pk}"
    return [
        ("post", f"{path}/like", None),
        ("delete", f"{path}/like", None),
        ("post", f"{path}/save", None),
        ("delete", f"{path}/save", None),
        ("post", f"{path}/comments", {"text": "x"}),
        ("post", f"{path}/comment", {"text": "x"}),
        ("delete", f"{V1}/comments/{comment.pk}", None),
    ]


def test_anonymous(anon: APIClient, video: Video, bob: User) -> None:
    for method, path, body in routes(video, make_comment(video, bob)):
        assert getattr(anon, method)(path, body).status_code == 401, path
    assert stats(video) == (0, 1, 0)


def test_suspended(api: ApiOf, video: Video, bob: User, carol: User) -> None:
    comment = make_comment(video, bob)
    suspend(carol)
    for method, path, body in routes(video, comment):
        answer = getattr(api(carol), method)(path, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "account_suspended"), path


def test_hidden_is_missing(api: ApiOf, video: Video, alice: User, bob: User, dave: User) -> None:
    comment = make_comment(video, bob)
    graph.block(actor=alice, user_id=dave.pk)
    reads = [
        ("get", f"{V1}/videos/{video.pk}/comments", None),
        ("get", f"{V1}/comments/{comment.pk}/replies", None),
    ]
    for method, path, body in [*routes(video, comment), *reads]:
        nothing = "01a1fba1-1178-7067-b2b7-6ab3baa8811b"
        other = path.replace(str(video.pk), nothing).replace(str(comment.pk), nothing)
        hidden, missing, malformed = (
            getattr(api(dave), method)(one, body)
            for one in (path, other, path.replace(str(video.pk), "7").replace(str(comment.pk), "7"))
        )
        bodies = [one.json() | {"request_id": ""} for one in (hidden, missing, malformed)]
        assert hidden.status_code == 404, path
        assert bodies[0] == bodies[1] == bodies[2], path
    assert stats(video) == (0, 1, 0)


def test_pages_have_no_hole_and_no_repeat(anon: APIClient, video: Video, bob: User) -> None:
    made = [make_comment(video, bob, str(number)).text for number in range(7)]
    seen: list[str] = []
    url = f"{V1}/videos/{video.pk}/comments?limit=3"
    while url:
        page = anon.get(url).json()
        seen += [one["text"] for one in page["results"]]
        url = page["next"]
    assert seen == made[::-1]


def test_twenty_cost_what_two_cost(api: ApiOf, video: Video, alice: User, bob: User) -> None:
    client = api(alice)
    head = make_comment(video, bob)
    with same_queries() as record:
        for number in (2, 17):
            for person in make_people(number, prefix=f"p{number}x"):
                make_comment(video, person)
                make_comment(video, person, parent_id=head.pk)
            record(lambda: client.get(f"{V1}/videos/{video.pk}/comments"))
    with same_queries() as record:
        for limit in (2, 19):
            record(partial(client.get, f"{V1}/comments/{head.pk}/replies?limit={limit}"))


def test_likes_stand_in_the_profile(
    api: ApiOf, anon: APIClient, video: Video, alice: User, bob: User
) -> None:
    api(bob).post(f"{V1}/videos/{video.pk}/like")
    assert anon.get(f"{V1}/users/alice").json()["counts"]["likes"] == 1
