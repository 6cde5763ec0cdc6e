"""What a person is told about their account and their place: at home, until read. The record has it too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from models.account import Account, Grant, Role
from models.granting import Notice
from portal.core import clock, sign_in
from portal.core.access import ROLES
from portal.core.database.session import db
from portal.core.texts import lazy

MOST = 10
WORDS = {
    "given": lazy("You were given the right “%(role)s” (%(place)s) by %(by)s"),
    "given_beside": lazy("%(person)s was given the right “%(role)s” (%(place)s) by %(by)s"),
    "ended": lazy("Your right “%(role)s” (%(place)s) was ended by %(by)s"),
    "code": lazy("An activation code for your account was issued by %(by)s"),
}


@dataclass(frozen=True)
class Told:
    """One line of the home."""

    id: int
    at: datetime
    text: str


def tell(session: Session, account_id: int, kind: str, **values: Any) -> None:
    """Tell a person something about their account. ``kind``: a key of ``WORDS``; values as JSON."""
    tell_all(session, [account_id], kind, **values)


def tell_all(session: Session, account_ids: list[int], kind: str, **values: Any) -> None:
    """As ``tell``, to several. Nobody reads another's notices, so nothing of them comes back."""
    rows = [{"account_id": key, "kind": kind, "values": values, "at": clock.now()} for key in account_ids]
    if rows:
        session.connection().execute(insert(Notice).inline(), rows)


def tell_of_grant(session: Session, grant: Grant, *, by: str) -> None:
    """Tell the person of a new right, and those who sit at the same place already."""
    role, place, person = grant.role.value, sign_in.place_of(grant), grant.account.name
    tell(session, grant.account_id, "given", role=role, place=place, by=by)
    beside = _beside(session, grant)
    tell_all(session, beside, "given_beside", role=role, place=place, by=by, person=person)


def unread() -> list[Told]:
    """What the acting person was told and has not put away, newest first."""
    query = select(Notice).where(Notice.seen_at.is_(None)).order_by(Notice.id.desc()).limit(MOST)
    return [Told(row.id, row.at, _text(row)) for row in db.session.scalars(query)]


def put_away(newest: int) -> None:
    """The person has read what stood on the page: all up to this one."""
    read = update(Notice).where(Notice.seen_at.is_(None), Notice.id <= newest)
    db.session.execute(read.values(seen_at=clock.now()), execution_options={"synchronize_session": False})


def _text(row: Notice) -> str:
    values = dict(row.values)
    if "role" in values:
        values["role"] = str(ROLES[Role(values["role"])].label)
    return str(WORDS[row.kind]) % values


def _beside(session: Session, grant: Grant) -> list[int]:
    """Who else holds a living right at the place of a grant (in the country: the same role)."""
    query = select(Grant).join(Account).where(Account.active, Grant.account_id != grant.account_id)
    if grant.agency_id or grant.province_id or grant.body_id:
        query = query.where(
            Grant.agency_id.is_not_distinct_from(grant.agency_id),
            Grant.province_id.is_not_distinct_from(grant.province_id),
            Grant.body_id.is_not_distinct_from(grant.body_id),
        )
    else:
        query = query.where(Grant.role == grant.role)
    now = clock.now()
    return sorted({row.account_id for row in session.scalars(query) if row.valid_at(now)})
