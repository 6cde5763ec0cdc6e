"""A change of agencies between draft and register: confirmed for a day, applied, undone."""

from __future__ import annotations

from models.agency_change import AgencyChange, ChangeState
from models.thai import thai_date, thai_datetime
from portal.core.access import Permission as P
from portal.core.errors import Refused
from portal.core.workflow import Transition, Workflow

S = ChangeState
_WHERE = {
    S.DRAFT: "This change is a draft still: confirm it first",
    S.SET: "This change was confirmed, and waits for %(day)s",
    S.APPLIED: "This change was made in the register on %(when)s",
    S.UNDONE: "This change was undone on %(when)s",
}


def where_it_stands(change: AgencyChange) -> Refused:
    """Why the acts of another state are closed."""
    moment = {S.APPLIED: change.applied_at, S.UNDONE: change.undone_at}.get(change.state)
    when = thai_datetime(moment) if moment else "–"
    return Refused(_WHERE[change.state], when=when, day=thai_date(change.holds_from))


AGENCY_CHANGE = Workflow(
    "agency_change",
    "state",
    (
        Transition("set", frozenset({S.DRAFT}), S.SET, P.AGENCIES_WRITE),
        Transition("redraft", frozenset({S.SET}), S.DRAFT, P.AGENCIES_WRITE),
        Transition("apply", frozenset({S.DRAFT, S.SET}), S.APPLIED, P.AGENCIES_WRITE),
        Transition("undo", frozenset({S.APPLIED}), S.UNDONE, P.AGENCIES_WRITE),
    ),
    elsewhere=where_it_stands,
)
