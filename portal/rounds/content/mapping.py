"""Tables of others, read as they are: somebody says which column is what, and rows of sheets come out.

What comes out goes the way of a workbook: its differences are shown, its faults at the rows of the sent file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.agency import KIND_NAMES, AgencyKind, AgencySize
from models.thai import one_line
from portal.content.year import YearContent
from portal.core.imports.foreign import ForeignTable
from portal.core.texts import lazy
from portal.rounds.content.sheets import kept

#: rows of a sheet with the numbers that they have in the file
Numbered = list[tuple[int, dict[str, str]]]
#: what stands between the choices of a scale in one cell
BETWEEN = "|"


@dataclass(frozen=True)
class Part:
    """One thing that a column of a table may say. ``given``: may be said once for all rows instead."""

    name: str
    title: Any
    needed: bool = False
    given: bool = False
    #: headings by which it is known, in small letters, beside its own name
    known_as: tuple[str, ...] = ()


@dataclass(frozen=True)
class Target:
    """A kind of table: what its columns may say, and how its rows become rows of sheets."""

    name: str
    title: Any
    parts: tuple[Part, ...]
    sheets: Callable[[Numbered, YearContent], dict[str, Numbered]]


@dataclass(frozen=True)
class Choice:
    """What somebody said of a table: a heading for each part, words for all rows, which rows are meant."""

    target: str
    columns: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    #: only rows in which the column of this heading says this; "" where all rows are meant
    where: tuple[str, str] = ("", "")


def mapped(table: ForeignTable, choice: Choice, current: YearContent) -> dict[str, Numbered]:
    """The rows of sheets that a table says, in the place of those that the round has."""
    target = TARGETS[choice.target]
    heading, value = choice.where
    rows: Numbered = []
    for number, cells in table.rows:
        if heading and cells.get(heading, "") != value:
            continue
        said = dict(choice.given)
        said |= {name: cells.get(column, "") for name, column in choice.columns.items() if column}
        rows.append((number, {name: words.strip() for name, words in said.items()}))
    return target.sheets(rows, current)


def guessed(table: ForeignTable, target: Target) -> dict[str, str]:
    """Which column says what, as its heading suggests."""
    by_heading = {_folded(heading): heading for heading in table.headings}
    found: dict[str, str] = {}
    for part in target.parts:
        for name in (part.name, str(part.title), *part.known_as):
            heading = by_heading.get(_folded(name))
            if heading is not None and heading not in found.values():
                found[part.name] = heading
                break
    return found


def _folded(heading: str) -> str:
    return one_line(heading).casefold().replace(" ", "_")


# -- how rows become rows of sheets ---------------------------------------------------------------------


def _plain(sheet: str) -> Callable[[Numbered, YearContent], dict[str, Numbered]]:
    """The parts are the columns of one sheet."""

    def rows_of(rows: Numbered, _current: YearContent) -> dict[str, Numbered]:
        return {sheet: rows}

    return rows_of


def _items(rows: Numbered, _current: YearContent) -> dict[str, Numbered]:
    found: Numbered = []
    for number, said in rows:
        own = said.pop("part", "") or said.get("indicator", "")
        found.append((number, {**said, "indicator": own}))
    return {"items": found}


def _indicators(rows: Numbered, current: YearContent) -> dict[str, Numbered]:
    """Instruments, indicators and their parts from one table; each is told once, in the order of the rows."""
    instruments: dict[str, tuple[int, dict[str, str]]] = {}
    indicators: dict[tuple[str, str], tuple[int, dict[str, str]]] = {}
    for number, said in rows:
        code = said.get("instrument", "").casefold()
        own = {"instrument": code, "name": said.get("instrument_name", ""), "weight": said.get("weight", "")}
        instruments.setdefault(code, (number, own))
        for name, words, parent in (
            (said.get("indicator", ""), said.get("indicator_name", ""), ""),
            (said.get("part", ""), said.get("part_name", ""), said.get("indicator", "")),
        ):
            row = {"instrument": code, "code": name, "parent": parent, "name": words}
            if name:
                indicators.setdefault((code, name), (number, row))
    ordered = sorted(indicators.values(), key=lambda row: (row[1]["instrument"], row[0]))
    return {
        "instruments": _over(current, "instruments", list(instruments.values()), "instrument"),
        "indicators": _beside(current, "indicators", list(ordered)),
    }


def _questions(rows: Numbered, current: YearContent) -> dict[str, Numbered]:
    """Questions of one survey or both, and the scales that their rows spell out."""
    scales = _Scales(current)
    lines: dict[tuple[str, str], Numbered] = {}
    for number, said in rows:
        own = {**said, "instrument": said.get("instrument", "").casefold()}
        own["scale"] = scales.code_of(own.get("scale", ""), own.pop("labels", ""), own.pop("points", ""))
        lines.setdefault((own["instrument"], own.get("code", "")), []).append((number, own))
    found = [row for question in lines.values() for row in _question(question)]
    return {"questions": _beside(current, "questions", found), "scales": scales.rows()}


def _question(lines: Numbered) -> Iterator[tuple[int, dict[str, str]]]:
    """What is said of the question stands in the first row; a line on another scale names it."""
    first = lines[0][1]
    for place, (number, said) in enumerate(lines, start=1):
        row = {
            "instrument": said["instrument"],
            "code": said.get("code", ""),
            "line": said.get("line") or str(place),
            "line_text": said.get("line_text", ""),
        }
        if place == 1:
            row |= {name: said.get(name, "") for name in ("indicator", "text", "note", "scale")}
        elif said["scale"] != first["scale"]:
            row["line_scale"] = said["scale"]
        yield number, row


class _Scales:
    """The scales of the round, and those that a table spells out: the same choices and points are one."""

    def __init__(self, current: YearContent) -> None:
        self._rows = kept(current)["scales"]
        self._codes: dict[tuple[tuple[str, ...], tuple[str, ...]], str] = {}
        by_code: dict[str, list[dict[str, str]]] = {}
        for row in self._rows:
            by_code.setdefault(row["code"], []).append(row)
        for code, rows in by_code.items():
            labels = tuple(row["label"] for row in rows)
            self._codes[labels, tuple(row.get("points", "") for row in rows)] = code

    def code_of(self, name: str, labels: str, points: str) -> str:
        """The code of the scale that a row spells out; without choices the name itself."""
        if not labels:
            return name
        key = (_split(labels), _split(points))
        if key not in self._codes:
            code = self._free(name or "S")
            self._codes[key] = code
            for place, label in enumerate(key[0], start=1):
                worth = key[1][place - 1] if place <= len(key[1]) else ""
                self._rows.append({"code": code, "place": str(place), "label": label, "points": worth})
        return self._codes[key]

    def _free(self, name: str) -> str:
        known, code, number = set(self._codes.values()), name, 2
        while code in known:
            code, number = f"{name}_{number}", number + 1
        return code

    def rows(self) -> Numbered:
        """The rows of the sheet of scales."""
        return list(enumerate(self._rows, start=2))


def _split(cell: str) -> tuple[str, ...]:
    return tuple(one_line(words) for words in cell.split(BETWEEN))


def _samples(rows: Numbered, _current: YearContent) -> dict[str, Numbered]:
    """Minimum samples of groups; a group in words names its kind, and its province's size behind "size"."""
    found: Numbered = []
    for number, said in rows:
        words = said.pop("group", "")
        found.append((number, {**group_of(words), **{name: cell for name, cell in said.items() if cell}}))
    return {"samples": found}


