"""How far the accounts of agencies have come: each standing, who stands where, and what narrows the rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from models.account import Role
from models.agency import Agency
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.people.bulk import standing
from portal.people.bulk.standing import Held, Standing, Which
from tests.factories.base import Make
from tests.factories.people import AccountFactory, ActivationCodeFactory, GrantFactory
from tests.support.world import NOW, World

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("in_app")]
ADMIN, EXECUTIVE = Role.AGENCY_ADMIN, Role.EXECUTIVE


@pytest.fixture
def in_app(app: Portal) -> Iterator[None]:
    with app.app_context():
        yield


def listed(which: Which = Which()) -> list[Held]:  # noqa: B008 - frozen
    with privileged("a test looks") as session:
        return list(standing.rows(session, which))


def only(which: Which) -> Held:
    (one,) = listed(which)
    return one


@pytest.mark.parametrize(
    ("account", "code", "expected"),
    [
        ({}, None, Standing.NO_CODE),
        ({}, NOW + timedelta(seconds=1), Standing.CODE_OUT),
        ({}, NOW, Standing.CODE_ENDED),
        ({"activated_at": NOW}, None, Standing.ACTIVATED),
        ({"activated_at": NOW}, NOW + timedelta(days=1), Standing.ACTIVATED),
        ({"active": False, "activated_at": NOW}, None, Standing.SHUT),
    ],
)
def test_each_standing_follows_from_account_and_code(
    world: World, make: Make, account: dict[str, object], code: object, expected: Standing
) -> None:
    person = make(AccountFactory, name="", position="นายก", **account)
    make(GrantFactory, account=person, role=ADMIN, agency_id=world.agency["a2"])
    if code is not None:
        make(ActivationCodeFactory, account_id=person.id, expires_at=code, issued_by_id=world.account["dla"])
    which = Which(agency_ids=(world.agency["a2"],), role=ADMIN)
    row = only(which)
    assert (row.standing, row.account_id, row.position) == (expected, person.id, "นายก")
    assert row.code_ends == code and bool(row.code_by) == (code is not None)
    assert row.of_province
    with privileged("a test counts") as session:
        assert standing.counts(session, which)[expected] == 1
        assert sum(standing.counts(session, which).values()) == 1


def test_a_role_that_nobody_has_is_a_row_and_two_people_are_two(world: World, make: Make) -> None:
    assert [row.standing for row in listed(Which(agency_ids=(world.agency["a2"],)))] == [Standing.NONE] * 2
    make(GrantFactory, account=make(AccountFactory), role=EXECUTIVE, agency_id=world.agency["a1"])
    rows = listed(Which(agency_ids=(world.agency["a1"],)))
    assert [row.role for row in rows] == [ADMIN, EXECUTIVE, EXECUTIVE]


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        (NOW - timedelta(days=9), NOW, Standing.NONE),
        (NOW + timedelta(days=9), None, Standing.NO_CODE),
    ],
)
def test_who_has_gone_leaves_a_lack_and_who_is_to_come_fills_it(
    world: World, make: Make, begins: object, ends: object, expected: Standing
) -> None:
    make(
        GrantFactory,
        account=make(AccountFactory),
        role=ADMIN,
        agency_id=world.agency["a2"],
        valid_from=begins,
        valid_until=ends,
    )
    assert only(Which(agency_ids=(world.agency["a2"],), role=ADMIN)).standing is expected


def test_somebody_with_a_right_elsewhere_is_no_lack_but_not_the_province_s(world: World, make: Make) -> None:
    person = make(AccountFactory)
    for agency in ("a2", "b2"):
        make(GrantFactory, account=person, role=ADMIN, agency_id=world.agency[agency])
    row = only(Which(province_id=world.province["52"], search="ท่าผา", role=ADMIN))
    assert row.standing is Standing.NO_CODE and not row.of_province


@pytest.mark.parametrize(
    ("which", "agencies"),
    [
        ({}, {"a1", "a2", "b1", "b2"}),
        ({"province_id": "52"}, {"a1", "a2"}),
        ({"search": "ทต.เกาะคา"}, {"a1"}),
        ({"search": "06810101"}, {"b1"}),
        ({"standing": Standing.NONE}, {"a2", "b2"}),
        ({"agency_ids": ()}, set()),
    ],
)
def test_rows_and_counts_are_narrowed_alike(
    world: World, which: dict[str, object], agencies: set[str]
) -> None:
    given = dict(which)
    if "province_id" in given:
        given["province_id"] = world.province[str(given["province_id"])]
    asked = Which(**given)  # type: ignore[arg-type]
    assert {row.agency_id for row in listed(asked)} == {world.agency[key] for key in agencies}
    assert Which.of(asked.plain()) == asked
    with privileged("a test counts") as session:
        numbers = standing.counts(session, asked)
    if asked.standing is None:
        assert sum(numbers.values()) == len(listed(asked))
    else:
        assert numbers[asked.standing] == len(listed(asked))


def test_a_province_is_kept_to_its_own_and_an_office_is_not(world: World) -> None:
    foreign = Which(province_id=world.province["81"], search="ไสไทย")
    assert foreign.within(world.actor("province")) == Which(province_id=world.province["52"], search="ไสไทย")
    assert foreign.within(world.actor("dla")) == foreign


def test_an_agency_out_of_use_has_no_rows(world: World) -> None:
    with writing(), privileged("an agency is put out of use") as session:
        session.get_one(Agency, world.agency["a1"]).active = False
    assert world.agency["a1"] not in {row.agency_id for row in listed()}


def test_rows_come_in_thai_order_of_their_places(world: World) -> None:
    keys = {key: name for name, key in world.agency.items()}
    assert [keys[row.agency_id] for row in listed(Which(role=ADMIN))] == ["b2", "b1", "a1", "a2"]
