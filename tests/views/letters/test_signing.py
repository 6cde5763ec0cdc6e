"""At the desk: an office that signs by key, the file for the printer, cited letters, hostile words."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from pikepdf import Pdf
from sqlalchemy import select

from models.dispatch import Dispatch
from models.letter_office import LetterOffice, SigningOrder
from portal.core.database.session import privileged
from portal.core.jobs import worker
from portal.core.web import Portal
from portal.letters.offices import Ways
from tests.reports.sample import text_of
from tests.reports.signing_keys import DAY, NOW, SIGNATORY, certificate
from tests.support.client import PortalClient
from tests.support.letters import OFFICES, SETTINGS, drafted, ordered, set_up
from tests.support.signing import key_of, put_key
from tests.support.world import World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
OFFICE = {**SETTINGS[OFFICES["dla"]], "typeface": "", "register": "elsewhere", "signing": "by_key"}
DRAFT = {"provinces": "", "signatory": "1", "urgency": "", "references": ""}
HOSTILE = "<script>alert(1)</script> {{ 7*7 }} https://evil.example/?a=1&b=2 \u202e' OR 1=1 --"


def office(app: Portal) -> LetterOffice:
    with app.app_context(), privileged("a test looks") as session:
        found = session.scalars(select(LetterOffice)).one()
        session.expunge_all()
        return found


def newest(app: Portal) -> Dispatch:
    with app.app_context(), privileged("a test looks") as session:
        found = session.scalars(select(Dispatch).order_by(Dispatch.id.desc()).limit(1)).one()
        session.expunge_all()
        return found


def test_an_office_chooses_to_sign_by_key_and_sees_whose_key_it_is(
    app: Portal, world: World, client_as: ClientAs, tmp_path: Path
) -> None:
    dla, url = client_as("dla"), f"/rounds/{world.round_id}/letters/circular/office"
    assert dla.submit(url, {**OFFICE, "version": "0"}).status_code == 302
    assert office(app).by_key
    page = dla.get(url).text
    assert "ระบบยังไม่มีกุญแจลงนามของหน่วยงานนี้" in page and 'value="by_key"' in page
    with key_of(app, "DLA", put_key(tmp_path / "dla.p12")):
        page = dla.get(url).text
        assert SIGNATORY in page and "9 พฤศจิกายน 2562" in page
    with key_of(app, "DLA", put_key(tmp_path / "soon.p12", certificate(ends=NOW + 10 * DAY))):
        assert "ใกล้หมดอายุ" in dla.get(url).text
    back = {**OFFICE, "signing": "sign_first", "version": str(office(app).version)}
    assert dla.submit(url, back).status_code == 302
    assert not office(app).by_key


def test_a_letter_is_not_issued_without_its_key_and_says_whose_it_is_with_it(
    app: Portal, world: World, client_as: ClientAs, tmp_path: Path
) -> None:
    with app.app_context():
        set_up(world, "dla", ways=Ways(by_key=True))
        key = drafted(world, "dla")
    dla = client_as("dla")
    assert "ยังไม่มีกุญแจ" in dla.get(f"/letters/{key}").text
    refused = dla.submit(f"/letters/{key}/issue", {"number": "7", "dated": "9/11/2561"})
    assert refused.status_code == 422 and "ยังไม่มีกุญแจ" in refused.text and 'value="7"' in refused.text
    with key_of(app, "DLA", put_key(tmp_path / "dla.p12")):
        page = dla.get(f"/letters/{key}/issue").text
        assert "ด้วยกุญแจของหน่วยงาน ในนาม" in page and "ยังไม่มีกุญแจ" not in page
        assert dla.submit(f"/letters/{key}/issue", {"number": "7", "dated": "9/11/2561"}).status_code == 302
        with app.app_context():
            worker.work(app, until_idle=True)
    page = dla.get(f"/letters/{key}").text
    assert "ลงลายมือชื่ออิเล็กทรอนิกส์ทุกฉบับ" in page and "/scan" not in page


def test_all_copies_come_as_one_file_for_the_printer(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context():
        set_up(world, "dla")
        ordered(world, "dla")
        worker.work(app, until_idle=True)
    key = newest(app).id
    dla = client_as("dla")
    assert f"/letters/{key}/print.pdf" in dla.get(f"/letters/{key}").text
    answer = dla.get(f"/letters/{key}/print.pdf")
    with Pdf.open(BytesIO(answer.data)) as pdf:
        assert len(pdf.pages) % 2 == 0
        with pdf.open_outline() as outline:
            assert ["กระบี่" in one.title for one in outline.root] == [True, False]
    assert client_as("nacc").get(f"/letters/{key}/print.pdf").status_code == 404


def test_a_print_for_signing_is_void_once_the_letter_is_taken_back(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        set_up(world, "dla", ways=Ways(SigningOrder.SIGN_FIRST))
        key = drafted(world, "dla")
    dla = client_as("dla")
    assert dla.submit(f"/letters/{key}/sign", {"version": str(newest(app).version)}).status_code == 302
    with app.app_context():
        worker.work(app, until_idle=True)
    assert dla.get(f"/letters/{key}/print.pdf").status_code == 200
    assert dla.submit(f"/letters/{key}/take-back", {}).status_code == 302
    assert dla.get(f"/letters/{key}/print.pdf").status_code == 404


def test_a_letter_without_such_a_file_has_none(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context():
        set_up(world, "dla")
        key = drafted(world, "dla")
    assert "print.pdf" not in client_as("dla").get(f"/letters/{key}").text
    assert client_as("dla").get(f"/letters/{key}/print.pdf").status_code == 404


def test_a_letter_is_found_and_cited_with_and_without_a_script(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        set_up(world, "dla")
        ordered(world, "dla")
        worker.work(app, until_idle=True)
    cited, dla = newest(app).id, client_as("dla")
    found = dla.get("/letters/citable?office=dla&query=ว 1").json
    assert found is not None and [one["value"] for one in found] == [str(cited)]
    line = found[0]["cite"]
    assert line.endswith("ที่ มท 0817.2/ว 1 ลงวันที่ 9 พฤศจิกายน 2561")
    assert dla.get("/letters/citable?office=nacc").status_code == 404
    assert client_as("province").get("/letters/citable?office=dla").status_code == 404
    page = dla.get(f"/rounds/{world.round_id}/letters/circular/new").text
    assert f'value="{cited}"' in page and line in page, "a select that works by itself"
    picked = DRAFT | {"pick": str(cited)}
    assert dla.submit(f"/rounds/{world.round_id}/letters/circular/new", picked).status_code == 302
    draft = newest(app)
    assert (draft.cites, draft.cited_ids) == ([line], [cited])
    assert f'href="/letters/{cited}">{line}</a>' in dla.get(f"/letters/{draft.id}").text
    dla.submit(f"/letters/{cited}/withdraw", {"reason": "ผิดเรื่อง"})
    for page_of in ("", "/edit", "/issue"):
        assert "หนังสือที่อ้างถึงสิ้นผลแล้ว" in dla.get(f"/letters/{draft.id}{page_of}").text


@pytest.mark.parametrize("pick", ["99", "-1", "x", "9" * 40, "๑"])
def test_what_is_picked_from_no_list_is_refused_or_passed_over(
    app: Portal, world: World, client_as: ClientAs, pick: str
) -> None:
    with app.app_context():
        set_up(world, "dla")
    answer = client_as("dla").submit(
        f"/rounds/{world.round_id}/letters/circular/new", DRAFT | {"pick": pick, "references": "คงไว้"}
    )
    assert answer.status_code in (302, 422)
    if answer.status_code == 422:
        assert "เลือกหนังสือจากรายการ" in answer.text and "คงไว้" in answer.text


@pytest.mark.parametrize("words", ["ด่วน 😀", "سلام", "שלום", "中文"])
def test_signs_that_no_letter_prints_are_refused_at_their_field(
    app: Portal, world: World, client_as: ClientAs, words: str
) -> None:
    """And what was typed stays."""
    with app.app_context():
        set_up(world, "dla")
    dla, url = client_as("dla"), f"/rounds/{world.round_id}/letters"
    forms = {
        f"{url}/circular/new": DRAFT | {"references": words},
        f"{url}/circular/office": OFFICE | {"coordinator": words, "version": str(office(app).version)},
        f"{url}/office/1/signatory": {"name": words, "position": "อธิบดี", "version": "0"},
    }
    for address, fields in forms.items():
        answer = dla.submit(address, fields)
        assert answer.status_code == 422, address
        assert "แบบอักษรของหนังสือไม่มีอักขระ" in answer.text and words in answer.text


def test_hostile_words_go_from_the_form_to_the_paper_as_they_are(
    app: Portal, world: World, client_as: ClientAs, tmp_path: Path
) -> None:
    with app.app_context():
        set_up(world, "dla")
    dla, url = client_as("dla"), f"/rounds/{world.round_id}/letters"
    fields = OFFICE | {"signing": "number_first", "coordinator": HOSTILE, "owner_division": HOSTILE}
    fields |= {"version": str(office(app).version)}
    assert dla.submit(f"{url}/circular/office", fields).status_code == 302
    references = "\r\n".join(f"{HOSTILE} {number}" for number in range(20))
    only = DRAFT | {"references": references, "provinces": str(world.province["81"])}
    assert dla.submit(f"{url}/circular/new", only).status_code == 302
    key = newest(app).id
    page = dla.get(f"/letters/{key}").text
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page and "\u202e" not in page
    assert dla.submit(f"/letters/{key}/issue", {"number": "5", "dated": "9/11/2561"}).status_code == 302
    with app.app_context():
        worker.work(app, until_idle=True)
        with privileged("a test looks") as session:
            content = session.get_one(Dispatch, key).letters[0].file.content
    text = re.sub(r"\s", "", text_of(content, tmp_path))
    assert text.count("<script>alert(๑)</script>") + text.count("<script>alert(1)</script>") == 22
    assert "{{๗*๗}}" in text or "{{7*7}}" in text, "nothing was counted"
