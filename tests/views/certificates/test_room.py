"""Certificates as they are pressed: NACC releases, an agency prints, anybody checks, one is withdrawn."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from portal.certificates import outlook, releasing
from portal.core.jobs import worker
from portal.core.web import Portal
from portal.letters.offices import save_texts
from tests.portal.results.test_lists import prepared
from tests.support.certificates import DAY, one, opened_round, released, signatory_id, the_round
from tests.support.client import PortalClient, client_of
from tests.support.letters import OFFICES, SETTINGS, set_up
from tests.support.world import World, acting_as

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("no_loop_here")]
ClientAs = Callable[[str], PortalClient]


def here(world: World, rest: str = "") -> str:
    return f"/rounds/{world.round_id}/certificates{rest}"


def result(world: World, agency: str, rest: str = "") -> str:
    return f"/rounds/{world.round_id}/results/agencies/{world.participation[agency]}{rest}"


def ready(app: Portal, world: World) -> dict[str, str]:
    """The results are shown and NACC's office is set up; gives the form of the release."""
    with app.app_context():
        opened_round(world)
        set_up(world, "nacc")
        with acting_as(world.actor("nacc")):
            return {"signatory": str(signatory_id()), "dated": "9/11/2561", "meant": "y"}


def test_from_the_release_to_a_print_and_a_withdrawal(app: Portal, world: World, client_as: ClientAs) -> None:
    form, nacc, agency = ready(app, world), client_as("nacc"), client_as("agency_admin")
    assert "หนังสือรับรองผลการประเมิน" not in agency.get(result(world, "a1")).text
    page = nacc.get(here(world), follow_redirects=True).text
    assert "ออกหนังสือรับรอง 2 ฉบับ" in page and "ไม่ได้รับ 2 แห่ง" in page
    assert "ผู้บริหารยังไม่ได้ยืนยันข้อมูล" in page or "ยืนยันข้อมูล" in page
    proof = nacc.submit(here(world, "/release"), {**form, "meant": "", "do": "proof"})
    assert proof.status_code == 302 and "/jobs/" in proof.location
    answer = nacc.submit(here(world, "/release"), form)
    assert answer.status_code == 302 and answer.location.endswith(here(world))
    listed = nacc.get(here(world)).text
    assert "เทศบาลตำบลเกาะคา" in listed and "ยังไม่ได้พิมพ์" in listed and "ไสไทย" not in listed
    assert nacc.get(here(world, "/release")).status_code == 302
    printed(app, world, agency)
    public(app, world, holds=True)
    withdrawn(app, world, nacc)
    public(app, world, holds=False)
    page = agency.get(result(world, "a1")).text
    assert "ถูกยกเลิกเมื่อวันที่" in page and "คะแนนผิดพลาด" in page
    assert agency.get(result(world, "a1", "/certificate.pdf")).status_code == 404
    assert agency.submit(result(world, "a1", "/certificate"), {}).status_code == 409
    assert nacc.get(result(world, "a1", "/certificate.pdf")).status_code == 200


def printed(app: Portal, world: World, agency: PortalClient) -> None:
    page = agency.get(result(world, "a1")).text
    assert "หนังสือรับรองผลการประเมิน (PDF)" in page and "certificate.pdf" not in page
    assert agency.get(result(world, "a1", "/certificate.pdf")).status_code == 404
    job = agency.submit(result(world, "a1", "/certificate"), {})
    assert job.status_code == 302 and "/jobs/" in job.location
    with app.app_context():
        worker.work(app, until_idle=True)
    assert "certificate.pdf" in agency.get(result(world, "a1")).text
    file = agency.get(result(world, "a1", "/certificate.pdf"))
    assert file.data.startswith(b"%PDF-") and file.content_type == "application/pdf"


def public(app: Portal, world: World, *, holds: bool) -> None:
    with app.app_context():
        row = one(world, "a1")
        assert row.file is not None
    anybody = client_of(app)
    page = anybody.get(f"/certificate/{row.public_id}").text
    assert ("หนังสือรับรองนี้เป็นของจริง" in page) is holds
    assert ("หนังสือรับรองนี้ไม่มีผลแล้ว" in page) is not holds
    for words in ("เทศบาลตำบลเกาะคา", "100.00", "AA", row.number_said, "2561", row.file.sha256):
        assert words in page
    assert (
        anybody.get(f"/certificate/{'0' * 32}").status_code
        == anybody.get("/certificate/1").status_code
        == 404
    )


