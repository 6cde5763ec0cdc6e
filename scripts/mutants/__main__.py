"""usage: python -m scripts.mutants [--show] [module ...]

Tries the mutants of every module named in pyproject.toml ([[tool.mutants]]), or of those given, and prints a
table and the survivors. It may be stopped and goes on: what was tried stands in .mutants/. A killed mutant is
tried again when the function or table around it changes, a survivor also when its tests change. --show tries
nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.mutants import trying
from scripts.mutants.making import Mutant, mutants_of

KEPT = Path(".mutants")
ALIVE = ("survived", "unreached")


@dataclass(frozen=True)
class Group:
    """Modules and the tests that should notice a fault in them, the nearest first."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]

    def digest(self) -> str:
        """Names the tests as they are now."""
        files = sorted(found for test in self.tests for found in _python_of(Path(test)))
        return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


def _python_of(path: Path) -> Iterator[Path]:
    yield from path.rglob("*.py") if path.is_dir() else [path]


def groups_of(wanted: list[str]) -> list[Group]:
    """The groups of pyproject.toml, with the wanted modules only (all, if none is named)."""
    tables = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["mutants"]
    groups = []
    for table in tables:
        modules = sorted(str(found) for pattern in table["modules"] for found in Path().glob(pattern))
        chosen = tuple(name for name in modules if not wanted or name in wanted)
        if chosen:
            groups.append(Group(chosen, tuple(table["tests"])))
    return groups


class Results:
    """What became of each mutant, one line of a file each; the last line about a mutant holds."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.found: dict[str, dict[str, str]] = {}
        if file.exists():
            for line in file.read_text().splitlines():
                entry = json.loads(line)
                self.found[entry["key"]] = entry

    def add(self, mutant: Mutant, outcome: str, tests: str) -> None:
        """Keep an outcome at once, from whichever process."""
        entry = {"key": mutant.key, "outcome": outcome, "tests": tests}
        with self.file.open("a") as lines:
            lines.write(json.dumps(entry) + "\n")

    def of(self, mutant: Mutant, tests: str) -> str:
        """The outcome that still holds; empty where there is none."""
        entry = self.found.get(mutant.key)
        if entry is None or (entry["outcome"] in ALIVE and entry["tests"] != tests):
            return ""
        return entry["outcome"]


def try_group(group: Group, file: Path) -> None:
    """Try what is open of a group: what can be tried in a ready session first, in a process of its own."""
    tests = group.digest()

    def tell(mutant: Mutant, outcome: str) -> None:
        Results(file).add(mutant, outcome, tests)

    ready = [(mutant, change) for mutant in _open(group, file) if (change := trying.change_of(mutant))]
    if ready:
        child = os.fork()
        if child == 0:
            os._exit(trying.try_ready(ready, list(group.tests), first_told(tell)))
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0:
            raise trying.Trouble(" ".join(group.tests))
    trying.try_imported(_open(group, file), list(group.tests), tell)


def first_told(tell: trying.Told) -> trying.Told:
    """A fault in a table that no test notices in a ready session is not told: it is open still."""

    def tell_first(mutant: Mutant, outcome: str) -> None:
        if outcome not in ALIVE or isinstance(trying.change_of(mutant), trying.Functions):
            tell(mutant, outcome)

    return tell_first


def _open(group: Group, file: Path) -> list[Mutant]:
    results, tests = Results(file), group.digest()
    return [mutant for mutant in all_mutants(group) if not results.of(mutant, tests)]


def all_mutants(group: Group) -> list[Mutant]:
    """The mutants of all modules of a group."""
    return [mutant for path in group.modules for mutant in mutants_of(path, Path(path).read_text())]


def show(groups: list[Group], file: Path) -> None:
    """The table of modules, and every mutant that no test noticed."""
    results = Results(file)
    survivors: list[str] = []
    print(f"{'module':42}{'mutants':>8}{'killed':>8}{'survived':>9}{'untried':>8}")
    for group in groups:
        tests = group.digest()
        for path in group.modules:
            mutants = mutants_of(path, Path(path).read_text())
            outcomes = {mutant: results.of(mutant, tests) for mutant in mutants}
            count = Counter(outcomes.values())
            alive = [mutant for mutant, outcome in outcomes.items() if outcome in ALIVE]
            killed = count["killed"] + count["endless"]
            print(f"{path:42}{len(mutants):8}{killed:8}{len(alive):9}{count['']:8}")
            survivors += [
                f"{path}:{mutant.line} ({outcomes[mutant]})\n    - {mutant.before}\n    + {mutant.after}"
                for mutant in alive
            ]
    print("", *survivors, sep="\n")


def main() -> int:
    """Try, unless only shown; then show. 1 where the tests of a group fail without any fault."""
    wanted = [name for name in sys.argv[1:] if name != "--show"]
    KEPT.mkdir(exist_ok=True)
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(KEPT / "hypothesis")
    file, groups = KEPT / "results.jsonl", groups_of(wanted)
    failing = 0
    for group in groups if "--show" not in sys.argv else []:
        try:
            try_group(group, file)
        except trying.Trouble as trouble:
            failing = 1
            print(f"These tests do not pass without any fault, so they tell nothing: {trouble}")
    show(groups, file)
    return failing


if __name__ == "__main__":
    sys.exit(main())
