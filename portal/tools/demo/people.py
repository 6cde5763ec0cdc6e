"""The demonstration's accounts, one per role. They exist in demonstration mode only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.account import Account, Role
from models.agency import Agency
from models.assessor import AssessorBody
from models.place import Province
from portal.content import local
from portal.people import accounts

PASSWORD = "saithong-pla-too-2561"  # noqa: S105 - printed at every start; demonstration mode is loopback only
#: the province whose agencies are furthest, and whose staff has an account
HOME_PROVINCE = "52"


@dataclass(frozen=True)
class DemoAgencies:
    """The agencies that the demonstration's people work for."""

    #: at the headcount
    preparing: Agency
    #: answering OIT, with answers to its surveys
    confirmed: Agency
    unactivated: Agency
    #: its OIT waits for the executive, and the assessor asked for more names
    waiting: Agency
    #: its OIT was returned by the executive
    returned: Agency

    @property
    def worked_for(self) -> tuple[Agency, ...]:
        """Those of the demonstration's admin and executive, the one that is furthest first."""
        return self.confirmed, self.preparing, self.waiting, self.returned


@dataclass(frozen=True)
class Person:
    """One line of the list of accounts."""

    username: str
    name: str
    role: Role
    shows: str


PEOPLE = (
    Person("demo-nacc", "นางสาวทดลอง หนึ่ง", Role.NACC, "rounds, questions, assessors, closing, results"),
    Person("demo-dla", "นายทดลอง สอง", Role.DLA, "register, users, rosters, OIT items, letters"),
    Person("demo-dla-2", "นางทดลอง เก้า", Role.DLA, "confirms the rights that demo-dla asks for"),
    Person("demo-province", "นางทดลอง สาม", Role.PROVINCE, "status and summary of one province"),
    Person("demo-admin", "นายทดลอง สี่", Role.AGENCY_ADMIN, "preparation, links, OIT (four agencies)"),
    Person("demo-executive", "นายกทดลอง ห้า", Role.EXECUTIVE, "confirmation, OIT review (four agencies)"),
    Person("demo-assessor", "นางสาวทดลอง หก", Role.ASSESSOR, "rosters, draw, interviews, OIT scores"),
    Person("demo-interviewer", "นายทดลอง เจ็ด", Role.INTERVIEWER, "interviews"),
)
#: an account whose password nobody has set yet: its code is printed at every start until it is used
NEWCOMER = Person("demo-new", "นายทดลอง แปด", Role.AGENCY_ADMIN, "activation with a code")


def demo_agencies(session: Session) -> DemoAgencies:
    """The five agencies of the home province that people work for, always the same."""
    query = (
        select(Agency)
        .join(Province, Province.id == Agency.province_id)
        .where(Province.code == HOME_PROVINCE, Agency.kind == local.SUBDISTRICT)
        .order_by(Agency.sort_key, Agency.id)
        .limit(5)
    )
    return DemoAgencies(*session.scalars(query))


def make_people(session: Session, agencies: DemoAgencies, body: AssessorBody) -> None:
    """Make the accounts with their grants and the one password."""
    hashed = accounts.HASHER.hash(PASSWORD)
    own = [agency.id for agency in agencies.worked_for]
    for person in PEOPLE:
        places = _places(person.role, own, agencies.confirmed.province_id, body.id)
        account = accounts.make_account(
            session, username=person.username, name=person.name, role=person.role, **places[0]
        )
        for place in places[1:]:
            accounts.give_grant(session, account, person.role, **place)
        account.password_hash = hashed
        account.activated_at = account.grants[0].valid_from
    accounts.make_account(
        session,
        username=NEWCOMER.username,
        name=NEWCOMER.name,
        role=NEWCOMER.role,
        agency_id=agencies.unactivated.id,
    )


def _places(role: Role, agencies: list[int], province_id: int, body_id: int) -> list[dict[str, Any]]:
    if role is Role.PROVINCE:
        return [{"province_id": province_id}]
    if role in (Role.AGENCY_ADMIN, Role.EXECUTIVE):
        return [{"agency_id": agency_id} for agency_id in agencies]
    if role in (Role.ASSESSOR, Role.INTERVIEWER):
        return [{"body_id": body_id}]
    return [{}]


def newcomers_code(session: Session) -> str | None:
    """A fresh activation code of the newcomer; None once the account is activated."""
    account = session.scalars(select(Account).where(Account.username == NEWCOMER.username)).one_or_none()
    return accounts.issue_code(session, account) if account and account.activated_at is None else None
