"""Being somebody for a while: whose scope holds inside, who sits here afterwards, and what is kept."""

from __future__ import annotations

import pytest
from flask import g
from sqlalchemy import select

from models.agency import Agency
from portal.core.access import Actor, current_actor
from portal.core.acting import acting, seated
from portal.core.database.session import db
from portal.core.errors import ScopeViolation
from portal.core.web import Portal
from tests.support.world import World, row

pytestmark = pytest.mark.postgres


def actor(app: Portal, world: World, person: str) -> Actor:
    with app.app_context():
        return world.actor(person)


def seen() -> int:
    return len(db.session.scalars(select(Agency.id)).all())


def test_inside_another_scope_holds_and_afterwards_the_one_before(app: Portal, world: World) -> None:
    dla, province = actor(app, world, "dla"), actor(app, world, "province")
    with app.app_context(), seated(dla):
        assert seen() == 4
        with seated(province):
            assert (seen(), current_actor()) == (2, province)
        assert (seen(), current_actor()) == (4, dla)
        with pytest.raises(ValueError, match="trouble"), seated(province):
            raise ValueError("trouble")
        assert (seen(), current_actor()) == (4, dla)


def test_afterwards_nobody_sits_where_nobody_sat(app: Portal, world: World) -> None:
    dla = actor(app, world, "dla")
    with app.app_context():
        with seated(dla):
            assert seen() == 4
        assert "actor" not in g
        with pytest.raises(ScopeViolation):
            seen()


@pytest.mark.parametrize("fails", [False, True])
def test_an_act_is_kept_whole_or_not_at_all(app: Portal, world: World, fails: bool) -> None:
    dla = actor(app, world, "dla")
    with app.app_context():
        try:
            with acting(dla):
                db.session.get_one(Agency, world.agency["a1"]).name = "ใหม่"
                db.session.flush()
                if fails:
                    raise ValueError("half way")
        except ValueError:
            assert fails
        assert row(Agency, world.agency["a1"]).name == ("เกาะคา" if fails else "ใหม่")
