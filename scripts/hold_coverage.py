"""Hold every module of the product to its share of branches, and print a table of what is below.

usage: python scripts/hold_coverage.py coverage.json [percent]
Reads the report that ``coverage json`` writes. Branches count in ``portal/`` and ``models/`` (a module
without branches: its lines). Ends with 1 where a module is below.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

HELD = ("portal/", "models/")
PERCENT = 90.0


def share(summary: dict[str, Any]) -> float:
    """Percent of a module's branches that tests took; of its lines where it has no branches."""
    branches, lines = summary["num_branches"], summary["num_statements"]
    if branches:
        return float(100 * summary["covered_branches"] / branches)
    return float(100 * summary["covered_lines"] / lines) if lines else 100.0


def below(report: dict[str, Any], percent: float) -> list[tuple[float, str]]:
    """The held modules below the percentage, lowest first."""
    shares = [
        (share(found["summary"]), name) for name, found in report["files"].items() if name.startswith(HELD)
    ]
    return sorted((had, name) for had, name in shares if had < percent)


def main() -> int:
    """Print the table; 1 where a module is below."""
    report = json.loads(Path(sys.argv[1]).read_text())
    percent = float(sys.argv[2]) if len(sys.argv) > 2 else PERCENT
    low = below(report, percent)
    for had, name in low:
        print(f"{had:5.1f} %  {name}")
    held = sum(name.startswith(HELD) for name in report["files"])
    total = report["totals"]["percent_branches_covered"]
    print(
        f"{held - len(low)} of {held} modules have {percent:g} % of their branches; the whole {total:.1f} %"
    )
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
