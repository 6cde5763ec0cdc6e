"""The preparation room through its pages: what is shown, what is kept, what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from models.participation import Participation, PreparationState
from models.roster import RosterEntry
from tests.support.client import PortalClient
from tests.support.world import World, row

ClientAs = Callable[[str], PortalClient]
Stored = Callable[[], Participation]
AFTER = "2019-01-01T10:00:00+07:00"
GROUP = "ผู้เสียภาษีหรือค่าธรรมเนียม"


@pytest.fixture
def base(world: World) -> str:
    return f"/rounds/{world.round_id}/preparation"


@pytest.fixture
def admin(client_as: ClientAs) -> PortalClient:
    return client_as("agency_admin")


@pytest.fixture
def stored(app: Any, world: World) -> Callable[[], Participation]:
    """The agency's participation as the database has it now."""

    def look() -> Participation:
        with app.app_context():
            found: Participation = row(Participation, world.participation["a1"])
        return found

    return look


def upload(client: PortalClient, base: str, lines: str, name: str = "roster.csv") -> Any:
    return client.submit(
        f"{base}/roster/import",
        {"file": (BytesIO(lines.encode()), name)},
        content_type="multipart/form-data",
    )


def first_entry(page: str) -> str:
    found = re.search(r"/preparation/roster/(\d+)", page)
    assert found is not None
    return found[1]


def written(database: Any) -> bytes:
    """Everything that the embedded database has on disk."""
    file = database.file
    return b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))


def csv(*rows: str) -> str:
    return "\n".join(["ลำดับ,ชื่อ-สกุล,หน่วยงาน,กลุ่ม,โทรศัพท์,อีเมล", *rows])


GOOD = csv(f"1,นายสมมติ หนึ่ง,,{GROUP},081-234-5678,", "2,บริษัท ตัวอย่าง จำกัด,,4,0 5428 0000,a@b.th")
OTHER = csv(f"1,นางอีกคน สาม,,{GROUP},089-000-0000,")


def fill(admin: PortalClient, base: str) -> None:
    admin.submit(f"{base}/headcount", {"headcount": "52"})
    answer = upload(admin, base, GOOD)
    admin.submit(answer.headers["Location"], {"mode": "add"})


# -- pages ----------------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.parametrize("page", ["", "/headcount", "/roster", "/roster/new", "/roster/import"])
def test_each_page_of_the_admin_opens(admin: PortalClient, base: str, page: str) -> None:
    answer = admin.get(base + page)
    assert answer.status_code == 200
    assert "เกาะคา" in answer.text


def test_an_empty_roster_says_how_to_begin(admin: PortalClient, base: str) -> None:
    page = admin.get(f"{base}/roster").text
    assert "ยังไม่มีรายชื่อ" in page
    assert "เริ่มด้วยการดาวน์โหลดแบบฟอร์ม" in page


def test_the_privacy_notice_says_purpose_and_retention(admin: PortalClient, base: str) -> None:
    page = admin.get(f"{base}/roster").text
    assert "ข้อมูลส่วนบุคคล" in page
    assert "เก็บไว้สำหรับรอบปี 2561 เท่านั้น" in page


# -- headcount -------------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.parametrize("typed", ["52", "๕๒", " 52 "])
def test_a_headcount_is_saved_in_digits_of_both_kinds(
    admin: PortalClient, base: str, stored: Stored, typed: str
) -> None:
    answer = admin.submit(f"{base}/headcount", {"headcount": typed})
    assert answer.status_code == 302
    saved = stored()
    assert saved.headcount == 52
    assert saved.headcount_at is not None
    assert saved.activated_at is not None, "the admin's act shows that the password is activated"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "กรอกจำนวน"),
        ("ห้าสิบ", "ไม่ใช่จำนวนคน"),
        ("0", "ระหว่าง 1 ถึง 20,000"),
        ("20001", "ระหว่าง 1 ถึง 20,000"),
        ("-3", "ไม่ใช่จำนวนคน"),
        ("5.5", "ไม่ใช่จำนวนคน"),
        ("999999999999", "ไม่ใช่จำนวนคน"),
    ],
)
def test_a_headcount_that_cannot_be_is_refused_and_kept(
    admin: PortalClient, base: str, stored: Stored, typed: str, says: str
) -> None:
    answer = admin.submit(f"{base}/headcount", {"headcount": typed})
    assert answer.status_code == 422
    assert says in answer.text
    assert f'value="{typed}"' in answer.text
    assert stored().headcount is None


