"""Kinds and sizes that the back office adds: another scheme's agencies come in by screen alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select, text

from models.agency import Agency
from models.audit import AuditEvent
from models.instrument import Instrument, OitItem
from models.kinds import AGENCY_KINDS, AGENCY_SIZES, AgencyKind, KindRow, head_of
from models.participation import Participation
from models.place import District
from models.round import Round, SampleRule
from portal.content import local
from portal.core import audit
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.jobs import worker
from portal.core.kinds import facts_in
from portal.core.web import Portal
from portal.letters.figures import province_statuses
from portal.register.kinds import require_unused
from portal.rounds.building.edits.rules import SampleGroup, sample_rules
from portal.rounds.content.reading import content_of
from tests.factories.base import Make
from tests.factories.places import KindRowFactory
from tests.support import kinds as known_kinds
from tests.support.api import reader
from tests.support.client import PortalClient, client_of
from tests.support.pages import read_page
from tests.support.rooms import add_draft
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres
KINDS, SIZES = "/admin/kinds", "/admin/sizes"
SCHOOL = {
    "name": "โรงเรียน", "short": "รร.", "code": "school", "head": "ผู้อำนวยการโรงเรียน", "prefix": "",
    "usual_from": "5", "usual_to": "300", "aliases": "SCHOOL_TH\nสถานศึกษา", "position": "70", "active": "y",
}  # fmt: skip
XL = {"name": "ใหญ่พิเศษ", "code": "x", "aliases": "extra", "position": "40", "active": "y"}


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    known_kinds.learn()


@pytest.fixture
def dla(client_as: Callable[[str], PortalClient]) -> PortalClient:
    return client_as("dla")


def district(app: Portal) -> int:
    with app.app_context(), privileged("a test looks") as session:
        return session.scalars(select(District.id).where(District.code == "5204")).one()


def agency(app: Portal, **changes: str) -> dict[str, str]:
    plain = {"name": "บ้านไร่", "kind": "school", "code": "", "size": "X", "active": "y"}
    return plain | {"district": str(district(app))} | changes


def workbook(*rows: tuple[str, ...]) -> bytes:
    book, content = openpyxl.Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(("ประเภท", "ชื่อ", "ขนาด", "จังหวัด", "อำเภอ"))
    for row in rows:
        sheet.append(row)
    book.save(content)
    return content.getvalue()


def imported(app: Portal, client: PortalClient, *rows: tuple[str, ...]) -> None:
    sent = {"file": (BytesIO(workbook(*rows)), "schools.xlsx")}
    answer = client.submit("/admin/registry/import", sent, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    assert client.submit(answer.location).status_code == 302
    assert worker.work(app, until_idle=True) == 1


def of_kind(app: Portal, code: str) -> list[Agency]:
    with app.app_context(), privileged("a test looks") as session:
        query = select(Agency).where(Agency.kind == AgencyKind(code)).order_by(Agency.full_name)
        rows = list(session.scalars(query))
        session.expunge_all()
        return rows


def test_schools_come_in_by_screen_and_by_workbook_and_are_shown_everywhere(
    app: Portal, dla: PortalClient, client_as: Callable[[str], PortalClient], world: World
) -> None:
    nacc = client_as("nacc")
    assert dla.submit(f"{KINDS}/new/", SCHOOL).status_code == 302
    assert dla.submit(f"{SIZES}/new/", XL).status_code == 302
    assert "ผู้อำนวยการโรงเรียน" in nacc.get(f"{KINDS}/").text and "ใหญ่พิเศษ" in nacc.get(f"{SIZES}/").text

    form = dla.get("/admin/agencies/new/").text
    assert '<option value="school">โรงเรียน</option>' in form and '<option value="X">ใหญ่พิเศษ</option>' in form
    assert dla.submit("/admin/agencies/new/", agency(app)).status_code == 302
    imported(
        app, dla,
        ("สถานศึกษา", "บ้านสวน", "extra", "ลำปาง", "เกาะคา"), ("รร.", "โรงเรียนบ้านนา", "", "ลำปาง", "เกาะคา"),
    )  # fmt: skip
    rows = of_kind(app, "school")
    assert [(row.full_name, row.size and row.size.code) for row in rows] == [
        ("โรงเรียนบ้านนา", None), ("โรงเรียนบ้านสวน", "X"), ("โรงเรียนบ้านไร่", "X"),
    ]  # fmt: skip

    shown = nacc.get("/admin/agencies/?flt_kind=school").text
    assert all(row.full_name in shown for row in rows) and "เทศบาลตำบลเกาะคา" not in shown
    assert "โรงเรียนบ้านสวน" in nacc.get("/admin/agencies/?search=รร.บ้านสวน").text, "found by its short form"
    api = reader(app, world, "nacc")
    assert {row["full_name"] for row in api.read("/agencies?kind=school")["rows"]} == {
        row.full_name for row in rows
    }
    assert api.get("/agencies?kind=temple").status_code == 422
    kind = api.read("/openapi.json")["components"]["schemas"]["Agency"]["properties"]["kind"]
    assert "school" in kind["enum"]


def test_a_round_asks_another_minimum_of_schools(
    app: Portal, dla: PortalClient, client_as: Callable[[str], PortalClient]
) -> None:
    with app.app_context(), writing(), privileged("a draft") as session:
        draft = add_draft(session).id
    dla.submit(f"{KINDS}/new/", SCHOOL)
    dla.submit(f"{SIZES}/new/", XL)
    nacc, url = client_as("nacc"), f"/rounds/{draft}/build/rules/samples/new"
    form = max(read_page(nacc.get(url).text, url).forms, key=lambda form: len(form.controls))
    form = form.put("instrument", "iit").put("agency_kind", "school").put("agency_size", "X")
    assert form.put("brackets-0-fixed", "12").send(nacc).status_code == 302
    assert "IIT · โรงเรียน · ใหญ่พิเศษ (X)" in nacc.get(f"/rounds/{draft}/rules").text
    with app.app_context(), privileged("a test looks") as session:
        rules = sample_rules(content_of(session, session.get_one(Round, draft)))
    assert [row.fixed for row in rules[SampleGroup("iit", "school", "X", None)]] == [12]
    for page in ("interview", "review", "iit"):
        assert "โรงเรียน" in nacc.get(f"/rounds/{draft}/preview/school/{page}").text, page
        assert nacc.get(f"/rounds/{draft}/preview/temple/{page}").status_code == 404


def test_letters_call_a_school_and_its_head_as_its_kind_says(app: Portal, make: Make, world: World) -> None:
    make(KindRowFactory, code="school", name="โรงเรียน", short="รร.", head="ผู้อำนวยการโรงเรียน")
    with app.app_context():
        with writing(), privileged("it is a school now") as session:
            session.get_one(Participation, world.participation["b1"]).kind = AgencyKind("school")
        with acting_as(world.actor("province_other")):
            round = db.session.get_one(Round, world.round_id)
            (status,) = province_statuses(round).values()
            names = {one.name for group in status.districts for one in group.agencies}
        assert "รร.ไสไทย" in names
        assert head_of("รร.ไสไทย") == "ผู้อำนวยการโรงเรียนไสไทย"


def test_another_process_knows_a_kind_with_its_next_request(
    app: Portal, dla: PortalClient, another_app: Any, world: World
) -> None:
    there = client_of(another_app(app.settings))
    there.sign_in_as(world.account["nacc"])
    assert "รร." not in there.get(f"{KINDS}/").text
    dla.submit(f"{KINDS}/new/", SCHOOL)
    assert '<option value="school"' in there.get("/admin/agencies/").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"code": "9x"}, "รหัสขึ้นต้นด้วย a–z"),
        ({"code": "โรงเรียน"}, "รหัสขึ้นต้นด้วย a–z"),
        ({"code": "อบต"}, "รหัสขึ้นต้นด้วย a–z"),
        ({"name": "เทศบาล นคร"}, "ใช้เรียก “เทศบาลนคร” อยู่แล้ว"),
        ({"short": "tao"}, "ใช้เรียก “องค์การบริหารส่วนตำบล” อยู่แล้ว"),
        ({"code": "pao"}, "code"),
        ({"aliases": "ทน"}, "ใช้เรียก “เทศบาลนคร” อยู่แล้ว"),
        ({"aliases": "\n".join(f"คำ{number}" for number in range(21))}, "ไม่เกิน 20 คำ"),
        ({"usual_to": ""}, "กรอกทั้งสองจำนวน"),
        ({"usual_from": "500"}, "จำนวนสูงสุดน้อยกว่าจำนวนต่ำสุด"),
        ({"name": ""}, "name"),
    ],
)
def test_a_kind_that_cannot_be_is_told_at_its_field(
    app: Portal, dla: PortalClient, changes: dict[str, str], words: str
) -> None:
    answer = dla.submit(f"{KINDS}/new/", SCHOOL | changes)
    assert answer.status_code == 422 and words in answer.text
    assert of_kind(app, "school") == [] and kinds_in(app) == 6


def kinds_in(app: Portal) -> int:
    with app.app_context(), privileged("a test looks") as session:
        return len(facts_in(session, KindRow))


def test_a_size_has_one_character(dla: PortalClient) -> None:
    assert "ตัวอักษร A–Z หรือตัวเลขหนึ่งตัว" in dla.submit(f"{SIZES}/new/", XL | {"code": "-"}).text
    assert dla.submit(f"{SIZES}/new/", XL | {"code": "s"}).status_code == 422


def row_of(app: Portal, code: str) -> KindRow:
    with app.app_context(), privileged("a test looks") as session:
        row = session.scalars(select(KindRow).where(KindRow.code == code)).one()
        session.expunge_all()
        return row


def edited(client: PortalClient, row: KindRow, **changes: str) -> Any:
    page = f"{KINDS}/edit/?id={row.id}"
    form = max(read_page(client.get(page).text, page).forms, key=lambda form: len(form.controls))
    for name, value in changes.items():
        form = form.put(name, value)
    return form.send(client)


def test_names_stay_while_agencies_bear_them_and_the_code_for_ever(app: Portal, dla: PortalClient) -> None:
    sao = row_of(app, "sao")
    assert "แก้ไม่ได้ ให้เพิ่มประเภทใหม่" in edited(dla, sao, short="อบต").text
    assert edited(dla, sao, head="นายก อบต.").status_code == 302
    assert 'name="code"' not in dla.get(f"{KINDS}/edit/?id={sao.id}").text
    dla.submit(f"{KINDS}/new/", SCHOOL)
    assert edited(dla, row_of(app, "school"), short="รร", name="โรงเรียนใหม่").status_code == 302
    assert row_of(app, "school").short == "รร"
    with app.app_context(), privileged("a test looks") as session:
        acts = session.scalars(select(AuditEvent.act).where(AuditEvent.thing == "agency_kind")).all()
    assert acts.count("agency_kinds.edit") == 2 and acts.count("agency_kinds.create") == 1


def test_a_retired_kind_stays_with_its_agencies_and_is_not_chosen_anew(
    app: Portal, dla: PortalClient, world: World
) -> None:
    with app.app_context(), writing(), privileged("out of use") as session, audit.act("agency_kinds.edit"):
        session.scalars(select(KindRow).where(KindRow.code == "sao")).one().active = False
    assert 'value="sao"' not in dla.get("/admin/agencies/new/").text
    assert 'value="sao"' in dla.get(f"/admin/agencies/edit/?id={world.agency['a2']}").text
    assert "ท่าผา" in dla.get("/admin/agencies/?flt_kind=sao").text


def deleted(client: PortalClient, page: str, key: int) -> int:
    return client.submit(f"{page}/delete/", {"id": str(key), "confirm": "1"}).status_code


def test_only_what_nothing_names_is_deleted(app: Portal, dla: PortalClient) -> None:
    dla.submit(f"{KINDS}/new/", SCHOOL)
    dla.submit(f"{SIZES}/new/", XL)
    sizes = "SELECT id FROM agency_size WHERE code = 'X'"
    with app.app_context(), writing(), privileged("rules for two kinds") as session:
        draft = add_draft(session)
        rule = {"round_id": draft.id, "instrument": "iit", "position": 90, "fixed": 1}
        session.add(SampleRule(**rule, agency_kind="city"))
        item = session.scalars(
            select(OitItem).join(Instrument).where(Instrument.round_id == draft.id)
        ).first()
        assert item is not None
        item.kinds = ["town"]
        extra = session.execute(text(sizes)).scalar_one()
    for held in ("sao", "city", "town"):
        assert deleted(dla, KINDS, row_of(app, held).id) == 409, held
    assert deleted(dla, KINDS, row_of(app, "school").id) == 302
    assert deleted(dla, SIZES, extra) == 302
    assert kinds_in(app) == 6


def test_outside_of_requests_a_process_knows_what_it_saw_last(app: Portal) -> None:
    assert [kind.code for kind in AGENCY_KINDS] == ["pao", "city", "town", "subdistrict", "sao", "special"]
    assert [size.words for size in AGENCY_SIZES] == ["เล็ก (S)", "กลาง (M)", "ใหญ่ (L)"]
    with app.app_context():
        assert local.PAO in AGENCY_KINDS and AGENCY_KINDS("pao") == local.PAO
        assert sorted([local.SPECIAL, local.PAO]) == [local.PAO, local.SPECIAL]
        assert AgencyKind("unknown").short_name("ก") == "unknownก", "what nobody told is called by its code"
        with pytest.raises(ValueError, match="temple"):
            AGENCY_KINDS("temple")


def test_the_last_kind_stays(app: Portal) -> None:
    with app.app_context():
        only = KindRow(code="pao", name="องค์การบริหารส่วนจังหวัด", short="อบจ.")
        known = AGENCY_KINDS.known
        source, known.source = known.source, lambda: {"pao": known.last["pao"]}
        try:
            with pytest.raises(Refused, match="last one stays"):
                require_unused(only)
        finally:
            known.source = source
