"""The README's calls, run as they stand: it cannot lie."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tiktok.instance import ROOT, Instance

pytestmark = pytest.mark.e2e
BLOCK = re.compile(r"## The API in six calls\n+```sh\n(.*?)```", re.DOTALL)
UNTIL_READY = """
for _ in $(seq 300); do
  state=$({call}); echo "$state" | grep -q '"ready"' && break
  echo "$state" | grep -q '"failed"' && break
  sleep 0.3
done; echo "$state"
"""


def statements() -> list[str]:
    """Return the commands of the README's API section, continuation lines joined."""
    found = BLOCK.search((ROOT / "README.md").read_text())
    assert found, "README.md has no section 'The API in six calls'"
    joined = found[1].replace("\\\n", " ")
    return [line.partition("  #")[0].strip() for line in joined.splitlines() if line.strip()]


def test_the_calls_of_the_readme_do_what_they_say(
    product: Instance, clip: Path, tmp_path: Path
) -> None:
    shutil.copy(clip, tmp_path / "clip.mp4")
    script = ["set -euo pipefail"]
    for statement in statements():
        line = statement.replace("http://localhost:8000", product.url)
        script.append(UNTIL_READY.format(call=line) if "/status" in line else f"{line}; echo")
    done = subprocess.run(
        ["bash", "-c", "\n".join(script)], cwd=tmp_path, capture_output=True, text=True, timeout=400
    )
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.strip()]
    status, feed, like, comment = answers
    assert status["processing_state"] == "ready"
    assert set(feed) >= {"results", "next", "seed", "end"}
    assert like["liked"] is True
    assert comment["text"] == "Nice!"