def test_an_unusual_headcount_is_asked_once_more(admin: PortalClient, base: str, stored: Stored) -> None:
    answer = admin.submit(f"{base}/headcount", {"headcount": "5,000"})
    assert answer.status_code == 422
    assert "ต่างจากหน่วยงานประเภทเดียวกันมาก" in answer.text
    assert admin.submit(f"{base}/headcount", {"headcount": "5,000", "sure": "y"}).status_code == 302
    assert stored().headcount == 5000


def test_after_the_last_call_the_headcount_is_refused_and_the_typed_number_kept(
    admin: PortalClient, base: str, world: World, stored: Stored, clock: Callable[[object], None]
) -> None:
    clock(AFTER)
    admin.sign_in_as(world.account["agency_admin"])
    answer = admin.submit(f"{base}/headcount", {"headcount": "77"})
    assert answer.status_code == 422
    assert 'value="77"' in answer.text
    assert stored().headcount is None


# -- roster by hand --------------------------------------------------------------------------------------


@pytest.mark.postgres
def test_a_name_is_added_changed_and_deleted(admin: PortalClient, base: str, stored: Stored) -> None:
    person = {"name": "นางทดลอง สอง", "group": "2", "phone": "๐๘๑ ๒๓๔ ๕๖๗๘"}
    assert admin.submit(f"{base}/roster/new", person).status_code == 302
    assert stored().roster_count == 1
    page = admin.get(f"{base}/roster").text
    assert "นางทดลอง สอง" in page
    assert "08 1234 5678" in page
    entry = first_entry(page)
    change = admin.submit(f"{base}/roster/{entry}", {**person, "organisation": "ร้านตัวอย่าง"})
    assert change.status_code == 302
    assert "ร้านตัวอย่าง" in admin.get(f"{base}/roster?q=ร้าน").text
    assert "เรียกคืนไม่ได้" in admin.get(f"{base}/roster/{entry}/delete").text
    assert admin.submit(f"{base}/roster/{entry}/delete").status_code == 302
    assert stored().roster_count == 0


def test_what_is_wrong_with_a_typed_name_stands_at_its_field(
    admin: PortalClient, base: str, stored: Stored
) -> None:
    answer = admin.submit(f"{base}/roster/new", {"name": "นายใคร", "group": "", "email": "ไม่มี@"})
    assert answer.status_code == 422
    assert 'value="นายใคร"' in answer.text
    assert 'id="group-e"' in answer.text
    assert 'id="email-e"' in answer.text
    assert stored().roster_count == 0


def test_the_same_person_twice_is_named(admin: PortalClient, base: str) -> None:
    person = {"name": "นางทดลอง สอง", "group": "2", "phone": "0812345678"}
    admin.submit(f"{base}/roster/new", person)
    answer = admin.submit(f"{base}/roster/new", person)
    assert answer.status_code == 422
    assert "เป็นลำดับที่ 1" in answer.text


def test_a_row_of_another_agency_is_not_found(client_as: ClientAs, admin: PortalClient, base: str) -> None:
    admin.submit(f"{base}/roster/new", {"name": "นางทดลอง สอง", "group": "2"})
    entry = first_entry(admin.get(f"{base}/roster").text)
    other = client_as("agency_admin_other")
    assert other.get(f"{base}/roster/{entry}").status_code == 404
    assert other.submit(f"{base}/roster/{entry}", {"name": "x", "group": "2"}).status_code == 404
    assert other.submit(f"{base}/roster/{entry}/delete").status_code == 404
    assert admin.get(f"{base}/roster/{entry}").status_code == 200


# -- import ----------------------------------------------------------------------------------------------


