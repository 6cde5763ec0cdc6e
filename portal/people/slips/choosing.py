"""Who gets a slip: accounts of agencies, by province, by list or one by one, inside the actor's scope.

An account gets one slip, however many agencies it has. A province reaches the accounts all of whose rights
lie at its own agencies (``Account.province_id``), and nobody else's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from models.account import Account, Grant, Role
from models.agency import Agency
from models.place import District, Province
from portal.core import clock
from portal.core.access import ROLES, Actor
from portal.core.database.session import db

#: whose slips there are, in the order in which a person with both gets one
ROLES_WITH_SLIPS = (Role.AGENCY_ADMIN, Role.EXECUTIVE)


@dataclass(frozen=True)
class Choice:
    """What was ordered. None: no limit. ``activated``: also accounts that were activated before."""

    roles: tuple[str, ...] = tuple(role.value for role in ROLES_WITH_SLIPS)
    province_id: int | None = None
    account_ids: tuple[int, ...] | None = None
    activated: bool = False

    def arguments(self) -> dict[str, Any]:
        """The choice as it is stored."""
        kept = asdict(self)
        kept["roles"] = list(self.roles)
        kept["account_ids"] = None if self.account_ids is None else list(self.account_ids)
        return kept

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Choice:
        """The choice that an order keeps."""
        ids = stored["account_ids"]
        return cls(
            roles=tuple(stored["roles"]),
            province_id=stored["province_id"],
            account_ids=None if ids is None else tuple(ids),
            activated=stored["activated"],
        )


@dataclass(frozen=True)
class Person:
    """An account that gets a slip, with the agency on it."""

    account_id: int
    username: str
    name: str
    activated: bool
    role: Role
    agency_id: int
    agency: str
    district: str
    province_id: int
    province: str


@dataclass(frozen=True)
class Chosen:
    """Who gets a slip, in the order of the files, and how many were left out and why."""

    people: tuple[Person, ...]
    activated: int = 0
    shut: int = 0
    without_right: int = 0

    @property
    def left_out(self) -> dict[str, int]:
        """The counts of those who get none."""
        return {"activated": self.activated, "shut": self.shut, "without_right": self.without_right}

    def parts(self) -> dict[str, tuple[Person, ...]]:
        """The people by file: one per role and province, by its key, in the order of the files."""
        parts: dict[str, list[Person]] = {}
        for person in self.people:
            parts.setdefault(part_key(person.role, person.province_id), []).append(person)
        return {key: tuple(people) for key, people in parts.items()}


def part_key(role: Role, province_id: int) -> str:
    """The key of a file of slips."""
    return f"{role.value}-{province_id}"


def read_key(key: str) -> tuple[Role, int]:
    """Role and province of the key of a file."""
    role, _dash, province_id = key.rpartition("-")
    return Role(role), int(province_id)


def role_words(role: Role) -> str:
    """The role in words."""
    return str(ROLES[role].label)


def named(account_ids: Sequence[int], role: Role, province_id: int, actor: Actor) -> dict[int, Person]:
    """These accounts with the agency of this role in this province, whatever has ended since."""
    choice = Choice((role.value,), province_id, tuple(account_ids), activated=True)
    people: dict[int, Person] = {}
    for row in db.session.execute(_rows(choice, actor)):
        people.setdefault(row.account_id, _person(row))
    return people


def numbered(key: str, account_ids: Sequence[int], actor: Actor) -> dict[int, Person]:
    """The people of a finished file by the numbers of their envelopes, as the actor reaches them now."""
    found = named(account_ids, *read_key(key), actor)
    return {number: found[one] for number, one in enumerate(account_ids, start=1) if one in found}


def choose(choice: Choice, actor: Actor) -> Chosen:
    """Look up who gets a slip, in the scoped session of the actor."""
    now = clock.now()
    people: dict[int, Person] = {}
    left: dict[int, str] = {}
    for row in db.session.execute(_rows(choice, actor)):
        if row.account_id in people:
            continue
        reason = _reason(row, choice, living=row.valid_until is None or now < row.valid_until)
        if reason:
            left[row.account_id] = _stronger(left.get(row.account_id), reason)
            continue
        left.pop(row.account_id, None)
        people[row.account_id] = _person(row)
    counts = {name: sum(why == name for why in left.values()) for name in _REASONS}
    return Chosen(tuple(people.values()), **counts)


def _person(row: Any) -> Person:
    return Person(
        row.account_id, row.username, row.person, row.activated_at is not None, row.role,
        row.agency_id, row.full_name, f"อำเภอ{row.district}", row.province_id, row.province,
    )  # fmt: skip


_REASONS = ("without_right", "shut", "activated")


def _reason(row: Any, choice: Choice, *, living: bool) -> str:
    """Why an account gets no slip for one of its rights; "" where it gets one."""
    if not living:
        return "without_right"
    if not row.active:
        return "shut"
    return "activated" if row.activated_at is not None and not choice.activated else ""


def _stronger(before: str | None, reason: str) -> str:
    """Of several rights of one account the reason that says most."""
    return max(before or reason, reason, key=_REASONS.index)


def _rows(choice: Choice, actor: Actor) -> Any:
    """Accounts with their rights at agencies: by role, province, district and agency; columns alone."""
    by_role = [Grant.role == role for role in ROLES_WITH_SLIPS if role.value in choice.roles]
    query: Any = select(
        Account.id.label("account_id"),
        Account.username,
        Account.name.label("person"),
        Account.activated_at,
        Account.active,
        Grant.role,
        Grant.valid_until,
        Agency.id.label("agency_id"),
        Agency.full_name,
        Agency.province_id,
        District.name.label("district"),
        Province.name.label("province"),
    )
    query = (
        query.join(Grant, Grant.account_id == Account.id)
        .join(Agency, Agency.id == Grant.agency_id)
        .join(District, District.id == Agency.district_id)
        .join(Province, Province.id == Agency.province_id)
        .where(or_(*by_role), *_limits(choice, actor))
    )
    return query.order_by(
        Grant.role, Province.sort_key, District.sort_key, Agency.sort_key, Agency.id, Account.id, Grant.id
    )


def _limits(choice: Choice, actor: Actor) -> list[ColumnElement[bool]]:
    limits: list[ColumnElement[bool]] = [Grant.valid_from <= clock.now()]
    if actor.province_id is not None:
        limits.append(Account.province_id == actor.province_id)
    if choice.province_id is not None:
        limits.append(Agency.province_id == choice.province_id)
    if choice.account_ids is not None:
        limits.append(Account.id.in_(choice.account_ids))
    return limits
