"""What a page suggests of a table of others: what it is of, which column is what, which rows are meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from models.instrument import InstrumentKind
from models.thai import arabic_digits, one_line
from portal.core.imports.foreign import ForeignTable
from portal.rounds.content.mapping import TARGETS, Choice, Part, Target, missing_parts

#: a column that says more than so many things does not part a table into sets
MOST_SETS = 12
#: how like a heading must be to a name, of 100
LIKE = 84
#: what the heading of a Thai text, or of a number, ends in where tables are made by programs
_ENDS = re.compile(r"_(th|no|pct)$")
_YEAR = re.compile(r"2[45]\d\d")


@dataclass(frozen=True)
class RowSet:
    """Rows in which a column says the same: a year's rows of a table of several years."""

    heading: str
    value: str
    rows: int


def likely_target(table: ForeignTable) -> str:
    """What a table seems to be of, by its headings; "" where they say nothing."""
    best, most = "", 0
    for target in TARGETS.values():
        columns = columns_of(table, target)
        lacking = len(missing_parts(Choice(target.name, columns, given_of(table, target, columns))))
        score = 2 * len(columns) - 3 * lacking
        if columns and score > most:
            best, most = target.name, score
    return best


def suggested(table: ForeignTable, target: Target, fiscal_year: int) -> Choice:
    """The choice that a page begins with: columns by their headings, rows of the round's year."""
    columns = columns_of(table, target)
    where = rows_of_year(table, fiscal_year)
    return Choice(target.name, columns, given_of(table, target, columns), where)


def columns_of(table: ForeignTable, target: Target) -> dict[str, str]:
    """Which column says what: of the same name first, then of one that is like it."""
    found: dict[str, str] = {}
    by_heading = {_folded(heading): heading for heading in table.headings}
    for part in target.parts:
        heading = next((by_heading[name] for name in _names(part) if name in by_heading), None)
        if heading is not None and heading not in found.values():
            found[part.name] = heading
    for part in target.parts:
        free = [heading for heading in table.headings if heading not in found.values()]
        if part.name not in found and (heading := _likest(part, free)) is not None:
            found[part.name] = heading
    return {part.name: found[part.name] for part in target.parts if part.name in found}


def _names(part: Part) -> list[str]:
    return [_folded(name) for name in (part.name, str(part.title), *part.known_as)]


def _folded(heading: str) -> str:
    return one_line(heading).casefold().replace(" ", "_")


def _likest(part: Part, headings: Sequence[str]) -> str | None:
    """The heading that is most like a name of the part, where one is like it at all."""
    scored = [
        (fuzz.ratio(_ENDS.sub("", _folded(heading)), name), heading)
        for heading in headings
        for name in _names(part)
    ]
    score, heading = max(scored, default=(0.0, ""))
    return heading if score >= LIKE else None


def given_of(table: ForeignTable, target: Target, columns: Mapping[str, str]) -> dict[str, str]:
    """The instrument of all rows where no column says it: by the codes (I1, E1), or named in a heading."""
    if "instrument" in columns or not any(part.name == "instrument" for part in target.parts):
        return {}
    codes = {value[:1].casefold() for value in table.values(columns["code"])} if "code" in columns else set()
    for kind in (InstrumentKind.IIT, InstrumentKind.EIT):
        named = any(kind.value in heading.casefold().split("_") for heading in table.headings)
        if codes == {kind.value[0]} or (not codes and named):
            return {"instrument": kind.value}
    return {}


def row_sets(table: ForeignTable) -> dict[str, list[RowSet]]:
    """The sets that the columns of a table part its rows into, by heading; columns of years come first."""
    found: dict[str, list[RowSet]] = {}
    for heading in sorted(table.headings, key=lambda heading: not _says_years(table, heading)):
        sizes = Counter(cells.get(heading, "") for _number, cells in table.rows)
        if 1 < len(sizes) <= min(MOST_SETS, len(table.rows) // 2):
            found[heading] = [RowSet(heading, value, rows) for value, rows in sizes.items() if value]
    return found


def _says_years(table: ForeignTable, heading: str) -> bool:
    return all(_YEAR.fullmatch(arabic_digits(value)) for value in table.values(heading))


def rows_of_year(table: ForeignTable, fiscal_year: int) -> tuple[str, str]:
    """The column and value that tell the rows of a year; two columns of years are the first and the last."""
    headings = [heading for heading in table.headings if _says_years(table, heading)]
    if not headings or len(table.values(headings[0])) < 2:
        return "", ""
    values = set()
    for _number, cells in table.rows:
        years = [int(arabic_digits(cells[heading])) for heading in headings]
        if min(years) <= fiscal_year <= max(years):
            values.add(cells[headings[0]])
    return (headings[0], values.pop()) if len(values) == 1 else ("", "")