@pytest.mark.postgres
def test_an_import_is_looked_through_applied_and_taken_back(
    admin: PortalClient, base: str, stored: Stored
) -> None:
    looked = upload(admin, base, GOOD)
    assert looked.status_code == 302
    page = admin.get(looked.headers["Location"]).text
    assert "นำเข้า 2 แถว" in page
    assert stored().roster_count == 0, "a dry run writes nothing"
    assert admin.submit(looked.headers["Location"], {"mode": "add"}).status_code == 302
    assert stored().roster_count == 2
    assert "รายชื่อก่อนหน้ายังเก็บไว้" in admin.get(f"{base}/roster").text
    admin.submit(f"{base}/roster/undo")
    assert stored().roster_count == 0
    assert "รายชื่อก่อนหน้ายังเก็บไว้" not in admin.get(f"{base}/roster").text


def test_each_fault_stands_at_its_row_and_column(admin: PortalClient, base: str) -> None:
    looked = upload(
        admin, base, csv(f"1,นายสมมติ หนึ่ง,,{GROUP},,ไม่มี@", "2,,ร้าน,ผู้ขายสินค้า,,", f"3,นางดี งาม,,{GROUP},,")
    )
    page = admin.get(looked.headers["Location"]).text
    assert "แถว 2" in page
    assert "แถว 3" in page
    assert page.count("ita-cell-bad") == 3
    assert "นำเข้า 1 แถว" in page
    faults = admin.submit(f"{looked.headers['Location']}/faults.xlsx")
    assert faults.data[:2] == b"PK"


@pytest.mark.postgres
def test_a_roster_is_replaced_after_a_question_and_can_be_put_back(
    admin: PortalClient, base: str, stored: Stored
) -> None:
    fill(admin, base)
    looked = upload(admin, base, csv(f"1,นางใหม่ ล่าสุด,,{GROUP},,"))
    asked = admin.submit(looked.headers["Location"], {"mode": "replace"})
    assert asked.status_code == 200
    assert "แทนที่ด้วย 1 แถว" in asked.text
    assert stored().roster_count == 2
    admin.submit(looked.headers["Location"], {"mode": "replace", "confirm": "1"})
    assert stored().roster_count == 1
    admin.submit(f"{base}/roster/undo")
    page = admin.get(f"{base}/roster").text
    assert "นายสมมติ หนึ่ง" in page
    assert "นางใหม่ ล่าสุด" not in page


def test_an_import_cannot_be_taken_back_after_a_change(
    admin: PortalClient, base: str, stored: Stored
) -> None:
    fill(admin, base)
    admin.submit(f"{base}/roster/new", {"name": "นางเพิ่ม เอง", "group": "1"})
    admin.submit(f"{base}/roster/undo")
    assert stored().roster_count == 3
    assert "ยกเลิกการนำเข้าครั้งล่าสุดไม่ได้แล้ว" in admin.get(f"{base}/roster").text


@pytest.mark.parametrize(
    ("content", "says"), [("", "ว่าง"), ("ชื่อ-สกุล,กลุ่ม\n", "ไม่มีแถวข้อมูล"), ("หนึ่ง,สอง\nก,ข\n", "ชื่อ-สกุล")]
)
def test_an_unreadable_file_says_what_to_do(admin: PortalClient, base: str, content: str, says: str) -> None:
    answer = upload(admin, base, content)
    assert answer.status_code == 422
    assert says in answer.text


def test_no_file_is_said(admin: PortalClient, base: str) -> None:
    answer = admin.submit(f"{base}/roster/import", {})
    assert answer.status_code == 422
    assert "เลือกไฟล์ก่อน" in answer.text


def test_a_kept_file_is_its_own_persons_only(client_as: ClientAs, admin: PortalClient, base: str) -> None:
    looked = upload(admin, base, GOOD).headers["Location"]
    other = client_as("agency_admin_other").get(looked)
    assert other.status_code == 302 and other.headers["Location"].endswith("/roster/import"), "as if not kept"
    assert client_as("dla").get(looked).status_code == 404


