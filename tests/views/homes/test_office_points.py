"""What is next for each office while the assessment goes its way, and that every link leads there."""

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
from tests.support.points import Point, bring
from tests.support.world import NOW, World

ClientAs = Callable[[str], PortalClient]
#: a line as its title and the end of its link; or the words where there is none
Line = tuple[str, str]
Lines = list[Line] | str

CONFIRMED = Point(S.CONFIRMED)
#: all that an agency does is done, and its roster is judged
DONE = Point(S.CONFIRMED, answers=30, oit=(D.CONFIRMED, 48, 0), verdict=V.REPRESENTATIVE)
NACC_LETTER: Line = ("มีหนังสือแจ้ง สถ.", "letters/nacc")
UNDER_WAY: Line = ("กำลังประเมินปีงบประมาณ 2561", "status")
UNASSIGNED: Line = ("ยืนยันข้อมูลแล้วแต่ยังไม่มีผู้ประเมิน 1 แห่ง", "assignments/")
DLA_LETTERS: list[Line] = [
    ("กรอกข้อมูลหัวหนังสือของ สถ.", "letters/circular/office"),
    ("ส่งหนังสือเวียนถึงผู้ว่าราชการ 2 จังหวัด", "letters/circular"),
]
PASSWORDS: Line = ("ยังไม่เปิดใช้งานรหัสผ่าน 4 แห่ง", "/admin/accounts/")
NO_EXECUTIVE: Line = ("ยังไม่มีบัญชีผู้บริหาร 2 แห่ง", "/admin/accounts/")
SUMMARY: Line = ("จัดทำสรุปสถานะของจังหวัด", "letters/summary")
RESULTS: list[Line] = [("ผลการประเมินปีงบประมาณ 2561 แสดงแล้ว", "results")]
DRAFT, CLOSED = (
    "ป.ป.ช. กำลังเตรียมรอบการประเมิน เริ่มทำงานได้เมื่อเปิดรอบ",
    "ปิดรอบแล้ว ผลการประเมินแสดงเมื่อเปิดกล่องคำตอบ",
)
NO_WORK = "ขณะนี้ไม่มีงานที่ทำได้ หน่วยงานจะแสดงเมื่อยืนยันข้อมูลแล้ว"
SCORE: Line = ("ให้คะแนนแบบ OIT 2 แห่ง", "scoring?show=due")


def place(rest: str = "") -> str:
    return f"status/provinces/1{rest}"


#: where the four agencies stand: what each desk does next
WAY: dict[str, tuple[Point | None, dict[str, Lines]]] = {
    "at the beginning": (
        None,
        {
            "nacc": [NACC_LETTER, UNDER_WAY],
            "dla": [*DLA_LETTERS, PASSWORDS, NO_EXECUTIVE],
            "province": [("ยังไม่เปิดใช้งานรหัสผ่าน 2 แห่ง", place("?behind=1")), SUMMARY],
            "assessor": NO_WORK,
            "interviewer": NO_WORK,
        },
    ),
    "all are confirmed": (
        CONFIRMED,
        {
            "nacc": [UNASSIGNED, NACC_LETTER, UNDER_WAY],
            "dla": [*DLA_LETTERS, NO_EXECUTIVE],
            "province": [
                ("ผู้ตอบแบบ IIT ยังไม่ถึงขั้นต่ำ 2 แห่ง", place()),
                ("ผู้ตอบแบบ EIT ยังไม่ถึงขั้นต่ำ 2 แห่ง", place()),
                ("ยังไม่ยื่นแบบ OIT 2 แห่ง", place()),
                SUMMARY,
            ],
            "assessor": [("พิจารณารายชื่อภายนอก 2 แห่ง", "assessor?todo=judge")],
        },
    ),
    "more answers than people": (
        replace(DONE, answers=60, oit=(D.SUBMITTED, 48, 0)),
        {
            "nacc": [
                UNASSIGNED,
                NACC_LETTER,
                UNDER_WAY,
                ("4 แห่งมีคำตอบ IIT มากกว่าจำนวนคน", "status?tab=iit"),
                ("4 แห่งมีคำตอบ EIT มากกว่าจำนวนคน", "status?tab=eit"),
            ],
            "province": [
                ("2 แห่งมีคำตอบ IIT มากกว่าจำนวนคน", place()),
                ("2 แห่งมีคำตอบ EIT มากกว่าจำนวนคน", place()),
                SUMMARY,
            ],
        },
    ),
    "the agencies are done": (
        DONE,
        {
            "province": [SUMMARY],
            "assessor": [("สุ่มตัวอย่าง 2 แห่ง", "assessor?todo=draw"), SCORE],
            "interviewer": NO_WORK,
        },
    ),
    "names are asked for": (
        replace(DONE, verdict=V.MORE_NAMES),
        {"assessor": [("ขอรายชื่อเพิ่มแล้ว 2 แห่ง", "assessor?todo=names"), SCORE]},
    ),
    "preparation is over": (
        Point(S.ENTERING, days=35),
        {
            "dla": [*DLA_LETTERS, NO_EXECUTIVE],
            "province": [SUMMARY, ("ประเมินไม่ได้ในรอบนี้ 2 แห่ง", place())],
        },
    ),
    "the surveys are over": (
        replace(DONE, days=65),
        {
            "nacc": [
                ("ปีงบประมาณ 2561 แบบสำรวจสิ้นสุดแล้ว อยู่ระหว่างให้คะแนน OIT", "close"),
                UNASSIGNED,
                NACC_LETTER,
            ],
            "dla": DLA_LETTERS,
            "assessor": [SCORE],
        },
    ),
    "all is over": (
        replace(DONE, days=90),
        {
            "nacc": [("ปิดรอบปีงบประมาณ 2561 แบบสำรวจสิ้นสุดครบแล้ว", "close"), UNASSIGNED, NACC_LETTER],
            "assessor": NO_WORK,
        },
    ),
    "a draft": (
        Point(round=R.DRAFT),
        {
            "nacc": [("เปิดรอบปีงบประมาณ 2561 ข้อมูลครบแล้ว", "open")],
            "dla": DRAFT,
            "province": DRAFT,
            "assessor": DRAFT,
        },
    ),
    "closed": (
        replace(DONE, round=R.CLOSED, days=65),
        {
            "nacc": [("เปิดกล่องคำตอบปีงบประมาณ 2561", "results")],
            "dla": CLOSED,
            "province": CLOSED,
            "assessor": [SCORE],
            "interviewer": CLOSED,
        },
    ),
    "opened": (
        replace(DONE, round=R.OPENED, days=65),
        dict.fromkeys(("nacc", "dla", "province", "assessor", "interviewer"), RESULTS),
    ),
}


@pytest.mark.usefixtures("thawed")
@pytest.mark.parametrize("where", WAY)
def test_what_is_next_and_where_every_link_leads(
    app: Portal, world: World, client_as: ClientAs, clock: Callable[[object], None], where: str
) -> None:
    point, desks = WAY[where]
    for agency in world.agency if point else ():
        assert point is not None
        bring(app, world, point, agency)
    clock(NOW + timedelta(days=point.days if point else 0))
    for person, expected in desks.items():
        client, here = client_as(person), f"/rounds/{world.round_id}/"
        page = client.get(f"{here}home").text
        shown = [(line.title, line.url.removeprefix(here)) for line in lines_in(page)]
        assert (shown or resting_words(page)) == expected, person
        for line in lines_in(page):
            assert client.get(line.url).status_code in (200, 302), line
