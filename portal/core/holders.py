"""Who holds a right at an agency now. Accounts lie outside an agency's scope: only names leave here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, or_, select

from models.account import Account, Grant, Role
from models.participation import Participation
from portal.core import clock
from portal.core.database.session import privileged, reading
from portal.core.errors import Refused


def executive_name(participation: Participation) -> str:
    """Who confirms and approves for this agency now, by name; "" where nobody may."""
    with reading(), privileged("the name of an agency's executive for its own people") as session:
        query = _living(Role.EXECUTIVE, clock.now()).where(Grant.agency_id == participation.agency_id)
        account = session.scalars(query.limit(1)).first()
        return account.name if account else ""


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


def _living(role: Role, now: datetime) -> Select[Account]:
    """The accounts that have a role at a moment, the newest right first."""
    return (
        select(Account)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Grant.role == role,
            Grant.valid_from <= now,
            or_(Grant.valid_until.is_(None), Grant.valid_until > now),
            Account.active,
        )
        .order_by(Grant.valid_from.desc())
    )
