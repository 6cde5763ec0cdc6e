"""The screens of an office's texts: an editor beside its preview, faults with their places, versions."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from models.dispatch import Dispatch
from models.letter_text import OfficeText
from portal.core.database.session import privileged
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.forms import form_with
from tests.support.letters import drafted, set_up
from tests.support.world import World

ClientAs = Callable[[str], PortalClient]
OWN = "เวียน: ใช่\nเรื่อง: เรื่องของเรา\nเรียน: ผู้ว่าราชการจังหวัด{จังหวัด}\n\nด้วยมี {จำนวนหน่วยงาน} แห่ง\n\nจึงเรียนมา"
FAULTY = OWN.replace("{จำนวนหน่วยงาน}", "{จำนวนหน่วย}")


@pytest.fixture
def home(app: Portal, world: World) -> str:
    """The list of DLA's texts."""
    with app.app_context():
        set_up(world, "dla")
    return f"/rounds/{world.round_id}/letters/office/1/texts"


def versions(app: Portal) -> list[tuple[int, int | None]]:
    with app.app_context(), privileged("a test looks") as session:
        rows = session.scalars(select(OfficeText).order_by(OfficeText.id))
        return [(row.number, row.back_to) for row in rows]


def plain(page: str) -> str:
    return page.replace("\u00a0", " ")


def test_the_list_says_which_version_is_in_use_since_when_and_by_whom(home: str, client_as: ClientAs) -> None:
    client = client_as("dla")
    page = client.get(home).text
    assert page.count("ข้อความที่มากับระบบ") == 5 and "บันทึกข้อความ" in page
    assert client.submit(f"{home}/circular", {"source": OWN, "version": "0"}).status_code == 302
    page = client.get(home).text
    assert "รุ่นที่ 1" in page and "ผู้ใช้ทดลอง dla" in page and page.count("ข้อความที่มากับระบบ") == 4


def test_a_text_stands_beside_the_letter_that_it_makes(home: str, client_as: ClientAs) -> None:
    client, page = client_as("dla"), f"{home}/circular"
    shown = client.get(page).text
    assert "เรียน: ผู้ว่าราชการจังหวัด{จังหวัด}" in shown and "ผู้ว่าราชการจังหวัดกระบี่" in shown
    assert "ขณะนี้: กระบี่" in shown, "what each field gives"
    looked = client.submit(page, {"source": OWN, "version": "0", "do": "preview"})
    assert looked.status_code == 200
    assert "ด้วยมี ๒ แห่ง" in plain(looked.text)
    assert form_with(looked.text, "source")["source"] == OWN, "nothing that was typed is lost"
    assert "ใช้อยู่: ข้อความที่มากับระบบ" in looked.text, "nothing is saved"


def test_a_preview_is_of_who_and_of_the_day_that_is_asked_for(
    home: str, client_as: ClientAs, world: World
) -> None:
    text = OWN.replace("ด้วยมี", "วันที่ {วันที่หนังสือ} {ถ้า มีหนังสืออ้างถึง}อ้าง{จบ} มี")
    typed = {"source": text, "version": "0", "do": "preview", "dated": "1 ธ.ค. 2561", "refers": "y"}
    client, page = client_as("dla"), f"{home}/circular"
    shown = plain(client.submit(page, typed | {"about": str(world.province["52"])}).text)
    assert "ผู้ว่าราชการจังหวัดลำปาง" in shown and "วันที่ ๑ ธันวาคม ๒๕๖๑ อ้าง มี" in shown
    wrong = client.submit(page, typed | {"dated": "เมื่อวาน", "about": "x"})
    assert wrong.status_code == 422 and "เขียนวันที่" in wrong.text


