"""What an assigned agency waits for, and lists that begin with what can be done now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from models.instrument import InstrumentKind
from models.participation import Participation
from models.roster import Interview
from models.roster import InterviewOutcome as Outcome
from models.roster import RosterVerdict as V
from models.round import Round
from models.survey import Channel
from portal.assessors.desk import Assigned, ToDo, assigned_agencies, listing
from portal.core.database.session import db, privileged, writing
from portal.core.web import Portal
from portal.rosters.file import Person
from portal.rosters.rows import add_row
from tests.factories.base import Make
from tests.factories.work import AnswerCountFactory
from tests.support.rosters import draw, fill_roster, judge
from tests.support.world import NOW, World, acting_as, row

JUDGED: dict[str, Any] = {"verdict": V.REPRESENTATIVE, "judged_at": NOW}
FRESH = Assigned(
    participation_id=1,
    name="เทศบาลตำบลเกาะคา",
    district="เกาะคา",
    province="ลำปาง",
    sort_key="ก",
    search_key="|เทศบาลตำบลเกาะคา|อำเภอเกาะคา|จังหวัดลำปาง|",
    confirmed=True,
    roster=40,
    roster_at=NOW,
    verdict=None,
    judged_at=None,
    sample=None,
    answered=0,
    pending=0,
    eit_answers=0,
    minimum=30,
    disclosure=None,
)


@pytest.mark.parametrize(
    ("facts", "todo"),
    [
        ({"confirmed": False}, ToDo.UNCONFIRMED),
        ({}, ToDo.JUDGE),
        ({"verdict": V.MORE_NAMES, "judged_at": NOW}, ToDo.NAMES),
        ({"verdict": V.MORE_NAMES, "judged_at": NOW, "roster_at": NOW + timedelta(hours=1)}, ToDo.JUDGE),
        (JUDGED, ToDo.DRAW),
        ({"verdict": V.COLLECT_ON_SITE, "judged_at": NOW}, ToDo.DRAW),
        ({**JUDGED, "sample": 30, "pending": 1, "answered": 29, "eit_answers": 40}, ToDo.INTERVIEW),
        ({**JUDGED, "sample": 30, "answered": 20, "eit_answers": 29}, ToDo.INTERVIEW),
        ({**JUDGED, "sample": 30, "answered": 20, "eit_answers": 30}, ToDo.DONE),
        ({**JUDGED, "sample": 40, "answered": 20, "eit_answers": 20}, ToDo.DONE),
    ],
)
def test_what_comes_next(facts: dict[str, Any], todo: ToDo) -> None:
    assert replace(FRESH, **facts).todo is todo


def test_the_list_begins_with_what_can_be_done_now() -> None:
    rows = [
        replace(FRESH, participation_id=1, confirmed=False),
        replace(FRESH, participation_id=2),
        replace(FRESH, participation_id=3, sort_key="ข", **JUDGED),
        replace(FRESH, participation_id=4, sort_key="ก", **JUDGED),
    ]
    assert [row.participation_id for row in listing(rows).rows] == [4, 3, 2, 1]


def test_counts_follow_the_search_and_not_the_filter() -> None:
    other = "|เทศบาลตำบลไสไทย|อำเภอเมืองกระบี่|จังหวัดกระบี่|"
    rows = [FRESH, replace(FRESH, participation_id=2, search_key=other, **JUDGED)]
    found = listing(rows, search="เกาะ", todo=ToDo.DRAW)
    assert found.rows == []
    assert found.counts == {None: 1, ToDo.JUDGE: 1}


# -- what the rows say -------------------------------------------------------------------------------------


def assigned(world: World, person: str = "assessor") -> dict[str, Assigned]:
    """The assigned agencies of a person by the world's short names."""
    short = {key: name for name, key in world.participation.items()}
    with acting_as(world.actor(person)):
        rows = assigned_agencies(db.session.get_one(Round, world.round_id))
    return {short[row.participation_id]: row for row in rows}


@pytest.mark.postgres
def test_an_agency_is_counted_from_its_calls_and_the_answers_of_every_channel(
    app: Portal, world: World, make: Make
) -> None:
    calls = draw(app, world, 4)
    with app.app_context():
        mine = row(Participation, world.participation["a1"])
        for key, outcome in zip(calls, (Outcome.ANSWERED, Outcome.ANSWERED, Outcome.REFUSED), strict=False):
            with writing(), privileged("calls were made") as session:
                session.get_one(Interview, key).outcome = outcome
        for instrument, channel, count in (
            (InstrumentKind.EIT, Channel.SELF, 7),
            (InstrumentKind.EIT, Channel.INTERVIEW, 2),
            (InstrumentKind.IIT, Channel.SELF, 30),
        ):
            make(AnswerCountFactory, participation=mine, instrument=instrument, channel=channel, count=count)
        found = assigned(world)
    assert set(found) == {"a1", "a2"}, "the body's own agencies only"
    one, other = found["a1"], found["a2"]
    assert (one.sample, one.answered, one.pending, one.eit_answers, one.minimum) == (4, 2, 1, 9, 30)
    assert (one.todo, one.enough, one.roster, one.verdict) == (ToDo.INTERVIEW, False, 40, V.REPRESENTATIVE)
    assert (other.todo, other.sample, other.answered, other.eit_answers) == (ToDo.UNCONFIRMED, None, 0, 0)


@pytest.mark.postgres
def test_names_that_were_asked_for_bring_the_roster_back_to_be_judged(
    app: Portal, world: World, clock: Callable[[object], None]
) -> None:
    fill_roster(app, world)
    with app.app_context():
        assert assigned(world)["a1"].todo is ToDo.JUDGE
        judge(world, V.MORE_NAMES)
        assert assigned(world)["a1"].todo is ToDo.NAMES
        clock(NOW + timedelta(hours=1))
        with acting_as(world.actor("agency_admin")) as actor:
            mine = db.session.get_one(Participation, world.participation["a1"])
            group = mine.round.roster_groups[0].id
            add_row(mine, Person(0, "นายทดลอง ใหม่", "", group, "", ""), actor=actor)
        assert assigned(world, "interviewer")["a1"].todo is ToDo.JUDGE
        judge(world)
        assert assigned(world)["a1"].todo is ToDo.DRAW
