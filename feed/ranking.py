"""Order of a bounded set of candidates: fresh and popular, jittered by the seed, authors apart.

Pure functions: the same candidates, seed and moment give the same order in every process.
"""

import heapq
import math
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

AUTHOR_GAP = 3
POPULARITY_HALF_LIFE_DAYS = 7.0
FRESHNESS_HALF_LIFE_DAYS = 1.5
FRESHNESS = 2.0
FOLLOWED = 1.0
TEMPERATURE = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """What ranking needs to know of a video; `interest` is a weighted count of reactions."""

    id: UUID
    author_id: UUID
    published_at: datetime
    interest: int = 0
    followed: bool = False


def score(candidate: Candidate, *, now: datetime) -> float:
    """Return decayed, smoothed popularity plus a bonus for being fresh or followed.

    The logarithm smooths: the tenth like says more than the thousandth, and one like on an
    empty instance does not bury everything else.
    """
    days = max(0.0, (now - candidate.published_at).total_seconds() / 86400)
    popularity = math.log2(1 + candidate.interest) * math.exp2(-days / POPULARITY_HALF_LIFE_DAYS)
    freshness = FRESHNESS * math.exp2(-days / FRESHNESS_HALF_LIFE_DAYS)
    return popularity + freshness + (FOLLOWED if candidate.followed else 0.0)


def fraction(seed: int, video_id: UUID) -> float:
    """Return the place in (0, 1) that `seed` gives a video: uniform, and the same everywhere."""
    digest = blake2b(
        video_id.bytes, digest_size=8, key=seed.to_bytes(8, "big", signed=True)
    ).digest()
    return (int.from_bytes(digest, "big") + 0.5) / 2**64


def ranked(candidates: Iterable[Candidate], *, seed: int, now: datetime) -> list[Candidate]:
    """Return the candidates best first.

    Gumbel noise makes this a draw without replacement, in proportion to exp(score/TEMPERATURE):
    another seed is another draw, and the better ones still tend to come first.
    """

    def key(candidate: Candidate) -> tuple[float, UUID]:
        noise = -math.log(-math.log(fraction(seed, candidate.id)))
        return -(score(candidate, now=now) + TEMPERATURE * noise), candidate.id

    return sorted(candidates, key=key)


def shuffled(ids: Iterable[UUID], *, seed: int) -> list[UUID]:
    """Return the ids in the order of their seeded places."""
    return sorted(ids, key=lambda video_id: fraction(seed, video_id))


def authors_apart(
    candidates: Sequence[Candidate], *, recent: Iterable[UUID] = (), gap: int = AUTHOR_GAP
) -> list[Candidate]:
    """Return the candidates so that an author comes again after `gap` others, where possible.

    `recent` are the authors just before. Otherwise the order is kept. O(n log n).
    """
    waiting: dict[UUID, deque[tuple[int, Candidate]]] = defaultdict(deque)
    for place, candidate in enumerate(candidates):
        waiting[candidate.author_id].append((place, candidate))
    cooling = deque(recent)
    free = [(queue[0][0], author) for author, queue in waiting.items() if author not in cooling]
    heapq.heapify(free)
    spaced: list[Candidate] = []
    while len(spaced) < len(candidates):
        if free:
            author = heapq.heappop(free)[1]
        else:
            author = next(author for author in cooling if waiting.get(author))
            cooling.remove(author)
        spaced.append(waiting[author].popleft()[1])
        cooling.append(author)
        while len(cooling) > gap:
            released = cooling.popleft()
            if released not in cooling and waiting.get(released):
                heapq.heappush(free, (waiting[released][0][0], released))
    return spaced
