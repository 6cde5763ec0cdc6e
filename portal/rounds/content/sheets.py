"""The sheets of a year: the one form in which content is written down, compared, kept and read in.

A workbook has them as its sheets, a step of the builder keeps them as texts, and what differs between two
contents is what differs between their rows. ``portal.rounds.content.assembly`` makes content of them again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.content.year import YearContent
from portal.rounds.content.asked_sheets import ASKED
from portal.rounds.content.cells import Kind
from portal.rounds.content.columns import Sheet, Values
from portal.rounds.content.rule_sheets import RULES

#: in the order of a workbook: the settings, what is asked, the other rules
SHEETS: tuple[Sheet, ...] = (RULES[0], *ASKED, *RULES[1:])
BY_NAME = {sheet.name: sheet for sheet in SHEETS}

#: all sheets as texts: by the sheet's name its rows, each by the column's name, empty cells left out
Written = dict[str, list[dict[str, str]]]


def written(content: YearContent) -> Written:
    """The content as texts, as a workbook shows them."""
    return {sheet.name: [_row(sheet, values, _shown) for values in sheet.rows(content)] for sheet in SHEETS}


def kept(content: YearContent) -> Written:
    """The content as texts that are understood also once a word for people is another one."""
    return {sheet.name: [_row(sheet, values, _stored) for values in sheet.rows(content)] for sheet in SHEETS}


def _row(sheet: Sheet, values: Values, write: Callable[[Kind, Any], str]) -> dict[str, str]:
    found = {}
    for column in sheet.columns:
        value = values[column.name]
        cell = "" if value is None or value == column.kind.empty else write(column.kind, value)
        if cell:
            found[column.name] = cell
    return found


def _shown(kind: Kind, value: Any) -> str:
    return kind.write(value)


def _stored(kind: Kind, value: Any) -> str:
    return (kind.keep or kind.write)(value)
