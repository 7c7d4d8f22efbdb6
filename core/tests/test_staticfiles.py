"""In the scaled mode every script is served under a name that says its contents."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
RELATIVE = re.compile(r"""^\s*(?:import|export)\b[^;"']*["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)


def test_modules_import_each_other_by_hashed_names(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        **dict.fromkeys(("SECRET_KEY", "JWT_SIGNING_KEY", "MEDIA_SIGNING_KEY"), "x" * 40),
    }
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    scripts = [*(tmp_path / "static" / "js").rglob("*.js")]
    hashed = [path for path in scripts if re.search(r"\.[0-9a-f]{12}\.js$", path.name)]
    assert len(hashed) * 2 >= len(scripts) > 20
    for path in hashed:
        for target in RELATIVE.findall(path.read_text()):
            assert re.search(r"\.[0-9a-f]{12}\.js$", target), f"{path.name} imports {target}"
            assert (path.parent / target).is_file()
