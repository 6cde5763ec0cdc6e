"""How far the accounts of agencies have come: per agency and role, and who of them a list or an order takes.

One query for the list of accounts, its file, its counts, the workbook and the slips. It is asked in a
privileged session, because an agency's people may have rights elsewhere too, which a province does not see
and must not take for a lack: ``Which.within`` keeps a desk to its own place.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from models.account import Account, ActivationCode, Grant, Role
from models.agency import Agency
from models.base import enum_column
from models.kinds import AgencyKind
from models.place import District, Province
from portal.core import clock
from portal.core.access import ROLES, Actor
from portal.core.scopes import Reach
from portal.core.search import matching
from portal.core.texts import lazy
from portal.people import states
from portal.people.states import AccountState

#: the roles of which every agency needs somebody, in the order of lists
NEEDED = (Role.AGENCY_ADMIN, Role.EXECUTIVE)


class Standing(enum.Enum):
    """How far a role at an agency has come: nobody has an account, or its state; in the order of the work."""

    NONE = "none"
    NO_CODE = AccountState.NO_CODE.value
    CODE_ENDED = AccountState.CODE_ENDED.value
    CODE_OUT = AccountState.CODE_OUT.value
    ACTIVATED = AccountState.ACTIVATED.value
    SHUT = AccountState.SHUT.value


#: what a list says of a role at an agency
WORDS: dict[Standing, Any] = {
    Standing.NONE: lazy("no account yet"),
    **{Standing(state.value): words for state, words in states.WORDS.items()},
}


@dataclass(frozen=True)
class Which:
    """Which agencies' accounts: everything empty is all of the country. Plain, so that a job can carry it."""

    province_id: int | None = None
    district_id: int | None = None
    role: Role | None = None
    standing: Standing | None = None
    search: str = ""
    agency_ids: tuple[int, ...] | None = None

    def within(self, actor: Actor) -> Which:
        """The same, kept to the province of a provincial desk."""
        if actor.role is not None and ROLES[actor.role].reach is Reach.PROVINCE:
            return replace(self, province_id=actor.province_id)
        return self

    def plain(self) -> dict[str, Any]:
        """As JSON keeps it; what is not asked for is not there."""
        words = {
            "province_id": self.province_id,
            "district_id": self.district_id,
            "role": self.role.value if self.role else None,
            "standing": self.standing.value if self.standing else None,
            "search": self.search or None,
            "agency_ids": None if self.agency_ids is None else list(self.agency_ids),
        }
        return {name: value for name, value in words.items() if value is not None}

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Which:
        """From what ``plain`` gave."""
        ids = plain.get("agency_ids")
        return cls(
            plain.get("province_id"),
            plain.get("district_id"),
            Role(plain["role"]) if plain.get("role") else None,
            Standing(plain["standing"]) if plain.get("standing") else None,
            plain.get("search", ""),
            None if ids is None else tuple(ids),
        )


@dataclass(frozen=True)
class Held:
    """One role at one agency, and who has it: nobody where ``account_id`` is None."""

    agency_id: int
    code: str | None
    kind: AgencyKind
    name: str
    full_name: str
    district: str
    province_id: int
    province: str
    role: Role
    account_id: int | None
    username: str
    person: str
    position: str
    phone: str
    email: str
    #: what the person's descriptive fields hold, by their keys
    described: Mapping[str, Any] | None
    activated_at: datetime | None
    #: whether the province of the agency is the account's, so that it may issue a code for it
    of_province: bool
    code_ends: datetime | None
    code_issued_at: datetime | None
    code_by: str
    standing: Standing

    @property
    def short_name(self) -> str:
        """The official short form: "ทต.เกาะคา"."""
        return self.kind.short_name(self.name)


def rows(session: Session, which: Which, *, limit: int | None = None, offset: int = 0) -> Iterator[Held]:
    """The rows by province, district and agency, the admin first. Needs a privileged session."""
    query = (
        _joined(which, (*_COLUMNS, type_coerce(_standing(), _STANDINGS)))
        .join(District, District.id == Agency.district_id)
        .join(Province, Province.id == Agency.province_id)
        .outerjoin(_ISSUER, _ISSUER.id == ActivationCode.issued_by_id)
        .order_by(Province.sort_key, District.sort_key, Agency.sort_key, Agency.id, _ROLES.c.place, Grant.id)
    )
    for row in session.execute(query.limit(limit).offset(offset)):
        yield Held(*row)


