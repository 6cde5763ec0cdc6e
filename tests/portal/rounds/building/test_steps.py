"""A step of the builder: written, recorded, taken back; never on what was opened or saved meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.round import Round
from models.year import RoundStep
from portal.content.year import YearContent
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import Refused, Stale
from portal.core.web import Portal
from portal.rounds.building import steps
from portal.rounds.building.edits import items, questions
from portal.rounds.content.reading import content_of
from tests.support.rooms import add_draft
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres


@pytest.fixture
def nacc(app: Portal, world: World) -> Iterator[Actor]:
    with app.app_context(), acting_as(world.actor("nacc")) as actor:
        yield actor


@pytest.fixture
def draft(nacc: Actor) -> Round:
    return add_draft(db.session())


def content(round: Round) -> YearContent:
    db.session.flush()
    db.session.expire_all()
    return content_of(db.session(), round)


def remove(round: Round, actor: Actor, code: str) -> bool:
    return steps.change(
        round,
        lambda it: items.remove_item(it, code),
        act="round.remove_item",
        what=code,
        actor=actor,
        seen_version=round.version,
    )


def test_each_step_is_written_recorded_and_taken_back_in_turn(draft: Round, nacc: Actor) -> None:
    whole = content(draft)
    for code in ("O1", "O2"):
        seen = draft.version
        assert remove(draft, nacc, code)
        assert draft.version > seen
    assert [row.code for row in content(draft).instrument("oit").items][:2] == ["O3", "O4"]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "round.remove_item")).first()
    assert event is not None and event.row == str(draft.id)
    assert event.before["items O1: title"] and event.after["items O1: title"] == ""
    for code in ("O2", "O1"):
        step = steps.last_step(draft)
        assert step is not None and step.what == code
        assert steps.take_back(draft, number=step.number).what == code
    assert content(draft) == whole and steps.last_step(draft) is None


def test_what_changes_nothing_is_no_step(draft: Round, nacc: Actor) -> None:
    seen = draft.version
    assert not steps.change(draft, lambda it: it, act="round.look", actor=nacc, seen_version=seen)
    assert draft.version == seen and steps.last_step(draft) is None


def test_a_step_from_a_page_that_is_older_is_not_made(draft: Round, nacc: Actor) -> None:
    seen = draft.version
    remove(draft, nacc, "O1")
    with pytest.raises(Stale):
        steps.change(draft, lambda it: items.remove_item(it, "O2"), act="x", actor=nacc, seen_version=seen)
    step = steps.last_step(draft)
    assert step is not None
    with pytest.raises(Refused, match="meanwhile"):
        steps.take_back(draft, number=step.number - 1)


def test_what_was_opened_is_frozen(nacc: Actor, world: World) -> None:
    running = db.session.get_one(Round, world.round_id)
    with pytest.raises(Refused, match="has been opened"):
        remove(running, nacc, "O1")
    with pytest.raises(Refused, match="has been opened"):
        steps.take_back(running, number=1)


def test_so_many_steps_are_kept_and_no_more(
    draft: Round, nacc: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "MOST_STEPS", 3)
    for code in ("O1", "O2", "O3", "O4", "O5"):
        remove(draft, nacc, code)
    numbers = db.session.scalars(select(RoundStep.number).order_by(RoundStep.number)).all()
    assert numbers == [3, 4, 5]
    steps.forget_steps(draft)
    assert steps.last_step(draft) is None


def test_of_a_large_step_the_record_tells_how_much_more_there_was(draft: Round, nacc: Actor) -> None:
    def away(it: YearContent) -> YearContent:
        for row in it.instrument("iit").questions:
            it = questions.remove_question(it, "iit", row.code)
        return it

    steps.change(draft, away, act="round.away", actor=nacc, seen_version=draft.version)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "round.away")).one()
    assert event.after["more"] == str(51 - steps.MOST_TOLD)
