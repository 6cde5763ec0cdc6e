"""Which agencies of an earlier round one of a later round comes from: mergers and splits that lie between."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.agency import Agency
from models.round import Round
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.register.lineage import Origin, origins
from portal.rounds import setup
from tests.factories.base import Make
from tests.factories.rounds import RoundFactory
from tests.support.changes import TODAY, made, merged, named, neighbour, renewed, split, undone
from tests.support.statements import asked
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres


def next_round(make: Make, year: int = 2562) -> int:
    """A later round, which takes up the agencies as the register has them now."""
    made = make(RoundFactory, fiscal_year=year)
    with writing(), privileged("a test's later round") as session:
        setup.snapshot_agencies(session, session.get_one(Round, made.id))
    return int(made.id)


def number(name: str) -> int:
    with privileged("a test looks") as session:
        return session.scalars(select(Agency.id).where(Agency.name == name)).one()


def came(world: World, later: int, earlier: int | None = None) -> dict[int, Origin]:
    key = earlier or world.round_id
    return origins(later, [key])[key]


def of(world: World, *keys: str, divided: bool = False) -> Origin:
    return Origin(frozenset(world.agency[key] for key in keys), TODAY, divided)


def test_nothing_lies_between_where_nothing_changed(app: Portal, world: World, make: Make) -> None:
    with app.app_context():
        assert came(world, next_round(make)) == {}
        assert origins(world.round_id, []) == {}


def test_who_goes_on_comes_from_itself_and_from_those_that_ended_in_it(
    app: Portal, world: World, make: Make
) -> None:
    with app.app_context():
        made(world, "a2", merged(world, "a2", into="a1"))
        assert came(world, next_round(make)) == {world.agency["a1"]: of(world, "a1", "a2")}


def test_who_was_made_comes_from_all_that_ended_in_it(app: Portal, world: World, make: Make) -> None:
    with app.app_context():
        made(world, "a1", merged(world, "a1", "a2", name="เกาะคาท่าผา"))
        assert came(world, next_round(make)) == {number("เกาะคาท่าผา"): of(world, "a1", "a2")}


@pytest.mark.parametrize("stays", [True, False])
def test_the_parts_of_a_split_are_divided(app: Portal, world: World, make: Make, stays: bool) -> None:
    with app.app_context():
        made(world, "a1", split(world, "a1", "เหนือ", "ใต้", stays=stays))
        parts = {number("เหนือ"), number("ใต้")} | ({world.agency["a1"]} if stays else set())
        assert came(world, next_round(make)) == dict.fromkeys(parts, of(world, "a1", divided=True))


def test_a_renewed_agency_and_an_undone_change_are_no_origin(app: Portal, world: World, make: Make) -> None:
    with app.app_context():
        made(world, "a1", renewed(world, "a1", "เกาะคาใหม่"))
        undone(world, made(world, "a2", merged(world, "a2", into="a1")))
        assert came(world, next_round(make)) == {}


def test_a_change_lies_between_the_rounds_before_and_after_it_alone(
    app: Portal, world: World, make: Make
) -> None:
    """Both rounds that were made before it have the agencies that ended; both after it what was made."""
    with app.app_context():
        world = named(world, z=neighbour(make).id)
        second = next_round(make)
        made(world, "a1", merged(world, "a1", "a2", name="รวม"))
        made(world, "z", split(world, "z", "แบ่ง"))
        third, fourth = next_round(make, 2563), next_round(make, 2564)
        assert came(world, second) == came(world, fourth, third) == {}
        found = origins(fourth, [world.round_id, second, third])
        assert found[second] == came(world, third, second)
        assert set(found[second]) == {number("รวม"), number("แบ่ง"), world.agency["z"]}
        assert set(found[world.round_id]) == {number("รวม")}, "z took no part then"
        assert found[third] == {}


def test_changes_after_one_another_are_followed_to_the_end(app: Portal, world: World, make: Make) -> None:
    """What was made is no agency of either round: the way goes through it all the same."""
    with app.app_context():
        made(world, "a1", merged(world, "a1", "a2", name="กลางทาง"))
        world = named(world, m=number("กลางทาง"))
        made(world, "m", split(world, "m", "ปลายทาง", stays=False))
        assert came(world, next_round(make)) == {number("ปลายทาง"): of(world, "a1", "a2", divided=True)}


def test_a_merger_of_a_merger_has_the_agencies_of_both(app: Portal, world: World, make: Make) -> None:
    with app.app_context():
        made(world, "a1", merged(world, "a1", "a2", name="กลางทาง"))
        world = named(world, m=number("กลางทาง"))
        made(world, "m", merged(world, "m", name="ปลายทาง"))
        assert came(world, next_round(make)) == {number("ปลายทาง"): of(world, "a1", "a2")}


def test_it_is_asked_once_for_all_and_by_whoever_sees_no_change(
    app: Portal, world: World, make: Make
) -> None:
    with app.app_context():
        made(world, "a2", merged(world, "a2", into="a1"))
        later = next_round(make)
        other = next_round(make, 2563)
    with app.test_request_context(), acting_as(world.actor("agency_admin")), asked(app) as statements:
        found = origins(other, [world.round_id, later])
        assert found == {world.round_id: {world.agency["a1"]: of(world, "a1", "a2")}, later: {}}
        assert len([one for one in statements if one.startswith("SELECT agency_change")]) == 1
        assert len([one for one in statements if " participation" in one]) == 1
