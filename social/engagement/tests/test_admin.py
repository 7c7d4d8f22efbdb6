from accounts.models import User
from conftest import BrowserOf
from core.testing import same_queries
from social.engagement import services
from social.engagement.models import Comment
from social.engagement.tests.factories import make_comment, stats
from videos.models import Video

CHANGELIST = "/admin/engagement/comment/"


def test_find_filter_and_delete_through_the_service(
    browser: BrowserOf, mod: User, video: Video, bob: User
) -> None:
    client = browser(mod)
    bad = make_comment(video, bob, "spam spam")
    make_comment(video, bob, "fine")
    found = client.get(f"{CHANGELIST}?q=spam").content.decode()
    assert "spam spam" in found
    assert "fine" not in found
    action = {"action": "delete_comments", "_selected_action": [str(bad.pk)]}
    client.post(CHANGELIST, action)
    bad.refresh_from_db()
    assert (bad.text, stats(video)) == ("", (0, 1, 0))
    assert "fine" in client.get(f"{CHANGELIST}?state=live").content.decode()
    assert "fine" not in client.get(f"{CHANGELIST}?state=deleted").content.decode()
    assert client.get(f"{CHANGELIST}?q={video.pk}").status_code == 200


def test_nothing_is_written_in_anothers_name(
    browser: BrowserOf, mod: User, video: Video, bob: User
) -> None:
    comment = make_comment(video, bob, "mine")
    client = browser(mod)
    assert client.get(f"{CHANGELIST}add/").status_code == 403
    client.post(f"{CHANGELIST}{comment.pk}/change/", {"text": "forged"})
    assert client.post(f"{CHANGELIST}{comment.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Comment.objects.get().text == "mine"


def test_a_list_costs_the_same(browser: BrowserOf, mod: User, video: Video, bob: User) -> None:
    client = browser(mod)
    with same_queries() as record:
        for number in (2, 18):
            for index in range(number):
                make_comment(video, bob, f"number {index}")
            record(lambda: client.get(CHANGELIST))


def test_moderators_read_what_a_comment_said_before(
    browser: BrowserOf, video: Video, bob: User, mod: User
) -> None:
    comment = make_comment(video, bob, "Said first")
    services.edit_comment(actor=bob, comment_id=comment.pk, text="Said later")
    page = browser(mod).get(f"/admin/engagement/comment/{comment.pk}/change/").content.decode()
    assert "Said first" in page
    assert "Said later" in page