def group_of(words: str) -> dict[str, str]:
    """The kind of agency and the size class of its province that a group's name says."""
    text = one_line(words)
    kinds = [kind for kind in AgencyKind if text.startswith(KIND_NAMES[kind])]
    found = {"agency_kind": kinds[0].value} if kinds else {}
    tail = text.rsplit(" ", 1)[-1]
    if "จังหวัด" in text and tail in {size.value for size in AgencySize}:
        found["province_size"] = tail
    return found


def _over(current: YearContent, sheet: str, rows: Numbered, key: str) -> Numbered:
    """The round's rows with these in the place of those of the same key."""
    told = {row[key]: (number, row) for number, row in rows}
    was = enumerate(kept(current)[sheet], start=2)
    return [told.get(row[key], (number, row)) for number, row in was]


def _beside(current: YearContent, sheet: str, rows: Numbered) -> Numbered:
    """The round's rows of instruments that the table does not speak of, and these."""
    told = {row["instrument"] for _number, row in rows}
    was = enumerate(kept(current)[sheet], start=2)
    return [*((number, row) for number, row in was if row["instrument"] not in told), *rows]


# -- the kinds of tables ----------------------------------------------------------------------------------

_INSTRUMENT = Part("instrument", lazy("Instrument"), needed=True, given=True)
_CODE = Part("code", lazy("Code"), needed=True)