def counts(session: Session, which: Which) -> dict[Standing, int]:
    """How many rows of each standing there are, whatever standing is asked for; in the order of the work."""
    standing = _standing().label("standing")
    query = _joined(replace(which, standing=None), (standing, func.count())).group_by(standing)
    found = {Standing(name): int(number) for name, number in session.execute(query)}
    return {one: found.get(one, 0) for one in Standing}


_ROLES = union_all(
    *(
        select(literal(role.value).label("role"), literal(place).label("place"))
        for place, role in enumerate(NEEDED)
    )
).cte("roles")
_ISSUER = aliased(Account)
_STANDINGS = enum_column(Standing)


def _text(column: Any) -> Any:
    """What nobody has is empty."""
    return func.coalesce(column, "")


#: the fields of ``Held`` before its standing, in their order
_COLUMNS = (
    Agency.id,
    Agency.code,
    Agency.kind,
    Agency.name,
    Agency.full_name,
    District.name.label("district"),
    Agency.province_id,
    Province.name.label("province"),
    type_coerce(_ROLES.c.role, Grant.role.type),
    Account.id.label("account_id"),
    _text(Account.username),
    _text(Account.name),
    _text(Account.position),
    _text(Account.phone),
    _text(Account.email),
    Account.described,
    Account.activated_at,
    func.coalesce(Account.province_id == Agency.province_id, false()),
    ActivationCode.expires_at,
    ActivationCode.issued_at,
    _text(_ISSUER.name),
)


def _joined(which: Which, columns: tuple[Any, ...]) -> Select[Any]:
    """Agencies in use, each once for a role, with everybody who has it now or will."""
    held = and_(Grant.agency_id == Agency.id, Grant.role == _ROLES.c.role, not_ended())
    return (
        select(*columns)
        .select_from(Agency)
        .join(_ROLES, literal(True))
        .outerjoin(Grant, held)
        .outerjoin(Account, Account.id == Grant.account_id)
        .outerjoin(ActivationCode, ActivationCode.account_id == Account.id)
        .where(Agency.active, *_of_rows(which), *conditions(which))
    )


def _of_rows(which: Which) -> Iterator[ColumnElement[bool]]:
    if which.role is not None:
        yield _ROLES.c.role == which.role.value
    if which.standing is not None:
        yield _each_standing()[which.standing]


def conditions(which: Which) -> Iterator[ColumnElement[bool]]:
    """What narrows the agencies, without role and standing."""
    if which.province_id is not None:
        yield Agency.province_id == which.province_id
    if which.district_id is not None:
        yield Agency.district_id == which.district_id
    if which.search:
        yield matching(which.search, Agency)
    if which.agency_ids is not None:
        yield Agency.id.in_(which.agency_ids)


def not_ended() -> ColumnElement[bool]:
    """The condition that a grant holds now or will: whoever waits for a first day is somebody too."""
    return or_(Grant.valid_until.is_(None), Grant.valid_until > clock.now())


def _each_standing() -> dict[Standing, ColumnElement[bool]]:
    """When a row has which standing: asked for one, the database need not look at the rows of the others."""
    waiting = and_(Account.active.is_(True), Account.activated_at.is_(None))
    now = clock.now()
    return {
        Standing.NONE: Account.id.is_(None),
        Standing.SHUT: Account.active.is_(False),
        Standing.ACTIVATED: and_(Account.active.is_(True), Account.activated_at.is_not(None)),
        Standing.NO_CODE: and_(waiting, ActivationCode.id.is_(None)),
        Standing.CODE_OUT: and_(waiting, ActivationCode.expires_at > now),
        Standing.CODE_ENDED: and_(waiting, ActivationCode.expires_at <= now),
    }


def _standing() -> ColumnElement[str]:
    return case(*((holds, standing.value) for standing, holds in _each_standing().items()))
