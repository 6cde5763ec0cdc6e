"""Finders of templates, macros and texts that nothing asks for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from jinja2 import Environment, nodes

_JINJA = Environment(extensions=["jinja2.ext.i18n"])
#: a part of a name that is known only when the page is made
_ANY = "[^/]+"


@cache
def _tree(text: str) -> nodes.Template:
    return _JINJA.parse(text)


@cache
def strings_of(name: str, text: str) -> set[str]:
    """Every string that a file of Python or Jinja spells out."""
    found = (
        _tree(text).find_all(nodes.Const)
        if name.endswith(".html")
        else (one for one in ast.walk(ast.parse(text)) if isinstance(one, ast.Constant))
    )
    return {one.value for one in found if isinstance(one.value, str)}


def composed(name: str, text: str) -> Iterator[str]:
    """Names of templates that a file puts together, as patterns."""
    if name.endswith(".html"):
        for made in _tree(text).find_all(nodes.Concat):
            yield _pattern(one.value if isinstance(one, nodes.Const) else None for one in made.nodes)
        return
    for joined in ast.walk(ast.parse(text)):
        if isinstance(joined, ast.JoinedStr):
            yield _pattern(one.value if isinstance(one, ast.Constant) else None for one in joined.values)


def _pattern(parts: Iterable[object]) -> str:
    return "".join(re.escape(part) if isinstance(part, str) else _ANY for part in parts)


def dead_templates(templates: Mapping[str, str], code: Mapping[str, str]) -> set[str]:
    """Templates (name: text) that no other one and no Python file (path: text) names."""
    every = [*templates.items(), *code.items()]
    named = {string for path, text in every for string in strings_of(path, text)}
    patterns = {one for path, text in every for one in composed(path, text) if one.endswith(r"\.html")}
    left = templates.keys() - named
    return {name for name in left if not any(re.fullmatch(one, name) for one in patterns)}


def dead_macros(templates: Mapping[str, str], code: Mapping[str, str]) -> set[str]:
    """Macros ("template: macro") that their own template, an importing one and Python leave alone.

    What a frame imports its pages have too, so a word for an imported template is the same everywhere.
    """
    trees = {name: _tree(text) for name, text in templates.items()}
    imports = [one for tree in trees.values() for one in tree.find_all((nodes.Import, nodes.FromImport))]
    called = {
        (one.node.name, one.attr)
        for tree in trees.values()
        for one in tree.find_all(nodes.Getattr)
        if isinstance(one.node, nodes.Name)
    }
    asked = {found for one in imports for found in _asked_of(one, called)}
    strings = {string for path, text in code.items() for string in strings_of(path, text)}
    return {
        f"{name}: {macro.name}"
        for name, tree in trees.items()
        for macro in tree.find_all(nodes.Macro)
        if (name, macro.name) not in asked
        and macro.name not in strings
        and macro.name not in {one.name for one in tree.find_all(nodes.Name)}
    }


def _asked_of(taken: nodes.Stmt, called: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """(template, macro) that are called through an import."""
    assert isinstance(taken, nodes.Import | nodes.FromImport)
    assert isinstance(taken.template, nodes.Const), "an import of a name known only at run time"
    template = taken.template.value
    if isinstance(taken, nodes.FromImport):
        return {(template, name if isinstance(name, str) else name[0]) for name in taken.names}
    return {(template, name) for word, name in called if word == taken.target}