def _targets() -> Iterable[Target]:
    yield Target(
        "items",
        lazy("OIT items"),
        (
            _CODE,
            Part("indicator", lazy("Indicator"), needed=True, known_as=("indicator_no",)),
            Part("part", lazy("Sub-indicator"), known_as=("sub_indicator_no",)),
            Part("title", lazy("What is disclosed"), needed=True, known_as=("title_th",)),
            Part("criterion", lazy("Criterion"), known_as=("criteria_th",)),
            Part("example", lazy("Example")),
            Part("kinds", lazy("Kinds of agencies")),
        ),
        _items,
    )
    yield Target(
        "questions",
        lazy("Questions"),
        (
            _INSTRUMENT,
            _CODE,
            Part("line", lazy("Number of the line"), known_as=("sub_no",)),
            Part("indicator", lazy("Indicator"), needed=True, known_as=("indicator_no",)),
            Part("text", lazy("Text"), needed=True, known_as=("question_th",)),
            Part("line_text", lazy("Text of the line"), known_as=("sub_item_th",)),
            Part("note", lazy("Note for respondents"), known_as=("note_th",)),
            Part("scale", lazy("Scale"), needed=True),
            Part("labels", lazy("Choices, with | between"), known_as=("option_labels_th",)),
            Part("points", lazy("Points of the choices, with | between"), known_as=("option_points",)),
        ),
        _questions,
    )
    yield Target(
        "indicators",
        lazy("Instruments and indicators"),
        (
            _INSTRUMENT,
            Part("instrument_name", lazy("Name of the instrument"), known_as=("instrument_name_th",)),
            Part("weight", lazy("Weight"), known_as=("instrument_weight_pct",)),
            Part("indicator", lazy("Indicator"), needed=True, known_as=("indicator_no",)),
            Part("indicator_name", lazy("Name of the indicator"), needed=True, known_as=("indicator_th",)),
            Part("part", lazy("Sub-indicator"), known_as=("sub_indicator_no",)),
            Part("part_name", lazy("Name of the sub-indicator"), known_as=("sub_indicator_th",)),
        ),
        _indicators,
    )
    yield Target(
        "bands",
        lazy("Grades"),
        (
            Part("grade", lazy("Grade"), needed=True),
            Part("lower", lazy("From (score)"), needed=True, known_as=("min",)),
            Part("passes", lazy("Passes the assessment")),
        ),
        _plain("bands"),
    )
    yield Target(
        "groups",
        lazy("Roster groups"),
        (
            Part("place", lazy("Number"), needed=True, known_as=("order",)),
            Part("name", lazy("Name of the group"), needed=True, known_as=("category_th",)),
        ),
        _plain("groups"),
    )
    yield Target(
        "samples",
        lazy("Minimum samples"),
        (
            _INSTRUMENT,
            Part("group", lazy("Group of agencies in words"), known_as=("agency_group_th",)),
            Part("agency_kind", lazy("Kind of agency")),
            Part("agency_size", lazy("Size")),
            Part("province_size", lazy("Size of the province")),
            Part("upto", lazy("Up to (people)")),
            Part("fixed", lazy("Answers"), known_as=("eit_part1_minimum",)),
            Part("percent", lazy("or percent")),
        ),
        _samples,
    )


TARGETS: dict[str, Target] = {target.name: target for target in _targets()}


def missing_parts(choice: Choice) -> Sequence[Part]:
    """The parts that a table must say and that no column was named for."""
    target = TARGETS[choice.target]
    said = {name for name, words in (*choice.columns.items(), *choice.given.items()) if words}
    return [part for part in target.parts if part.needed and part.name not in said]
