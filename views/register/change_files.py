"""The list of changes of agencies as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from models.agency_change import AgencyChange
from models.place import Province
from models.thai import local_day
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.list_files import MAKERS, ListFile, Maker, filters_said
from portal.core.lookup import get_or_404
from portal.core.texts import _, label_of
from reports.spreadsheets import Cell
from views.register.change_queries import ChangeQuery
from views.register.change_words import title_of

CHANGES = "register.changes"


def _changes(arguments: Mapping[str, Any]) -> ListFile:
    criteria = ChangeQuery.of(arguments["args"])
    count = db.session.scalar(criteria.narrowed(select(func.count(AgencyChange.id)))) or 0
    return ListFile(
        title=_("Changes of agencies"),
        plain="agency-changes",
        header=[
            _("Change"),
            _("Sort"),
            _("Province"),
            _("Holds from"),
            _("State"),
            _("Announcement or order"),
            _("Made in the register on"),
            _("Undone on"),
            _("Reason"),
        ],
        rows=lambda: (_row(one) for one in db.session.scalars(criteria.rows())),
        count=count,
        about=filters_said(_filters(criteria)),
    )


def _row(change: AgencyChange) -> list[Cell]:
    return [
        title_of(change),
        label_of(change.sort),
        change.province.name,
        change.holds_from,
        label_of(change.state),
        change.rests_on,
        local_day(change.applied_at) if change.applied_at else None,
        local_day(change.undone_at) if change.undone_at else None,
        change.undo_reason or None,
    ]


def _filters(criteria: ChangeQuery) -> list[tuple[Any, Any]]:
    return [
        (_("Search"), criteria.search),
        (_("Province"), get_or_404(Province, criteria.province).name if criteria.province else ""),
        (_("Sort"), label_of(criteria.sort) if criteria.sort else ""),
        (_("State"), label_of(criteria.state) if criteria.state else ""),
    ]


MAKERS[CHANGES] = Maker(_changes, P.AGENCIES_READ)
