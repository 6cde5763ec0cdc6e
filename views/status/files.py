"""The pages of status as files, from the queries of the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from models.contact import AgencyContact
from models.instrument import InstrumentKind
from models.phones import shown
from models.place import Province
from portal.core.access import Permission as P
from portal.core.list_files import MAKERS, ListFile, Maker, filters_said
from portal.core.lookup import get_or_404, round_or_404
from portal.core.texts import _
from portal.status import figures
from portal.status.figures import ProvinceRow, SurveyCounts
from reports.spreadsheets import Cell
from views.status.papers import country_plan, province_plan
from views.status.queries import (
    OIT_STATES,
    SURVEYS,
    CountryPicture,
    CountryQuery,
    StatusQuery,
    country_picture,
    within,
)

COUNTRY, PROVINCE = "status.country", "status.province"
Column = tuple[str, Callable[[ProvinceRow], Cell]]


def _country(arguments: Mapping[str, Any]) -> ListFile:
    round, criteria = round_or_404(arguments["round_id"]), CountryQuery.of(arguments["args"])
    picture = country_picture(round, criteria)
    columns: list[Column] = [(_("Province"), lambda row: row.name), (_("Region"), lambda row: row.region)]
    columns += _columns(criteria, picture)
    names = {"preparation": _("Preparation"), "iit": _("IIT survey"), "eit": _("EIT survey"), "oit": _("OIT")}
    filters = ((_("Region"), criteria.region), (_("Kind"), criteria.kind.label if criteria.kind else ""))
    return ListFile(
        title=f"{_('Status of the country')} {names[criteria.tab]}",
        plain=f"status-country-{criteria.tab}-{round.year_and_scheme}",
        header=[name for name, _value in columns],
        rows=lambda: ([value(row) for _name, value in columns] for row in picture.rows),
        count=len(picture.rows),
        about=[round.name, *filters_said(filters)],
        plan=country_plan(criteria, [name for name, _value in columns]),
    )


def _columns(criteria: CountryQuery, picture: CountryPicture) -> list[Column]:
    if criteria.tab in SURVEYS:
        none = SurveyCounts()
        return [
            (_("Confirmed agencies"), lambda row: picture.surveys.get(row.id, none).agencies),
            (_("At their minimum"), lambda row: picture.surveys.get(row.id, none).reached),
            (_("Answers"), lambda row: picture.surveys.get(row.id, none).answers),
            (_("Minimum of all"), lambda row: picture.surveys.get(row.id, none).minimum),
            (_("More answers than people known"), lambda row: picture.surveys.get(row.id, none).above),
        ]
    agencies: Column = (_("Agencies"), lambda row: row.counts.agencies)
    if criteria.tab == "oit":
        states = [
            (str(name), lambda row, state=state: picture.oit.get(row.id, {}).get(state, 0))
            for state, name in OIT_STATES
        ]
        return [agencies, *states]
    steps = [
        (name, lambda row, place=place: row.counts.done[place]) for place, name in enumerate(_step_names())
    ]
    stuck = [
        (_("stuck at step %(n)s", n=place + 1), lambda row, place=place: row.counts.behind[place])
        for place in range(len(_step_names()))
    ]
    return [
        agencies,
        *steps,
        (_("Not complete"), lambda row: row.counts.incomplete),
        (_("Percent complete"), lambda row: percent(row.counts.percent_complete)),
        *stuck,
    ]


def _province(arguments: Mapping[str, Any]) -> ListFile:
    round, criteria = round_or_404(arguments["round_id"]), StatusQuery.of(arguments["args"])
    place = get_or_404(Province, arguments["province_id"])
    rows = figures.agencies(round, *within(place), *criteria.conditions())
    header = [
        _("Agency"),
        _("District"),
        *_step_names(),
        _("IIT answers"),
        _("IIT minimum"),
        _("IIT answers above people known"),
        _("EIT answers"),
        _("EIT minimum"),
        _("EIT answers above people known"),
        _("OIT"),
        _("Telephone"),
        _("E-mail"),
        _("Contact person"),
    ]
    step = _step_names()[criteria.behind - 1] if criteria.behind else ""
    filters = ((_("Search"), criteria.search), (_("District"), criteria.district), (_("Stuck at"), step))
    return ListFile(
        title=_("Status of %(province)s", province=place.name),
        plain=f"status-province-{place.code}-{round.year_and_scheme}",
        header=header,
        rows=lambda: (_agency(row) for row in rows),
        count=len(rows),
        about=[round.name, *filters_said(filters)],
        plan=province_plan(header),
    )


def _agency(row: Any) -> list[Cell]:
    iit, eit = row.targets[InstrumentKind.IIT], row.targets[InstrumentKind.EIT]
    #: a step that is done says its day, where it is known
    steps = [
        (day or _("done")) if done else _("not yet") for done, day in zip(row.steps, row.dates, strict=True)
    ]
    return [
        row.full_name,
        row.district,
        *steps,
        iit.answers,
        iit.minimum,
        iit.above,
        eit.answers,
        eit.minimum,
        eit.above,
        str(row.oit.label),
        *contact_cells(row.contact),
    ]


def contact_cells(contact: AgencyContact | None) -> list[Cell]:
    """Telephone, e-mail and contact person, for whoever calls from the file."""
    if contact is None:
        return [None, None, None]
    return [text or None for text in (shown(contact.phone), contact.email, contact.person)]


def percent(share: float) -> Decimal:
    """A percentage as files hold it: a number with two decimals."""
    return Decimal(share).quantize(Decimal("0.01"))


def _step_names() -> list[str]:
    return [_("Password activated"), _("Internal headcount"), _("External roster"), _("Executive confirmed")]


MAKERS[COUNTRY] = Maker(_country, P.STATUS_READ)
MAKERS[PROVINCE] = Maker(_province, P.STATUS_READ)
