"""The end: the round closed, its boxes opened by the holder of the key, the result with its grade."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import select

from models.audit import AuditEvent
from models.instrument import InstrumentKind
from portal.ballot import recount
from portal.core.database.session import privileged
from portal.tools.commands import open_boxes, verify_record
from tests.journeys.main import expected
from tests.journeys.main.stage import (
    AGENCY,
    SHORT,
    YEAR,
    Journey,
    choose_menu,
    follow,
    number_in,
    press,
    shows,
    told,
)
from tests.support.ballots import marks_left
from tests.support.browser import PHONE, fits
from views.record.words import ACTS


def close(journey: Journey) -> None:
    """NACC types the year to close; the marks are gone when the job is done."""
    with journey.app.app_context():
        assert recount.differences(journey.round_id) == []
    page = journey.at_desk("nacc")
    page.goto(journey.path(""))
    shows(page, "แบบสำรวจทุกชุดสิ้นสุดแล้ว ปิดรอบได้")
    page.get_by_role("link", name="ปิดรอบ", exact=True).first.click()
    shows(page, "ย้อนกลับไม่ได้")
    page.get_by_label(f"“{YEAR}”", exact=False).fill("2561")
    press(page, "ปิดรอบ")
    expect(page.get_by_role("alert")).to_contain_text(f"พิมพ์ปีงบประมาณ {YEAR} เพื่อปิดรอบ")
    page.get_by_label(f"“{YEAR}”", exact=False).fill(str(YEAR))
    press(page, "ปิดรอบ")
    told(page, "ปิดรอบแล้ว")
    number_in(page, r"/jobs/(\d+)$")
    expect(page.locator("#job")).to_contain_text("เสร็จแล้ว", timeout=60_000)
    with journey.app.app_context():
        assert marks_left(journey.round_id) == 0
    page.goto(journey.path(""))
    shows(page, "พร้อมเปิดกล่องคำตอบ", "ทำลายกุญแจของเครื่องหมายแล้ว")
    late = journey.screens.visitor(PHONE)
    late.goto(journey.links[InstrumentKind.EIT])
    expect(late.get_by_role("heading", name="แบบสำรวจปิดแล้ว")).to_be_visible()


def open_the_boxes(journey: Journey) -> None:
    """The command of the key's holder."""
    assert open_boxes.run(journey.app, round_id=journey.round_id, key_file=None) == 0


def see_result(journey: Journey, points: dict[str, int]) -> None:
    """The agency's admin reads the very figures that follow from what was answered; NACC sees the list."""
    scores = {kind: expected.survey_score(kind, journey.sent[kind]) for kind in journey.sent}
    scores[InstrumentKind.OIT] = expected.checklist_score(points)
    total = expected.total_of(scores)
    page = journey.at_desk("agency_admin")
    page.goto(journey.path("/home"))
    choose_menu(page, "ผลการประเมิน")
    expect(page.get_by_role("heading", name=AGENCY)).to_be_visible()
    shows(page, f"{expected.shown(total)} จาก 100", f"เกรด {expected.grade(total)}")
    shows(page, *(expected.shown(score) for score in scores.values()))
    nacc = journey.at_desk("nacc")
    nacc.goto(journey.path("/results"))
    row = nacc.locator("main tbody tr").filter(has_text=SHORT)
    expect(row).to_contain_text(expected.shown(total))
    expect(row).to_contain_text(expected.grade(total))
    follow(nacc, SHORT)
    shows(nacc, f"เกรด {expected.grade(total)}")
    phone = journey.on_phone("executive")
    phone.goto(journey.path("/results"))
    shows(phone, f"เกรด {expected.grade(total)}")
    fits(phone)


def read_the_record(journey: Journey) -> None:
    """What everybody did stands in whole chains, each act in words, and DLA reads it on a screen."""
    assert verify_record.run(journey.app) == 0
    with journey.app.app_context(), privileged("a test reads the record") as session:
        acts = set(session.scalars(select(AuditEvent.act)))
    without_words = acts - ACTS.keys() - {"change"}  # the keys of the test world, made by nobody
    assert not without_words, without_words
    page = journey.at_desk("dla")
    choose_menu(page, "บันทึกการเปลี่ยนแปลง")
    shows(page, "ปิดรอบ", "เปิดกล่องคำตอบ", "คำนวณผล")
