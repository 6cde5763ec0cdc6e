"""A workbook of accounts read in: what it would do, row by row, then done in one transaction.

It fills accounts that nobody has activated yet: an activated one is the person's own. A role that nobody has
gets an account where the row says something of the person. A column that is not there, and a cell that is
empty, change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.account import Account
from models.thai import normal_form
from portal.core import described, described_files
from portal.core.described import Field
from portal.core.imports.notes import Wrong
from portal.core.imports.spreadsheet import Row, Table
from portal.people.bulk import making, standing
from portal.people.bulk.making import Lack
from portal.people.bulk.standing import Held, Standing, Which
from portal.people.bulk.workbook_file import LONGEST, Said, parse, role_names


@dataclass(frozen=True)
class Fill:
    """A row that says more of an account: by field, the value before and after."""

    number: int
    held: Held
    changes: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Add:
    """A row that makes an account where nobody has one."""

    said: Said
    held: Held


@dataclass(frozen=True)
class Left:
    """A row that would change an account which is the person's own, or another office's: it stays."""

    number: int
    held: Held
    why: str


@dataclass(frozen=True)
class WrongRow:
    """A row that cannot be used, as it stands in the file, with everything that is wrong in it."""

    row: Row
    wrongs: tuple[Wrong, ...]


@dataclass
class FillPlan:
    """What reading a workbook in would do."""

    fill: list[Fill] = field(default_factory=list)
    add: list[Add] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    wrong: list[WrongRow] = field(default_factory=list)
    same: int = 0

    @property
    def empty(self) -> bool:
        """True where it would do nothing."""
        return not self.fill and not self.add


#: of filled accounts, by their ids, what each field was before and after: as JSON keeps it
Filled = dict[str, dict[str, list[Any]]]

ACTIVATED = "The account is activated: the person keeps these themselves"
SHUT = "The account is shut"
ELSEWHERE = "The person has rights outside the province too: the DLA keeps this account"


def plan_filling(
    session: Session, table: Table, place: Which, *, province: bool, fields: Sequence[Field] = ()
) -> FillPlan:
    """Look at every row of a read workbook; writes nothing. Needs a privileged session.

    ``place``: the agencies of the desk; ``province``: whether only accounts of the province are its to fill;
    ``fields``: the descriptive fields that a row may say.
    """
    plan, seen = FillPlan(), dict[tuple[int, str, str], int]()
    known, roles = _Known(standing.rows(session, place)), role_names()
    for row in table.rows:
        said = parse(row, roles, fields)
        held = _found(said, known) if isinstance(said, Said) else said
        if not isinstance(said, Said) or not isinstance(held, Held):
            plan.wrong.append(WrongRow(row, held if isinstance(held, tuple) else ()))
            continue
        key = (held.agency_id, held.role.value, held.username)
        if key in seen:
            again = Wrong("role", "The same account stands in row %(row)s", {"row": seen[key]})
            plan.wrong.append(WrongRow(row, (again,)))
            continue
        seen[key] = row.number
        _sort(plan, said, held, province=province)
    return plan


def apply_filling(session: Session, plan: FillPlan) -> tuple[list[int], Filled]:
    """Write a plan that was made in this transaction.

    Gives the ids of new accounts, and of filled ones what each field was before and after.
    """
    filled: Filled = {}
    accounts = _locked(session, (row.held.account_id for row in plan.fill))
    for row in plan.fill:
        account = accounts.get(row.held.account_id or 0)
        if account is None or account.activated_at is not None:
            continue
        filled[str(account.id)] = {name: [before, after] for name, (before, after) in row.changes.items()}
        _set(account, {name: after for name, (_before, after) in row.changes.items()})
    session.flush()
    made = _add(session, plan.add)
    return made, filled


def restore(session: Session, filled: Mapping[str, Mapping[str, list[Any]]]) -> int:
    """Put back what a workbook filled in, where it is as it left it and nobody has activated; how many."""
    accounts = _locked(session, (int(key) for key in filled))
    count = 0
    for key, fields in filled.items():
        account = accounts.get(int(key))
        if account is None or account.activated_at is not None:
            continue
        own, said = described_files.apart({name: after for name, (_before, after) in fields.items()})
        if any(getattr(account, name) != after for name, after in own.items()):
            continue
        if any((account.described or {}).get(key) != after for key, after in said.items()):
            continue
        _set(account, {name: before for name, (before, _after) in fields.items()})
        count += 1
    session.flush()
    return count


def _set(account: Account, values: Mapping[str, Any]) -> None:
    """Let an account say these, columns and descriptive fields by their names."""
    own, said = described_files.apart(values)
    for name, value in own.items():
        setattr(account, name, value)
    if said:
        account.described = described.merged(account.described, said)


class _Known:
    """The accounts of the desk's agencies, by what a row may name them by."""

    def __init__(self, rows: Iterable[Held]) -> None:
        self.by_code: dict[str, list[Held]] = {}
        self.by_name: dict[str, list[Held]] = {}
        self.by_username: dict[str, list[Held]] = {}
        for row in rows:
            if row.code:
                self.by_code.setdefault(row.code, []).append(row)
            for name in (row.full_name, row.short_name):
                self.by_name.setdefault(normal_form(name), []).append(row)
            if row.username:
                self.by_username.setdefault(row.username.casefold(), []).append(row)