def test_a_script_gets_the_preview_and_the_faults_alone(home: str, client_as: ClientAs) -> None:
    client, page = client_as("dla"), f"{home}/circular"
    part = client.submit(
        page, {"source": FAULTY, "version": "0", "do": "preview"}, headers={"HX-Request": "true"}
    )
    assert part.status_code == 200 and "<html" not in part.text and "<form" not in part.text
    assert 'id="faults"' in part.text and 'id="preview"' in part.text and "บรรทัดที่ 5 ตัวอักษรที่ 8" in part.text


def test_a_faulty_text_is_not_saved_and_says_where(app: Portal, home: str, client_as: ClientAs) -> None:
    client, page = client_as("dla"), f"{home}/circular"
    told = client.submit(page, {"source": FAULTY, "version": "0"})
    assert told.status_code == 422
    assert "บรรทัดที่ 5 ตัวอักษรที่ 8" in told.text and "<mark>{จำนวนหน่วย}</mark>" in told.text
    assert "จำนวนหน่วยงาน" in told.text, "the nearest name"
    assert form_with(told.text, "source")["source"] == FAULTY
    assert not versions(app)
    empty = client.submit(page, {"source": " ", "version": "0"})
    assert empty.status_code == 422 and not versions(app)


def test_the_same_words_again_are_no_version(app: Portal, home: str, client_as: ClientAs) -> None:
    client, page = client_as("dla"), f"{home}/circular"
    typed = form_with(client.get(page).text, "source")
    again = client.submit(page, typed)
    assert again.status_code == 422 and "ตรงกับที่ใช้อยู่แล้ว" in again.text
    assert not versions(app)


def test_versions_are_read_compared_and_taken_again(app: Portal, home: str, client_as: ClientAs) -> None:
    client, page = client_as("dla"), f"{home}/circular"
    assert "ใช้ข้อความที่มากับระบบ" in client.get(f"{page}/versions").text
    assert "ใช้อยู่" in client.get(f"{page}/version").text
    for number, source in enumerate((OWN, OWN.replace("มี", "พบ", 1))):
        assert client.submit(page, {"source": source, "version": str(number)}).status_code == 302
    shown = client.get(f"{page}/versions?from=1&to=2").text
    assert "ด้วย<del>มี</del> {จำนวน" in shown and "ด้วย<ins>พบ</ins> {จำนวน" in shown
    assert "ทั้งสองรุ่นมีข้อความเหมือนกัน" in client.get(f"{page}/versions?from=1&to=1").text
    old = client.get(f"{page}/version?number=1").text
    assert "ด้วยมี {จำนวนหน่วยงาน} แห่ง" in old and "ด้วยมี ๒ แห่ง" in plain(old)
    assert client.get(f"{page}/version?number=9").status_code == 404
    assert client.submit(f"{page}/back", {"number": "1", "version": "2"}).status_code == 302
    assert client.submit(f"{page}/back", {"number": "0", "version": "3"}).status_code == 302
    assert versions(app) == [(1, None), (2, None), (3, 1), (4, 0)]
    stale = client.submit(f"{page}/back", {"number": "1", "version": "3"})
    assert stale.status_code == 409 and "มีผู้อื่นแก้ไขหน้านี้ก่อนท่าน" in stale.text
    assert client.submit(f"{page}/back", {"number": "x", "version": "4"}).status_code == 404


def test_nobody_reads_another_office_s_texts(home: str, client_as: ClientAs) -> None:
    for person in ("nacc", "province"):
        for page in ("", "/circular", "/circular/versions", "/circular/version"):
            assert client_as(person).get(home + page).status_code == 404
    assert client_as("dla").get(f"{home}/nacc").status_code == 404, "nor a text that it does not have"
    assert client_as("dla").get(f"{home}/x").status_code == 404