def test_a_page_imports_the_file_that_it_showed_or_none(
    admin: PortalClient, base: str, stored: Stored
) -> None:
    first = upload(admin, base, GOOD).headers["Location"]
    second = upload(admin, base, OTHER).headers["Location"]
    answer = admin.submit(first, {"mode": "add"})
    assert stored().roster_count == 0
    assert answer.headers["Location"] == second
    assert "ไฟล์ล่าสุด" in admin.get(second).text
    admin.submit(second, {"mode": "add"})
    again = admin.submit(second, {"mode": "replace", "confirm": "1"}, follow_redirects=True)
    assert "ไม่ได้เก็บไฟล์" in again.text
    assert stored().roster_count == 1


def test_no_name_lies_in_clear_in_the_database(admin: PortalClient, base: str, database: Any) -> None:
    if not database.sqlite:
        pytest.skip("nothing to do: looks into the file of SQLite, which runs it")
    looked = upload(admin, base, GOOD).headers["Location"]
    assert "สมมติ".encode() not in written(database)
    admin.submit(looked, {"mode": "add"})
    admin.submit(f"{base}/roster/new", {"name": "นางเปล่า แจ้ง", "group": "1"})
    on_disk = written(database)
    assert "สมมติ".encode() not in on_disk
    assert "เปล่า".encode() not in on_disk
    assert "เกาะคา".encode() in on_disk, "the look itself works"
    assert "สมมติ" in admin.get(f"{base}/roster").text


def test_the_form_to_fill_can_be_filled_and_sent(admin: PortalClient, base: str, stored: Stored) -> None:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(admin.get(f"{base}/roster/template.xlsx").data))
    sheet = book.worksheets[0]
    sheet.append(["1", "นายสมมติ หนึ่ง", "", GROUP, "0812345678", ""])
    sheet.move_range(f"A{sheet.max_row}:F{sheet.max_row}", rows=2 - sheet.max_row)
    out = BytesIO()
    book.save(out)
    looked = admin.submit(
        f"{base}/roster/import",
        {"file": (BytesIO(out.getvalue()), "form.xlsx")},
        content_type="multipart/form-data",
    )
    admin.submit(looked.headers["Location"], {"mode": "add"})
    assert stored().roster_count == 1


@pytest.mark.postgres
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_export_goes_back_in_and_is_recorded(admin: PortalClient, base: str, form: str, app: Any) -> None:
    from models.audit import AuditEvent
    from portal.core.database.session import privileged

    fill(admin, base)
    file = admin.submit(f"{base}/roster/export", {"format": form}).data
    looked = admin.submit(
        f"{base}/roster/import",
        {"file": (BytesIO(file), f"roster.{form}")},
        content_type="multipart/form-data",
    )
    assert "2 แถวมีในรายชื่อแล้ว" in admin.get(looked.headers["Location"]).text
    with app.app_context(), privileged("a test looks") as session:
        from sqlalchemy import select

        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "roster.export")).one()
        assert event.after == {"rows": 2, "format": form}


def test_a_name_never_becomes_a_formula(admin: PortalClient, base: str) -> None:
    admin.submit(f"{base}/roster/new", {"name": "=1+1", "group": "1"})
    assert "'=1+1" in admin.submit(f"{base}/roster/export", {"format": "csv"}).text


# -- sending and confirming ------------------------------------------------------------------------------


@pytest.mark.postgres
def test_the_whole_way_to_the_confirmation(
    client_as: ClientAs, admin: PortalClient, base: str, stored: Stored
) -> None:
    fill(admin, base)
    admin.submit(f"{base}/submit")
    assert stored().state is PreparationState.SUBMITTED
    executive = client_as("executive")
    page = executive.get(f"{base}/confirm").text
    assert "52" in page
    assert "นายสมมติ หนึ่ง" in executive.get(f"{base}/names").text
    version = str(stored().version)
    refused = executive.submit(f"{base}/confirm", {"version": version})
    assert refused.status_code == 422
    assert "ทำเครื่องหมายในช่อง" in refused.text
    assert executive.submit(f"{base}/confirm", {"version": version, "confirm": "1"}).status_code == 302
    done = stored()
    assert done.state is PreparationState.CONFIRMED
    assert done.steps_done == 4


