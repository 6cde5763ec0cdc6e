"""A letter at the desk, as it is pressed: from the draft over the proof to the record, and out of force."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from sqlalchemy import select

from models.dispatch import Dispatch, DispatchState
from models.letter import Letter
from models.letter_office import Register, SigningOrder
from portal.core.database.session import privileged
from portal.core.jobs import worker
from portal.core.web import Portal
from portal.letters.offices import Ways
from tests.factories.base import Make
from tests.factories.people import GrantFactory
from tests.support.client import PortalClient, client_of
from tests.support.letters import drafted, set_up
from tests.support.world import World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
HERE = Ways(register=Register.CIRCULARS_APART)


def letter(app: Portal, key: int) -> Dispatch:
    with app.app_context(), privileged("a test looks") as session:
        dispatch = session.get_one(Dispatch, key)
        session.refresh(dispatch)
        session.expunge_all()
        return dispatch


def begun(app: Portal, world: World, ways: Ways = HERE, person: str = "dla") -> int:
    with app.app_context():
        set_up(world, person, ways=ways)
        return drafted(world, person)


def test_from_the_draft_to_the_record_and_out_of_force(
    app: Portal, world: World, client_as: ClientAs, make: Make
) -> None:
    key, dla = begun(app, world), client_as("dla")
    page = dla.get(f"/letters/{key}").text
    assert "ดูตัวอย่างจริง" in page and "ออกเลขและวันที่" in page
    proof = dla.submit(f"/letters/{key}/proof", {"province": str(world.province["52"])})
    assert proof.status_code == 302
    assert "เว้นว่างไว้เพื่อใช้เลขถัดไปของทะเบียน คือ 1" in dla.get(f"/letters/{key}/issue").text
    answer = dla.submit(f"/letters/{key}/issue", {"number": "", "dated": "9/11/2561"})
    assert answer.status_code == 302 and "/jobs/" in answer.location
    with app.app_context():
        worker.work(app, until_idle=True)
    page = dla.get(f"/letters/{key}").text
    assert "มท 0817.2/ว 1" in page and "ส่งหนังสือแล้ว" in page and "แก้ไขร่าง" not in page
    assert dla.get(f"/letters/{key}/edit").status_code == 409
    assert dla.submit(f"/letters/{key}/sent", {}).status_code == 302
    assert letter(app, key).state is DispatchState.SENT
    with app.app_context(), privileged("a test looks") as session:
        public_id = session.scalars(select(Letter.public_id)).first()
    anybody = client_of(app)
    assert "หนังสือนี้เป็นของจริง" in anybody.get(f"/letter/{public_id}").text
    assert anybody.get("/letter/1").status_code == anybody.get(f"/letter/{'0' * 32}").status_code == 404
    refused = dla.submit(f"/letters/{key}/withdraw", {"reason": ""})
    assert refused.status_code == 422 and "ระบุเหตุผล" in refused.text
    assert dla.submit(f"/letters/{key}/withdraw", {"reason": "ผิดเรื่อง"}).status_code == 302
    assert "ผิดเรื่อง" in dla.get(f"/letters/{key}").text
    assert "หนังสือนี้ไม่มีผลแล้ว" in anybody.get(f"/letter/{public_id}").text
    assert "ยกเลิก" in dla.get(f"/rounds/{world.round_id}/letters/circular").text


def test_a_letter_of_paper_is_printed_signed_numbered_and_filed(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    key = begun(app, world, Ways(SigningOrder.SIGN_FIRST, Register.GENERAL))
    dla = client_as("dla")
    closed = dla.get(f"/letters/{key}/issue").text
    assert "ลงนามก่อนออกเลข" in closed and 'name="dated"' not in closed
    seen = {"version": str(letter(app, key).version)}
    assert dla.submit(f"/letters/{key}/sign", seen).status_code == 302
    assert dla.submit(f"/letters/{key}/take-back", {}).status_code == 302
    assert letter(app, key).state is DispatchState.DRAFT
    seen = {"version": str(letter(app, key).version)}
    assert dla.submit(f"/letters/{key}/sign", seen).status_code == 302
    assert dla.submit(f"/letters/{key}/issue", {"number": "", "dated": "9/11/2561"}).status_code == 302
    for content, status, words in ((b"not a PDF", 422, "ต้องเป็นไฟล์ PDF"), (b"%PDF-1.7 x", 302, "")):
        file = {"scan": (BytesIO(content), "ลงนาม.pdf")}
        answer = dla.submit(f"/letters/{key}/scan", file, content_type="multipart/form-data")
        assert answer.status_code == status and words in answer.text
    assert dla.get(f"/letters/{key}/signed.pdf").data == b"%PDF-1.7 x"
    assert client_as("nacc").get(f"/letters/{key}/signed.pdf").status_code == 404


def test_a_colleague_checks_and_the_writer_does_not(
    app: Portal, world: World, client_as: ClientAs, make: Make
) -> None:
    key, dla = begun(app, world, Ways(register=Register.GENERAL, checked=True)), client_as("dla")
    assert "ท่านเป็นผู้ร่างหนังสือนี้เอง" in dla.get(f"/letters/{key}").text
    seen = {"version": str(letter(app, key).version)}
    assert dla.submit(f"/letters/{key}/check", seen).status_code == 409
    second = client_of(app)
    second.sign_in_as(make(GrantFactory).account_id)
    assert "อ่านแล้ว ตรวจทานเรียบร้อย" in second.get(f"/letters/{key}").text
    assert second.submit(f"/letters/{key}/check", seen).status_code == 302
    assert letter(app, key).state is DispatchState.CHECKED


def test_a_draft_is_changed_replaced_and_thrown_away(app: Portal, world: World, client_as: ClientAs) -> None:
    key, dla = begun(app, world), client_as("dla")
    form = dla.get(f"/letters/{key}/edit").text
    assert "หนังสืออ้างถึงทดลอง" in form
    changed = {"version": "1", "signatory": "1", "urgency": "", "references": "หนังสือ ข"}
    assert dla.submit(f"/letters/{key}/edit", changed).status_code == 302
    assert letter(app, key).cites == ["หนังสือ ข"]
    assert dla.submit(f"/letters/{key}/edit", changed).status_code == 409, "it was saved since"
    assert dla.submit(f"/letters/{key}/issue", {"number": "", "dated": "9/11/2561"}).status_code == 302
    answer = dla.submit(f"/letters/{key}/replace", {"reason": "ตัวเลขผิด"})
    other = int(answer.location.rpartition("/")[2])
    assert "มีร่างที่จะออกแทนหนังสือนี้รออยู่" in dla.get(f"/letters/{key}").text
    assert dla.submit(f"/letters/{key}/replace", {"reason": "อีกครั้ง"}).status_code == 422
    assert "จะแทนหนังสือที่ มท 0817.2/ว 1" in dla.get(f"/letters/{other}").text
    assert "ลบร่างนี้" in dla.get(f"/letters/{other}/discard").text
    assert dla.submit(f"/letters/{other}/discard", {}).status_code == 302
    assert dla.get(f"/letters/{other}").status_code == 404


def test_nacc_s_letter_goes_the_same_way(app: Portal, world: World, client_as: ClientAs) -> None:
    key, nacc = begun(app, world, Ways(register=Register.GENERAL), "nacc"), client_as("nacc")
    assert nacc.submit(f"/letters/{key}/proof", {}).status_code == 302
    assert nacc.submit(f"/letters/{key}/issue", {"number": "", "dated": "9/11/2561"}).status_code == 302
    with app.app_context():
        worker.work(app, until_idle=True)
    assert "อธิบดีกรมส่งเสริมการปกครองท้องถิ่น" in nacc.get(f"/letters/{key}").text
    assert client_as("dla").get(f"/letters/{key}").status_code == 404, "another office's desk"


def test_who_signs_is_entered_changed_and_removed(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context():
        set_up(world, "dla")
    dla, base = client_as("dla"), f"/rounds/{world.round_id}/letters"
    typed = {"version": "0", "name": "นางทดลอง", "position": "ผู้อำนวยการ", "since": "", "until": "30/11/2561"}
    refused = dla.submit(f"{base}/office/1/signatory", typed | {"since": "1/12/2561"})
    assert refused.status_code == 422 and "วันสุดท้ายอยู่ก่อนวันแรก" in refused.text
    assert dla.submit(f"{base}/office/1/signatory", typed).status_code == 302
    assert "นางทดลอง" in dla.get(f"{base}/circular/office").text
    assert "30 พ.ย. 2561" in dla.get(f"{base}/signatory/2").text.replace("\u00a0", " ")
    assert dla.submit(f"{base}/signatory/2", typed | {"version": "1", "name": "นางใหม่"}).status_code == 302
    assert dla.submit(f"{base}/signatory/2", typed | {"version": "1"}).status_code == 409
    assert dla.submit(f"{base}/signatory/2/remove", {}).status_code == 302
    assert "นางใหม่" not in dla.get(f"{base}/circular/office").text
    for person in ("nacc", "province"):
        assert client_as(person).get(f"{base}/signatory/1").status_code == 404


def test_numbers_are_reserved_begun_and_left_out_at_the_register(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    key, dla = begun(app, world), client_as("dla")
    url = f"/rounds/{world.round_id}/letters/office/1/register"
    assert "ยังไม่มีเลข" in dla.get(url).text
    begin = {"first": "3511", "reason": "ต่อจากทะเบียนกระดาษ"}
    assert dla.submit(f"{url}/begin?series=circulars", begin).status_code == 302
    assert dla.submit(f"{url}/begin", {"first": "0", "reason": "ผิด"}).status_code == 422
    assert dla.submit(f"{url}/reserve?series=circulars", {"count": "2", "reason": "ด่วน"}).status_code == 302
    assert dla.submit(f"{url}/reserve?series=circulars", {"count": "99", "reason": "ด่วน"}).status_code == 422
    page = dla.get(f"{url}?series=circulars").text
    assert "3511" in page and "จองไว้" in page and "ต่อจากทะเบียนกระดาษ" in page
    assert "จองไว้: 3511, 3512" in dla.get(f"/letters/{key}/issue").text
    assert dla.submit(f"{url}/1/skip", {"reason": "ไม่ใช้"}).status_code == 302
    assert dla.submit(f"{url}/1/skip", {"reason": "ไม่ใช้"}).status_code == 422
    assert dla.submit(f"/letters/{key}/issue", {"number": "3512", "dated": "9/11/2561"}).status_code == 302
    page = dla.get(f"{url}?series=circulars&q=3512").text
    assert "ขอความร่วมมือ" in page and ">3511<" not in page
    assert client_as("nacc").get(url).status_code == 404


@pytest.mark.parametrize(
    ("act", "draft", "issued"), [("discard", 200, 409), ("withdraw", 409, 200), ("replace", 409, 200)]
)
def test_a_page_of_an_act_is_there_only_where_the_act_is(
    app: Portal, world: World, client_as: ClientAs, act: str, draft: int, issued: int
) -> None:
    """Who comes there by an old page reads where the letter stands."""
    key = begun(app, world)
    dla = client_as("dla")
    assert dla.get(f"/letters/{key}/{act}").status_code == draft
    assert dla.submit(f"/letters/{key}/issue", {"number": "", "dated": "2018-11-09"}).status_code == 302
    answer = dla.get(f"/letters/{key}/{act}")
    assert answer.status_code == issued
    assert issued == 200 or "ออกเลขแล้ว" in answer.text
