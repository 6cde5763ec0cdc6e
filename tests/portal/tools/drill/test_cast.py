"""Who takes part in the drill: offices, an assessor, and two people at each of the first agencies."""

from __future__ import annotations

import pytest

from models.account import Role
from models.agency import Agency
from portal.core.database.session import db, privileged, writing
from portal.core.web import Portal
from portal.tools.drill.cast import Cast, acting, make_cast
from portal.tools.drill.plan import Plan
from tests.support.world import World


def cast_of(app: Portal, *, provinces: int, agencies: int) -> Cast:
    with app.app_context(), writing(), privileged("a test casts") as session:
        return make_cast(session, Plan(provinces=provinces, agencies=agencies))


def test_agencies_come_from_the_first_provinces_by_name(app: Portal, world: World) -> None:
    """Krabi (ก) comes before Lampang (ล)."""
    made = cast_of(app, provinces=1, agencies=2)
    assert {team.agency_id for team in made.teams} == {world.agency["b1"], world.agency["b2"]}


def test_a_province_with_too_few_agencies_is_passed_over(app: Portal, world: World) -> None:
    with app.app_context(), writing(), privileged("a test moves an agency") as session:
        session.get_one(Agency, world.agency["b1"]).province_id = world.province["52"]
    made = cast_of(app, provinces=1, agencies=2)
    assert len(made.teams) == 2 and world.agency["b2"] not in {team.agency_id for team in made.teams}


def test_a_register_that_is_too_small_gives_what_it_has(app: Portal, world: World) -> None:
    """The report then counts less than was planned."""
    assert len(cast_of(app, provinces=3, agencies=6).teams) == 4


@pytest.mark.parametrize(
    ("who", "role"),
    [("nacc", Role.NACC), ("dla", Role.DLA), ("assessor", Role.ASSESSOR), ("executive", Role.EXECUTIVE)],
)
def test_each_acts_under_the_own_grant_and_leaves_no_session(
    app: Portal, world: World, who: str, role: Role
) -> None:
    made = cast_of(app, provinces=1, agencies=1)
    grant = made.teams[0].executive_grant if who == "executive" else getattr(made, who)
    with app.app_context():
        with acting(grant) as actor:
            assert (actor.role, actor.grant_id) == (role, grant)
        assert not db.session.registry.has(), "as after a request"
