"""A headcount that is strange beside last year's or the peers' is asked once more, in words."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.agency import Agency
from models.kinds import AGENCY_KINDS
from models.participation import Participation
from models.plausible import FEWEST
from models.round import Round
from portal.core.database.session import privileged
from portal.core.web import Portal
from portal.preparation.plausible import changed_words, earlier, strange_words, usual_here
from tests.factories.base import Make
from tests.factories.places import AgencyFactory
from tests.factories.rounds import ParticipationFactory, RoundFactory
from tests.support.changes import made, merged, named, neighbour, split
from tests.support.rosters import own
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres


def last_year(make: Make, world: World, number: int | None, *, scheme: str = "ITA") -> Round:
    """The same agency in the year before."""
    round: Round = make(RoundFactory, fiscal_year=2560, scheme=scheme)
    with privileged("a test reads") as session:
        agency = session.get_one(Participation, world.participation["a1"]).agency
        session.expunge_all()
    make(ParticipationFactory, round=round, agency=agency, headcount=number)
    return round


@pytest.mark.parametrize(("theirs", "sum"), [(30, 70), (None, None)])
def test_last_year_s_number_of_a_merged_agency_is_that_of_all_it_came_from(
    app: Portal, world: World, make: Make, theirs: int | None, sum: int | None
) -> None:
    with app.test_request_context():
        round = last_year(make, world, 40)
        other = neighbour(make)
        make(ParticipationFactory, round=round, agency=other, headcount=theirs)
        with_other = named(world, z=other.id)
        made(with_other, "z", merged(with_other, "z", into="a1"))
        with acting_as(world.actor("agency_admin")):
            before = earlier(own(world))
            assert before is not None and (before.year, before.headcount) == ("2560", sum)
            told = changed_words(own(world))
        if sum is None:
            assert "กรอกจำนวนไม่ครบทุกแห่ง" in told and said(world, 200) == ""
        else:
            assert told == "ปี 2560 หน่วยงานเดิมก่อนรวมมีทั้งหมด 70 คน"
            assert said(world, 105) == ""
            assert "ซึ่งหน่วยงานเดิมก่อนรวมมีทั้งหมด 70 คน" in said(world, 106)
            assert "ประเภทเดียวกันมาก" in said(world, 5000) and "ก่อนรวม" in said(world, 5000)


def test_a_split_agency_has_no_number_of_last_year_and_says_so(app: Portal, world: World, make: Make) -> None:
    with app.test_request_context():
        last_year(make, world, 40)
        assert said(world, 100)
        with acting_as(world.actor("agency_admin")):
            assert changed_words(own(world)) == ""
        made(world, "a1", split(world, "a1", "ที่แยกไป"))
        with privileged("a test reads") as session:
            new = session.scalars(select(Agency).where(Agency.name == "ที่แยกไป")).one()
            now = session.get_one(Participation, world.participation["a1"]).round
            session.expunge_all()
        make(ParticipationFactory, round=now, agency=new)
        assert said(world, 100) == ""
        with acting_as(world.actor("agency_admin")):
            assert "ไม่เปรียบเทียบกับปี 2560 เพราะหน่วยงานแยกเมื่อ" in changed_words(own(world))


def peers(make: Make, world: World, number: int, many: int = FEWEST) -> None:
    """So many agencies of its kind that have entered a number."""
    with privileged("a test reads") as session:
        mine = session.get_one(Participation, world.participation["a1"])
        kind, round = mine.kind, mine.round
        session.expunge_all()
    for _one in range(many):
        make(ParticipationFactory, round=round, agency=make(AgencyFactory, kind=kind), headcount=number)


def said(world: World, number: int) -> str:
    with acting_as(world.actor("agency_admin")):
        return strange_words(own(world), number)


def test_before_anybody_entered_a_number_a_range_by_kind_holds(app: Portal, world: World) -> None:
    with app.test_request_context():
        with acting_as(world.actor("agency_admin")):
            mine = own(world)
            least, most = usual_here(mine)
            assert (least, most) == mine.kind.usual_headcount
            assert earlier(mine) is None
        assert said(world, least) == said(world, most) == ""
        assert f"ซึ่งมี {least:,} ถึง {most:,} คน" in said(world, most + 1)


def test_beside_peers_of_the_round(app: Portal, world: World, make: Make) -> None:
    with app.test_request_context():
        peers(make, world, 40)
        assert said(world, 20) == said(world, 80) == ""
        assert "ซึ่งมี 20 ถึง 80 คน" in said(world, 81)
        assert "ต่างจากปี" not in said(world, 81)


def test_beside_last_years_number_of_the_same_agency(app: Portal, world: World, make: Make) -> None:
    with app.test_request_context():
        last_year(make, world, 40)
        assert said(world, 60) == ""
        assert "ต่างจากปี 2560 มาก ซึ่งมี 40 คน" in said(world, 61)
        assert "ประเภทเดียวกัน" not in said(world, 61)
        assert "ต่างจากปี 2560 มาก" in said(world, 5000) and "ประเภทเดียวกันมาก" in said(world, 5000)


def test_another_scheme_and_a_year_without_a_number_say_nothing(
    app: Portal, world: World, make: Make
) -> None:
    with app.app_context():
        last_year(make, world, 400, scheme="ITA-2")
        with acting_as(world.actor("agency_admin")):
            assert earlier(own(world)) is None


def test_every_kind_has_its_range() -> None:
    assert all(kind.usual_headcount for kind in AGENCY_KINDS)
    bounds = [kind.usual_headcount or (0, 0) for kind in AGENCY_KINDS]
    assert all(0 < least < most for least, most in bounds)
