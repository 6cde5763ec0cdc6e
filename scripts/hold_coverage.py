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
#: modules that are held lower, at what the quick tests on SQLite reach: the rest of them is PostgreSQL's or
#: the proof's, which `make cover` does not run, or one branch of few; none may fall further
LOWER = {
    "models/dispatch.py": 50.0,
    "portal/backup/contents.py": 78.0,
    "portal/backup/copying.py": 60.0,
    "portal/backup/postgres_tools.py": 12.0,
    "portal/backup/restoring.py": 60.0,
    "portal/backup/sealed_file.py": 85.0,
    "portal/backup/settling.py": 86.0,
    "portal/backup/troubles.py": 75.0,
    "portal/ballot/putting.py": 83.0,
    "portal/ballot/unsealer.py": 83.0,
    "portal/core/database/migrate.py": 87.0,
    "portal/core/database/rows.py": 75.0,
    "portal/core/hashing.py": 50.0,
    "portal/core/serving/lanes.py": 85.0,
    "portal/core/texts.py": 87.0,
    "portal/destruction/making.py": 75.0,
    "portal/tools/commands/backup.py": 66.0,
    "portal/tools/commands/restore.py": 62.0,
    "portal/tools/drill/clock_file.py": 50.0,
    "portal/tools/faults/disk.py": 87.0,
    "portal/watch/figures.py": 83.0,
}


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
    return sorted((had, name) for had, name in shares if had < min(percent, LOWER.get(name, percent)))


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
        f"{held - len(low)} of {held} modules have {percent:g} % of their branches, or what they are held at;"
        f" the whole {total:.1f} %"
    )
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
