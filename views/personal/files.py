"""An agency's list of requests about own data: how it is narrowed, and as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from models.participation import Participation
from models.personal import DataRequest, RequestKind
from models.thai import local_day
from portal.core import clock
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.list_files import MAKERS, ListFile, Maker, filters_said
from portal.core.lookup import own_participation
from portal.core.texts import _, label_of, lazy
from portal.personal import requests
from portal.rosters import rows as roster
from portal.rosters.rows import RosterRow
from reports.spreadsheets import Cell

REQUESTS = "personal.requests"
#: the views of the list, by their names in its address
STANDING: dict[str, Any] = {
    "": lazy("All"),
    "open": lazy("To be answered"),
    "late": lazy("Overdue"),
    "answered": lazy("Answered"),
}
People = Mapping[int, RosterRow]


@dataclass(frozen=True)
class RequestQuery:
    """What a list of requests is narrowed to."""

    search: str = ""
    standing: str = ""
    kind: RequestKind | None = None

    @classmethod
    def of(cls, args: Mapping[str, Any]) -> RequestQuery:
        """From an address; what is none of the choices narrows nothing."""
        standing = args.get("standing") or ""
        return cls(
            search=(args.get("q") or "").strip()[:200],
            standing=standing if standing in STANDING else "",
            kind=next((one for one in RequestKind if one.value == args.get("kind")), None),
        )

    @property
    def address(self) -> dict[str, Any]:
        """The parts of an address that say it."""
        return {
            "q": self.search or None,
            "standing": self.standing or None,
            "kind": self.kind.value if self.kind else None,
        }

    def select(self, participation: Participation, people: People) -> Select[DataRequest]:
        """The requests of an agency that fit, in their order."""
        entry_ids = roster.fitting(people.values(), self.search) if self.search else None
        return requests.requests_of(
            participation, standing=self.standing, kind=self.kind, entry_ids=entry_ids
        )


def people_of(participation: Participation) -> People:
    """The people of an agency's own roster, by the ids of their rows."""
    return {row.entry_id: row for row in roster.whole_roster(participation)}


def _requests(arguments: Mapping[str, Any]) -> ListFile:
    participation = own_participation(arguments["round_id"])
    criteria, people = RequestQuery.of(arguments["args"]), people_of(participation)
    query = criteria.select(participation, people)
    filters = (
        (_("Search"), criteria.search),
        (_("Which requests"), STANDING[criteria.standing] if criteria.standing else ""),
        (_("What is asked for"), label_of(criteria.kind) if criteria.kind else ""),
    )
    return ListFile(
        title=_("Requests about own data"),
        plain="requests-about-own-data",
        header=[
            _("Person"),
            _("What is asked for"),
            _("Came on"),
            _("To be answered by"),
            _("Days left"),
            _("Answer"),
            _("Answered on"),
        ],
        rows=lambda: (_row(one, people) for one in db.session.scalars(query)),
        count=db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0,
        about=[participation.full_name, *filters_said(filters)],
        widths=(34, 24, 16, 16, 12, 18, 16),
    )


MAKERS[REQUESTS] = Maker(_requests, P.REQUESTS_READ)


def _row(asked: DataRequest, people: People) -> list[Cell]:
    """What the page shows of a request; days are negative where it is late."""
    row = people.get(asked.roster_entry_id or 0)
    erased = f"{_('Row %(number)s', number=f'{asked.number:,}')} {_('(personal data erased)')}"
    return [
        row.contact.name if row and row.contact.name else erased,
        label_of(asked.kind),
        asked.received_on,
        asked.due_on,
        (asked.due_on - local_day(clock.now())).days if asked.is_open else None,
        label_of(asked.outcome) if asked.outcome else _("To be answered"),
        local_day(asked.answered_at) if asked.answered_at else None,
    ]
