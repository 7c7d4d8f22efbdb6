"""Evaluation and simulation at a size of seconds: the machinery, and that ours is no accident."""

from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from core.errors import Invalid
from feed.evaluation import logs, protocol, tables
from feed.evaluation.contenders import Ours, Popularity, Random, RecencyPopularity
from feed.evaluation.logs import Log
from feed.evaluation.protocol import Marks
from feed.simulation import policies, runs, worlds
from feed.simulation.runs import Outcome
from feed.tests.factories import make_video
from social.engagement import services as engagement

SMALL = worlds.Size(people=40, videos=400, authors=60, days=4)


def log_of_waves() -> Log:
    """Everybody takes things of one kind in a row, and kinds come and go with the weeks."""
    chance = np.random.default_rng(4)
    users, items, at = [], [], []
    for user in range(80):
        week = user % 4
        taken = chance.permutation(20)[:8] + 20 * week
        for number, item in enumerate(taken):
            users.append(user)
            items.append(item)
            at.append(week * 7 * 86400.0 + number * 3600 + user)
    order = np.argsort(at, kind="stable")
    return Log(np.array(users)[order], np.array(items)[order], np.array(at)[order], 80, 80)


def test_the_last_split_asks_for_the_last_of_each_at_its_moment() -> None:
    log = log_of_waves()
    task = protocol.split(log, "last")
    assert len(task.questions) == 80
    assert len(task.known) == len(log) - 80
    for question in task.questions:
        mine = log.items[log.users == question.user]
        assert question.wanted == {mine[-1]}
        assert question.history == mine[:-1][::-1].tolist()
        assert question.moment == log.at[log.users == question.user][-1]


def test_the_time_split_knows_nothing_of_later() -> None:
    log = log_of_waves()
    task = protocol.split(log, "time")
    assert len(task.known) == int(len(log) * 0.8)
    cut = task.known.at[-1]
    assert {question.moment for question in task.questions} <= {cut}
    assert all(not question.wanted & set(question.history) for question in task.questions)


def test_trends_never_look_ahead() -> None:
    log = log_of_waves()
    trend = RecencyPopularity(half_life_days=1)
    trend.fit(log, 0)
    early = trend.scores(0, [], 5 * 86400.0)
    assert early[:20].sum() > 0 == early[20:].sum()


def test_measures_of_a_known_answer() -> None:
    class Knows(Random):
        def scores(self, user: int, history: list[int], moment: float) -> np.ndarray:
            answers = next(q for q in task.questions if q.user == user).wanted
            return np.array([float(item in answers) for item in range(task.known.things)])

    task = protocol.split(log_of_waves(), "last")
    knows = Knows()
    knows.fit(task.known, 1)
    marks = protocol.examine(knows, task)
    assert (marks.ndcg, marks.recall) == (1.0, 1.0)


def test_ours_beats_popularity_and_chance_where_there_is_something_to_learn() -> None:
    log = log_of_waves()
    task = protocol.split(log, "last")
    found: dict[str, Marks] = {}
    for name, contender in (
        ("random", Random()),
        ("popularity", Popularity()),
        ("ours", tables.tuned(task.known, "last")),
    ):
        contender.fit(task.known, 1)
        found[name] = protocol.examine(contender, task)
    assert found["ours"].ndcg > 2 * found["popularity"].ndcg
    assert found["ours"].ndcg > 2 * found["random"].ndcg
    assert isinstance(tables.tuned(task.known, "last"), Ours)


def test_the_command_reads_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "has_library", lambda: False)
    log = log_of_waves()
    path = tmp_path / "ratings.dat"
    rows = zip(log.users, log.items, log.at, strict=True)
    path.write_text("".join(f"{user}::{item}::8::{at:.0f}\n" for user, item, at in rows))
    out = StringIO()
    call_command("evaluate_recommender", log=path, stdout=out)
    said = out.getvalue()
    for name in ("random", "popularity", "newest", "recency-popularity", "ours", "NDCG@10"):
        assert name in said
    path.write_text("no log")
    with pytest.raises(CommandError):
        call_command("evaluate_recommender", log=path)
    with pytest.raises(Invalid):
        logs.of_file(tmp_path / "missing")


def test_an_instance_without_a_log_says_so(alice: User, bob: User) -> None:
    engagement.like_video(actor=bob, video_id=make_video(alice).pk)
    with pytest.raises(CommandError, match="too little"):
        call_command("evaluate_recommender", stdout=StringIO())


def test_a_run_is_the_same_again_and_the_next_page_may_be_made_ahead() -> None:
    once = runs.run(worlds.World(SMALL, 7), policies.Shuffle(), seed=1)
    assert once == runs.run(worlds.World(SMALL, 7), policies.Shuffle(), seed=1)


def test_ours_gains_watch_time_and_nobody_starves() -> None:
    found: dict[str, Outcome] = {}
    for name, policy in (
        ("shuffle", policies.Shuffle()),
        ("popular", policies.Popular()),
        ("ours", policies.Ours()),
        ("oracle", policies.Oracle()),
    ):
        found[name] = runs.run(worlds.World(SMALL, 7), policy, seed=1)
    ours = found["ours"]
    assert ours.watched_minutes > 1.2 * found["shuffle"].watched_minutes
    assert ours.long_views > 1.2 * found["popular"].long_views
    assert found["oracle"].long_views > ours.long_views
    assert ours.worst_tenth >= found["shuffle"].worst_tenth
    assert ours.empty_pages == 0
    assert ours.coverage > found["popular"].coverage
