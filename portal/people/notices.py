"""What a person is told about their account and their place: at home, until read. The record has it too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from models.account import Account, Capacity, Grant, Role
from models.granting import Notice
from models.thai import thai_date_short
from portal.core import clock, sign_in
from portal.core.access import ROLES
from portal.core.database.session import db
from portal.core.holders import CAPACITIES, last_day
from portal.core.texts import lazy

MOST = 10
WORDS = {
    "given": lazy("You were given the right “%(role)s” (%(place)s) by %(by)s"),
    "given_beside": lazy("%(person)s was given the right “%(role)s” (%(place)s) by %(by)s"),
    "ended": lazy("Your right “%(role)s” (%(place)s) was ended by %(by)s"),
    "appointed": lazy(
        "You were named %(capacity)s – %(role)s (%(place)s) from %(first)s to %(last)s, order %(order)s,"
        " by %(by)s"
    ),
    "appointed_beside": lazy(
        "%(person)s was named %(capacity)s – %(role)s (%(place)s) from %(first)s to %(last)s,"
        " order %(order)s, by %(by)s"
    ),
    "appointment_ended": lazy("You no longer are %(capacity)s – %(role)s (%(place)s): ended by %(by)s"),
    "appointment_ended_beside": lazy(
        "%(person)s no longer is %(capacity)s – %(role)s (%(place)s): ended by %(by)s"
    ),
    "handed_over": lazy(
        "Your desk “%(role)s” (%(place)s) goes to %(person)s on %(first)s: your right ends then;"
        " named by %(by)s"
    ),
    "follows": lazy("You follow %(person)s as “%(role)s” (%(place)s) from %(first)s, named by %(by)s"),
    "handed_over_beside": lazy(
        "%(other)s follows %(person)s as “%(role)s” (%(place)s) from %(first)s, named by %(by)s"
    ),
    "kept": lazy(
        "You keep your desk “%(role)s” (%(place)s): the handover to %(person)s was taken back by %(by)s"
    ),
    "not_following": lazy("You do not follow %(person)s as “%(role)s” (%(place)s): taken back by %(by)s"),
    "kept_beside": lazy(
        "%(person)s stays “%(role)s” (%(place)s): the handover to %(other)s was taken back by %(by)s"
    ),
    "recovery_code": lazy("A recovery code was used to sign in as you; %(left)s codes are left"),
    "factor_lost": lazy("Your second factor was taken away by %(by)s, because it was said to be lost"),
    "restored_beside": lazy("The account of %(person)s was given a fresh code by %(by)s"),
    "code": lazy("An activation code for your account was issued by %(by)s"),
    "activated": lazy("The account of %(person)s, “%(role)s” (%(place)s), was activated with its code"),
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
    """Tell the person of a new right, and those who sit at the same place already.

    Of somebody who acts or is a deputy it is told with days and order.
    """
    if grant.capacity is not Capacity.HOLDER:
        tell_of_appointment(session, grant, by=by)
        return
    role, place, person = grant.role.value, sign_in.place_of(grant), grant.account.name
    tell(session, grant.account_id, "given", role=role, place=place, by=by)
    beside = _beside(session, grant)
    tell_all(session, beside, "given_beside", role=role, place=place, by=by, person=person)


def tell_of_appointment(session: Session, grant: Grant, *, by: str) -> None:
    """Tell who was named to act or as deputy, those at the place, and its province."""
    assert grant.valid_until is not None
    days = {"first": thai_date_short(grant.valid_from), "last": last_day(grant.valid_until)}
    _appointment(session, "appointed", grant, **days, order=grant.order_number, by=by)


def tell_of_end(session: Session, grant: Grant, *, by: str) -> None:
    """Tell them that an appointment has ended early."""
    _appointment(session, "appointment_ended", grant, by=by)


def _appointment(session: Session, kind: str, grant: Grant, **values: Any) -> None:
    values |= _what(grant) | {"capacity": grant.capacity.value}
    tell(session, grant.account_id, kind, **values)
    others = _around(session, grant, grant.account_id)
    tell_all(session, others, f"{kind}_beside", person=str(grant.account), **values)


def tell_of_handover(session: Session, old: Grant, new: Grant, *, by: str) -> None:
    """Tell both people of a handover, those at the place, and its province."""
    values = _what(old) | {"first": thai_date_short(new.valid_from), "by": by}
    _both(session, ("handed_over", "follows", "handed_over_beside"), old, new, values)


def tell_of_undo(session: Session, old: Grant, new: Grant, *, by: str) -> None:
    """Tell them that a handover was taken back."""
    _both(session, ("kept", "not_following", "kept_beside"), old, new, _what(old) | {"by": by})


def _both(
    session: Session, kinds: tuple[str, str, str], old: Grant, new: Grant, values: dict[str, Any]
) -> None:
    tell(session, old.account_id, kinds[0], person=str(new.account), **values)
    tell(session, new.account_id, kinds[1], person=str(old.account), **values)
    others = _around(session, old, old.account_id, new.account_id)
    tell_all(session, others, kinds[2], person=str(old.account), other=str(new.account), **values)


def _what(grant: Grant) -> dict[str, Any]:
    return {"role": grant.role.value, "place": sign_in.place_of(grant)}


def _around(session: Session, grant: Grant, *but: int) -> list[int]:
    """Those at the place of a right, and the staff of the province that an agency lies in."""
    found = set(_beside(session, grant))
    if grant.agency is not None:
        query = select(Grant).join(Account).where(Account.active)
        staff = session.scalars(query.where(Grant.province_id == grant.agency.province_id))
        found |= {row.account_id for row in staff if row.valid_at(clock.now())}
    return sorted(found - set(but))


def tell_of_activation(session: Session, account: Account, gained: Iterable[Grant] | None = None) -> None:
    """An account of an agency was activated with a code: its other people and the province's staff are told.

    So an envelope that came into other hands is noticed by somebody who can call. ``gained``: the rights that
    came with the code, where they are not all of the account.
    """
    for grant in account.grants if gained is None else gained:
        if grant.agency is not None and grant.valid_at(clock.now()):
            told = _around(session, grant, account.id)
            tell_all(session, told, "activated", **_what(grant), person=str(account))


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
    if "capacity" in values:
        values["capacity"] = str(CAPACITIES[Capacity(values["capacity"])])
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
