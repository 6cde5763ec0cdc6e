"""usage: python -m scripts.sbom [FILE]

Writes the bill of materials of this checkout (build/sbom.cdx.json), checks it against the schema of
CycloneDX, and says what it holds. Its time is that of the commit, or SOURCE_DATE_EPOCH where that is set.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from scripts.sbom.making import ROOT, check, document

OUT = ROOT / "build" / "sbom.cdx.json"


def _git(*arguments: str) -> str:
    """What git says, "" where this is no checkout."""
    try:
        said = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return said.stdout.strip()


def moment() -> datetime:
    """When what is described was made: the commit's time, so that the same commit gives the same file."""
    given = os.environ.get("SOURCE_DATE_EPOCH") or _git("log", "-1", "--format=%ct") or "0"
    return datetime.fromtimestamp(int(given), UTC)


def main(arguments: list[str]) -> int:
    """Write, check, and say. Raises NotValid."""
    file = Path(arguments[0]) if arguments else OUT
    text = document(_git("rev-parse", "HEAD"), moment())
    check(text)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    components = json.loads(text)["components"]
    kinds = Counter(one["bom-ref"].partition(":")[0] for one in components)
    silent = [one["name"] for one in components if "licenses" not in one]
    print(f"{file}: CycloneDX, as its schema has it")
    print(
        f"packages of Python: {kinds['pkg']}, shipped: {kinds['shipped']}, of the system: {kinds['system']}"
    )
    print(f"without a licence that is known here: {', '.join(silent) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
