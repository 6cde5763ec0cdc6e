"""What an agency's home says of time: the one deadline, and what has closed with which figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from models.account import Role
from models.disclosure import DisclosureState as D
from models.instrument import OitItem
from models.participation import PreparationState as S
from models.round import Round, Stage, Window, WindowKind
from models.round import RoundState as R
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.points import Point, bring
from tests.support.rosters import own
from tests.support.world import NOW, World, acting_as
from views.homes.agency import Todo, todo_of

Clock = Callable[[object], None]
CONFIRMED = Point(S.CONFIRMED, days=50)
ENOUGH = replace(CONFIRMED, answers=30)


def todo(app: Portal, world: World, clock: Clock, point: Point) -> Todo:
    """What the admin of an agency at a point sees, at its moment."""
    bring(app, world, point)
    clock(NOW + timedelta(days=point.days))
    with app.app_context(), acting_as(world.actor("agency_admin")):
        return todo_of(own(world), role=Role.AGENCY_ADMIN)


def plain(text: str) -> str:
    return str(text).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("point", "follows", "reached"),
    [
        (replace(CONFIRMED, oit=(D.DRAFT, 10, 0)), "ไม่ได้ยื่นภายในกำหนด จึงไม่ถึงผู้ประเมิน", False),
        (replace(CONFIRMED, oit=(D.SUBMITTED, 48, 0)), "ยื่นแล้ว แต่ผู้บริหารไม่ได้อนุมัติภายในกำหนด", False),
        (replace(CONFIRMED, oit=(D.RETURNED, 48, 1)), "ผู้บริหารส่งกลับให้แก้ไข และไม่ได้ยื่นใหม่", False),
        (replace(CONFIRMED, oit=(D.CONFIRMED, 48, 0)), "ผู้บริหารอนุมัติแล้ว", True),
        (replace(CONFIRMED, oit=(D.SCORED, 48, 0)), "ผู้ประเมินให้คะแนนแล้ว", True),
        (CONFIRMED, "ไม่ได้ยื่นภายในกำหนด", False),
    ],
)
def test_a_closed_checklist_says_what_follows(
    app: Portal, world: World, clock: Clock, point: Point, follows: str, reached: bool
) -> None:
    one = todo(app, world, clock, point).ended[-1]
    answered = point.oit[1] if point.oit else 0
    assert (one.title, one.figures) == ("การตอบแบบ OIT", f"ตอบแล้ว {answered} จาก 48 ข้อ")
    assert one.follows.startswith(follows)
    assert one.reached is reached
    assert plain(one.when) == "ปิดเมื่อวันที่ 23 ธันวาคม 2561 เวลา 24:00 น."


@pytest.mark.parametrize(
    ("point", "iit", "eit"),
    [
        (ENOUGH, "", ""),
        (CONFIRMED, "ไม่รับคำตอบเพิ่มแล้ว", "การสัมภาษณ์ของผู้ประเมินอาจเพิ่มผู้ตอบได้อีก"),
        (replace(CONFIRMED, days=90), "ไม่รับคำตอบเพิ่มแล้ว", "ไม่รับคำตอบเพิ่มแล้ว"),
        (replace(CONFIRMED, round=R.CLOSED), "ไม่รับคำตอบเพิ่มแล้ว", "ไม่รับคำตอบเพิ่มแล้ว"),
    ],
)
def test_a_closed_survey_says_whether_answers_may_still_come(
    app: Portal, world: World, clock: Clock, point: Point, iit: str, eit: str
) -> None:
    surveys = todo(app, world, clock, point).ended[:2]
    assert [one.figures for one in surveys] == [f"ผู้ตอบ {point.answers} คน จากขั้นต่ำ 30 คน"] * 2
    assert [one.follows.startswith(words) for one, words in zip(surveys, (iit, eit), strict=True)] == [
        True
    ] * 2
    assert [one.reached for one in surveys] == [not iit, not eit]


@pytest.mark.usefixtures("thawed")
def test_a_survey_that_no_rule_asks_answers_of_misses_nothing(
    app: Portal, world: World, clock: Clock
) -> None:
    with app.app_context(), writing(), privileged("a round without a minimum") as session:
        session.get_one(Round, world.round_id).sample_rules = []
    iit = todo(app, world, clock, replace(CONFIRMED, answers=7)).ended[0]
    assert (iit.figures, iit.follows, iit.reached) == ("ผู้ตอบ 7 คน", "", True)


def test_nothing_has_closed_while_it_is_open_or_for_who_is_not_assessed(
    app: Portal, world: World, clock: Clock
) -> None:
    assert todo(app, world, clock, replace(CONFIRMED, days=0)).ended == ()
    lost = todo(app, world, clock, Point(days=50))
    assert (lost.ended, lost.not_assessable) == ((), True)


@pytest.mark.usefixtures("thawed")
def test_a_round_without_oit_has_no_word_of_it(app: Portal, world: World, clock: Clock) -> None:
    with app.app_context(), writing(), privileged("a round without OIT") as session:
        session.execute(delete(OitItem))
    found = todo(app, world, clock, CONFIRMED)
    assert found.progress is None
    assert [one.title for one in found.ended] == ["แบบ IIT", "แบบ EIT"]


@pytest.mark.parametrize(
    ("point", "number", "unit", "title", "kind"),
    [
        (Point(), "29", "วัน", "ขั้นเตรียมการปิดวันที่ 8 ธันวาคม 2561 เวลา 24:00 น.", "warn"),
        (Point(days=28), "1", "วัน", "ขั้นเตรียมการปิดวันที่ 8 ธันวาคม 2561 เวลา 24:00 น.", "bad"),
        (Point(days=29), "14", "ชั่วโมง", "ขั้นเตรียมการปิดวันที่ 8 ธันวาคม 2561 เวลา 24:00 น.", "bad"),
        (Point(days=35), "!", "", "หน่วยงานนี้ประเมินในรอบนี้ไม่ได้", "bad"),
        (Point(days=-40), "–", "", "ขั้นเตรียมการไม่ได้เปิดอยู่", "info"),
    ],
)
def test_the_deadline_of_preparation_is_counted_down(
    app: Portal, world: World, clock: Clock, point: Point, number: str, unit: str, title: str, kind: str
) -> None:
    found = todo(app, world, clock, point).countdown
    assert found is not None
    assert (found.number, found.unit, plain(found.title), found.kind) == (number, unit, title, kind)


@pytest.mark.usefixtures("thawed")
@pytest.mark.parametrize(
    "point", [Point(S.CONFIRMED), Point(round=R.DRAFT), Point(round=R.DRAFT, days=35), Point(round=R.CLOSED)]
)
def test_without_a_deadline_nothing_is_counted_down(
    app: Portal, world: World, clock: Clock, point: Point
) -> None:
    assert todo(app, world, clock, point).countdown is None


def test_a_window_that_another_follows_after_a_break_is_called_one_window(
    app: Portal, world: World, clock: Clock
) -> None:
    with app.app_context(), writing(), privileged("a break before the last call") as session:
        last = update(Window).where(Window.stage == Stage.PREPARATION, Window.kind == WindowKind.LAST_CALL)
        session.execute(last.values(opens_at=NOW + timedelta(days=25)))
    found = todo(app, world, clock, Point()).countdown
    assert found is not None
    assert plain(found.title) == "ขั้นเตรียมการช่วงนี้ปิดวันที่ 30 พฤศจิกายน 2561 เวลา 24:00 น."
    assert found.text.startswith("เหลืออีก 1 ขั้นตอน")
