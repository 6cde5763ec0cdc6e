"""Importing names by its pages: pasted rows, groups chosen for words, old workbooks, the form to fill."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from models.participation import Participation
from portal.core.web import LARGEST_BODY, Portal
from portal.rosters.file import EXAMPLE
from tests.support.client import PortalClient
from tests.support.old_workbooks import FILEPASS, ods_of, xls_of
from tests.support.workbooks import Rows
from tests.support.world import World, row

ClientAs = Callable[[str], PortalClient]
GROUPS = ("ผู้เสียภาษีหรือค่าธรรมเนียม", "ผู้ขออนุมัติหรืออนุญาต")
PASTED = """นายสมมติ หนึ่ง\tร้านทดลอง\t1\t021234567\t
นางสมมติ สอง\t\tผู้เสียภาษ\t\tx
นางสมมติ สาม\t\tผู้เสียภาษ\t812345678\t
"""
ROWS: Rows = [("ชื่อ-สกุล", "กลุ่ม", "โทรศัพท์"), ("นายสมมติ หนึ่ง", 1, 812345678), ("นางสมมติ สอง", 2, "0 2555 0100")]


@pytest.fixture
def room(world: World) -> str:
    """Where names are imported."""
    return f"/rounds/{world.round_id}/preparation/roster/import"


@pytest.fixture
def admin(client_as: ClientAs) -> PortalClient:
    return client_as("agency_admin")


@pytest.fixture
def count(app: Portal, world: World) -> Callable[[], int]:
    """How many names stand on a1's roster now."""

    def look() -> int:
        with app.app_context():
            found: Participation = row(Participation, world.participation["a1"])
            return found.roster_count

    return look


