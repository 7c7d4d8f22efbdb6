"""Breaks the rule in one place at a time and asks whether the tests notice.

    python -m tiktok.tests.visibility.mutations [name]

Works on copies of the tree in a temporary folder, two at a time; the tree itself is only read.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).resolve().parents[3]
CORE = "tiktok/tests/visibility/test_core.py"
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "var", "docs", "node_modules",
    "static", "staticfiles", "test-results", "deploy", "e2e", "media",
)  # fmt: skip
AT_ONCE = 2
PATIENCE_SECONDS = 300
VIDEOS, IDS, PEOPLE = "videos/policies.py", "social/graph/ids.py", "social/graph/policies.py"


@dataclass(frozen=True)
class Mutation:
    """One way to get the rule wrong: `old` in `path` becomes `new`."""

    name: str
    path: str
    old: str
    new: str


MUTATIONS = (
    Mutation(
        "blocks forgotten",
        VIDEOS,
        "rule &= ~Q(author_id__in=blocked_ids(person.pk))",
        "rule &= Q()",
    ),
    Mutation(
        "blocks count one way only",
        IDS,
        "Block.objects.filter(Q(blocker_id=viewer_id) | Q(blocked_id=viewer_id))",
        "Block.objects.filter(Q(blocker_id=viewer_id))",
    ),
    Mutation(
        "private accounts forgotten",
        VIDEOS,
        "everyone = Q(audience=Audience.EVERYONE, author__is_private=False)",
        "everyone = Q(audience=Audience.EVERYONE)",
    ),
    Mutation(
        "friends' clips shown to followers",
        VIDEOS,
        "friends = Q(audience=Audience.FRIENDS) & friend",
        "friends = Q(audience=Audience.FRIENDS) & follower",
    ),
    Mutation(
        "being followed counts as following",
        IDS,
        "rows = _known(Follow.objects.filter(follower_id=viewer_id), viewer_id)\n"
        '    return rows.values_list("followed_id", flat=True)',
        "rows = _known(Follow.objects.filter(followed_id=viewer_id), viewer_id)\n"
        '    return rows.values_list("follower_id", flat=True)',
    ),
    Mutation(
        "a pending request counts as a follow",
        VIDEOS,
        "follower = Q(author_id__in=followed_ids(viewer_id)) | friend",
        "asked = Q(author__follow_requests__sender_id=viewer_id)\n"
        "    follower = Q(author_id__in=followed_ids(viewer_id)) | friend | asked",
    ),
    Mutation("mature ignored", VIDEOS, "rule &= Q(mature=False)", "rule &= Q()"),
    Mutation("adults from 17", "accounts/ages.py", "ADULT_YEARS = 18", "ADULT_YEARS = 17"),
    Mutation(
        "deleted shown",
        VIDEOS,
        "rows = Video.objects.filter(deleted_at__isnull=True)",
        "rows = Video.objects.all()",
    ),
    Mutation(
        "moderation ignored",
        VIDEOS,
        "moderation_state=Video.Moderation.VISIBLE, draft=False, published_at__lte",
        "draft=False, published_at__lte",
    ),
    Mutation(
        "schedule ignored",
        VIDEOS,
        "published_at__lte=timezone.now()",
        "published_at__isnull=False",
    ),
    Mutation(
        "owner inverted",
        VIDEOS,
        "Q(author_id=person.pk) | _shown_to_others(person)",
        "~Q(author_id=person.pk) & _shown_to_others(person)",
    ),
    Mutation(
        "suspended authors shown",
        VIDEOS,
        "Q(author__suspended_at__isnull=True, author__is_active=True)",
        "Q(author__is_active=True)",
    ),
    Mutation(
        "mutes ignored",
        VIDEOS,
        "rows.exclude(author_id__in=muted_ids(person.pk))",
        "rows",
    ),
    Mutation(
        "blocked people still met",
        PEOPLE,
        'return stands & ~Q(**{f"{before}pk__in": blocked_ids(viewer.pk)})',
        "return stands",
    ),
    Mutation(
        "private media called public",
        VIDEOS,
        "        and not author.is_private\n",
        "",
    ),
)


def run_all(mutations: tuple[Mutation, ...] = MUTATIONS) -> dict[str, bool]:
    """Return whether the tests passed: of the sound tree (`""`) and of each broken one."""
    with tempfile.TemporaryDirectory(prefix="toptop-mutations-") as folder:
        slots: Queue[Path] = Queue()
        for number in range(AT_ONCE):
            tree = Path(folder) / str(number) / "tree"
            shutil.copytree(ROOT, tree, ignore=LEFT_OUT, symlinks=True)
            # Left out above by name, but part of the product.
            shutil.copytree(ROOT / "videos/media", tree / "videos/media")
            slots.put(tree)

        def passes(mutation: Mutation | None) -> bool:
            tree = slots.get()
            try:
                return _passes(tree, mutation)
            finally:
                slots.put(tree)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            sound = pool.submit(passes, None)
            broken = [(mutation.name, pool.submit(passes, mutation)) for mutation in mutations]
            return {"": sound.result()} | {name: done.result() for name, done in broken}


def apply(tree: Path, mutation: Mutation) -> str:
    """Break the tree; return what the file said before. Raises ValueError if it says no such."""
    path = tree / mutation.path
    sound = path.read_text()
    if mutation.old not in sound:
        message = f"{mutation.path} no longer says what {mutation.name!r} breaks: adapt it"
        raise ValueError(message)
    path.write_text(sound.replace(mutation.old, mutation.new))
    return sound


def _passes(tree: Path, mutation: Mutation | None) -> bool:
    """Run the core in `tree`; raises RuntimeError when it broke otherwise."""
    sound = apply(tree, mutation) if mutation else None
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-xq", "--reuse-db", "-p", "no:cacheprovider", CORE],
            cwd=tree,
            env=_environment(tree),
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
    finally:
        if mutation and sound is not None:
            (tree / mutation.path).write_text(sound)
    # Noticed by a broken assertion, not by code that the mutation made impossible to run.
    if done.returncode and "AssertionError" not in done.stdout:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    return done.returncode == 0


def _environment(tree: Path) -> dict[str, str]:
    """Return the embedded mode with a folder of its own, whatever mode the caller runs in."""
    data = tree.parent / "data"
    data.mkdir(exist_ok=True)
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    # No bytecode: two versions of a file may be a moment apart and of one size.
    return inherited | {"DATA_DIR": str(data), "PYTHONDONTWRITEBYTECODE": "1"}


if __name__ == "__main__":
    chosen = tuple(one for one in MUTATIONS if one.name in sys.argv[1:]) or MUTATIONS
    results = run_all(chosen)
    for label, passed in results.items():
        verdict = "passes" if passed else "fails"
        sys.stdout.write(f"{verdict}: {label or 'the sound tree'}\n")
    sys.exit(0 if results.pop("") and not any(results.values()) else 1)
