"""Sharing agencies out on screen: shown first, done, taken back; the walls follow."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from models.assessor import Assignment
from models.distribution import AssessorConflict, AssessorRule, Distribution
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.rosters import draw
from tests.support.world import World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
#: a move that is not narrowed
ALL = {"province": "", "kind": "", "search": ""}


def at(world: World, rest: str = "") -> str:
    return f"/rounds/{world.round_id}/sharing{rest}"


def assigned(app: Portal, world: World) -> dict[str, int]:
    """The body of each agency of the world that has one."""
    short = {key: name for name, key in world.participation.items()}
    with app.app_context(), privileged("a test looks") as session:
        rows = session.execute(select(Assignment.participation_id, Assignment.body_id))
        return {short[participation]: body for participation, body in rows}


def test_rules_are_written_looked_at_and_carried_out(app: Portal, world: World, client_as: ClientAs) -> None:
    nacc, one = client_as("nacc"), world.body["body1"]
    assert "ยังไม่มีเกณฑ์" in nacc.get(at(world, "/rules")).text
    assert nacc.submit(at(world, "/rules"), {}).status_code == 409
    wrong = {"bodies": str(one), "provinces": str(world.province["81"]), "districts": "ไม่มีจริง"}
    answer = nacc.submit(at(world, "/rules/new"), wrong)
    assert answer.status_code == 422 and "“ไม่มีจริง” ไม่ใช่อำเภอ" in answer.text
    sent = {**wrong, "districts": "อำเภอเขาพนม\n", "version": ""}
    saved = nacc.submit(at(world, "/rules/new"), sent, follow_redirects=True)
    assert "เขาพนม" in saved.text and "คณะผู้ประเมินทดลอง 1" in saved.text
    with app.app_context(), privileged("a test looks") as session:
        rule = session.scalars(select(AssessorRule.id)).one()
    page = nacc.get(at(world, f"/rules/{rule}"))
    assert "เขาพนม" in page.text
    plan = nacc.submit(at(world, "/rules"), {})
    assert plan.status_code == 302 and "b2" not in assigned(app, world)
    shown = nacc.get(plan.headers["Location"]).text
    assert "ภาระงานก่อนและหลัง" in shown
    assert "2 → <b>3</b>" in shown
    done = nacc.submit(plan.headers["Location"], {}, follow_redirects=True)
    assert "มอบแล้ว 1 หน่วยงาน" in done.text and assigned(app, world)["b2"] == one
    back = nacc.submit(plan.headers["Location"] + "/back", {})
    assert nacc.submit(back.headers["Location"], {}).status_code == 302
    assert "b2" not in assigned(app, world)
    assert "นำกลับ" in nacc.get(at(world)).text
    assert nacc.submit(at(world, f"/rules/{rule}/up"), {}).status_code == 302
    assert nacc.submit(at(world, f"/rules/{rule}/delete"), {}).status_code == 302
    assert nacc.get(at(world, f"/rules/{rule}")).status_code == 404


def test_a_move_shows_what_has_begun_and_the_walls_follow_at_once(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    draw(app, world, 3)
    nacc, assessor, other = client_as("nacc"), client_as("assessor"), client_as("assessor_other")
    one, two = world.body["body1"], world.body["body2"]
    mine = f"/rounds/{world.round_id}/assessor/{world.participation['a1']}/roster"
    assert assessor.get(mine).status_code == 200 and other.get(mine).status_code == 404
    same = {"body": str(one), "to": str(one), "reason": "", "province": "", "kind": ""}
    answer = nacc.submit(at(world, "/move"), same)
    assert answer.status_code == 422 and "เขียนเหตุผล" in answer.text
    plan = nacc.submit(at(world, "/move"), {**same, "to": str(two), "reason": "สัญญาจ้างสิ้นสุด"})
    shown = nacc.get(plan.headers["Location"]).text
    assert "เริ่มประเมินแล้ว 1 หน่วยงาน" in shown and "สัญญาจ้างสิ้นสุด" in shown
    assert nacc.submit(plan.headers["Location"], {"begun": "1"}).status_code == 302
    assert assigned(app, world) == {"a1": two, "a2": two, "b1": two}
    assert assessor.get(mine).status_code == 404 and other.get(mine).status_code == 200
    assert "เกาะคา" not in assessor.get(f"/rounds/{world.round_id}/assessor").text
    assert "ยังไม่มีหน่วยงานในรอบนี้" in nacc.get(at(world, f"/bodies/{one}")).text
    assert "ลำปาง" in nacc.get(at(world, f"/bodies/{two}")).text


def test_a_plan_that_is_out_of_date_is_made_and_shown_again(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    nacc, one, two = client_as("nacc"), world.body["body1"], world.body["body2"]
    plan = nacc.submit(at(world, "/move"), {**ALL, "body": str(one), "to": str(two), "reason": "ขอเปลี่ยน"})
    with app.app_context(), writing(), privileged("a test keeps a body away") as session:
        session.info["unrecorded"] = True
        session.add(AssessorConflict(body_id=two, agency_id=world.agency["a1"], reason="ญาติ"))
    again = nacc.submit(plan.headers["Location"], {})
    assert again.status_code == 302 and again.headers["Location"] != plan.headers["Location"]
    shown = nacc.get(again.headers["Location"]).text
    assert "มีข้อมูลเปลี่ยนไป" in shown and "มีผลประโยชน์ขัดกันจึงมอบไม่ได้" in shown
    assert assigned(app, world)["a2"] == one, "nothing was done"
    assert nacc.submit(again.headers["Location"], {}).status_code == 302
    assert assigned(app, world) == {"a1": one, "a2": two, "b1": two}


def test_the_workbook_is_taken_filled_in_and_read_row_by_row(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    nacc = client_as("nacc")
    taken = nacc.get(at(world, "/workbook.xlsx"))
    book = load_workbook(BytesIO(taken.data))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert heads[-1] == "หน่วยงานผู้ประเมิน" and sheet.max_row == 5
    assert sheet.data_validations.dataValidation, "the body is picked from a list"
    for row in sheet.iter_rows(min_row=2):
        row[-1].value = "คณะผู้ประเมินทดลอง 2"
    sheet.cell(2, 5).value = "ไม่มีจริง"
    answer = send(nacc, world, book)
    assert answer.status_code == 422
    assert "แถว 2" in answer.text and "ไม่มีหน่วยงานผู้ประเมินชื่อ “ไม่มีจริง”" in answer.text
    sheet.cell(2, 5).value = ""
    plan = send(nacc, world, book)
    assert plan.status_code == 302, plan.text
    nacc.submit(plan.headers["Location"], {})
    assert sorted(assigned(app, world).values()).count(world.body["body2"]) == 3
    empty = nacc.submit(at(world, "/workbook"), {}, content_type="multipart/form-data")
    assert empty.status_code == 422


def send(nacc: PortalClient, world: World, book: Workbook) -> TestResponse:
    stream = BytesIO()
    book.save(stream)
    stream.seek(0)
    form = {"file": (stream, "มอบหมาย.xlsx")}
    return nacc.submit(at(world, "/workbook"), form, content_type="multipart/form-data")


def test_conflicts_are_kept_with_their_reason(app: Portal, world: World, client_as: ClientAs) -> None:
    nacc, two = client_as("nacc"), world.body["body2"]
    page, sent = "/admin/assessor-conflicts/new/", {"body": str(two), "reason": "ญาติเป็นผู้บริหาร"}
    assert "อย่างใดอย่างหนึ่ง" in nacc.submit(page, sent).text
    assert "ไม่มีหน่วยงานที่ใช้รหัสนี้" in nacc.submit(page, {**sent, "code": "99999999"}).text
    whole = {**sent, "province": str(world.province["81"])}
    added = nacc.submit(page, whole, follow_redirects=True)
    assert "ญาติเป็นผู้บริหาร" in added.text and "มีหน่วยงานเหล่านี้อยู่แล้ว 1 แห่ง" in added.text
    twice = nacc.submit(page, whole)
    assert twice.status_code == 422 and "อยู่แล้ว" in twice.text
    given = {"body": str(two), "provinces": str(world.province["81"])}
    nacc.submit(f"/rounds/{world.round_id}/assignments/new/", given)
    assert "b2" not in assigned(app, world), "the form of whole provinces keeps it too"
    with app.app_context(), privileged("a test looks") as session:
        key = session.scalars(select(AssessorConflict.id)).one()
    gone = nacc.submit("/admin/assessor-conflicts/delete/", {"id": str(key), "confirm": "1"})
    assert gone.status_code == 302


def test_assignments_are_filtered_by_kind_and_work(app: Portal, world: World, client_as: ClientAs) -> None:
    draw(app, world, 2)
    nacc, page = client_as("nacc"), f"/rounds/{world.round_id}/assignments/"
    for asked, there, away in (
        ("flt_begun=1", "เทศบาลตำบลเกาะคา", "ท่าผา"),
        ("flt_begun=0", "ท่าผา", "เทศบาลตำบลเกาะคา"),
        ("flt_kind=sao", "ท่าผา", "เทศบาลตำบลเกาะคา"),
    ):
        text = nacc.get(f"{page}?{asked}").text
        assert there in text and away not in text, asked


@pytest.mark.parametrize("person", ["dla", "assessor", "agency_admin"])
def test_only_the_nacc_shares_out(app: Portal, world: World, client_as: ClientAs, person: str) -> None:
    client = client_as(person)
    for rest in ("", "/rules", "/move", "/workbook", "/workbook.xlsx"):
        assert client.get(at(world, rest)).status_code == 404, rest
    assert client.get("/admin/assessor-conflicts/").status_code == 404


def test_what_is_of_another_round_is_not_there(app: Portal, world: World, client_as: ClientAs) -> None:
    nacc, one, two = client_as("nacc"), world.body["body1"], world.body["body2"]
    nacc.submit(at(world, "/move"), {**ALL, "body": str(one), "to": str(two), "reason": "ขอเปลี่ยน"})
    with app.app_context(), privileged("a test looks") as session:
        key = session.scalars(select(Distribution.id)).one()
    assert nacc.get(at(world, f"/{key}")).status_code == 200
    assert nacc.get(f"/rounds/{world.round_id + 99}/sharing/{key}").status_code == 404
    assert nacc.get(at(world, "/99")).status_code == 404
