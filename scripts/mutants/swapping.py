"""A mutant's functions in the place of the real ones, in a process where everything is imported already."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from types import CodeType, FunctionType

_IS_FUNCTION = 0x1  # CO_OPTIMIZED: neither a module nor a class body


def changed_functions(before: str, after: str, path: str) -> dict[str, CodeType] | None:
    """The functions that a fault changed, by their qualified names.

    None where it changed what runs at import (tables, defaults, decorators).
    """
    old, new = (compile(text, path, "exec") for text in (before, after))
    changed: dict[str, CodeType] = {}
    return changed if _collect(old, new, changed) else None


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


def functions_of(path: str) -> dict[str, list[FunctionType]]:
    """The functions that stand in a file, wrapped or not, by their qualified names."""
    found: dict[str, list[FunctionType]] = {}
    for function in _every_function():
        if function.__code__.co_filename == path:
            found.setdefault(function.__code__.co_qualname, []).append(function)
    return found


def _every_function() -> Iterator[FunctionType]:
    return (thing for thing in gc.get_objects() if isinstance(thing, FunctionType))


def swap(functions: dict[str, list[FunctionType]], changed: dict[str, CodeType]) -> None:
    """Let the functions of the process run the mutant's code. Raises LookupError where one is not there."""
    for name, code in changed.items():
        if not functions.get(name):
            raise LookupError(name)
        for function in functions[name]:
            function.__code__ = code
