"""Names that are one person's, rights for a time, and the place that a role has or has not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from models.account import Account, Grant, Role, fold
from portal.core.errors import Refused
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.people import AccountFactory, GrantFactory
from tests.support.world import NOW, World

A_MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize("typed", ["Somchai", " somchai ", "SOMCHAI\t", "ｓｏｍｃｈａｉ"])
def test_a_user_name_is_one_person_s_however_it_is_typed(typed: str) -> None:
    assert fold(typed) == "somchai"
    assert Account(username=typed).folded_username == "somchai"


def test_a_changed_address_is_not_proved_any_more_and_the_same_one_stays_proved() -> None:
    account = Account(username="somchai", email="one@example.go.th", email_proved_at=NOW)
    account.email = "one@example.go.th"
    assert account.email_proved_at == NOW
    account.email = "two@example.go.th"
    assert account.email_proved_at is None


def test_a_renamed_account_is_compared_by_its_new_name() -> None:
    account = Account(username="somchai")
    account.username = "Somying"
    assert account.folded_username == "somying"


def test_two_accounts_never_have_one_name(app: Portal, make: Make) -> None:
    make(AccountFactory, username="somchai")
    with pytest.raises(Refused, match="This user name is taken"):
        make(AccountFactory, username="SOMCHAI ")


def test_a_right_holds_from_its_beginning_until_just_before_its_end() -> None:
    grant = Grant(valid_from=NOW, valid_until=NOW + timedelta(days=1))
    held = [NOW, NOW + timedelta(days=1) - A_MOMENT]
    assert [grant.valid_at(moment) for moment in held] == [True, True]
    assert not grant.valid_at(NOW - A_MOMENT) and not grant.valid_at(NOW + timedelta(days=1))
    grant.valid_until = None
    assert grant.valid_at(NOW + timedelta(days=9999))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_an_office_for_the_country_has_no_place_and_everybody_else_has_one(
    app: Portal, world: World, make: Make, role: Role
) -> None:
    province, agency, body = world.province["52"], world.agency["a1"], world.body["body1"]
    nowhere: dict[str, int] = {}
    places = [{"province_id": province}, {"agency_id": agency}, {"body_id": body}]
    two = {"province_id": province, "agency_id": agency}
    right = [nowhere] if role in (Role.NACC, Role.DLA) else places
    account = make(AccountFactory)
    for place in (nowhere, *places, two):
        if place in right:
            assert make(GrantFactory, account=account, role=role, **place).id
            continue
        with pytest.raises(IntegrityError):
            make(GrantFactory, account=account, role=role, **place)
