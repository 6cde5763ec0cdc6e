"""Status: a province is its agencies, the country its provinces, and both are what a slow recount finds."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from sqlalchemy import select

from models.agency import AgencyKind
from models.instrument import InstrumentKind
from models.participation import STEPS, Participation, PreparationState
from models.round import Round
from models.survey import AnswerCount, Channel
from portal.core.database.session import db, privileged, writing
from portal.core.web import Portal
from portal.letters.figures import country_status, province_statuses
from portal.status import figures
from portal.surveys.minimum import targets_of
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres
STATES = list(PreparationState)


def scatter(world: World, throw: int) -> None:
    """Every agency somewhere on its way, by chance."""
    chance = random.Random(throw)
    with writing(), privileged("a test scatters") as session:
        session.info["unrecorded"] = True
        for row in session.scalars(select(Participation)):
            row.activated_at = chance.choice([None, NOW])
            row.headcount, row.headcount_at = chance.choice([(None, None), (40, NOW)])
            row.roster_count, row.roster_at = chance.choice([(0, None), (60, NOW)])
            row.state = chance.choice(STATES)
            row.confirmed_at = NOW if row.is_confirmed else None
            for kind in (InstrumentKind.IIT, InstrumentKind.EIT):
                session.add(
                    AnswerCount(
                        participation_id=row.id,
                        agency_id=row.agency_id,
                        province_id=row.province_id,
                        instrument=kind,
                        channel=Channel.SELF,
                        count=chance.randint(0, 50),
                    )
                )


def by_hand(row: Participation) -> tuple[bool, ...]:
    """The four steps once more, read off the columns."""
    return (
        row.activated_at is not None,
        row.headcount is not None,
        row.roster_count > 0,
        row.state is PreparationState.CONFIRMED,
    )


@pytest.mark.parametrize("throw", range(4))
def test_country_province_and_agency_count_the_same(app: Portal, world: World, throw: int) -> None:
    with app.app_context():
        scatter(world, throw)
        with acting_as(world.actor("nacc")):
            round = db.session.get_one(Round, world.round_id)
            rows = list(db.session.scalars(select(Participation)))
            provinces = figures.provinces(round)
            for province in provinces:
                mine = [by_hand(row) for row in rows if row.province_id == province.id]
                done = tuple(sum(steps[place] for steps in mine) for place in range(len(STEPS)))
                assert (province.counts.agencies, province.counts.done) == (len(mine), done)
                listed = figures.agencies(round, Participation.province_id == province.id)
                assert figures.counts_of(listed) == province.counts
            stuck = Counter(
                next((n for n, done in enumerate(by_hand(row), 1) if not done), 0) for row in rows
            )
            total = figures.total(provinces)
            assert total.behind == tuple(stuck[place] for place in range(1, len(STEPS) + 1))
            assert (total.agencies, total.complete) == (len(rows), sum(by_hand(row)[-1] for row in rows))


@pytest.mark.parametrize("throw", range(2))
def test_letters_enclose_what_the_screens_say(app: Portal, world: World, throw: int) -> None:
    with app.app_context():
        scatter(world, throw)
        with acting_as(world.actor("dla")):
            round = db.session.get_one(Round, world.round_id)
            screen = {row.id: row.counts for row in figures.provinces(round)}
            letters = province_statuses(round)
            assert {key: (status.total, status.steps_done) for key, status in letters.items()} == {
                key: (counts.agencies, counts.done) for key, counts in screen.items()
            }
            country = country_status(round)
            assert country.steps_done == figures.total(figures.provinces(round)).done


def test_surveys_sum_the_agencies_that_were_confirmed(app: Portal, world: World) -> None:
    with app.app_context():
        scatter(world, 7)
        with acting_as(world.actor("nacc")):
            round = db.session.get_one(Round, world.round_id)
            for kind in (InstrumentKind.IIT, InstrumentKind.EIT):
                counts = figures.surveys(round, kind)
                for province_id in world.province.values():
                    rows = db.session.scalars(
                        select(Participation).where(Participation.province_id == province_id)
                    )
                    targets = [targets_of(row)[kind] for row in rows if row.is_confirmed]
                    found = counts.get(province_id, figures.SurveyCounts())
                    assert found.agencies == len(targets)
                    assert found.answers == sum(target.answers for target in targets)
                    assert found.reached == sum(target.reached for target in targets)
                    assert found.above == sum(bool(target.above) for target in targets)


def test_a_desk_sees_its_own_province_and_a_kind_narrows(app: Portal, world: World) -> None:
    with app.app_context():
        with acting_as(world.actor("province")):
            round = db.session.get_one(Round, world.round_id)
            assert [row.id for row in figures.provinces(round)] == [world.province["52"]]
        with acting_as(world.actor("nacc")):
            kinds = Counter(db.session.scalars(select(Participation.kind)))
            round = db.session.get_one(Round, world.round_id)
            for kind in AgencyKind:
                assert figures.total(figures.provinces(round, kind=kind)).agencies == kinds[kind]


def test_what_is_behind_comes_first(app: Portal, world: World) -> None:
    with app.app_context():
        scatter(world, 3)
        with acting_as(world.actor("nacc")):
            rows = figures.agencies(db.session.get_one(Round, world.round_id))
            places = [row.behind or len(STEPS) + 1 for row in rows]
            assert places == sorted(places)
            most = figures.most_behind_first(figures.provinces(db.session.get_one(Round, world.round_id)))
            shares = [row.counts.percent_complete for row in most]
            assert shares == sorted(shares)
