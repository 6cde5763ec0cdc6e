"""Tokens of programmes: what a person may make, what an office may end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, ProgrammingError

from models.api_token import LONGEST_DAYS, ApiToken
from models.audit import AuditEvent
from portal.core.acting import seated
from portal.core.database.session import db, privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.people import tokens
from tests.factories.base import Make
from tests.factories.people import ApiTokenFactory
from tests.support.world import World

pytestmark = pytest.mark.postgres


@pytest.fixture
def me(app: Portal, world: World) -> Iterator[int]:
    with app.app_context():
        yield world.account["province"]


def made(world: World, person: str = "province", name: str = "กระดานข้อมูล", days: int = 90) -> str:
    return tokens.make(world.account[person], world.grant[person], name=name, days=days)


def test_a_token_is_for_an_own_desk_and_a_time_that_is_offered(me: int, world: World) -> None:
    with pytest.raises(Refused, match="desks"):
        tokens.make(me, world.grant["dla"], name="กระดาน", days=90)
    with pytest.raises(Refused, match="lasts"):
        made(world, days=LONGEST_DAYS + 1)
    assert tokens.own(me) == []


def test_the_database_keeps_none_that_lasts_longer_than_a_year(me: int, make: Make) -> None:
    with pytest.raises(IntegrityError):
        make(ApiTokenFactory, days=LONGEST_DAYS + 1)


def test_two_living_tokens_of_one_name_are_not_made(me: int, world: World) -> None:
    made(world)
    with pytest.raises(Refused, match="name"):
        made(world)
    tokens.end_own(me, tokens.own(me)[0].id)
    made(world)
    assert len(tokens.own(me)) == 1


def test_so_many_at_once_and_no_more(me: int, world: World) -> None:
    for number in range(tokens.MOST):
        made(world, name=f"กระดาน {number}")
    with pytest.raises(Refused, match="At most"):
        made(world)


def test_only_its_person_ends_it_as_ones_own_and_only_once(me: int, world: World) -> None:
    made(world)
    mine = tokens.own(me)[0].id
    with pytest.raises(NotFound):
        tokens.end_own(world.account["dla"], mine)
    tokens.end_own(me, mine)
    with pytest.raises(NotFound):
        tokens.end_own(me, mine)
    with privileged("a test looks") as session:
        acts = [row.act for row in session.scalars(select(AuditEvent).order_by(AuditEvent.id))]
    assert acts[-2:] == ["api_token.make", "api_token.end"]


def test_offices_end_the_tokens_of_others_and_the_nacc_alone_its_own(me: int, world: World) -> None:
    made(world)
    made(world, "nacc")
    dla, nacc = world.actor("dla"), world.actor("nacc")
    assert [one.owner for one in tokens.others(dla)] == ["ผู้ใช้ทดลอง province"]
    assert len(tokens.others(nacc)) == 2
    of_nacc = tokens.own(world.account["nacc"])[0].id
    with pytest.raises(NotFound):
        tokens.end_another(dla, of_nacc)
    for one in tokens.others(nacc):
        tokens.end_another(nacc, one.id)
    assert tokens.others(nacc) == []


def test_a_desk_reads_no_row_of_the_table(me: int, world: World) -> None:
    made(world)
    keys, second_wall = select(ApiToken.id), db.engine.dialect.name == "postgresql"
    with seated(world.actor("nacc")):
        if not second_wall:
            assert db.session.scalars(keys).all() == []
            return
        with pytest.raises(ProgrammingError, match="permission denied"):
            db.session.scalars(keys)
        db.session.rollback()


def test_nothing_is_written_where_it_is_refused(me: int, world: World) -> None:
    with pytest.raises(Refused):
        tokens.make(me, world.grant["province_other"], name="กระดาน", days=90)
    with writing(), privileged("a test looks") as session:
        assert session.scalars(select(ApiToken)).all() == []
