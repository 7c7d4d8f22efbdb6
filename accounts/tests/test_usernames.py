"""X04: names that are plain, nobody's look-alike and not ours."""

import pytest
from django.urls import get_resolver
from hypothesis import given
from hypothesis import strategies as st

from accounts import usernames
from core.errors import Invalid


@pytest.mark.parametrize(
    "given, stored",
    [
        ("alice", "alice"),
        ("Alice", "alice"),
        (" @al.ice_9 ", "al.ice_9"),
        ("ａｌｉｃｅ", "alice"),
        ("𝐚𝐥𝐢𝐜𝐞", "alice"),
        ("__", "__"),
        ("a" * 24, "a" * 24),
        ("1984", "1984"),
    ],
)
def test_good_names_get_one_form(given: str, stored: str) -> None:
    assert usernames.clean_username(given) == stored


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "a",
        "a" * 25,
        ".alice",
        "alice.",
        "al..ice",
        "al ice",
        "al-ice",
        "al/ice",
        "al\x00ice",
        "al\nice",
        "al\u200bice",
        "\u202ealice",
        "аlice",
        "élan",
        "alice@example.com",
        "<script>",
        "{{7*7}}",
        "％00",
        "😀😀",
    ],
)
def test_bad_names_are_refused(bad: str) -> None:
    with pytest.raises(Invalid) as caught:
        usernames.clean_username(bad)
    assert list(caught.value.errors) == ["username"]


@pytest.mark.parametrize(
    "name",
    ["admin", "ADMIN", "adm1n", "a.d.m.i.n", "supp0rt", "root", "null", "me", "well-known",
     "moderator", "toptop", "t0pt0p", "settings", "suggested", "system", "staff_"],
)  # fmt: skip
def test_names_that_speak_for_the_house_are_refused(name: str) -> None:
    with pytest.raises(Invalid):
        usernames.clean_username(name)


def test_every_first_segment_of_our_routes_is_reserved() -> None:
    segments = set()
    for pattern in get_resolver().url_patterns:
        first = str(pattern.pattern).lstrip("^").split("/")[0]
        for child in getattr(pattern, "url_patterns", ()) if not first else ():
            segments.add(str(child.pattern).lstrip("^").split("/")[0])
        segments.add(first)
    plain = {segment for segment in segments if usernames.SHAPE.fullmatch(segment)}
    assert "signin" in plain
    assert {segment for segment in plain if not usernames.is_reserved(segment)} == set()


@given(st.text(max_size=60))
def test_any_text_is_a_stable_name_or_invalid(text: str) -> None:
    try:
        name = usernames.clean_username(text)
    except Invalid:
        return
    assert usernames.clean_username(name) == name
    assert name.isascii()


@given(st.text(max_size=300))
def test_a_suggested_name_is_always_good(text: str) -> None:
    name = usernames.suggest_username(text)
    assert usernames.clean_username(name) == name
