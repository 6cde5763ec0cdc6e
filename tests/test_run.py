"""``run.py`` as a process of its own; its commands are tried in ``tests/portal/tools/commands``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from config import ROOT


def test_a_refusal_is_an_exit_code_and_one_line_without_a_traceback(tmp_path: Path) -> None:
    """The demonstration stays on this machine."""
    environment = {**os.environ, "INSTANCE_DIR": str(tmp_path), "HOST": "0.0.0.0", "DEMO": "1"}
    answer = subprocess.run(
        [sys.executable, "run.py", "serve"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (answer.returncode, answer.stdout) == (2, "")
    (line,) = answer.stderr.splitlines()
    assert line == "Demonstration mode listens on loopback only: unset HOST or set DEMO=0"
