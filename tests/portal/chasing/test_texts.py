"""Ready texts name exactly the steps that are lacking, their last days, and whom to ask."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.participation import Participation, PreparationState
from models.round import Round
from models.survey import AnswerCount, Channel
from portal.ballot.counting import copy_counts, counted_at
from portal.chasing.listing import Chase, Narrowed
from portal.chasing.texts import Ready, Writer
from portal.core.acting import seated
from portal.core.calling import Call
from portal.core.database.session import db, privileged, writing
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.work import AnswerCountFactory
from tests.support.country import IIT
from tests.support.world import NOW, World

STEPS = (
    "เปิดใช้งานรหัสผ่าน",
    "กรอกจำนวนผู้มีส่วนได้ส่วนเสียภายใน",
    "นำเข้ารายชื่อผู้มีส่วนได้ส่วนเสียภายนอก",
    "ส่งข้อมูลให้ผู้บริหารยืนยัน",
)
ASK = Call("สถจ.ทดลอง", "เจ้าหน้าที่ทดลอง", "025550100")


def written(world: World) -> tuple[Ready, str]:
    """The texts for the first agency, and for the group of all."""
    with seated(world.actor("province")):
        chase = Chase.of(db.session.get_one(Round, world.round_id), NOW)
        writer = Writer(chase.round, chase.due, "จังหวัดทดลอง", ASK, "https://ita.example/", counted_at())
        late = chase.one(world.participation["a1"])
        assert late is not None
        return writer.ready(late), writer.group(chase.late(Narrowed()))


def change(world: World, **values: object) -> None:
    with writing(), privileged("a test changes") as session:
        session.info["unrecorded"] = True
        for name, value in values.items():
            setattr(session.get_one(Participation, world.participation["a1"]), name, value)


def test_every_step_that_is_lacking_stands_in_each_text_and_no_other(app: Portal, world: World) -> None:
    with app.app_context():
        change(world, activated_at=NOW, headcount=40)
        ready, group = written(world)
    for text in (ready.line, ready.mail, ready.letter):
        assert [step in text for step in STEPS] == [False, False, True, True]
        assert "IIT" not in text and "OIT" not in text
    assert "เทศบาลตำบลเกาะคา ยังไม่ได้ดำเนินการ 2 เรื่อง" in ready.subject
    for text in (ready.line, ready.mail):
        assert "https://ita.example/" in text and "สถจ.ทดลอง (เจ้าหน้าที่ทดลอง)" in text
    assert "- ทต.เกาะคา: นำเข้ารายชื่อผู้มีส่วนได้ส่วนเสียภายนอก, ส่งข้อมูลให้ผู้บริหารยืนยัน" in group
    assert "- อบต.ท่าผา: เปิดใช้งานรหัสผ่าน, " in group


def test_a_letter_has_thai_digits_and_the_last_day(app: Portal, world: World) -> None:
    with app.app_context():
        ready, _group = written(world)
    assert not set("0123456789") & set(ready.letter)
    assert "ตามที่" in ready.letter and "จึงเรียนมา" in ready.letter and "๒๕๖๑" in ready.letter
    assert "๑.\u00a0เปิดใช้งานรหัสผ่าน" in ready.letter


@pytest.mark.parametrize("answers", [0, 12])
def test_a_survey_says_how_many_answers_are_missing(
    app: Portal, world: World, make: Make, answers: int
) -> None:
    with app.app_context():
        change(
            world,
            activated_at=NOW,
            headcount=40,
            roster_count=25,
            state=PreparationState.CONFIRMED,
            confirmed_at=NOW,
        )
        with privileged("a test reads") as session:
            row = session.get_one(Participation, world.participation["a1"])
            session.expunge_all()
        make(AnswerCountFactory, participation=row, instrument=IIT, channel=Channel.SELF, count=answers)
        copy_counts()
        with writing(), privileged("answers come") as session:
            session.scalars(select(AnswerCount)).one().count += 5
        ready, _group = written(world)
    assert f"แบบสำรวจ IIT ได้ {answers} จากอย่างน้อย 30 ชุด ขาดอีก {30 - answers} ชุด (ยอด ณ " in ready.line
    assert not any(step in ready.line for step in STEPS)
