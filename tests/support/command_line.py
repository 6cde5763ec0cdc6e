"""A command line of ``run.py``, typed in this process."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO

import run

#: ``command("open-boxes", "--round", 1)``
Command = Callable[..., "Told"]


@dataclass(frozen=True)
class Told:
    """How a command ended, and what it said on both channels."""

    code: int
    out: str
    err: str


def type_in(*words: object) -> Told:
    """Run a command in the environment as it is now."""
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        try:
            code = run.main([str(word) for word in words])
        except SystemExit as ended:  # argparse refuses this way
            code = int(str(ended.code))
    return Told(code, out.getvalue(), err.getvalue())
