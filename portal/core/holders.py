"""Who holds a right at an agency now. Accounts lie outside an agency's scope: only names leave here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select

from models.account import Account, Capacity, Grant, Role
from models.audit import AuditEvent
from models.disclosure import Disclosure
from models.participation import Participation
from models.thai import thai_date_short
from portal.core import clock
from portal.core.database.session import privileged, reading
from portal.core.errors import Refused
from portal.core.texts import _, lazy

#: in what capacity somebody sits at a desk, in words
CAPACITIES: dict[Capacity, Any] = {
    Capacity.HOLDER: lazy("Holder of the office"),
    Capacity.ACTING: lazy("Acting"),
    Capacity.DEPUTY: lazy("Deputy"),
}


def executive_name(participation: Participation) -> str:
    """Who confirms and approves for this agency now, all of them by name; "" where nobody may.

    Whoever is not the one holder is named with the capacity and its last day.
    """
    with reading(), privileged("the names of an agency's executives for its own people") as session:
        query = _living(Role.EXECUTIVE, clock.now()).where(Grant.agency_id == participation.agency_id)
        held = session.execute(query.add_columns(Grant)).all()
        if len(held) == 1 and held[0][1].capacity is Capacity.HOLDER:
            return _name(held[0][0])
        return ", ".join(f"{_name(account)} ({_capacity(grant)})" for account, grant in held)


def confirmed_by(row: Participation | Disclosure | None) -> str:
    """Who confirmed an agency's data or checklist, as the record has it, with the capacity of somebody who
    was not the holder; "" where the record does not say."""
    if row is None:
        return ""
    thing = row.__tablename__
    act = "preparation.confirm" if isinstance(row, Participation) else "disclosure.confirm"
    with reading(), privileged("who confirmed an agency's data, for its own people") as session:
        query = (
            select(Account.name, Grant.capacity)
            .join(Grant, Grant.account_id == Account.id)
            .join(AuditEvent, AuditEvent.grant_id == Grant.id)
            .where(AuditEvent.thing == thing, AuditEvent.row == str(row.id), AuditEvent.act == act)
            .order_by(AuditEvent.sequence.desc())
            .limit(1)
        )
        found = session.execute(query).first()
    if found is None or found.capacity is Capacity.HOLDER:
        return found.name if found else ""
    return f"{found.name} ({CAPACITIES[found.capacity]})"


def last_day(moment: datetime) -> str:
    """The last day of a right that ends at a moment."""
    return thai_date_short(moment - timedelta(microseconds=1))


def require_executive(participation: Participation) -> None:
    """Refuse to send something to an executive who is not there: nobody could ever answer it."""
    if not executive_name(participation):
        raise Refused(
            "Nobody has an executive's account at your agency, so nobody could confirm this:"
            " ask the office that gave you your account for one"
        )


def lacks_executive(now: datetime) -> ColumnElement[bool]:
    """That nobody is an agency's executive now, as a condition on Participation, for country-wide desks."""
    living = _living(Role.EXECUTIVE, now).where(Grant.agency_id == Participation.agency_id)
    return ~exists(living.with_only_columns(Account.id).order_by(None).correlate(Participation))


def _name(account: Account) -> str:
    return account.name or str(_("not activated yet"))


def _capacity(grant: Grant) -> str:
    if grant.capacity is Capacity.HOLDER:
        return str(_("Executive"))
    words = str(CAPACITIES[grant.capacity])
    if grant.valid_until is None:
        return words
    return str(_("%(capacity)s until %(day)s", capacity=words, day=last_day(grant.valid_until)))


def _living(role: Role, now: datetime) -> Select[Account]:
    """The accounts that have a role at a moment: holders first, then the newest right."""
    return (
        select(Account)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Grant.role == role,
            Grant.valid_from <= now,
            or_(Grant.valid_until.is_(None), Grant.valid_until > now),
            Account.active,
        )
        .order_by(Grant.capacity != Capacity.HOLDER, Grant.valid_from.desc(), Grant.id.desc())
    )
