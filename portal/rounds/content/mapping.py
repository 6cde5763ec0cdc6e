"""Tables of others, read as they are: somebody says which column is what, and rows of sheets come out.

What comes out goes the way of a workbook: its differences are shown, its faults at the rows of the sent file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.content.year import YearContent
from portal.core.imports.foreign import ForeignTable
from portal.core.texts import lazy
from portal.rounds.content import foreign_rows
from portal.rounds.content.foreign_rows import Numbered


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


# -- the kinds of tables ----------------------------------------------------------------------------------

_INSTRUMENT = Part("instrument", lazy("Instrument"), needed=True, given=True)
_CODE = Part("code", lazy("Code"), needed=True, known_as=("ข้อ", "ข้อที่", "รหัสข้อ"))


def _targets() -> Iterable[Target]:
    yield Target(
        "items",
        lazy("OIT items"),
        (
            _CODE,
            Part("indicator", lazy("Indicator"), needed=True, known_as=("indicator_no", "ตัวชี้วัดที่")),
            Part("part", lazy("Sub-indicator"), known_as=("sub_indicator_no",)),
            Part(
                "title",
                lazy("What is disclosed"),
                needed=True,
                known_as=("title_th", "รายการ", "ชื่อรายการ", "ชื่อข้อ"),
            ),
            Part(
                "criterion", lazy("Criterion"), known_as=("criteria_th", "เกณฑ์การประเมิน", "องค์ประกอบด้านข้อมูล")
            ),
            Part("example", lazy("Example")),
            Part("kinds", lazy("Kinds of agencies")),
        ),
        foreign_rows.items,
    )
    yield Target(
        "questions",
        lazy("Questions"),
        (
            _INSTRUMENT,
            _CODE,
            Part("line", lazy("Number of the line"), known_as=("sub_no",)),
            Part("indicator", lazy("Indicator"), needed=True, known_as=("indicator_no", "ตัวชี้วัดที่")),
            Part("text", lazy("Text"), needed=True, known_as=("question_th", "คำถาม", "ข้อคำถาม")),
            Part("line_text", lazy("Text of the line"), known_as=("sub_item_th", "ข้อย่อย")),
            Part("note", lazy("Note for respondents"), known_as=("note_th",)),
            Part("scale", lazy("Scale"), needed=True),
            Part("labels", lazy("Choices, with | between"), known_as=("option_labels_th",)),
            Part("points", lazy("Points of the choices, with | between"), known_as=("option_points",)),
        ),
        foreign_rows.questions,
    )
    yield Target(
        "indicators",
        lazy("Instruments and indicators"),
        (
            _INSTRUMENT,
            Part("instrument_name", lazy("Name of the instrument"), known_as=("instrument_name_th",)),
            Part("weight", lazy("Weight"), known_as=("instrument_weight_pct",)),
            Part("indicator", lazy("Indicator"), needed=True, known_as=("indicator_no", "ตัวชี้วัดที่")),
            Part("indicator_name", lazy("Name of the indicator"), needed=True, known_as=("indicator_th",)),
            Part("part", lazy("Sub-indicator"), known_as=("sub_indicator_no",)),
            Part("part_name", lazy("Name of the sub-indicator"), known_as=("sub_indicator_th",)),
        ),
        foreign_rows.indicators,
    )
    yield Target(
        "bands",
        lazy("Grades"),
        (
            Part("grade", lazy("Grade"), needed=True, known_as=("ระดับ",)),
            Part("lower", lazy("From (score)"), needed=True, known_as=("min", "คะแนนขั้นต่ำ")),
            Part("passes", lazy("Passes the assessment")),
        ),
        foreign_rows.bands,
    )
    yield Target(
        "groups",
        lazy("Roster groups"),
        (
            Part("place", lazy("Number"), needed=True, known_as=("order",)),
            Part("name", lazy("Name of the group"), needed=True, known_as=("category_th",)),
        ),
        foreign_rows.plain("groups"),
    )
    yield Target(
        "samples",
        lazy("Minimum samples"),
        (
            _INSTRUMENT,
            Part(
                "group", lazy("Group of agencies in words"), known_as=("agency_group_th", "กลุ่ม", "กลุ่มหน่วยงาน")
            ),
            Part("agency_kind", lazy("Kind of agency")),
            Part("agency_size", lazy("Size")),
            Part("province_size", lazy("Size of the province")),
            Part("upto", lazy("Up to (people)")),
            Part("fixed", lazy("Answers"), known_as=("eit_part1_minimum", "จำนวนขั้นต่ำ", "ขั้นต่ำ")),
            Part("percent", lazy("or percent")),
        ),
        foreign_rows.samples,
    )


TARGETS: dict[str, Target] = {target.name: target for target in _targets()}


def missing_parts(choice: Choice) -> Sequence[Part]:
    """The parts that a table must say and that no column was named for."""
    target = TARGETS[choice.target]
    said = {name for name, words in (*choice.columns.items(), *choice.given.items()) if words}
    return [part for part in target.parts if part.needed and part.name not in said]
