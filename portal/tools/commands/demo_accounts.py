"""The demonstration's accounts, printed again."""

from __future__ import annotations

import sys

from flask import Flask

from portal.tools.demo import load


def run(app: Flask) -> int:
    """Print them, with a fresh code of the newcomer; 2 outside demonstration mode."""
    if not app.settings.demo:  # type: ignore[attr-defined]
        print("DEMO=0: a real installation has no demonstration accounts", file=sys.stderr)
        return 2
    load.print_accounts(app)
    return 0
