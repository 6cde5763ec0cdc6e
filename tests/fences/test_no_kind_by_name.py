"""Kinds and sizes of agencies are rows: no programme knows one of them by its name.

What comes with one scheme does: its content, its demonstration, and what migrations have written.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import ROOT
from tests.support.kinds import codes

#: content, the demonstration, and what measures or attacks a made-up country
MAY = ("portal/content/", "portal/tools/")
FLOORS = ("models", "portal", "views", "survey_forms", "reports")


def sources() -> Iterator[Path]:
    for floor in FLOORS:
        for path in sorted(Path(ROOT, floor).rglob("*.py")):
            if not str(path.relative_to(ROOT)).startswith(MAY):
                yield path


def named_in(source: str) -> set[str]:
    """Kinds that a module names: by a code of theirs, by their constants, or as members of a class."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _called(node) in {"AgencyKind", "AgencySize"}:
            found |= {str(one.value) for one in node.args if isinstance(one, ast.Constant)}
        elif isinstance(node, ast.ImportFrom) and node.module == "portal.content":
            found |= {alias.name for alias in node.names if alias.name == "local"}
        elif isinstance(node, ast.ImportFrom) and node.module == "portal.content.local":
            found.add("local")
        elif isinstance(node, ast.Constant) and node.value in codes():
            found.add(str(node.value))
    return found


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def test_no_programme_names_a_kind() -> None:
    found = {
        str(path.relative_to(ROOT)): named for path in sources() if (named := named_in(path.read_text()))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    ["x = AgencyKind('pao')", "from portal.content import local", "from portal.content.local import PAO",
     "y = kind.code == 'sao'", "z = kinds.AgencySize('S')"],
)  # fmt: skip
def test_a_name_is_seen(source: str) -> None:
    assert named_in(source)
