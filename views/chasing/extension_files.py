"""The list of extensions as a file: days as days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.participation import Extension
from models.place import Province
from models.thai import local_day
from portal.chasing import extended
from portal.core import clock
from portal.core.access import Permission as P
from portal.core.access import scope_of, the_actor
from portal.core.list_files import MAKERS, ListFile, Maker, filters_said
from portal.core.list_papers import Plan
from portal.core.lookup import get_or_404, round_or_404
from portal.core.stages import STAGE_NAMES
from portal.core.texts import _
from reports.spreadsheets import Cell
from views.chasing.queries import ExtensionQuery
from views.chasing.words import COURSES

EXTENSIONS = "chasing.extensions"
AGENCY, PROVINCE, STAGE, FROM, UNTIL, REASON, COURSE = 0, 2, 3, 4, 5, 6, 9


def _extensions(arguments: Mapping[str, Any]) -> ListFile:
    round, now = round_or_404(arguments["round_id"]), clock.now()
    criteria = ExtensionQuery.of(arguments["args"], scope_of(the_actor()))
    return ListFile(
        title=_("Extensions"),
        plain=f"extensions-{round.year_and_scheme}",
        header=_header(),
        rows=lambda: (
            _row(one, extended.Course.of(one, now)) for one in extended.listed(round, criteria.asked, now)
        ),
        count=extended.count(round, criteria.asked, now),
        about=[round.name, *filters_said(_filters(criteria))],
        plan=Plan(
            columns=[
                (AGENCY, 3.2),
                (PROVINCE, 1.6),
                (STAGE, 1.8),
                (FROM, 1.4),
                (UNTIL, 1.4),
                (REASON, 3.4),
                (COURSE, 1.4),
            ]
        ),
    )


def _header() -> list[str]:
    return [
        _("Agency"),
        _("District"),
        _("Province"),
        _("Stage"),
        _("Last day before"),
        _("New last day"),
        _("Reason"),
        _("Extended by"),
        _("Extended on"),
        _("State"),
        _("Taken back on"),
        _("Taken back by"),
        _("Reason of taking back"),
    ]


def _row(one: Extension, course: extended.Course) -> list[Cell]:
    agency = one.participation
    return [
        agency.full_name,
        agency.district_name,
        agency.province_name,
        str(STAGE_NAMES[one.stage]),
        one.from_day,
        one.span.last_day,
        one.reason,
        one.given_by,
        local_day(one.given_at),
        str(COURSES[course][0]),
        local_day(one.taken_back_at) if one.taken_back_at else None,
        one.taken_back_by or None,
        one.taken_back_reason or None,
    ]


def _filters(criteria: ExtensionQuery) -> list[tuple[Any, Any]]:
    place = get_or_404(Province, criteria.province).name if criteria.province else ""
    return [
        (_("Search"), criteria.search),
        (_("Province"), place),
        (_("Stage"), STAGE_NAMES[criteria.stage] if criteria.stage else ""),
        (_("State"), COURSES[criteria.course][0] if criteria.course else ""),
    ]


MAKERS[EXTENSIONS] = Maker(_extensions, P.CHASING_READ)