def test_returned_data_carry_the_reason_and_can_be_sent_again(
    client_as: ClientAs, admin: PortalClient, base: str, stored: Stored
) -> None:
    fill(admin, base)
    admin.submit(f"{base}/submit")
    executive = client_as("executive")
    version = str(stored().version)
    empty = executive.submit(f"{base}/return", {"version": version, "reason": "  "})
    assert empty.status_code == 422
    executive.submit(f"{base}/return", {"version": version, "reason": "ขาดผู้เสนอราคา"})
    assert stored().state is PreparationState.RETURNED
    assert "ขาดผู้เสนอราคา" in admin.get(base).text
    admin.submit(f"{base}/submit")
    assert stored().state is PreparationState.SUBMITTED
    assert stored().return_reason == ""


def test_what_changed_under_the_executive_is_not_confirmed(
    client_as: ClientAs, admin: PortalClient, base: str, stored: Stored
) -> None:
    fill(admin, base)
    admin.submit(f"{base}/submit")
    seen = str(stored().version)
    admin.submit(f"{base}/withdraw")
    admin.submit(f"{base}/headcount", {"headcount": "90"})
    admin.submit(f"{base}/submit")
    answer = client_as("executive").submit(f"{base}/confirm", {"version": seen, "confirm": "1"})
    assert answer.status_code == 409
    assert stored().state is PreparationState.SUBMITTED


def test_sending_too_early_says_what_is_missing(admin: PortalClient, base: str, stored: Stored) -> None:
    admin.submit(f"{base}/submit")
    assert "ส่งได้เมื่อกรอกจำนวน" in admin.get(base).text
    assert stored().state is PreparationState.ENTERING
    assert stored().activated_at is None, "a refused act changes nothing"


@pytest.mark.postgres
def test_after_sending_nothing_can_be_changed(
    app: Any, admin: PortalClient, base: str, world: World, stored: Stored
) -> None:
    fill(admin, base)
    admin.submit(f"{base}/submit")
    looked = upload(admin, base, GOOD)
    assert looked.status_code == 422
    assert admin.submit(f"{base}/headcount", {"headcount": "60"}).status_code == 422
    assert admin.submit(f"{base}/roster/new", {"name": "นางใหม่", "group": "1"}).status_code == 422
    with app.app_context():
        entry = row_ids(world)[0]
    assert admin.submit(f"{base}/roster/{entry}", {"name": "นางใหม่", "group": "1"}).status_code == 422
    assert admin.submit(f"{base}/roster/{entry}/delete").status_code == 409
    admin.submit(f"{base}/roster/undo")
    assert stored().roster_count == 2
    assert stored().headcount == 52


def row_ids(world: World) -> list[int]:
    from sqlalchemy import select

    from portal.core.database.session import privileged

    with privileged("a test looks") as session:
        query = select(RosterEntry.id).where(RosterEntry.participation_id == world.participation["a1"])
        return list(session.scalars(query.order_by(RosterEntry.id)))


# -- who may come in -------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["dla", "nacc", "province", "assessor", "interviewer", "executive"])
@pytest.mark.parametrize("page", ["", "/headcount", "/roster", "/roster/new", "/roster/import"])
def test_the_admins_pages_are_the_admins(client_as: ClientAs, base: str, person: str, page: str) -> None:
    assert client_as(person).get(base + page).status_code == 404


@pytest.mark.parametrize("person", ["dla", "nacc", "province", "assessor", "interviewer", "agency_admin"])
@pytest.mark.parametrize("page", ["/confirm", "/return", "/names"])
def test_the_executives_pages_are_the_executives(
    client_as: ClientAs, base: str, person: str, page: str
) -> None:
    assert client_as(person).get(base + page).status_code == 404


def test_an_agency_sees_its_own_data_on_the_same_address(
    client_as: ClientAs, admin: PortalClient, base: str
) -> None:
    fill(admin, base)
    other = client_as("agency_admin_other").get(f"{base}/roster").text
    assert "นายสมมติ หนึ่ง" not in other
    assert "เกาะคา" not in other
