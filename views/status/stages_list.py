"""The list of all stages as a file: numbers as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.instrument import InstrumentKind
from models.place import Province
from portal.core.access import Permission as P
from portal.core.access import scope_of, the_actor
from portal.core.list_files import MAKERS, ListFile, Maker, filters_said
from portal.core.list_papers import Plan
from portal.core.lookup import get_or_404, round_or_404
from portal.core.outlook import why_words
from portal.core.stages import STAGE_NAMES
from portal.core.texts import _
from portal.status import figures
from portal.status.stages import StageRow, stage_rows
from reports.spreadsheets import Cell
from views.status.files import contact_cells
from views.status.queries import ANY, MISSES, StagesQuery, looks_ahead

STAGES = "status.stages"
AGENCY, DISTRICT, PROVINCE = 0, 1, 2
NUMBERS, OIT = tuple(range(3, 14)), 14


def _stages(arguments: Mapping[str, Any]) -> ListFile:
    round, reach = round_or_404(arguments["round_id"]), scope_of(the_actor()).reach
    criteria, ahead = StagesQuery.of(arguments["args"], reach), looks_ahead(reach)
    asked = criteria.conditions(round)
    header = _header(ahead=ahead)
    return ListFile(
        title=_("Agencies, all stages"),
        plain=f"status-stages-{round.year_and_scheme}",
        header=header,
        rows=lambda: (_row(row, ahead=ahead) for row in stage_rows(round, *asked, ahead=ahead)),
        count=figures.how_many(round, *asked),
        about=[round.name, *filters_said(_filters(criteria))],
        plan=Plan(
            columns=[
                (AGENCY, 3.4),
                *((place, 1.1) for place in NUMBERS),
                (OIT, 2),
                *([(len(header) - 1, 4)] if ahead else []),
            ],
            numbers=frozenset(NUMBERS),
            group=DISTRICT if the_actor().province_id else PROVINCE,
        ),
    )


def _header(*, ahead: bool) -> list[str]:
    return [
        _("Agency"),
        _("District"),
        _("Province"),
        _("Steps of preparation done"),
        _("IIT answers"),
        _("IIT minimum"),
        _("EIT answers by link"),
        _("EIT interviews"),
        _("EIT people drawn"),
        _("EIT answers"),
        _("EIT minimum"),
        _("OIT items"),
        _("OIT items answered"),
        _("OIT items scored"),
        _("OIT"),
        _("Telephone"),
        _("E-mail"),
        _("Contact person"),
        *([_("Likely to miss")] if ahead else []),
    ]


def _row(row: StageRow, *, ahead: bool) -> list[Cell]:
    one = row.agency
    iit, eit = one.targets[InstrumentKind.IIT], one.targets[InstrumentKind.EIT]
    said = ", ".join(f"{STAGE_NAMES[each.stage]}: {why_words(each)}" for each in row.outlooks)
    return [
        one.full_name,
        one.district,
        one.province,
        one.steps_done,
        iit.answers,
        iit.minimum,
        row.by_link,
        row.interviews,
        row.drawn,
        eit.answers,
        eit.minimum,
        one.oit.total,
        one.oit.answered,
        one.oit.scored,
        str(one.oit.label),
        *contact_cells(one.contact),
        *([said or None] if ahead else []),
    ]


def _filters(criteria: StagesQuery) -> list[tuple[Any, Any]]:
    place = get_or_404(Province, criteria.province).name if criteria.province else ""
    miss = _("Any stage") if criteria.miss == ANY else ""
    if criteria.miss and not miss:
        miss = str(STAGE_NAMES[MISSES[criteria.miss][0]])
    return [
        (_("Search"), criteria.search),
        (_("Region"), criteria.region),
        (_("Province"), place),
        (_("Kind"), criteria.kind.label if criteria.kind else ""),
        (_("Likely to miss"), miss),
    ]


MAKERS[STAGES] = Maker(_stages, P.STATUS_READ)
