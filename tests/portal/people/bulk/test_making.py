"""Accounts in bulk: what agencies lack, how their accounts are called, and that each is made once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from models.account import Account, Grant, Role
from models.agency import Agency
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.people.bulk import making, usernames
from portal.people.bulk.standing import Which
from tests.factories.base import Make
from tests.factories.people import AccountFactory
from tests.support.world import World

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("in_app")]
ADMIN, EXECUTIVE = Role.AGENCY_ADMIN, Role.EXECUTIVE


@pytest.fixture
def in_app(app: Portal) -> Iterator[None]:
    with app.app_context():
        yield


def planned(which: Which = Which()) -> making.Plan:  # noqa: B008 - frozen
    with privileged("a test looks") as session:
        return making.plan(session, which)


def make_all(which: Which = Which()) -> list[int]:  # noqa: B008 - frozen
    with writing(), privileged("a test makes") as session:
        places = making.portion(session, which, after=0, size=500)
        return making.make(session, making.lacks(session, places, which.role))


def test_a_plan_counts_what_is_new_what_is_there_and_what_is_out_of_use(world: World) -> None:
    with writing(), privileged("b2 has no code, b1 is out of use") as session:
        session.get_one(Agency, world.agency["b2"]).code = None
        session.get_one(Agency, world.agency["b1"]).active = False
    plan = planned()
    assert (plan.agencies, len(plan.new), plan.had, plan.without_code, plan.inactive) == (3, 4, 2, 1, 1)
    assert (plan.of_role(ADMIN), plan.of_role(EXECUTIVE)) == (2, 2)
    assert [lack.username for lack in plan.new] == [
        "06520402-admin",
        "06520402-exec",
        f"d8102-{world.agency['b2']}-admin",
        f"d8102-{world.agency['b2']}-exec",
    ]


def test_a_plan_of_one_role_of_one_province_is_of_them_alone(world: World) -> None:
    plan = planned(Which(province_id=world.province["52"], role=EXECUTIVE))
    assert [(lack.agency_id, lack.role) for lack in plan.new] == [(world.agency["a2"], EXECUTIVE)]
    assert plan.had == 1


def test_accounts_are_made_without_a_person_with_their_right_and_for_their_province(world: World) -> None:
    made = make_all()
    assert len(made) == 4
    with privileged("a test looks") as session:
        accounts = session.scalars(select(Account).where(Account.id.in_(made)).order_by(Account.id)).all()
        assert {account.username for account in accounts} == {
            "06520402-admin", "06520402-exec", "05810201-admin", "05810201-exec"
        }  # fmt: skip
        for account in accounts:
            (right,) = account.grants
            assert account.name == "" and account.password_hash is None and account.active
            agency = session.get_one(Agency, right.agency_id)
            assert account.province_id == agency.province_id
            assert account.username == f"{agency.code}-{usernames.ENDINGS[right.role]}"
            assert account.folded_username == account.username
    assert make_all() == [], "what was made is not made again"


def test_a_name_that_is_taken_gets_a_number(world: World, make: Make) -> None:
    for name in ("06520402-ADMIN", "06520402-admin2"):
        make(AccountFactory, username=name)
    names = [lack.username for lack in planned(Which(agency_ids=(world.agency["a2"],))).new]
    assert names == ["06520402-admin3", "06520402-exec"]


def test_a_name_that_somebody_takes_between_look_and_insert_is_left_to_them(world: World, make: Make) -> None:
    lacking = planned(Which(agency_ids=(world.agency["a2"],))).new
    make(AccountFactory, username="06520402-admin")
    with writing(), privileged("a test makes") as session:
        assert len(making.make(session, lacking)) == 1
    with privileged("a test looks") as session:
        rights = session.scalars(select(Grant.role).where(Grant.agency_id == world.agency["a2"])).all()
    assert rights == [EXECUTIVE]


def test_nothing_is_made_where_nothing_is_lacking(world: World) -> None:
    which = Which(agency_ids=(world.agency["a1"],))
    assert planned(which).new == [] and make_all(which) == []
    assert make_all(Which(agency_ids=())) == []


def test_names_of_many_agencies_are_asked_for_in_one_pass(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(AccountFactory, username="06520402-admin")
    with privileged("a test asks") as session:
        few = usernames.taken(session, ["06520402"])
        monkeypatch.setattr(usernames, "_AT_ONCE", 0)
        assert few == {"06520402-admin"} and few < usernames.taken(session, ["06520402"])
        assert usernames.taken(session, []) == set()
