"""Judging a roster: who, when, until when, and what the agency's admin is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from models.roster import RosterVerdict
from portal.assessors import draw
from portal.assessors import judgement as roster_judgement
from portal.core.errors import Closed, NotFound, Refused
from portal.core.web import Portal
from tests.support.rosters import fill_roster, judge, own
from tests.support.world import NOW, World, acting_as

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
