"""Answers against the minimum sample, for one agency and for many at once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, select

from models.instrument import InstrumentKind
from models.participation import Participation
from models.round import Round, SampleRule
from models.survey import AnswerCount, Channel
from portal.content import local
from portal.core.database.session import db, privileged, writing
from portal.surveys.minimum import SampleSizes, Target, targets_in, targets_of
from tests.support.counts import a_quarter_begins
from tests.support.on_site import judged
from tests.support.respondents import confirm
from tests.support.world import World, acting_as

IIT, EIT = InstrumentKind.IIT, InstrumentKind.EIT


@pytest.fixture
def counted(app: Any, world: World) -> None:
    confirm(app, world, "a1")
    with app.app_context():
        judged(world)  # it asks for collecting on site
    with app.app_context(), writing(), privileged("a test counts") as session:
        row = session.get_one(Participation, world.participation["a1"])
        row.headcount, row.roster_count = 52, 450
        for channel, number in ((Channel.SELF, 20), (Channel.ON_SITE, 5), (Channel.INTERVIEW, 30)):
            session.add(
                AnswerCount(
                    participation_id=row.id,
                    agency_id=row.agency_id,
                    province_id=row.province_id,
                    instrument=EIT,
                    channel=channel,
                    count=number,
                )
            )
    a_quarter_begins(app)


@pytest.mark.postgres
@pytest.mark.usefixtures("counted")
def test_every_channel_counts_against_the_rule_of_the_round(app: Any, world: World) -> None:
    with app.app_context(), acting_as(world.actor("agency_admin")):
        row = db.session.scalars(select(Participation)).one()
        targets = targets_of(row)
        assert (targets[IIT].minimum, targets[IIT].answers, targets[IIT].missing) == (30, 0, 30)
        assert (targets[EIT].minimum, targets[EIT].answers, targets[EIT].reached) == (45, 55, True)


@pytest.mark.postgres
@pytest.mark.usefixtures("counted")
def test_a_list_asks_a_fixed_number_of_queries_and_keeps_the_scope(app: Any, world: World) -> None:
    with app.app_context():
        for person, agencies in (("nacc", 4), ("province", 2), ("agency_admin_other", 1)):
            with acting_as(world.actor(person)):
                round = db.session.scalars(select(Round)).one()
                assert round.sample_rules
                asked: list[str] = []

                def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
                    asked.append(statement)  # noqa: B023

                event.listen(db.engine, "before_cursor_execute", note)
                found = targets_in(round)
                event.remove(db.engine, "before_cursor_execute", note)
                assert len(found) == agencies
                assert sum("participation" in text for text in asked) == 2


def test_without_people_the_minimum_is_not_known() -> None:
    sizes = SampleSizes([])
    assert sizes.minimum(IIT, 50, kind=local.SAO, size=None) is None
    rule = SampleRule(instrument="iit", position=1, upto=100, fixed=30)
    sizes = SampleSizes([rule])
    assert sizes.minimum(IIT, None, kind=local.SAO, size=None) is None
    assert sizes.minimum(IIT, 0, kind=local.SAO, size=local.S) is None
    assert sizes.minimum(IIT, 50, kind=local.SAO, size=local.S) == 30
    assert sizes.minimum(IIT, 5000, kind=local.SAO, size=None) is None, "no rule covers it"
    assert sizes.minimum(EIT, 50, kind=local.SAO, size=None) is None


@pytest.mark.parametrize(
    ("population", "minimum", "answers", "told"),
    [
        (52, 30, 0, (30, False, 0)),
        (52, 30, 29, (1, False, 0)),
        (52, 30, 30, (0, True, 0)),
        (52, 30, 52, (0, True, 0)),
        (52, 30, 55, (0, True, 3)),
        (None, None, 55, (None, False, 0)),
    ],
)
def test_a_target_tells_what_is_missing_and_what_is_above_the_people_known(
    population: int | None, minimum: int | None, answers: int, told: tuple[int | None, bool, int]
) -> None:
    target = Target(IIT, population, minimum, answers)
    assert (target.missing, target.reached, target.above) == told
