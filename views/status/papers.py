"""How the lists of status lie on paper: by region or district, with sums and a chart of what is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from portal.core.list_papers import Plan, Row
from portal.core.texts import _
from reports.spreadsheets import Cell
from reports.table_data import Bar
from reports.wording import share
from views.status.queries import OIT_STATES, SURVEYS, CountryQuery

Sums = Callable[[Sequence[Row]], Row]
#: the columns of the country's list that all of its tabs begin with, and those of a province's
PROVINCE, REGION, AGENCIES = 0, 1, 2
AGENCY, DISTRICT, STEPS = 0, 1, (2, 3, 4, 5)
ANSWERS, MINIMUMS, OIT, PHONE = (6, 9), (7, 10), 12, 13
#: the steps of preparation in the country's list, then the percentage, then who is stuck where
DONE, PERCENT, STUCK = (3, 4, 5, 6), 8, (9, 10, 11, 12)


def country_plan(criteria: CountryQuery, header: Sequence[str]) -> Plan:
    """The provinces of each region, with the region's sums. ``header``: heads of the list's columns."""
    last = {"oit": AGENCIES + len(OIT_STATES), "preparation": STUCK[-1]}.get(criteria.tab, 6)
    numbers = range(AGENCIES, last + 1)
    bars = (3,) if criteria.tab in SURVEYS else DONE if criteria.tab == "preparation" else numbers[1:]
    return Plan(
        columns=[(PROVINCE, 2.6), *((place, 1.3) for place in numbers)],
        numbers=frozenset(numbers),
        group=REGION,
        sums=_country_sums(criteria, last),
        bars=lambda rows: [Bar(header[place], total(rows, place), total(rows, AGENCIES)) for place in bars],
    )


def _country_sums(criteria: CountryQuery, last: int) -> Sums:
    def sums(rows: Sequence[Row]) -> Row:
        line: list[Cell] = [_("Sum"), None, *(total(rows, place) for place in range(AGENCIES, last + 1))]
        if criteria.tab == "preparation":
            line[PERCENT] = share(total(rows, DONE[-1]), total(rows, AGENCIES))
        return line

    return sums


def province_plan(header: Sequence[str]) -> Plan:
    """The agencies of each district, with how many of them have done which step."""
    return Plan(
        columns=[
            (AGENCY, 4),
            *((place, 1.5) for place in STEPS),
            *((place, 1.1) for pair in zip(ANSWERS, MINIMUMS, strict=True) for place in pair),
            (OIT, 2),
            (PHONE, 2),
        ],
        numbers=frozenset((*ANSWERS, *MINIMUMS)),
        group=DISTRICT,
        entitled=lambda name: _("District %(name)s", name=name) if name else _("Of the whole province"),
        sums=lambda rows: _province_sums(rows, len(header)),
        bars=lambda rows: _province_bars(rows, header),
    )


def _province_sums(rows: Sequence[Row], width: int) -> Row:
    line: list[Cell] = [None] * width
    line[AGENCY] = _("Sum")
    for place in STEPS:
        line[place] = len(_done(rows, place))
    for place in (*ANSWERS, *MINIMUMS):
        line[place] = total(rows, place)
    return line


def _province_bars(rows: Sequence[Row], header: Sequence[str]) -> list[Bar]:
    bars = [Bar(header[place], len(_done(rows, place)), len(rows)) for place in STEPS]
    for name, answers, least in zip(
        (_("IIT at the minimum"), _("EIT at the minimum")), ANSWERS, MINIMUMS, strict=True
    ):
        asked = [row for row in rows if row[least]]
        bars.append(Bar(name, sum(_number(row[answers]) >= _number(row[least]) for row in asked), len(asked)))
    return bars


def _done(rows: Iterable[Row], place: int) -> list[Row]:
    return [row for row in rows if row[place] != _("not yet")]


def total(rows: Iterable[Row], place: int) -> int:
    """The sum of a column of whole numbers; what is not known counts as nothing."""
    return sum(_number(row[place]) for row in rows)


def _number(cell: Any) -> int:
    return cell if isinstance(cell, int) else 0