def paste(admin: PortalClient, room: str, text: str = PASTED) -> str:
    """The address of the dry run of pasted rows."""
    answer = admin.submit(room, {"pasted": text}, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    return answer.location


def text_of(answer: Any) -> str:
    return unescape(answer.text)


@pytest.mark.postgres
def test_pasted_rows_go_the_way_of_a_file(admin: PortalClient, room: str, count: Callable[[], int]) -> None:
    looked = paste(admin, room)
    page = text_of(admin.get(looked))
    for said in ("รายชื่อที่วาง", "แถว 2", "0 2123 4567", "อีเมลต้องอยู่ในรูป", "อ่านตามลำดับนี้"):
        assert said in page, said
    assert count() == 0
    assert admin.submit(looked, {"mode": "add"}).status_code == 302
    assert count() == 1
    admin.submit(room.removesuffix("/import") + "/undo", {})
    assert count() == 0


def test_faulty_pasted_rows_come_back_to_be_mended(admin: PortalClient, room: str) -> None:
    looked = paste(admin, room)
    file_id = looked.rsplit("/", 1)[1]
    assert f"import?mend={file_id}#pasted" in admin.get(looked).text
    again = text_of(admin.get(f"{room}?mend={file_id}"))
    for line in PASTED.splitlines():
        assert line in again
    assert text_of(admin.get(f"{room}?mend=x")).count("นางสมมติ") == 0


@pytest.mark.parametrize(
    ("text", "says"), [("  \n", "วางรายชื่อก่อน"), ("x" * 300_001, "โปรดส่งเป็นไฟล์")], ids=["nothing", "too long"]
)
def test_rows_that_cannot_be_read_stay_in_their_field(
    admin: PortalClient, room: str, text: str, says: str
) -> None:
    answer = admin.submit(room, {"pasted": text}, content_type="multipart/form-data")
    assert answer.status_code == 422 and says in answer.text and text.strip() in answer.text


@pytest.mark.postgres
def test_more_rows_than_a_form_takes_are_told_the_way_of_a_file(admin: PortalClient, room: str) -> None:
    form, head = (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="pasted"\r\n\r\n',
    )
    answer = admin.post(room, data=head + b"x" * 3_000_000 + b"\r\n--x--\r\n", content_type=form)
    assert answer.status_code == 413
    assert "วางข้อมูลได้ไม่เกิน 2 MB" in answer.text
    assert "ส่งไฟล์" in answer.text and "12 MB" not in answer.text
    large = admin.post(room, data=b"x" * (LARGEST_BODY + 1), content_type=form)
    assert large.status_code == 413 and "12 MB" in large.text


def test_a_group_is_chosen_for_all_rows_that_say_a_word_and_can_be_changed(
    admin: PortalClient, room: str, count: Callable[[], int]
) -> None:
    looked = paste(admin, room, PASTED.replace("\tx\n", "\t\n"))
    page = text_of(admin.get(looked))
    assert f'<option value="{GROUPS[0]}" selected>' in page, "the nearest stands there already"
    chosen = admin.submit(f"{looked}/groups", {"group-0": GROUPS[0]}).location
    page = text_of(admin.get(chosen))
    assert "นำเข้าได้ทุกแถว" in page and "เลือกแล้ว" in page
    back = admin.submit(f"{chosen}/groups", {"group-0": ""}).location
    assert "ไม่ตรงกับกลุ่ม" in text_of(admin.get(back))
    again = admin.submit(f"{back}/groups", {"group-0": GROUPS[0], "group-9": "x"}).location
    admin.submit(again, {"mode": "add"})
    assert count() == 3


@pytest.mark.parametrize("sent", ["ผู้ขายสินค้า", "1", "<b>"])
def test_what_is_no_group_is_not_chosen(admin: PortalClient, room: str, sent: str) -> None:
    looked = paste(admin, room)
    again = admin.submit(f"{looked}/groups", {"group-0": sent})
    assert "เลือกแล้ว" not in text_of(admin.get(again.location))


def test_groups_are_chosen_for_the_file_that_was_shown_or_for_none(
    admin: PortalClient, client_as: ClientAs, room: str
) -> None:
    first = paste(admin, room)
    second = paste(admin, room, "นายสมมติ\t\tผู้เสียภาษ\t\t")
    assert admin.submit(f"{first}/groups", {"group-0": GROUPS[0]}).location == second
    assert "เลือกแล้ว" not in text_of(admin.get(second))
    assert client_as("agency_admin_other").submit(f"{second}/groups", {"group-0": GROUPS[0]}).location == room


@pytest.mark.parametrize("content", [xls_of({"รายชื่อ": ROWS}), ods_of({"รายชื่อ": ROWS})], ids=["xls", "ods"])
def test_an_old_workbook_is_looked_through_and_imported(
    admin: PortalClient, room: str, count: Callable[[], int], content: bytes
) -> None:
    looked = send(admin, room, content)
    page = text_of(admin.get(looked.location))
    assert "0 2555 0100" in page and "แผ่นงาน “รายชื่อ”" in page
    admin.submit(looked.location, {"mode": "add"})
    assert count() == 2


def test_a_locked_workbook_is_refused_in_thai(admin: PortalClient, room: str) -> None:
    answer = send(admin, room, xls_of({"ก": ROWS}, records=[(FILEPASS, b"\0" * 54)]))
    assert answer.status_code == 422 and "มีรหัสผ่าน" in answer.text


def send(admin: PortalClient, room: str, content: bytes) -> Any:
    file = {"file": (BytesIO(content), "รายชื่อ")}
    return admin.submit(room, file, content_type="multipart/form-data")


def test_the_form_has_choices_an_example_and_hints_and_imports_nobody_by_itself(
    admin: PortalClient, room: str
) -> None:
    content = admin.get(room.removesuffix("import") + "template.xlsx").data
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    assert sheet["B2"].value == EXAMPLE["name"] and sheet["D2"].value == GROUPS[0]
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    assert rules["D2"].type == "list" and "0" in str(rules["E2"].prompt)
    answer = send(admin, room, content)
    assert answer.status_code == 422 and "ไม่มีแถวข้อมูล" in answer.text
