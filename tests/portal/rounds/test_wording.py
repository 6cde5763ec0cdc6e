"""Until when wording may change, and that a change keeps the number of lines and moves the edition."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models.instrument import OitItem, Question
from models.round import Round, RoundState, Stage, Window, WindowKind
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.rounds.wording import items_locked, questions_locked, settle_item, settle_question
from tests.support.rooms import add_draft
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres
A_MOMENT = timedelta(microseconds=1)


def opening(at: datetime | None, state: RoundState) -> Round:
    """A round whose OIT stage opens at a moment."""
    span = {"opens_at": at, "closes_at": NOW + timedelta(days=9)}
    windows = [Window(stage=Stage.OIT, kind=WindowKind.MAIN, **span)] if at else []
    return Round(state=state, windows=windows, office_grace_seconds=0)


@pytest.mark.parametrize(
    ("state", "opens", "words"),
    [
        (RoundState.DRAFT, NOW - A_MOMENT, ""),
        (RoundState.OPEN, None, ""),
        (RoundState.OPEN, NOW + A_MOMENT, ""),
        (RoundState.OPEN, NOW, "ขั้น OIT เปิดเมื่อ 9 พฤศจิกายน 2561 ข้อ OIT จึงแก้ไขไม่ได้"),
        (RoundState.CLOSED, None, "รอบนี้ปิดแล้ว ข้อ OIT แก้ไขไม่ได้"),
        (RoundState.OPENED, NOW + A_MOMENT, "รอบนี้ปิดแล้ว ข้อ OIT แก้ไขไม่ได้"),
    ],
)
def test_items_stay_from_the_moment_at_which_their_stage_opens(
    app: Portal, state: RoundState, opens: datetime | None, words: str
) -> None:
    with app.app_context():
        locked = items_locked(opening(opens, state))
        assert (locked.message if locked else "") == words


@pytest.mark.parametrize("state", list(RoundState))
def test_questions_stay_once_the_round_was_opened(app: Portal, state: RoundState) -> None:
    with app.app_context():
        locked = questions_locked(Round(state=state))
        assert (locked.message if locked else "") == (
            "" if state is RoundState.DRAFT else "รอบนี้เปิดแล้ว ข้อคำถามแก้ไขไม่ได้"
        )


def question_of(round_id: int) -> Question:
    """The first question of IIT, which has several lines."""
    query = select(Question).where(Question.instrument.has(round_id=round_id), Question.code == "I1")
    return db.session.scalars(query).one()


def item_of(round_id: int) -> OitItem:
    query = select(OitItem).where(OitItem.instrument.has(round_id=round_id), OitItem.code == "O1")
    return db.session.scalars(query).one()


@pytest.fixture
def draft(app: Portal, world: World) -> int:
    with app.app_context(), acting_as(world.actor("nacc")):
        return add_draft(db.session()).id


def test_lines_are_written_anew_and_the_edition_moves(app: Portal, world: World, draft: int) -> None:
    with app.app_context(), acting_as(world.actor("nacc")):
        question = question_of(draft)
        lines = [f"เรื่องที่ {line.position}" for line in question.sub_items]
        settle_question(question, lines)
        assert [line.text for line in question.sub_items] == lines
        assert question.instrument.edition == 2


def test_a_question_that_is_its_own_line_needs_none(app: Portal, world: World, draft: int) -> None:
    with app.app_context(), acting_as(world.actor("nacc")):
        lone = next(
            row
            for row in db.session.scalars(select(Question).where(Question.instrument.has(round_id=draft)))
            if len(row.sub_items) == 1
        )
        settle_question(lone, [])
        assert lone.sub_items[0].text == ""


@pytest.mark.parametrize("more", [-1, 1])
def test_an_answer_has_one_byte_for_each_line_so_their_number_stays(
    app: Portal, world: World, draft: int, more: int
) -> None:
    with app.app_context(), acting_as(world.actor("nacc")):
        question = question_of(draft)
        number = len(question.sub_items)
        with pytest.raises(Refused) as refused:
            settle_question(question, ["ข้อความ"] * (number + more))
        assert refused.value.message == f"ข้อนี้มี {number} ข้อย่อย ขณะนี้กรอก {number + more} บรรทัด"


def test_what_is_locked_is_refused_and_its_edition_stays(
    app: Portal, world: World, clock: Callable[[object], None]
) -> None:
    with app.app_context(), acting_as(world.actor("nacc")):
        item, question = item_of(world.round_id), question_of(world.round_id)
        before = item.instrument.edition, question.instrument.edition
        with pytest.raises(Refused, match="The OIT stage opened"):
            settle_item(item)
        with pytest.raises(Refused, match="has been opened"):
            settle_question(question, [])
        assert (item.instrument.edition, question.instrument.edition) == before
        clock(NOW - timedelta(days=20))
        settle_item(item)
        assert item.instrument.edition == before[0] + 1
