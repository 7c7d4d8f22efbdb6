"""Captions of the demo's clips: what is told over some of them, in one or two languages."""

SUBTITLES: dict[str, dict[str, tuple[str, ...]]] = {
    "lanterns-hoi-an": {
        "en": (
            "Once a month the old town turns its lights off.",
            "Then the river has them all.",
            "Make a wish. It floats better than it sounds.",
        ),
        "vi": (
            "Mỗi tháng một lần, phố cổ tắt đèn điện.",
            "Lúc ấy đèn nằm cả trên sông.",
            "Ước đi. Điều ước nổi lâu hơn mình tưởng.",
        ),
    },
    "hills-at-dusk": {
        "en": ("Five ridges.", "Each a little paler than the one before.", "[wind, a slow piano]"),
    },
    "seahorse-valley": {
        "en": ("Same formula all the way down.", "z squared, plus c.", "No end. I checked."),
    },
    "still-water": {
        "en": ("[a drop]", "[another drop]", "[the third and last drop]"),
    },
}


def written(lines: tuple[str, ...], *, seconds: float) -> str:
    """Return the lines as WebVTT, spread evenly over a clip."""
    each = seconds / len(lines)
    cues = (
        f"{_clock(number * each)} --> {_clock((number + 1) * each - 0.2)}\n{line}\n"
        for number, line in enumerate(lines)
    )
    return "WEBVTT\n\n" + "\n".join(cues)


def _clock(seconds: float) -> str:
    return f"00:{seconds:06.3f}"
