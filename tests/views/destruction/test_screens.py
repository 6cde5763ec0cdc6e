"""Destroyed keys as they are pressed: NACC writes them down, opens the paper, and replaces what is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.destruction import STATED, boxes_opened, kept, printed, written
from tests.support.world import World

ClientAs = Callable[[str], PortalClient]
FORM = {
    "copies-0-key": "private",
    "copies-0-place": "ตู้นิรภัยชั้น 3",
    "copies-0-medium": "แฟลชไดรฟ์หมายเลข 1",
    "copies-0-how": "ทุบทำลาย",
    "copies-0-at": "9/11/2561 10:00",
    "copies-0-by": "นายทดลอง ถือกุญแจ",
    "copies-0-witness": "นางทดลอง เป็นพยาน",
    "copies-1-key": "private",
    "meant": "y",
}
#: what is typed of a copy
COPY = [name for name in FORM if name.startswith("copies-0-") and name != "copies-0-key"]


def here(world: World, rest: str = "") -> str:
    return f"/rounds/{world.round_id}/keys/destroyed{rest}"


def test_from_the_opened_round_to_the_paper_and_its_correction(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    nacc = client_as("nacc")
    assert "ทำลายกุญแจได้เมื่อเปิดกล่องคำตอบ" in nacc.get(here(world)).text
    assert "copies-0-place" not in nacc.get(here(world, "/1/write")).text
    with app.app_context():
        boxes_opened(world)
    assert here(world) in nacc.get(f"/rounds/{world.round_id}").text
    assert here(world, "/1/write") in nacc.get(here(world)).text
    answer = nacc.submit(here(world, "/1/write"), FORM)
    assert answer.status_code == 302 and answer.location.endswith(here(world))
    page = nacc.get(here(world)).text
    assert "ตู้นิรภัยชั้น 3" in page and "ยังไม่ได้พิมพ์" in page
    assert nacc.get(here(world, "/1.pdf")).status_code == 404
    assert nacc.submit(here(world, "/1/print"), {}).status_code == 302
    with app.app_context():
        printed()
        file = kept().file
    assert file is not None and file.sha256 in nacc.get(here(world)).text
    pdf = nacc.get(here(world, "/1.pdf"))
    assert pdf.data.startswith(b"%PDF-") and pdf.content_type == "application/pdf"
    corrected(world, nacc)


def corrected(world: World, nacc: PortalClient) -> None:
    page = nacc.get(here(world, "/2/write")).text
    assert 'value="ตู้นิรภัยชั้น 3"' in page and "copies-1-place" not in page
    without = nacc.submit(here(world, "/2/write"), FORM)
    assert without.status_code == 422 and "ระบุว่าฉบับก่อนผิดตรงไหน" in without.text
    assert nacc.submit(here(world, "/2/write"), {**FORM, "reason": "ผิดชั้น"}).status_code == 302
    page = nacc.get(here(world)).text
    assert "ผิดชั้น" in page and here(world, "/1.pdf") in page
    assert nacc.get(here(world, "/2/write")).status_code == 302, "written already"
    again = nacc.submit(here(world, "/2/write"), {**FORM, "reason": "ผิดอีก"})
    assert again.status_code == 422 and "มีผู้เขียนหนังสือรับรองฉบับนี้ไปแล้ว" in again.text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"meant": ""}, "เทียบกับใบบันทึกที่ลงชื่อแล้ว ให้ทำเครื่องหมาย"),
        ({"copies-0-how": " "}, "กรอกช่องนี้ หรือลบทุกช่องของสำเนานี้"),
        ({"copies-1-by": "ใครคนหนึ่ง"}, "กรอกช่องนี้ หรือลบทุกช่องของสำเนานี้"),
        ({"copies-0-at": "เมื่อวาน"}, "เมื่อวาน"),
        ({"copies-0-at": "10/11/2561 10:00"}, "เวลานี้ยังมาไม่ถึง"),
        ({"copies-0-at": "1/11/2560 10:00"}, "ถูกทำลายก่อนหน้านั้นไม่ได้"),
        ({"copies-0-witness": "นายทดลอง  ถือกุญแจ"}, "พยานต้องไม่ใช่คนเดียวกับผู้ทำลาย"),
        ({"none": "y"}, "อย่างใดอย่างหนึ่ง"),
        (
            {name: "" for name in FORM if name.startswith("copies-0-") and name != "copies-0-key"},
            "อย่างใดอย่างหนึ่ง",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field_with_what_was_typed(
    app: Portal, world: World, client_as: ClientAs, change: dict[str, str], words: str
) -> None:
    with app.app_context():
        boxes_opened(world)
    nacc, form = client_as("nacc"), {**FORM, **change}
    answer = nacc.submit(here(world, "/1/write"), form)
    assert answer.status_code == 422 and words in answer.text
    assert 'id="summary"' in answer.text and f'value="{form["copies-0-place"]}"' in answer.text
    assert here(world, "/1/write") in nacc.get(here(world)).text, "nothing was written"


def test_one_more_copy_keeps_what_was_typed(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context():
        boxes_opened(world)
    nacc = client_as("nacc")
    more = nacc.submit(here(world, "/1/write"), {**FORM, "meant": "", "do": "more"})
    assert more.status_code == 200 and "copies-2-place" in more.text and "ตู้นิรภัยชั้น 3" in more.text
    assert 'id="summary"' not in more.text


def test_where_no_copy_was_made_it_says_so(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context():
        boxes_opened(world)
    nacc = client_as("nacc")
    assert nacc.submit(here(world, "/1/write"), {"none": "y", "meant": "y"}).status_code == 302
    assert "ไม่เคยทำสำเนากุญแจ" in nacc.get(here(world)).text


@pytest.mark.parametrize("person", ["dla", "province", "agency_admin", "executive", "assessor"])
def test_it_is_the_work_of_nacc(app: Portal, world: World, client_as: ClientAs, person: str) -> None:
    with app.app_context():
        boxes_opened(world)
        written(world, STATED)
    client = client_as(person)
    for rest in ("", "/2/write", "/1.pdf"):
        assert client.get(here(world, rest)).status_code == 404
    assert client.submit(here(world, "/1/print"), {}).status_code == 404
