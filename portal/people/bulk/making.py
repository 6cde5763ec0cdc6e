"""Accounts in bulk: every agency in use that lacks an admin or an executive gets an account for one.

Such an account has no person yet: name, position and telephone are given at activation. A plan shows first
what will happen; then a job makes the accounts a portion of agencies at a time. Each portion locks its
agencies and looks again at what they lack, so that two who do the same at once make each account once; that
a user name is one account's is a rule of the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from models.account import Account, Grant, Role
from models.agency import Agency
from models.place import District
from portal.core import clock
from portal.core.database.inserting import insert_into
from portal.people.bulk import usernames
from portal.people.bulk.standing import NEEDED, Which, conditions, not_ended


@dataclass(frozen=True)
class Lack:
    """A role that nobody has at an agency, and what the account for it will be called."""

    agency_id: int
    code: str | None
    full_name: str
    role: Role
    username: str


@dataclass
class Plan:
    """What making accounts would do. Roles are counted, agencies without a code and out of use too."""

    new: list[Lack] = field(default_factory=list)
    had: int = 0
    agencies: int = 0
    without_code: int = 0
    inactive: int = 0

    def of_role(self, role: Role) -> int:
        """How many new accounts are for this role."""
        return sum(lack.role is role for lack in self.new)


def plan(session: Session, which: Which) -> Plan:
    """Look what the agencies lack; writes nothing. Needs a privileged session."""
    places = list(_places(session, which))
    lacking = list(lacks(session, places, which.role))
    lack_of = {lack.agency_id for lack in lacking if not lack.code}
    everywhere = [Agency.active.is_(False), *conditions(which)]
    return Plan(
        new=lacking,
        had=len(places) * roles_of(which) - len(lacking),
        agencies=len(places),
        without_code=len(lack_of),
        inactive=session.scalar(select(func.count(Agency.id)).where(*everywhere)) or 0,
    )


def size_of(session: Session, which: Which) -> int:
    """How many agencies in use are meant."""
    query = select(func.count(Agency.id)).where(Agency.active, *conditions(which))
    return session.scalar(query) or 0


def roles_of(which: Which) -> int:
    """Of how many roles each agency needs somebody."""
    return len(NEEDED) if which.role is None else 1


def lacks(session: Session, places: Sequence[_Place], role: Role | None) -> Iterator[Lack]:
    """What these agencies lack, with free user names; one query for who is there, one for names."""
    wanted = NEEDED if role is None else (role,)
    there = _there(session, places, wanted)
    lacking = [(place, one) for place in places for one in wanted if (place.id, one) not in there]
    names = usernames.taken(session, (place.stem for place, _role in lacking))
    for place, one in lacking:
        yield Lack(place.id, place.code, place.full_name, one, usernames.free(place.stem, one, names))


def make(session: Session, lacking: Iterable[Lack]) -> list[int]:
    """Insert the accounts with their rights; gives the accounts' ids. Whoever has such a name is left out."""
    rows = list(lacking)
    if not rows:
        return []
    connection = session.connection()
    added = insert_into(session, Account).on_conflict_do_nothing().returning(Account.id, Account.username)
    values = [{"username": row.username, "folded_username": usernames.fold(row.username)} for row in rows]
    ids = {name: key for key, name in connection.execute(added, values)}
    begins = clock.now()
    rights = [
        {"account_id": ids[row.username], "role": row.role, "agency_id": row.agency_id, "valid_from": begins}
        for row in rows
        if row.username in ids
    ]
    if rights:
        connection.execute(insert(Grant).inline(), rights)
    return [right["account_id"] for right in rights]


@dataclass(frozen=True)
class _Place:
    id: int
    code: str | None
    full_name: str
    district_code: str

    @property
    def stem(self) -> str:
        return usernames.stem_of(code=self.code, district_code=self.district_code, agency_id=self.id)


def portion(session: Session, which: Which, *, after: int, size: int) -> list[_Place]:
    """The next agencies in use by their ids, locked: nobody else makes accounts for them now."""
    query = select(Agency.id).where(Agency.active, Agency.id > after, *conditions(which)).order_by(Agency.id)
    keys = list(session.scalars(query.limit(size).with_for_update(key_share=True, of=Agency)))
    return list(_places(session, Which(agency_ids=tuple(keys)))) if keys else []


def _places(session: Session, which: Which) -> Iterator[_Place]:
    query = (
        select(Agency.id, Agency.code, Agency.full_name, District.code)
        .join(District, District.id == Agency.district_id)
        .where(Agency.active, *conditions(which))
        .order_by(Agency.id)
    )
    for row in session.execute(query):
        yield _Place(*row)


def _there(session: Session, places: Sequence[_Place], roles: Sequence[Role]) -> set[tuple[Any, Role]]:
    """Which roles somebody has, or will have, at which of these agencies."""
    if not places:
        return set()
    query = select(Grant.agency_id, Grant.role).where(
        Grant.role.in_(roles),
        Grant.agency_id.between(places[0].id, places[-1].id),
        not_ended(),
    )
    return {(agency, role) for agency, role in session.execute(query)}
