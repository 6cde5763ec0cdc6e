"""What is next for an agency at each point of its way: lines, their words and links, or what stands there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from models.disclosure import DisclosureState as D
from models.participation import PreparationState as S
from models.roster import RosterVerdict as V
from models.round import RoundState as R
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.homes import lines_in, resting_words
from tests.support.points import ENTERED, Point, bring
from tests.support.world import NOW, World

ClientAs = Callable[[str], PortalClient]
#: a line as title, kind of its deadline and the end of its link; or the words where there is none
Line = tuple[str, str, str]
Lines = list[Line] | str

OIT: Line = ("ตอบแบบ OIT อีก 48 ข้อ", "", "oit")
HEADCOUNT: Line = ("กรอกจำนวนผู้มีส่วนได้ส่วนเสียภายใน", "", "preparation/headcount")
ROSTER: Line = ("นำเข้ารายชื่อผู้มีส่วนได้ส่วนเสียภายนอก", "", "preparation/roster")
SEND: Line = ("ส่งข้อมูลให้ผู้บริหารยืนยัน", "", "preparation")
SEND_LATER: Line = (SEND[0], "idle", "")
INVITE_LATER: list[Line] = [("ชวนผู้ตอบแบบ IIT", "idle", ""), ("ชวนผู้ตอบแบบ EIT", "idle", "")]
INVITE: list[Line] = [
    ("ชวนบุคลากรตอบแบบ IIT อีก 30 คน", "", "links"),
    ("ชวนผู้มาติดต่อตอบแบบ EIT อีก 30 คน", "", "links"),
]
ADMIN_ENTERS: list[Line] = [("ผู้ดูแลกำลังกรอกข้อมูลขั้นเตรียมการ", "idle", "preparation/confirm")]
NO_EXECUTIVE: Line = ("หน่วยงานของท่านยังไม่มีบัญชีผู้บริหาร", "", "")
RESULTS: list[Line] = [("ผลการประเมินปีงบประมาณ 2561 แสดงแล้ว", "", "results")]
DONE, WAITS = "ทำครบทุกรายการแล้วในขณะนี้", "ยังไม่มีเรื่องรอท่าน เมื่อผู้ดูแลส่งข้อมูล จะปรากฏที่นี่"
LOST = "ไม่มีสิ่งที่ต้องทำในรอบนี้แล้ว"
MISSED = "ไม่มีสิ่งที่ยังทำได้ทันกำหนดแล้ว ผลของขั้นตอนที่ปิดไปแสดงไว้ใน “ขั้นตอนที่ปิดแล้ว”"
DRAFT, CLOSED = "ป.ป.ช. กำลังเตรียมรอบการประเมิน เริ่มทำงานได้เมื่อเปิดรอบ", "ปิดรอบแล้ว ผลการประเมินแสดงเมื่อเปิดกล่องคำตอบ"

#: confirmed, with the answers that are asked for
ENOUGH = Point(S.CONFIRMED, answers=30)
ALL = replace(ENOUGH, oit=(D.CONFIRMED, 48, 0))

#: point of the way: what the admin does next, what the executive does next
WAY: dict[str, tuple[Point, Lines, Lines]] = {
    "nothing is entered": (
        Point(facts={}),
        [HEADCOUNT, ROSTER, OIT, SEND_LATER, *INVITE_LATER],
        ADMIN_ENTERS,
    ),
    "no roster": (
        Point(facts={**ENTERED, "roster_count": 0}),
        [ROSTER, OIT, SEND_LATER, *INVITE_LATER],
        ADMIN_ENTERS,
    ),
    "entered": (Point(), [SEND, OIT, *INVITE_LATER], ADMIN_ENTERS),
    "entered, without an executive": (
        Point(executive=False),
        [SEND, OIT, NO_EXECUTIVE, *INVITE_LATER],
        ADMIN_ENTERS,
    ),
    "sent": (
        Point(S.SUBMITTED),
        [("รอผู้บริหารยืนยันข้อมูล", "", "preparation"), OIT, *INVITE_LATER],
        [("ยืนยันข้อมูลขั้นเตรียมการ", "", "preparation/confirm")],
    ),
    "returned": (
        Point(S.RETURNED),
        [("แก้ไขข้อมูลที่ผู้บริหารส่งกลับ", "", "preparation"), SEND, OIT, *INVITE_LATER],
        ADMIN_ENTERS,
    ),
    "confirmed": (Point(S.CONFIRMED), [*INVITE, OIT], WAITS),
    "enough answers": (ENOUGH, [OIT], WAITS),
    "a third of OIT": (
        replace(ENOUGH, oit=(D.DRAFT, 16, 0)),
        [("ตอบแบบ OIT อีก 32 ข้อ", "", "oit")],
        WAITS,
    ),
    "all of OIT": (
        replace(ENOUGH, oit=(D.DRAFT, 48, 0)),
        [("ยื่นขออนุมัติแบบ OIT", "", "oit")],
        WAITS,
    ),
    "OIT is submitted": (
        replace(ENOUGH, oit=(D.SUBMITTED, 48, 0)),
        DONE,
        [("ตรวจแบบ OIT", "", "oit/review")],
    ),
    "OIT is returned": (
        replace(ENOUGH, oit=(D.RETURNED, 48, 2)),
        [("แก้ไขแบบ OIT ที่ผู้บริหารส่งกลับ", "", "oit")],
        WAITS,
    ),
    "OIT is approved": (ALL, DONE, WAITS),
    "more names are asked for": (
        replace(ALL, verdict=V.MORE_NAMES),
        [("ผู้ประเมินขอรายชื่อเพิ่ม", "", "preparation/roster")],
        WAITS,
    ),
    "the assessor comes": (
        replace(ALL, verdict=V.COLLECT_ON_SITE),
        [("ผู้ประเมินจะเก็บคำตอบที่สำนักงานของท่านด้วย", "", "links")],
        WAITS,
    ),
    "not confirmed in time": (Point(days=35), LOST, LOST),
    "sent, but not confirmed in time": (Point(S.SUBMITTED, days=35), LOST, LOST),
    "answers and OIT missed": (Point(S.CONFIRMED, days=50, oit=(D.DRAFT, 10, 0)), MISSED, MISSED),
    "OIT never approved": (replace(ENOUGH, oit=(D.SUBMITTED, 48, 0), days=50), MISSED, MISSED),
    "all in time": (replace(ALL, days=50), DONE, WAITS),
    "a draft": (Point(round=R.DRAFT), DRAFT, DRAFT),
    "a draft whose days are past": (Point(round=R.DRAFT, days=35), DRAFT, DRAFT),
    "closed": (replace(ALL, round=R.CLOSED), CLOSED, CLOSED),
    "closed without it": (Point(round=R.CLOSED, days=35), LOST, LOST),
    "closed before the end of OIT": (
        Point(S.CONFIRMED, round=R.CLOSED, oit=(D.SUBMITTED, 48, 0)),
        CLOSED,
        [("ตรวจแบบ OIT", "", "oit/review")],
    ),
    "opened": (replace(ALL, round=R.OPENED), RESULTS, RESULTS),
}


@pytest.mark.usefixtures("thawed")
@pytest.mark.parametrize("where", WAY)
def test_what_is_next_and_where_its_link_leads(
    app: Portal, world: World, client_as: ClientAs, clock: Callable[[object], None], where: str
) -> None:
    point, *told = WAY[where]
    bring(app, world, point)
    clock(NOW + timedelta(days=point.days))
    for person, expected in zip(("agency_admin", "executive"), told, strict=True):
        if person == "executive" and not point.executive:
            continue
        client, here = client_as(person), f"/rounds/{world.round_id}/"
        page = client.get(f"{here}home").text
        lines = lines_in(page)
        shown = [(line.title, line.kind, line.url.removeprefix(here)) for line in lines]
        assert (shown or resting_words(page)) == expected, person
        if lines and lines[0].url:
            assert client.get(lines[0].url, follow_redirects=True).status_code == 200, lines[0]


def first(app: Portal, world: World, client: PortalClient, point: Point) -> tuple[str, str, str]:
    bring(app, world, point)
    line = lines_in(client.get(f"/rounds/{world.round_id}/home").text)[0]
    return line.text, line.due, line.action


@pytest.mark.parametrize(
    ("person", "point", "words"),
    [
        ("agency_admin", Point(S.SUBMITTED), ("ผู้บริหารของท่านคือ ผู้ใช้ทดลอง executive", "8 ธ.ค.", "ดูข้อมูล")),
        ("agency_admin", Point(S.SUBMITTED, executive=False), ("", "8 ธ.ค.", "ดูข้อมูล")),
        (
            "agency_admin",
            Point(S.RETURNED, {**ENTERED, "return_reason": "ขาดกลุ่ม"}),
            ("ขาดกลุ่ม", "8 ธ.ค.", "ดูและแก้ไข"),
        ),
        ("executive", Point(S.SUBMITTED), ("ภายใน 52 คน · ภายนอก 40 รายชื่อ", "8 ธ.ค.", "ตรวจและยืนยัน")),
        (
            "executive",
            replace(ENOUGH, oit=(D.SUBMITTED, 48, 0)),
            ("รอท่านตรวจ 48 จาก 48 ข้อ", "23 ธ.ค.", "ตรวจแต่ละข้อ"),
        ),
        ("agency_admin", replace(ENOUGH, oit=(D.RETURNED, 48, 2)), ("ไม่ผ่าน 2 ข้อ", "23 ธ.ค.", "ดูและแก้ไข")),
        ("agency_admin", replace(ALL, verdict=V.MORE_NAMES), ("ขอผู้เสนอราคา", "7 ม.ค.", "เพิ่มรายชื่อ")),
    ],
)
def test_a_line_says_why_by_when_and_what_its_button_does(
    app: Portal, world: World, client_as: ClientAs, person: str, point: Point, words: tuple[str, str, str]
) -> None:
    text, due, action = first(app, world, client_as(person), point)
    assert (text, action) == (words[0], words[2])
    assert due.startswith(f"ภายใน {words[1]}"), due