def withdrawn(app: Portal, world: World, nacc: PortalClient) -> None:
    with app.app_context():
        at = f"/certificates/{one(world, 'a1').id}/withdraw"
    assert "เปลี่ยนกลับไม่ได้" in nacc.get(at).text
    refused = nacc.submit(at, {"reason": ""})
    assert refused.status_code == 422 and "ระบุเหตุผล" in refused.text
    assert nacc.submit(at, {"reason": "คะแนนผิดพลาด"}).status_code == 302
    again = nacc.submit(at, {"reason": "อีกครั้ง"})
    assert again.status_code == 422 and "ถูกยกเลิกเมื่อ" in again.text
    assert "คะแนนผิดพลาด" in nacc.get(here(world)).text


def test_before_the_first_print_the_public_page_has_no_file(app: Portal, world: World) -> None:
    with app.app_context():
        released(world)
        row = one(world, "a1")
    page = client_of(app).get(f"/certificate/{row.public_id}").text
    assert "ยังไม่มีการพิมพ์ไฟล์" in page and "data-compare" not in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"signatory": ""}, "เลือกผู้ลงนาม"),
        ({"signatory": "999999"}, "เลือกผู้ลงนาม"),
        ({"dated": "1/12/2561"}, "ต้องไม่เป็นวันล่วงหน้า"),
        ({"dated": "1/11/2561"}, "จะลงวันที่ก่อนหน้านั้นไม่ได้"),
        ({"dated": "เมื่อวาน"}, "เมื่อวาน"),
        ({"dated": ""}, "ใส่วันที่ในหนังสือรับรอง"),
        ({"meant": ""}, "ให้ทำเครื่องหมายในช่องนี้"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_with_what_was_typed(
    app: Portal, world: World, client_as: ClientAs, change: dict[str, str], words: str
) -> None:
    form, nacc = {**ready(app, world), **change}, client_as("nacc")
    for do in ("",) if "meant" in change else ("", "proof"):
        answer = nacc.submit(here(world, "/release"), {**form, "do": do})
        assert answer.status_code == 422 and words in answer.text, do
        if form["dated"]:
            value = re.search(r'name="dated"[^>]*value="([^"]*)"', answer.text)
            assert value and value[1] in (form["dated"], shown(form["dated"])), do
    with app.app_context(), acting_as(world.actor("nacc")):
        assert outlook.release_of(the_round(world)) is None


def shown(dated: str) -> str:
    day, month, year = dated.split("/") if dated.count("/") == 2 else ("", "0", "")
    names = {"11": "พ.ย.", "12": "ธ.ค."}
    return f"{day}\u00a0{names.get(month, '')}\u00a0{year}"


def test_before_the_opening_the_page_says_what_comes_first(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        prepared(world)
        set_up(world, "nacc")
    page = client_as("nacc").get(here(world), follow_redirects=True).text
    assert "ยังออกหนังสือรับรองไม่ได้" in page and 'name="dated"' not in page
    assert client_as("nacc").get(here(world, ".csv")).status_code == 404


def test_settings_and_a_signatory_come_first(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context():
        opened_round(world)
    nacc = client_as("nacc")
    page = nacc.get(here(world, "/release")).text
    assert "กรอกการตั้งค่าของส่วนราชการก่อน" in page and 'name="dated"' not in page
    with app.app_context(), acting_as(world.actor("nacc")):
        save_texts(OFFICES["nacc"], SETTINGS[OFFICES["nacc"]])
    page = nacc.get(here(world, "/release")).text
    assert "ยังไม่มีชื่อผู้ลงนาม" in page and 'name="dated"' not in page


@pytest.mark.parametrize("person", ["dla", "province", "agency_admin", "executive", "assessor"])
def test_nobody_else_releases_lists_or_withdraws(
    app: Portal, world: World, client_as: ClientAs, person: str
) -> None:
    with app.app_context():
        released(world)
        key = one(world, "a1").id
    client = client_as(person)
    for at in (here(world), here(world, "/release"), here(world, ".xlsx"), f"/certificates/{key}/withdraw"):
        assert client.get(at).status_code == 404
    assert client.submit(f"/certificates/{key}/withdraw", {"reason": "ผิด"}).status_code == 404


def test_who_reads_the_result_has_the_button_and_nobody_else(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        released(world)
    for person in ("nacc", "dla", "province", "executive", "agency_admin"):
        assert "หนังสือรับรองผลการประเมิน (PDF)" in client_as(person).get(result(world, "a1")).text
    for person in ("province_other", "agency_admin_other"):
        client = client_as(person)
        assert client.submit(result(world, "a1", "/certificate"), {}).status_code == 404
        assert client.get(result(world, "a1", "/certificate.pdf")).status_code == 404
    own = client_as("agency_admin_other")
    assert "(PDF)" not in own.get(result(world, "b1")).text
    assert own.submit(result(world, "b1", "/certificate"), {}).status_code == 404


def test_the_list_is_found_again_and_its_files_follow_it(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        released(world)
        number = one(world, "a2").number_said
    nacc = client_as("nacc")
    for query, names in (
        ({}, {"เทศบาลตำบลเกาะคา", "องค์การบริหารส่วนตำบลท่าผา"}),
        ({"q": "ท่าผา"}, {"องค์การบริหารส่วนตำบลท่าผา"}),
        ({"q": number}, {"องค์การบริหารส่วนตำบลท่าผา"}),
        ({"grade": "AA"}, {"เทศบาลตำบลเกาะคา"}),
        ({"province": str(world.province["52"])}, {"เทศบาลตำบลเกาะคา", "องค์การบริหารส่วนตำบลท่าผา"}),
        ({"state": "withdrawn"}, set()),
    ):
        page = nacc.get(here(world), query_string=query).text
        found = set(re.findall(r'<th scope="row" class="ita-title"><a[^>]*>([^<]*)</a>', page))
        content = nacc.get(here(world, ".csv"), query_string=query).data.decode("utf-8-sig")
        _header, *rows = csv.reader(StringIO(content))
        assert found == names == {row[1] for row in rows}
        assert names or "ไม่พบหนังสือรับรอง" in page
    book = load_workbook(BytesIO(nacc.get(here(world, ".xlsx")).data))
    words = " ".join(str(cell.value) for line in book.worksheets[0].iter_rows() for cell in line)
    assert number in words and "มีผล" in words
    assert nacc.submit(here(world, ".pdf"), {}).status_code == 302


def test_a_province_s_certificates_are_ordered_as_one_file(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        opened_round(world)
        set_up(world, "nacc")
    at, link = here(world, "/provinces"), f'href="{here(world, "/provinces")}"'
    province, nacc = client_as("province"), client_as("nacc")
    assert "ยังไม่มีหนังสือรับรอง" in province.get(at).text
    assert link not in province.get(f"/rounds/{world.round_id}/results").text
    with app.app_context(), acting_as(world.actor("nacc")):
        releasing.release(the_round(world), signatory_id=signatory_id(), dated=DAY)
    assert link in province.get(f"/rounds/{world.round_id}/results").text
    assert link in nacc.get(here(world)).text
    order = here(world, f"/provinces/{world.province['52']}")
    for person in ("province", "dla", "nacc"):
        assert f'action="{order}"' in client_as(person).get(at).text
    job = province.submit(order, {})
    assert job.status_code == 302 and "/jobs/" in job.location
    with app.app_context():
        worker.work(app, until_idle=True)
    page = province.get(job.location).text
    assert "ในไฟล์มีหนังสือรับรอง 2 ฉบับ" in page and f'href="{at}"' in page
    assert "ลำปาง" not in client_as("province_other").get(at).text
    assert client_as("province_other").submit(order, {}).status_code == 404


def test_results_and_letters_lead_there(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context():
        opened_round(world)
        set_up(world, "nacc")
    nacc, link = client_as("nacc"), f'href="{here(world)}"'
    assert link in nacc.get(f"/rounds/{world.round_id}/results").text
    assert link in nacc.get(f"/rounds/{world.round_id}/letters/nacc").text
    assert link not in client_as("dla").get(f"/rounds/{world.round_id}/results").text
