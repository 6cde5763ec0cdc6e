"""What a command says when it did nothing."""

from __future__ import annotations

import sys

from portal.core.errors import UserError


def say(error: Exception) -> int:
    """Print why, on the error channel; gives the exit code. Needs an application context."""
    print(error.message if isinstance(error, UserError) else error, file=sys.stderr)
    return 1
