"""A mutant in the place of the real module, in a process where everything is imported already.

A fault inside functions: they run the mutant's code. A fault in a table: it is made anew, with the tables
made from it. What else runs at import (classes, defaults, decorators) cannot be changed afterwards.
"""

from __future__ import annotations

import ast
import gc
import sys
from dataclasses import dataclass
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

_IS_FUNCTION = 0x1  # CO_OPTIMIZED: neither a module nor a class body


# -- functions -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Functions:
    """The changed functions of a file, by their qualified names."""

    path: str
    codes: dict[str, CodeType]

    def take_place(self) -> None:
        """Let the functions of the process, wrapped or not, run the mutant's code."""
        for function in functions_of(self.path):
            function.__code__ = self.codes.get(function.__code__.co_qualname, function.__code__)


def changed_functions(before: str, after: str, path: str) -> Functions | None:
    """The functions that a fault changed; None where it changed anything else."""
    old, new = (compile(text, path, "exec") for text in (before, after))
    changed: dict[str, CodeType] = {}
    return Functions(path, changed) if _collect(old, new, changed) else None


def _collect(old: CodeType, new: CodeType, changed: dict[str, CodeType]) -> bool:
    """Gather the changed functions of a module or class body; False where the body itself changed."""
    if _own(old) != _own(new):
        return False
    for one, other in zip(_inner(old), _inner(new), strict=True):
        if one == other:
            continue
        if one.co_flags & _IS_FUNCTION:
            if one.co_freevars != other.co_freevars or one.co_name.startswith("<"):
                return False
            changed[other.co_qualname] = other
        elif not _collect(one, other, changed):
            return False
    return True


def _own(code: CodeType) -> tuple[object, ...]:
    constants = [(type(value), value) for value in code.co_consts if not isinstance(value, CodeType)]
    return code.co_code, code.co_names, constants, [inner.co_name for inner in _inner(code)]


def _inner(code: CodeType) -> list[CodeType]:
    return [value for value in code.co_consts if isinstance(value, CodeType)]


def lines_of(code: CodeType) -> set[int]:
    """The lines of a function that run when it is called, with those of functions inside it."""
    own = {line for _start, _end, line in code.co_lines() if line} - {code.co_firstlineno}
    return own.union(*(lines_of(inner) for inner in _inner(code)))


@cache
def functions_of(path: str) -> list[FunctionType]:
    """Every function of the process that stands in a file."""
    every = (thing for thing in gc.get_objects() if isinstance(thing, FunctionType))
    return [function for function in every if function.__code__.co_filename == path]


# -- tables ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tables:
    """The statements that make the changed table and those that depend on it, with the names they give."""

    path: str
    statements: list[ast.stmt]
    names: list[str]

    def take_place(self) -> None:
        """Make the tables anew, for the module and for all that imported them by their names."""
        module = next(found for found in _modules() if getattr(found, "__file__", "") == self.path)
        before = {name: vars(module)[name] for name in self.names}
        made = compile(ast.Module(self.statements, []), self.path, "exec")
        exec(made, vars(module))  # noqa: S102 - the module's own text
        for name, old in before.items():
            _replace(name, old, vars(module)[name])


def changed_tables(before: str, after: str, path: str) -> Tables | None:
    """The tables that a fault changed; None where it changed anything else."""
    old, new = ast.parse(before).body, ast.parse(after).body
    if len(old) != len(new):
        return None
    changed = [other for one, other in zip(old, new, strict=True) if ast.dump(one) != ast.dump(other)]
    if len(changed) != 1 or not _name_of(changed[0]):
        return None
    statements, names = [changed[0]], [_name_of(changed[0])]
    for statement in new[new.index(changed[0]) + 1 :]:
        name = _name_of(statement)
        if name and any(isinstance(node, ast.Name) and node.id in names for node in ast.walk(statement)):
            statements.append(statement)
            names.append(name)
    return Tables(path, statements, names)


def _name_of(statement: ast.stmt) -> str:
    match statement:
        case ast.Assign([ast.Name(name)]) | ast.AnnAssign(ast.Name(name), value=ast.expr()):
            return name
    return ""


def _replace(name: str, old: Any, new: Any) -> None:
    holders = [
        module for module in _modules() if vars(module).get(name) is old or vars(module).get(name) is new
    ]
    if isinstance(old, dict):  # whoever holds it sees the change
        content = dict(new)
        old.clear()
        old.update(content)
        new = old
    for module in holders:
        vars(module)[name] = new


def _modules() -> list[ModuleType]:
    return [found for found in sys.modules.values() if isinstance(found, ModuleType)]
