"""Finders of code that nothing asks for.

Vulture knows names only: it sees methods and attributes too, and takes ``decode`` for used where anybody
calls any ``decode``. ``unasked`` follows imports, so that it tells whose name it is, at the top of a module.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from vulture import Vulture

from config import ROOT

#: file, line, name
Found = tuple[Path, int, str]
#: what stands under one of these is called by whom it is handed to
HANDED_OVER = [
    "@*.get",
    "@*.post",
    "@*.route",
    "@expose",
    "@row_action",
    "@*.app_context_processor",
    "@*.errorhandler",
    "@job_kind",
    "@duty",
    "@converts",
    "@validates",
    "@*.listens_for",
    "@*.inplace.expression",
]


def unused(files: Mapping[Path, str]) -> list[Found]:
    """What no file names, by Vulture."""
    finder = Vulture(ignore_decorators=HANDED_OVER)
    for path, text in files.items():
        finder.scan(text, filename=path)
    return [
        (Path(item.filename), item.first_lineno, str(item.name))
        for item in finder.get_unused_code(min_confidence=60)
    ]


def unasked(files: Mapping[Path, str]) -> list[Found]:
    """Names at the top of a module that neither it nor an import asks for."""
    nodes = {path: list(ast.walk(ast.parse(text))) for path, text in files.items()}
    every = [node for found in nodes.values() for node in found]
    imported = {
        (node.module, alias.name)
        for node in every
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    attributes = {node.attr for node in every if isinstance(node, ast.Attribute)}
    found = []
    for path, inside in nodes.items():
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        package, _, last = module.rpartition(".")
        asked = {node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        asked |= attributes if (package, last) in imported else set()
        found += [
            (path, line, name)
            for name, line in _tops(inside[0])
            if name not in asked and (module, name) not in imported
        ]
    return found


def _tops(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Names that a module gives at its top: functions handed to nobody, classes, values."""
    assert isinstance(tree, ast.Module)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.decorator_list:
            yield node.name, node.lineno
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((one.id, node.lineno) for one in targets if isinstance(one, ast.Name))
