"""One run: a policy in a world, day by day, and what came of it."""

from dataclasses import asdict, dataclass

import numpy as np

from feed.recommender import labels
from feed.recommender.arrays import Floats
from feed.simulation.policies import Diary, Policy
from feed.simulation.worlds import DAY, START, World

DAILY = 0.8  # chance that somebody comes on a day
LONGEST_SESSION = 12  # pages
PARTS = 4  # of a day: the policy learns at each
ENOUGH = 20  # impressions
SOON = 2 * DAY


@dataclass(frozen=True)
class Outcome:
    """What came of a run; all but the curves count the second half of it."""

    long_views: float
    watched_minutes: float
    skips: float
    videos: float
    likes: float
    uploads_seen: float
    new_authors_seen: float
    coverage: float
    gini: float
    empty_pages: float
    worst_tenth: float
    curve: tuple[float, ...]
    ratio_quartiles: tuple[float, float, float]

    def figures(self) -> dict[str, float]:
        """Return the single figures by name."""
        return {name: value for name, value in asdict(self).items() if isinstance(value, float)}


class _Tally:
    """Counts of one session after another."""

    def __init__(self) -> None:
        self.sessions: list[tuple[int, int, int, int, float, int, int]] = []
        self.empty = 0
        self.pages = 0
        self.ratios: list[float] = []


def run(world: World, policy: Policy, *, seed: int, parts: int = PARTS) -> Outcome:
    """Run a policy through the days of a world, in so many steps a day."""
    chance = np.random.default_rng((world.seed, seed))
    diary, tally = Diary(world), _Tally()
    first_shown = np.zeros(world.size.videos)
    soon_shown = np.zeros(world.size.videos)
    for day in range(world.size.days):
        comers = np.flatnonzero(chance.random(world.size.people) < DAILY)
        chance.shuffle(comers)
        for part, group in enumerate(np.array_split(comers, parts)):
            now = START + (day + part / parts) * DAY
            policy.learn(diary, now)
            published = world.published <= now
            for person in group.tolist():
                _session(world, policy, diary, tally, person, day, now, published, chance)
            _count_soon(world, diary, first_shown, soon_shown, now)
    return _outcome(world, diary, tally, soon_shown)


def _session(
    world: World,
    policy: Policy,
    diary: Diary,
    tally: _Tally,
    person: int,
    day: int,
    now: float,
    published: np.ndarray,
    chance: np.random.Generator,
) -> None:
    count = long = skips = likes = 0
    watched = 0.0
    for page_number in range(LONGEST_SESSION):
        free = published & ~diary.seen[person]
        page = policy.page(diary, person, free, now, int(chance.integers(2**62)))
        tally.pages += 1
        tally.empty += not page and bool(free.any())
        if not page:
            break
        ratios = []
        for video in page:
            seen = world.watch(person, video, chance)
            diary.note(person, video, now + page_number, seen.watched_ms, seen.liked)
            count += 1
            long += seen.ratio >= 1.0
            skips += seen.ratio < labels.SKIP_RATIO and seen.watched_ms < labels.SKIP_MS
            likes += seen.liked
            watched += seen.watched_ms / 60_000
            ratios.append(min(seen.ratio, 2.0))
        tally.ratios += ratios
        stay = 1 / (1 + np.exp(0.4 - 1.6 * float(np.mean(ratios)) + 0.6))
        if chance.random() > stay:
            break
    tally.sessions.append((day, person, count, long, watched, skips, likes))


def _count_soon(world: World, diary: Diary, first: Floats, soon: Floats, now: float) -> None:
    """Freeze how often an upload was shown when it is two days old."""
    young = (world.published > START) & (now - world.published <= SOON)
    soon[young] = diary.shown[young]


def _outcome(world: World, diary: Diary, tally: _Tally, soon: Floats) -> Outcome:
    rows = np.array(tally.sessions, dtype=np.float64)
    late = rows[rows[:, 0] >= world.size.days / 2]
    old_enough = (world.published > START) & (world.published < START + (world.size.days - 2) * DAY)
    enough = soon >= ENOUGH
    had_before = np.unique(world.authors[world.published <= START])
    new_author = old_enough & ~np.isin(world.authors, had_before)
    views = late[:, 2].sum()
    by_person = np.bincount(late[:, 1].astype(int), weights=late[:, 3], minlength=world.size.people)
    visits = np.bincount(late[:, 1].astype(int), minlength=world.size.people)
    each = np.sort(by_person[visits > 0] / visits[visits > 0])
    curve = tuple(float(rows[rows[:, 0] == day][:, 4].mean()) for day in range(world.size.days))
    shown = np.sort(diary.shown)
    spread = np.cumsum(shown) / max(shown.sum(), 1)
    quartiles = np.quantile(tally.ratios, (0.25, 0.5, 0.75))
    return Outcome(
        long_views=float(late[:, 3].mean()),
        watched_minutes=float(late[:, 4].mean()),
        skips=float(late[:, 5].sum() / views),
        videos=float(late[:, 2].mean()),
        likes=float(late[:, 6].sum() / views),
        uploads_seen=float(enough[old_enough].mean()),
        new_authors_seen=float(enough[new_author].mean()) if new_author.any() else 0.0,
        coverage=float((diary.shown > 0).mean()),
        gini=float(1 - 2 * spread.mean()),
        empty_pages=float(tally.empty),
        worst_tenth=float(each[: max(1, len(each) // 10)].mean()),
        curve=curve,
        ratio_quartiles=(float(quartiles[0]), float(quartiles[1]), float(quartiles[2])),
    )
