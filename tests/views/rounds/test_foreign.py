"""A table of others at NACC's desk: sent as it is, its columns named, then compared and taken over."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from models.round import Round
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.rounds.content.reading import content_of
from tests.support.client import PortalClient
from tests.support.rooms import add_draft
from tests.support.world import World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
TABLE = (
    "ปี,code,indicator_no,sub_indicator_no,title_th,criteria_th\n"
    "2567,O1,9,9.1,ข้อมูลเดิม,\n"
    "2567,O2,9,9.1,ข้อมูลเดิมอีกข้อ,\n"
    "2568,O1,9,9.1,โครงสร้างใหม่,แสดงแผนผัง\n"
    "2568,O2,10,10.1,นโยบายใหม่,\n"
).encode()


#: what the headings of the table suggest
SUGGESTED = {
    "column-code": "code",
    "column-indicator": "indicator_no",
    "column-part": "sub_indicator_no",
    "column-title": "title_th",
    "column-criterion": "criteria_th",
}


@pytest.fixture
def draft(app: Portal) -> int:
    with app.app_context(), writing(), privileged("a test's draft") as session:
        return add_draft(session).id


def titles(app: Portal, round_id: int) -> list[str]:
    with app.app_context(), privileged("a test looks") as session:
        content = content_of(session, session.get_one(Round, round_id))
        return [item.title for item in content.instrument("oit").items]


def sent(client: PortalClient, round_id: int, **fields: Any) -> Any:
    values = {"target": "items", "file": (BytesIO(TABLE), "รายการ 2568.csv"), **fields}
    return client.submit(f"/rounds/{round_id}/table", values)


def test_a_table_is_read_by_the_columns_that_somebody_names(
    app: Portal, client_as: ClientAs, draft: int
) -> None:
    client, before = client_as("nacc"), titles(app, draft)
    columns = sent(client, draft).location
    page = client.get(columns).text
    assert '<option value="title_th" selected>' in page, "what its heading suggests is chosen"
    assert "โครงสร้างใหม่" in page and "ต้องระบุ" in page
    assert "title_th · เช่น ข้อมูลเดิม" in page, "a heading is known by what stands below it"
    fields = {
        "column-code": "code",
        "column-indicator": "indicator_no",
        "column-part": "sub_indicator_no",
        "column-title": "title_th",
        "column-criterion": "criteria_th",
        "rows": "0:2568",
    }
    refused = client.submit(columns, {**fields, "column-title": ""})
    assert refused.status_code == 422 and 'id="column-title-e"' in refused.text
    assert '<option value="0:2568" selected>' in refused.text, "what was chosen is kept"
    look = client.submit(columns, fields).location
    shown = client.get(look).text
    assert "โครงสร้างใหม่" in shown and "ส่วนอื่นของรอบคงเดิม" in shown
    assert titles(app, draft) == before
    version = shown.split('name="version" value="')[1].split('"')[0]
    assert client.submit(look, {"version": version}).status_code == 302
    assert titles(app, draft) == ["โครงสร้างใหม่", "นโยบายใหม่"]


def test_a_fault_is_told_at_the_cell_of_the_file_under_its_own_heading(
    client_as: ClientAs, draft: int
) -> None:
    client = client_as("nacc")
    columns = sent(client, draft).location
    fields = {"column-code": "code", "column-indicator": "ปี", "column-title": "title_th"}
    shown = client.get(client.submit(columns, fields).location).text
    assert "ไม่มี 2567" in shown and "ปรับรอบตามไฟล์นี้" not in shown
    told = shown.split("<tbody>")[1]
    assert '<td data-h="ช่องในไฟล์" class="ita-num">A2</td>' in told and '<td data-h="คอลัมน์">ปี</td>' in told
    again = client.submit(columns, {**fields, "rows": "0:2567", "again": "1"})
    assert "เช่น ช่อง A2 ใต้หัวคอลัมน์ “ปี”: ไม่มี 2567" in client.get(again.location).text


@pytest.mark.parametrize(
    ("target", "file", "at"),
    [
        ("items", None, "file"),
        ("items", b"a,b\n", "file"),
        ("everything", TABLE, "target"),
        ("headings", "ชื่อ,นามสกุล\nก,ข\n".encode(), "target"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(
    client_as: ClientAs, draft: int, target: str, file: bytes | None, at: str
) -> None:
    fields: dict[str, Any] = {"target": target}
    if file is not None:
        fields["file"] = (BytesIO(file), "a.csv")
    answer = client_as("nacc").submit(f"/rounds/{draft}/table", fields)
    assert answer.status_code == 422 and f'id="{at}-e"' in answer.text


def test_the_first_rows_are_shown_as_the_round_would_hold_them(
    app: Portal, client_as: ClientAs, draft: int
) -> None:
    client, before = client_as("nacc"), titles(app, draft)
    columns = sent(client, draft, target="headings").location
    page = client.get(columns).text
    assert "อ่านเป็น: ข้อ OIT" in page
    assert "มี 2 ช่องที่ยังใช้ไม่ได้" in page and "ถ้าตารางมีหลายปี" in page, "two codes twice"
    answer = client.submit(columns, {**SUGGESTED, "rows": "0:2568", "again": "1"})
    assert answer.status_code == 302
    page = client.get(answer.location).text
    assert "อ่านได้ครบ 2 แถว" in page and "โครงสร้างใหม่" in rows_shown(page)
    assert "ข้อมูลเดิม" not in rows_shown(page)
    assert '<option value="0:2568" selected>' in page and '<option value="title_th" selected>' in page
    assert "คอลัมน์ที่ไม่ได้ใช้" not in page and "แถวเหล่านี้ไม่มีข้อมูลของ" not in page
    old = client.submit(columns, {**SUGGESTED, "rows": "0:2567", "again": "1"})
    assert "แถวเหล่านี้ไม่มีข้อมูลของ: เกณฑ์" in client.get(old.location).text
    other = client.submit(columns, {**SUGGESTED, "column-criterion": "", "rows": "0:2568", "again": "1"})
    assert "คอลัมน์ที่ไม่ได้ใช้: criteria_th" in client.get(other.location).text
    look = client.submit(columns, {**SUGGESTED, "rows": "0:2568"}).location
    assert f'href="{columns}"' in client.get(look).text, "from what would change one comes back"
    assert titles(app, draft) == before


def test_a_table_may_be_a_workbook_of_others(app: Portal, client_as: ClientAs, draft: int) -> None:
    book = openpyxl.Workbook()
    for line in TABLE.decode().splitlines():
        book.worksheets[0].append(line.split(","))
    stream = BytesIO()
    book.save(stream)
    client = client_as("nacc")
    fields = {"target": "headings", "file": (BytesIO(stream.getvalue()), "รายการ.xlsx")}
    columns = client.submit(f"/rounds/{draft}/table", fields).location
    look = client.submit(columns, {**SUGGESTED, "rows": "0:2568"}).location
    shown = client.get(look).text
    assert "ข้อ OIT:" in shown and "ลบออก 46" in shown and "เปลี่ยน 2" in shown, "what would change is summed up"
    version = shown.split('name="version" value="')[1].split('"')[0]
    assert client.submit(look, {"version": version}).status_code == 302
    assert titles(app, draft) == ["โครงสร้างใหม่", "นโยบายใหม่"]


def rows_shown(page: str) -> str:
    """The part of a page with the rows as they would be held."""
    return page.split("แถวแรก ๆ ตามที่จะเก็บในรอบ")[1].split("<details")[0]


def test_an_address_with_columns_that_there_are_not_is_no_fault(client_as: ClientAs, draft: int) -> None:
    client = client_as("nacc")
    columns = sent(client, draft).location
    page = client.get(f"{columns}?rows=99:2568&column-code=~77&column-title=~x&given-instrument=oit")
    assert page.status_code == 200 and "ระบุคอลัมน์ของ" in page.text


def test_a_table_is_for_a_draft_and_for_who_sent_it(client_as: ClientAs, draft: int, world: World) -> None:
    nacc = client_as("nacc")
    assert sent(nacc, world.round_id).status_code == 422
    columns = sent(nacc, draft).location
    assert nacc.get(columns.replace(f"/{draft}/", f"/{world.round_id}/")).status_code == 404
    assert nacc.get(columns.replace("/table/", "/workbook/")).status_code == 404
    assert client_as("dla").get(columns).status_code == 404
