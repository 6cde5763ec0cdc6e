"""The demonstration's people: one per role, who sit at real desks, and a newcomer."""

from __future__ import annotations

from itertools import islice

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.account import Account, Role
from models.citizen_id import check
from portal.core.sign_in import HASHER, grants_of
from portal.tools.demo.citizen_ids import OFFICE, made_up_ids
from portal.tools.demo.people import NEWCOMER, PASSWORD, PEOPLE, demo_agencies


def account(session: Session, username: str) -> Account:
    return session.scalars(select(Account).where(Account.username == username)).one()


def test_each_role_has_somebody_whose_password_is_the_printed_one(shown: Session) -> None:
    assert {person.role for person in PEOPLE} == set(Role) - {Role.SYSTEM}
    for person in PEOPLE:
        made = account(shown, person.username)
        assert {grant.role for grant in made.grants} == {person.role}
        assert made.activated_at is not None and made.password_hash is not None
    assert HASHER.verify(account(shown, "demo-dla").password_hash or "", PASSWORD)


@pytest.mark.parametrize("username", ["demo-admin", "demo-executive"])
def test_admin_and_executive_choose_between_four_agencies(shown: Session, username: str) -> None:
    desks = {grant.agency_id for grant in grants_of(account(shown, username).id)}
    assert desks == {agency.id for agency in demo_agencies(shown).worked_for}
    assert len(desks) == 4


def test_assessor_and_interviewer_are_of_one_body(shown: Session) -> None:
    bodies = {account(shown, name).grants[0].body_id for name in ("demo-assessor", "demo-interviewer")}
    assert len(bodies) == 1 and None not in bodies


def test_the_newcomer_has_no_password_yet(shown: Session) -> None:
    newcomer = account(shown, NEWCOMER.username)
    assert (newcomer.password_hash, newcomer.activated_at) == (None, None)
    assert newcomer.grants[0].agency_id == demo_agencies(shown).unactivated.id


@pytest.mark.parametrize("first", ["1", "8"])
def test_made_up_ids_pass_the_form_and_are_of_no_office(first: str) -> None:
    ids = list(islice(made_up_ids(98, first_digit=first), 5))
    assert len(set(ids)) == 5
    for one in ids:
        assert one.startswith(first + OFFICE) and len(one) == 13
        assert check(one, first_digits="12345678") == one
