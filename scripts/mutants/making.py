"""The mutants of a module's text: those of cosmic-ray that say something here, and a few of our own.

Ours are for tables, which the usual ones leave alone: an entry is dropped, a name of an enum stands for
another. Left out are type annotations, what is only logged, and ``strict`` of a zip.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

_COMPARISONS = (
    "Eq_NotEq",
    "NotEq_Eq",
    "Lt_LtE",
    "Lt_GtE",
    "LtE_Lt",
    "LtE_Gt",
    "Gt_GtE",
    "Gt_LtE",
    "GtE_Gt",
    "GtE_Lt",
    "Is_IsNot",
    "IsNot_Is",
)
_ARITHMETIC = (
    "Add_Sub",
    "Sub_Add",
    "Mul_Div",
    "Div_Mul",
    "FloorDiv_Mul",
    "Mod_Mul",
    "BitOr_BitAnd",
    "BitAnd_BitOr",
)
OPERATORS = (
    *(f"ReplaceComparisonOperator_{name}" for name in _COMPARISONS),
    *(f"ReplaceBinaryOperator_{name}" for name in _ARITHMETIC),
    "ReplaceUnaryOperator_Delete_Not",
    "ReplaceUnaryOperator_USub_UAdd",
    "AddNot",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ExceptionReplacer",
    "NumberReplacer",
    "RemoveDecorator",
    "ZeroIterationForLoop",
)
#: functions whose names are told apart by nothing but a test
_PAIRS = {"min": "max", "max": "min", "any": "all", "all": "any"}
_SHAPES = {"cached_property", "classmethod", "contextmanager", "dataclass", "property", "staticmethod"}
Place = tuple[int, int]


@dataclass(frozen=True)
class Mutant:
    """One fault: the line before and after, the whole text of the module with it, and the key of the fault.

    The key names it as long as the function, class or table around it stays as it is.
    """

    path: str
    line: int
    before: str
    after: str
    text: str
    key: str


def mutants_of(path: str, text: str) -> list[Mutant]:
    """All mutants of a module, from its first line to its last, each text once."""
    tree = ast.parse(text)
    silent = list(_silent(tree))
    found: dict[str, Mutant] = {}
    for place, changed in (*_cosmic(text), *_ours(tree, text)):
        if any(start <= place < end for start, end in silent) or not _compiles(changed):
            continue
        mutant = _mutant(path, text, changed)
        if mutant.after != mutant.before.replace("*,", "/,"):  # the star of parameters is no product
            found.setdefault(changed, mutant)
    return sorted(found.values(), key=lambda mutant: (mutant.line, mutant.after))


def _mutant(path: str, text: str, changed: str) -> Mutant:
    pairs = zip(text.split("\n"), changed.split("\n"), strict=False)
    line, before, after = next((n, a, b) for n, (a, b) in enumerate(pairs, 1) if a != b)
    statement = next(found for found in ast.parse(changed).body if line <= (found.end_lineno or 0))
    around = ast.get_source_segment(changed, statement) or ""
    key = hashlib.sha256("\0".join((path, around, before, after)).encode()).hexdigest()[:16]
    return Mutant(path, line, before.strip(), after.strip(), changed, key)


def _compiles(text: str) -> bool:
    try:
        compile(text, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _cosmic(text: str) -> Iterator[tuple[Place, str]]:
    nodes = list(ast_nodes(get_ast(text)))
    for name in OPERATORS:
        operator = get_operator(f"core/{name}")()
        places = [start for node in nodes for start, _end in operator.mutation_positions(node)]
        for occurrence, place in enumerate(places):
            changed = mutate_code(text, operator, occurrence)
            if changed is not None and changed != text:
                yield place, changed


def _ours(tree: ast.Module, text: str) -> Iterator[tuple[Place, str]]:
    lines = [line.encode() for line in text.split("\n")]
    members = _members(tree)
    for node in ast.walk(tree):
        for start, end, new in _edits(node, members):
            yield start, _edited(lines, start, end, new)


Edit = tuple[Place, Place, str]


def _edits(node: ast.AST, members: dict[str, list[str]]) -> Iterator[Edit]:
    match node:
        case ast.Set(elts) | ast.List(elts) | ast.Tuple(elts) if len(elts) > 1 and _is_read(node):
            yield from _dropped([(_start(item), _end(item)) for item in elts])
        case ast.Dict(keys, values) if len(keys) > 1 and all(keys):
            yield from _dropped([(_start(k), _end(v)) for k, v in zip(keys, values, strict=True) if k])
        case ast.Expr(ast.Call()) | ast.Raise():
            yield _start(node), _end(node), "pass"
        case ast.Attribute(ast.Name(owner), name) if len(members.get(owner, ())) > 1:
            others = members[owner]
            if name in others:
                yield _start(node), _end(node), f"{owner}.{others[(others.index(name) + 1) % len(others)]}"
        case ast.Call(ast.Name(name) as called) if name in _PAIRS:
            yield _start(called), _end(called), _PAIRS[name]
        case ast.Compare(left, [ast.In()], [right]):
            yield _end(left), _start(right), " not in "
        case ast.Compare(left, [ast.NotIn()], [right]):
            yield _end(left), _start(right), " in "


def _is_read(node: ast.AST) -> bool:
    return isinstance(getattr(node, "ctx", ast.Load()), ast.Load)


def _dropped(items: list[tuple[Place, Place]]) -> Iterator[Edit]:
    """Each item with the comma behind it; the last with the comma before it."""
    for (start, _), (following, _) in pairwise(items):
        yield start, following, ""
    yield items[-2][1], items[-1][1], ""


def _members(tree: ast.Module) -> dict[str, list[str]]:
    """The members of enums that the module names, in the order in which it names them."""
    found: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner, name = node.value.id, node.attr
            if owner[0].isupper() and name.isupper() and name not in found.setdefault(owner, []):
                found[owner].append(name)
    return found


def _edited(lines: list[bytes], start: Place, end: Place, new: str) -> str:
    """The text with a stretch replaced; line breaks inside it stay, so that no other line moves."""
    (row, column), (last, stop) = start, end
    blank = [b""] * (last - row)
    first, rest = lines[row - 1][:column] + new.encode(), lines[last - 1][stop:]
    # what is dropped stands in brackets, where a line may break; "pass" stands for a whole statement
    middle = [first + rest, *blank] if new else [first, *blank[1:], rest] if blank else [first + rest]
    return b"\n".join([*lines[: row - 1], *middle, *lines[last:]]).decode()


def _silent(tree: ast.Module) -> Iterator[tuple[Place, Place]]:
    """Where a fault changes nothing that runs: annotations, and what is only logged."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from ((_at(mark), _end(mark)) for mark in node.decorator_list if _shapes(mark))
        match node:
            case ast.AnnAssign(annotation=note) | ast.arg(annotation=note) if note is not None:
                yield _start(note), _end(note)
            case ast.FunctionDef(returns=note) if note is not None:
                yield _start(note), _end(note)
            case ast.Expr(ast.Call(ast.Attribute(ast.Name("log")))):
                yield _start(node), _end(node)
            case ast.Call(ast.Name("TypeVar" | "cast")) | ast.keyword("strict"):
                yield _start(node), _end(node)


def _shapes(mark: ast.expr) -> bool:
    """A decorator without which nothing would work at all, so that every test notices."""
    name = mark.func if isinstance(mark, ast.Call) else mark
    return isinstance(name, ast.Name) and name.id in _SHAPES


def _at(mark: ast.expr) -> Place:
    return mark.lineno, mark.col_offset - 1  # with its @


def _start(node: ast.AST) -> Place:
    return node.lineno, node.col_offset


def _end(node: ast.AST) -> Place:
    return node.end_lineno or 0, node.end_col_offset or 0
