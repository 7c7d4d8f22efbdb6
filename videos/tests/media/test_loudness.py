from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from videos.media import ladder, transcode
from videos.media.loudness import TARGET_LUFS, UNTOUCHED, Loudness, measure_loudness
from videos.tests.media import samples
from videos.tests.media.conftest import Kit

Sample = Callable[[Callable[[Path], Path]], Path]


def measured(kit: Kit, path: Path) -> Loudness:
    return measure_loudness(
        path, probe=kit.probe(path), ffmpeg=kit.ffmpeg, scratch=kit.scratch, limits=kit.limits
    )


def levelled(kit: Kit, path: Path) -> Loudness:
    """Render with the plan and measure what came out."""
    found = kit.probe(path)
    rendition = transcode.render(
        path,
        ladder.plan(found)[0],
        kit.scratch / "levelled.mp4",
        probe=found,
        loudness=measured(kit, path),
        ffmpeg=kit.ffmpeg,
        scratch=kit.scratch,
        limits=kit.limits,
    )
    return measured(kit, rendition.path)


@pytest.mark.parametrize("make", [samples.landscape_h264, samples.vp9_webm])
def test_sound_comes_out_at_the_common_level(
    kit: Kit, sample: Sample, make: Callable[[Path], Path]
) -> None:
    assert measured(kit, sample(make)).integrated_lufs < TARGET_LUFS - 5
    assert levelled(kit, sample(make)).integrated_lufs == pytest.approx(TARGET_LUFS, abs=1)


def test_a_boost_never_clips(kit: Kit, sample: Sample) -> None:
    plan = measured(kit, sample(samples.loud))
    assert plan.gain_db > 1
    assert plan.needs_limiter
    assert levelled(kit, sample(samples.loud)).true_peak_dbtp <= -0.5


def test_silence_is_not_amplified(kit: Kit, tmp_path: Path) -> None:
    plan = measured(kit, samples.quiet(tmp_path))
    assert (plan.gain_db, plan.needs_limiter) == (0.0, False)


def test_no_sound_needs_no_run(kit: Kit, sample: Sample) -> None:
    missing = replace(kit, ffmpeg="/nonexistent")
    assert measured(missing, sample(samples.silent)) == UNTOUCHED
