"""The command lines of run.py, each as a process of its own, as somebody types them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from config import ROOT


def run(instance: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """One command in an instance folder of its own."""
    environment = {**os.environ, "INSTANCE_DIR": str(instance), "PYTHONUTF8": "1", **settings}
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "KEY_DIR"):
        environment.pop(name, None)
    return subprocess.run(
        [sys.executable, "run.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_register_is_looked_at_by_command(tmp_path: Path) -> None:
    assert run(tmp_path, "db-upgrade").returncode == 0
    file = ROOT / "portal" / "content" / "registry" / "agencies.csv"
    answer = run(tmp_path, "import-agencies", str(file))
    assert answer.returncode == 1, (
        "no province is known yet: every row is wrong, and says why\n" + answer.stderr
    )
    assert "ยังไม่ได้บันทึกข้อมูล" in answer.stdout
    assert "7,360" in answer.stdout


def test_a_real_installation_needs_a_secret_and_has_no_demonstration(tmp_path: Path) -> None:
    answer = run(tmp_path, "serve", DEMO="0", SECRET_KEY="")
    assert (answer.returncode, "Set SECRET_KEY" in answer.stderr) == (2, True)
    answer = run(tmp_path, "demo-reset", DEMO="0", SECRET_KEY="a key of this test")
    assert answer.returncode == 2


def test_the_demonstration_stays_on_this_machine(tmp_path: Path) -> None:
    answer = run(tmp_path, "serve", HOST="0.0.0.0")
    assert (answer.returncode, "loopback only" in answer.stderr) == (2, True)
