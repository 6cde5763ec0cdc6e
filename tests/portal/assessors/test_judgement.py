"""Judging a roster: who, when, until when, and what the agency's admin is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from models.account import Account
from models.contributor import Part
from models.participation import Participation
from models.roster import RosterVerdict
from portal.assessors import draw
from portal.assessors import judgement as roster_judgement
from portal.core.errors import Closed, NotFound, Refused, Stale
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.people import ContributorFactory
from tests.support.record import events_of
from tests.support.rosters import fill_roster, judge, own
from tests.support.world import NOW, World, acting_as, row

pytestmark = pytest.mark.postgres
V = RosterVerdict


@pytest.fixture
def filled(app: Portal, world: World) -> Iterator[World]:
    """a1 with a confirmed roster, inside an application context."""
    fill_roster(app, world)
    with app.app_context():
        yield world


def test_it_may_change_until_the_draw(filled: World) -> None:
    judge(filled, V.MORE_NAMES)
    judge(filled, V.REPRESENTATIVE)
    with acting_as(filled.actor("assessor")) as actor:
        judgement = roster_judgement.judgement_of(own(filled))
        assert judgement is not None
        assert judgement.verdict is V.REPRESENTATIVE
        draw.draw_sample(own(filled), 3, actor=actor)
    with pytest.raises(Refused, match="the judgement stands"):
        judge(filled, V.MORE_NAMES)


@pytest.mark.parametrize("person", ["interviewer", "agency_admin", "executive", "dla", "nacc", "province"])
def test_only_the_lead_judges(filled: World, person: str) -> None:
    with pytest.raises(NotFound), acting_as(filled.actor(person)) as actor:
        roster_judgement.judge(own(filled), V.REPRESENTATIVE, note="", actor=actor)


def test_nobody_judges_outside_the_window(filled: World, clock: Callable[[object], None]) -> None:
    clock(NOW + timedelta(days=200))
    with pytest.raises(Closed):
        judge(filled)


def test_nobody_judges_before_the_confirmation(app: Portal, world: World) -> None:
    fill_roster(app, world, confirmed=False)
    with app.app_context(), pytest.raises(Refused, match="not confirmed"):
        judge(world)


@pytest.mark.parametrize("verdict", list(V))
def test_a_judgement_keeps_verdict_note_and_moment_and_is_recorded(filled: World, verdict: V) -> None:
    with acting_as(filled.actor("assessor")) as actor:
        roster_judgement.judge(own(filled), verdict, note="  ขาดผู้รับบริการ ", actor=actor)
    with acting_as(filled.actor("interviewer")):
        found = roster_judgement.judgement_of(own(filled))
        assert found is not None
        assert (found.verdict, found.note, found.judged_at) == (verdict, "ขาดผู้รับบริการ", NOW)
    (event,) = [one for one in events_of("roster.judge") if one.thing == "roster_judgement"]
    assert event.after["verdict"] == verdict.value
    assert event.account_id == filled.account["assessor"]


def test_what_another_assessor_judged_since_is_not_overwritten(filled: World) -> None:
    for seen, verdict in ((0, V.MORE_NAMES), (1, V.REPRESENTATIVE)):
        with acting_as(filled.actor("assessor")) as actor:
            roster_judgement.judge(own(filled), verdict, note="", seen_version=seen, actor=actor)
    with pytest.raises(Stale), acting_as(filled.actor("assessor")) as actor:
        roster_judgement.judge(own(filled), V.MORE_NAMES, note="", seen_version=1, actor=actor)
    with acting_as(filled.actor("assessor")):
        found = roster_judgement.judgement_of(own(filled))
        assert found is not None and found.verdict is V.REPRESENTATIVE


def test_who_entered_the_data_does_not_judge_them(filled: World, make: Make) -> None:
    make(
        ContributorFactory,
        account=row(Account, filled.account["assessor"]),
        participation=row(Participation, filled.participation["a1"]),
        part=Part.PREPARATION,
    )
    with acting_as(filled.actor("assessor")):
        reason = roster_judgement.why_not_judge(own(filled))
        assert reason is not None and "entered or sent a part of these data" in reason.message_id
    with pytest.raises(Refused, match="somebody else has to judge"):
        judge(filled)


def test_a_judgement_is_outdated_once_the_roster_changed(filled: World) -> None:
    judge(filled)
    with acting_as(filled.actor("assessor")):
        mine = own(filled)
        judgement = roster_judgement.judgement_of(mine)
        assert judgement is not None and not roster_judgement.is_outdated(mine, judgement)
        assert roster_judgement.why_not_judge(mine) is None
    with acting_as(filled.actor("agency_admin")):
        own(filled).roster_at = NOW + timedelta(seconds=1)
    with acting_as(filled.actor("assessor")):
        judgement = roster_judgement.judgement_of(own(filled))
        assert judgement is not None and roster_judgement.is_outdated(own(filled), judgement)