def test_a_draft_says_its_version_and_that_there_is_a_newer_one(
    app: Portal, world: World, home: str, client_as: ClientAs
) -> None:
    with app.app_context():
        drafted(world, "dla")
    client = client_as("dla")
    assert "ข้อความที่มากับระบบ" in client.get("/letters/1").text
    client.submit(f"{home}/circular", {"source": OWN, "version": "0"})
    page = client.get("/letters/1").text
    assert "ข้อความใหม่กว่า" in page and "รุ่นที่ 1" in page
    typed = form_with(client.get("/letters/1/edit").text, "references")
    assert typed["text"] == "circular.0", "it holds to its own"
    assert client.submit("/letters/1/edit", typed | {"text": "circular.1"}).status_code == 302
    page = client.get("/letters/1").text
    assert "เรื่องของเรา" in page and "ข้อความใหม่กว่า" not in page
    with app.app_context(), privileged("a test looks") as session:
        assert session.scalars(select(Dispatch.text_id)).one() is not None


@pytest.mark.parametrize("choice", ["nacc.0", "circular.9", "circular", "x.1", "circular.-1"])
def test_a_draft_takes_no_words_but_those_of_the_list(
    app: Portal, world: World, home: str, client_as: ClientAs, choice: str
) -> None:
    with app.app_context():
        drafted(world, "dla")
    client = client_as("dla")
    typed = form_with(client.get("/letters/1/edit").text, "references")
    told = client.submit("/letters/1/edit", typed | {"text": choice})
    assert told.status_code == 422 and "เลือกข้อความจากรายการ" in told.text


def test_words_that_make_no_letter_are_refused_at_the_draft_s_field(
    home: str, world: World, client_as: ClientAs
) -> None:
    client = client_as("dla")
    text = OWN.replace("{จำนวนหน่วยงาน}", "{ถ้า ครบแล้ว}x{จบ}").replace("ด้วยมี ", "").replace(" แห่ง", "")
    client.submit(f"{home}/circular", {"source": text, "version": "0"})
    new = f"/rounds/{world.round_id}/letters/circular/new"
    told = client.submit(new, {"signatory": "1", "urgency": "", "references": "ก", "provinces": ""})
    assert told.status_code == 422
    assert re.search("ข้อความนี้ยังทำหนังสือถึง(กระบี่|ลำปาง)ไม่ได้", plain(told.text))
    assert form_with(told.text, "references")["references"] == "ก"


def test_a_province_writes_the_words_of_its_own_letters(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        set_up(world, "province")
    client = client_as("province")
    page = client.get(f"/rounds/{world.round_id}/letters/summary").text
    home = f"/rounds/{world.round_id}/letters/office/1/texts"
    assert home in page
    assert "นายอำเภอ" in client.get(home).text
    for kind in ("province", "agency", "memorandum_circular"):
        assert "ลำปาง" in client.get(f"{home}/{kind}").text
    source = OWN.replace("ผู้ว่าราชการจังหวัด", "นายกทุกแห่งในจังหวัด")
    assert client.submit(f"{home}/province", {"source": source, "version": "0"}).status_code == 302


def test_one_letter_to_all_provinces_has_nobody_to_choose(
    app: Portal, world: World, home: str, client_as: ClientAs
) -> None:
    """A proof of it is asked for no province, and to send it to some is refused beside what was chosen."""
    dla, form = client_as("dla"), f"/rounds/{world.round_id}/letters/circular/new"
    fields = {"signatory": "1", "urgency": "", "references": "", "text": "all_provinces.0"}
    some = dla.submit(form, fields | {"provinces": str(world.province["52"])})
    assert some.status_code == 422 and "หนังสือฉบับเดียวถึงผู้ว่าราชการจังหวัดทุกจังหวัด" in plain(some.text)
    draft = dla.submit(form, fields | {"provinces": ""})
    assert draft.status_code == 302
    page = dla.get(draft.location).text
    assert "ผู้ว่าราชการจังหวัดทุกจังหวัด" in page and 'name="province"' not in page
    with app.app_context():
        other = drafted(world, "dla")
    assert 'name="province"' in dla.get(f"/letters/{other}").text
