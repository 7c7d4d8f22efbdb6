import pytest

from core.errors import Invalid
from social.engagement.text import MAX_LENGTH, clean


@pytest.mark.parametrize(
    "given,kept",
    [
        ("  hello \n", "hello"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("a\x00b\x07c\x1b[31m", "abc[31m"),
        ("user\u202egnp.exe", "usergnp.exe"),
        ("Tie\u0302\u0301ng Vie\u0323\u0302t", "Tiếng Việt"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("x" * MAX_LENGTH, "x" * MAX_LENGTH),
    ],
)
def test_kept(given: str, kept: str) -> None:
    assert clean(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "   ",
        "\n\n",
        "\u200b\u200d",
        "\u0301",
        "x" * (MAX_LENGTH + 1),
        "a" + "\u0301" * 10_000,
        "a\ud800",
    ],
)
def test_refused(given: str) -> None:
    with pytest.raises(Invalid) as error:
        clean(given)
    assert list(error.value.errors) == ["text"]
