"""What several runs say together: a table, and a picture of the days."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from feed.simulation.policies import (
    DailyALS,
    Newest,
    Oracle,
    Ours,
    Policy,
    Popular,
    RecentlyPopular,
    Shuffle,
)
from feed.simulation.runs import Outcome

POLICIES: dict[str, Callable[[], Policy]] = {
    "seeded shuffle": Shuffle,
    "newest first": Newest,
    "popularity (likes, views, age)": Popular,
    "recent popularity (long views)": RecentlyPopular,
    "implicit ALS, daily": DailyALS,
    "ours": Ours,
    "ours, next page made ahead": lambda: Ours(ahead=True),
    "oracle": Oracle,
}
COLUMNS = {
    "long_views": "long views / session",
    "watched_minutes": "minutes / session",
    "skips": "skipped",
    "videos": "videos / session",
    "uploads_seen": "uploads with 20 views in 48 h",
    "new_authors_seen": "... of new authors",
    "coverage": "coverage",
    "gini": "Gini",
    "worst_tenth": "long views, worst tenth",
    "empty_pages": "empty pages",
}
WIDTH, HEIGHT, LEFT, BOTTOM = 720, 360, 48, 40
COLOURS = ("#8a8f98", "#c9a227", "#d9742b", "#b8336a", "#5a6ee0", "#0b8f6a", "#5cc2a4", "#222222")


def table(outcomes: Mapping[str, Sequence[Outcome]]) -> str:
    """Return a table as Markdown: means over the seeds, and their spread."""
    head = "| policy | " + " | ".join(COLUMNS.values()) + " |"
    lines = [head, "|---" * (len(COLUMNS) + 1) + "|"]
    for name, found in outcomes.items():
        cells = []
        for column in COLUMNS:
            values = [getattr(one, column) for one in found]
            cells.append(f"{np.mean(values):.2f} ± {np.std(values):.2f}")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def ratios(outcomes: Mapping[str, Sequence[Outcome]]) -> str:
    """Return ours against each, seed by seed: mean and spread of the ratios."""
    ours = outcomes["ours"]
    said = []
    for name, found in outcomes.items():
        if name != "ours":
            shares = [a.long_views / b.long_views for a, b in zip(ours, found, strict=True)]
            minutes = [
                a.watched_minutes / b.watched_minutes for a, b in zip(ours, found, strict=True)
            ]
            said.append(
                f"- ours / {name}: long views {np.mean(shares):.2f} ± {np.std(shares):.2f}, "
                f"watch time {np.mean(minutes):.2f} ± {np.std(minutes):.2f}"
                f"{_uploads(ours, found)}"
            )
    return "\n".join(said)


def _uploads(ours: Sequence[Outcome], others: Sequence[Outcome]) -> str:
    if not all(one.uploads_seen for one in others):
        return ""
    shares = [a.uploads_seen / b.uploads_seen for a, b in zip(ours, others, strict=True)]
    return f", uploads seen {np.mean(shares):.2f} ± {np.std(shares):.2f}"


def picture(outcomes: Mapping[str, Sequence[Outcome]]) -> str:
    """Return an SVG: minutes watched per session, day by day, the mean over the seeds."""
    curves = {
        name: np.mean([one.curve for one in found], axis=0) for name, found in outcomes.items()
    }
    highest = max(float(curve.max()) for curve in curves.values()) or 1.0
    days = max(len(curve) for curve in curves.values())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="system-ui, sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="18">minutes watched per session, by day</text>',
    ]
    right = WIDTH - 220
    for step in range(5):
        value = highest * step / 4
        y = _y(value, highest)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{right}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:.1f}</text>')
    for day in range(days):
        x = LEFT + (right - LEFT) * day / max(1, days - 1)
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 16}" text-anchor="middle">{day + 1}</text>')
    for number, (name, curve) in enumerate(curves.items()):
        points = " ".join(
            f"{LEFT + (right - LEFT) * day / max(1, days - 1):.1f},{_y(float(value), highest):.1f}"
            for day, value in enumerate(curve)
        )
        colour = COLOURS[number % len(COLOURS)]
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
        y = 40 + 20 * number
        parts.append(f'<path d="M{right + 16} {y}h20" stroke="{colour}" stroke-width="3"/>')
        parts.append(f'<text x="{right + 42}" y="{y + 4}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _y(value: float, highest: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - 32) * value / highest
