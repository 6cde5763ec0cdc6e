"""Whether a survey takes answers at a moment; and what is known of it, kept for a few seconds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from models.round import RoundState
from portal.ballot.links import new_code
from portal.core.web import Portal
from survey_forms import context
from survey_forms.context import Availability, Survey, resolve
from tests.support.respondents import EIT, IIT, LINES, confirm, link_codes
from tests.support.world import NOW, World
from tests.survey_forms.surveys import DAY, span, survey

A = Availability
MINUTE = timedelta(minutes=1)
PAST, AROUND, AHEAD = span(-2 * DAY, -DAY), span(-DAY, DAY), span(DAY, 2 * DAY)
ENDED = span(-DAY, timedelta(0))
NO_WINDOW: dict[str, Any] = {"spans": {EIT: ()}}


@pytest.mark.parametrize(
    ("own", "answer"),
    [
        (survey(), A.OPEN),
        # windows
        (survey(**NO_WINDOW), A.NOT_READY),
        (survey(AHEAD), A.NOT_YET),
        (survey(PAST), A.OVER),
        (survey(PAST, AHEAD), A.NOT_YET),
        (survey(PAST, AROUND), A.OPEN),
        (survey(ENDED), A.OVER),
        (survey(span(timedelta(0), DAY)), A.OPEN),
        # the round
        (survey(state=RoundState.DRAFT), A.NOT_READY),
        (survey(AHEAD, state=RoundState.DRAFT), A.NOT_READY),
        (survey(state=RoundState.CLOSED), A.OVER),
        (survey(AHEAD, state=RoundState.CLOSED), A.OVER),
        (survey(state=RoundState.OPENED, **NO_WINDOW), A.OVER),
        # the agency
        (survey(confirmed=False), A.NOT_CONFIRMED),
        (survey(AHEAD, confirmed=False), A.NOT_YET),
        (survey(PAST, confirmed=False), A.OVER),
        # the keys
        (survey(public_key=None), A.NOT_READY),
        (survey(urn_ready=False), A.NOT_READY),
        (survey(urn_ready=False, confirmed=False), A.NOT_CONFIRMED),
        # the link, before all else
        (survey(revoked=True), A.REVOKED),
        (survey(PAST, revoked=True, state=RoundState.CLOSED), A.REVOKED),
    ],
)
def test_a_survey_takes_answers_or_there_is_one_reason(own: Survey, answer: Availability) -> None:
    assert own.availability(NOW) is answer


@pytest.mark.parametrize(
    ("own", "opened", "answer"),
    [
        (survey(ENDED), -MINUTE, A.OPEN),
        (survey(ENDED), -DAY, A.OPEN),
        (survey(ENDED), timedelta(0), A.OVER),  # the window is half open: that was a moment too late
        (survey(ENDED), -DAY - MINUTE, A.OVER),  # opened before the window began
        (survey(span(-DAY, -15 * MINUTE)), -DAY, A.OVER),  # the grace time is half open too
        (survey(span(-DAY, -14 * MINUTE)), -DAY, A.OPEN),
        (survey(ENDED, grace=timedelta(0)), -MINUTE, A.OVER),
        (survey(ENDED, AHEAD), -MINUTE, A.OPEN),
        (survey(ENDED, state=RoundState.CLOSED), -MINUTE, A.OVER),
        (survey(ENDED, confirmed=False), -MINUTE, A.NOT_CONFIRMED),
        (survey(ENDED, revoked=True), -MINUTE, A.REVOKED),
    ],
)
def test_a_form_opened_inside_a_window_may_be_sent_in_its_grace_time(
    own: Survey, opened: timedelta, answer: Availability
) -> None:
    assert own.availability(NOW, opened_at=NOW + opened) is answer


def test_a_link_is_found_with_its_agency_its_round_and_its_questions(app: Portal, world: World) -> None:
    confirm(app, world)
    codes = link_codes(app, world)
    with app.app_context():
        found = resolve(codes[IIT])
        assert found is not None
        assert (found.kind, found.agency_id, found.round.round_id) == (
            IIT,
            world.agency["a1"],
            world.round_id,
        )
        assert found.agency_full_name == found.agency_kind + found.agency_name == "เทศบาลตำบลเกาะคา"
        assert len(found.questionnaire.lines) == LINES[IIT]
        assert found.box.instrument is IIT
        assert found.availability(NOW) is A.OPEN


def test_a_code_that_was_never_made_is_no_link(app: Portal) -> None:
    with app.app_context():
        assert resolve(new_code()) is None
        assert resolve("x") is None


# -- kept for a few seconds ----------------------------------------------------------------------------------


class Source:
    """What is loaded: a number that grows, or trouble."""

    def __init__(self) -> None:
        self.loaded = 0
        self.away = False

    def __call__(self) -> int:
        if self.away:
            raise OperationalError("SELECT", {}, Exception("gone"))
        self.loaded += 1
        return self.loaded


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The machine's seconds, which a test moves."""
    seconds = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: seconds[0])
    return seconds


def test_what_is_known_is_asked_for_again_after_some_seconds(later: list[float]) -> None:
    kept, load = context._Kept[int](most=9), Source()
    assert [kept.get("a", load), kept.get("a", load)] == [1, 1]
    later[0] += context.SECONDS
    assert kept.get("a", load) == 2


def test_while_the_database_is_away_what_was_known_holds(later: list[float]) -> None:
    kept, load = context._Kept[int](most=9), Source()
    kept.get("a", load)
    later[0] += 3600
    load.away = True
    assert kept.get("a", load) == 1, "a form is better shown than lost"
    with pytest.raises(OperationalError):
        kept.get("b", load)
    load.away = False
    assert kept.get("a", load) == 2


def test_memory_has_a_bound(later: list[float]) -> None:
    kept, load = context._Kept[int](most=2), Source()
    for key in ("a", "b", "c"):
        kept.get(key, load)
    assert kept.get("c", load) == 3
    assert kept.get("a", load) == 4, "at the bound everything is forgotten"