def _found(said: Said, known: _Known) -> Held | tuple[Wrong, ...]:
    """The account, or the lack of one, that a row is about."""
    if said.code:
        there = known.by_code.get(said.code, [])
        column, words = "code", "No agency here has this code"
    elif said.agency:
        named = known.by_name.get(normal_form(said.agency), [])
        there = [row for row in named if not said.district or row.district == said.district]
        column, words = "agency", "No agency here has this name"
    else:
        there = known.by_username.get(said.username.casefold(), [])
        column, words = "username", "Nobody here has this user name"
    if not there:
        return (Wrong(column, words, {}),)
    if len({row.agency_id for row in there}) > 1:
        return (Wrong(column, "Several agencies have this name: write the code", {}),)
    there = [row for row in there if row.role is said.role]
    if said.username:
        there = [row for row in there if row.username.casefold() == said.username.casefold()]
    if not there:
        return (Wrong("username", "This user name is not that of this role at the agency", {}),)
    if len(there) > 1:
        return (Wrong("username", "Several people have this role: write the user name", {}),)
    return there[0]


def _sort(plan: FillPlan, said: Said, held: Held, *, province: bool) -> None:
    if held.account_id is None:
        if said.values or said.described:
            plan.add.append(Add(said, held))
        else:
            plan.same += 1
        return
    before = {"name": held.person, "position": held.position, "phone": held.phone, "email": held.email}
    changes: dict[str, tuple[Any, Any]] = {
        name: (before[name], after) for name, after in said.values.items() if before[name] != after
    }
    changes |= described_files.changes(held.described, said.described)
    why = _why_left(held, province=province)
    if not changes:
        plan.same += 1
    elif why:
        plan.left.append(Left(said.number, held, why))
    else:
        plan.fill.append(Fill(said.number, held, changes))


def _why_left(held: Held, *, province: bool) -> str:
    if held.activated_at is not None:
        return ACTIVATED
    if held.standing is Standing.SHUT:
        return SHUT
    return ELSEWHERE if province and not held.of_province else ""


def _add(session: Session, rows: Iterable[Add]) -> list[int]:
    """Make accounts for roles that nobody has, with what the rows say of the person."""
    wanted = {(row.held.agency_id, row.held.role): row.said for row in rows}
    which = Which(agency_ids=tuple(sorted({agency for agency, _role in wanted})))
    places = making.portion(session, which, after=0, size=len(wanted)) if wanted else []
    lacking: list[Lack] = [
        lack for lack in making.lacks(session, places, None) if (lack.agency_id, lack.role) in wanted
    ]
    made = making.make(session, lacking)
    said = {lack.username: wanted[lack.agency_id, lack.role] for lack in lacking}
    for account in _locked(session, made).values():
        row = said[account.username]
        _set(account, {**dict.fromkeys(LONGEST, ""), **row.all})
    session.flush()
    return made


def _locked(session: Session, ids: Iterable[int | None]) -> dict[int, Account]:
    keys = [key for key in ids if key is not None]
    query = select(Account).where(Account.id.in_(keys)).order_by(Account.id)
    rows = session.scalars(query.with_for_update().execution_options(populate_existing=True))
    return {account.id: account for account in rows}
