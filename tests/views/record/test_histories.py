"""A row's history and a person's: in words, within reach, and one's own last change taken back once."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from sqlalchemy import select, update

from models.agency import Agency
from models.audit import AuditEvent
from models.base import Base
from models.descriptive import DescriptiveField, FieldKind
from models.disclosure import DisclosureAnswer
from models.dispatch import Dispatch
from models.round import Round
from portal.core import audit
from portal.core.acting import acting
from portal.core.database.session import db, privileged, writing
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.places import DescriptiveFieldFactory
from tests.support.client import PortalClient
from tests.support.furniture import furnish
from tests.support.record import events_of
from tests.support.statements import asked
from tests.support.world import World
from views.record.histories import PAGE

pytestmark = pytest.mark.postgres
Client = Callable[[str], PortalClient]


def agency_of(app: Portal, world: World, key: str = "a1") -> Any:
    with app.app_context(), privileged("a test looks") as session:
        row = session.get_one(Agency, world.agency[key])
        session.expunge(row)
        return row


def fields_of(row: Any, **changes: str) -> dict[str, str]:
    return {
        "name": row.name,
        "kind": row.kind.value,
        "code": row.code or "",
        "district": str(row.district_id),
        "size": row.size.value if row.size else "__None",
        "active": "y",
        "row_version": str(row.version),
    } | changes


def renamed(app: Portal, world: World, client: PortalClient, name: str = "ใหม่มาก") -> str:
    """The back office renames an agency; gives the address of its history."""
    row = agency_of(app, world)
    answer = client.submit(f"/admin/agencies/edit/?id={row.id}", fields_of(row, name=name))
    assert answer.status_code == 302, answer.text
    return f"/history/agency/{row.id}"


def last_event(app: Portal, address: str) -> int:
    thing, row = address.split("/")[-2:]
    with app.app_context(), privileged("a test looks") as session:
        query = select(AuditEvent.id).where(AuditEvent.thing == thing, AuditEvent.row == row)
        return session.scalars(query.order_by(AuditEvent.id.desc())).first() or 0


def test_a_row_says_who_changed_what_in_words(app: Portal, client_as: Client, world: World) -> None:
    client = client_as("dla")
    old = agency_of(app, world).full_name
    address = renamed(app, world, client)
    assert f'href="{address}"' in client.get(f"/admin/agencies/details/?id={world.agency['a1']}").text
    page = client.get(address).text
    assert old in page and "ใหม่มาก" in page and "ชื่อหน่วยงาน" in page
    assert "sort_key" not in page and "กรมส่งเสริมการปกครองท้องถิ่น" in page


def test_descriptive_fields_are_told_and_never_taken_back_by_half(
    app: Portal, client_as: Client, world: World, make: Make
) -> None:
    field = make(DescriptiveFieldFactory, key="area", label="กลุ่มพื้นที่", kind=FieldKind.TEXT)
    row, client = agency_of(app, world), client_as("dla")
    changed = fields_of(row, name="ใหม่มาก", described_area="ภูเขา")
    assert client.submit(f"/admin/agencies/edit/?id={row.id}", changed).status_code == 302
    address = f"/history/agency/{row.id}"
    page = client.get(address).text
    assert "กลุ่มพื้นที่" in page and "ภูเขา" in page
    assert "ช่องข้อมูลเพิ่มเติม" in client.get(f"{address}/undo").text
    with app.app_context(), writing(), privileged("the field is of another kind by now") as session:
        session.get_one(DescriptiveField, field.id).kind = FieldKind.DATE
    assert "ภูเขา" in client.get(address).text


def test_nobody_reads_the_history_of_a_row_out_of_reach(app: Portal, client_as: Client, world: World) -> None:
    renamed(app, world, client_as("dla"))
    address = "/history/agency/{}".format
    assert client_as("province").get(address(world.agency["a1"])).status_code == 200
    foreign = next(key for key in world.agency.values() if not _in_province(app, key, world.province["52"]))
    for person, path in (
        ("province", address(foreign)),
        ("agency_admin", address(world.agency["a1"])),
        ("assessor", address(world.agency["a1"])),
        ("dla", "/history/audit_event/1"),
        ("dla", "/history/agency/99999"),
        ("agency_admin", f"/history/by/{world.account['dla']}"),
        ("agency_admin", f"/history/account/{world.account['dla']}"),
        ("province", f"/history/by/{world.account['dla']}"),
        ("province", f"{address(foreign)}/undo"),
    ):
        assert client_as(person).get(path).status_code == 404, (person, path)


def _in_province(app: Portal, key: int, province: int) -> bool:
    with app.app_context(), privileged("a test looks") as session:
        return session.get_one(Agency, key).province_id == province


def test_one_s_own_acts_and_the_acts_of_others_in_reach(app: Portal, client_as: Client, world: World) -> None:
    renamed(app, world, client_as("dla"))
    own = client_as("dla").get(f"/history/by/{world.account['dla']}").text
    assert f"/history/agency/{world.agency['a1']}" in own and "ใหม่มาก" not in own
    assert client_as("agency_admin").get(f"/history/by/{world.account['agency_admin']}").status_code == 200
    answer = client_as("province").get(f"/history/by/{world.account['agency_admin']}?days=7&thing=agency")
    assert answer.status_code == 200


def test_a_province_reads_whose_office_but_not_who(app: Portal, client_as: Client, world: World) -> None:
    """An account that the reader may not see is told by its desk."""
    address = renamed(app, world, client_as("dla"))
    with app.app_context(), privileged("a test looks") as session:
        from models.account import Account

        name = session.get_one(Account, world.account["dla"]).name
    assert name in client_as("nacc").get(address).text
    page = client_as("province").get(address).text
    assert name not in page and "กรมส่งเสริมการปกครองท้องถิ่น" in page


def test_a_long_history_comes_by_pages_and_narrowed(app: Portal, client_as: Client, world: World) -> None:
    key = world.agency["a1"]
    with app.app_context(), writing(), privileged("a test records") as session:
        for number in range(PAGE + 1):
            before, after = {"name_en": "x"}, {"full_name": f"name {number}"}
            audit.record(session, act="agencies.edit", thing="agency", row=key, before=before, after=after)
    client = client_as("dla")
    first = client.get(f"/history/agency/{key}").text
    assert f"name {PAGE}" in first and "name 0<" not in first and "below=" in first
    below = first.partition("below=")[2].partition('"')[0]
    older = client.get(f"/history/agency/{key}?below={below}").text
    assert "name 0<" in older and f"name {PAGE}" not in older
    assert "name 1" not in client.get(f"/history/agency/{key}?by={world.account['nacc']}").text
    strange = client.get(f"/history/agency/{key}?by=²&days=x&below=-1")
    assert strange.status_code == 200


def test_a_page_asks_as_often_however_long_it_is(app: Portal, client_as: Client, world: World) -> None:
    client = client_as("dla")
    address = renamed(app, world, client)
    with asked(app) as few:
        client.get(address)
    for number in range(4):
        renamed(app, world, client, f"อีกชื่อ {number}")
    with asked(app) as more:
        client.get(address)
    assert len(more) <= len(few)


def test_one_s_own_last_change_is_taken_back_once(app: Portal, client_as: Client, world: World) -> None:
    client = client_as("dla")
    before = agency_of(app, world)
    address = renamed(app, world, client)
    assert f"{address}/undo" in client.get(address).text
    question = client.get(f"{address}/undo").text
    assert before.full_name in question and "ย้อนการแก้ไข" in question
    sent = {**client.page(), "id": str(last_event(app, address))}
    first, again = client.post(f"{address}/undo", data=sent), client.post(f"{address}/undo", data=sent)
    assert first.status_code == again.status_code == 302
    now = agency_of(app, world)
    assert (now.name, now.full_name, now.sort_key) == (before.name, before.full_name, before.sort_key)
    with app.app_context():
        (event,) = events_of("history.undo")
    assert event.account_id == world.account["dla"] and event.after["name"] == before.name
    assert f"{address}/undo" not in client.get(address).text
    late = client.submit(f"{address}/undo", {"id": str(last_event(app, address))})
    assert late.status_code == 409 and "ไม่ใช่การแก้ไขของท่าน" in late.text


def test_a_change_of_somebody_else_is_not_taken_back(app: Portal, client_as: Client, world: World) -> None:
    address = renamed(app, world, client_as("dla"))
    other = client_as("nacc")
    assert f"{address}/undo" not in other.get(address).text
    answer = other.submit(f"{address}/undo", {"id": str(last_event(app, address))})
    assert answer.status_code == 409 and agency_of(app, world).name == "ใหม่มาก"


@pytest.mark.parametrize(
    ("what", "words"),
    [("round.snapshot", "มีรอบการประเมินหรือการนำเข้า"), ("silent", "ถูกเปลี่ยนด้วยวิธีอื่น")],
)
def test_what_was_built_on_is_not_taken_back(
    app: Portal, client_as: Client, world: World, what: str, words: str
) -> None:
    client = client_as("dla")
    address = renamed(app, world, client)
    with app.app_context(), writing(), privileged("a test goes on") as session:
        if what == "silent":
            table = Base.metadata.tables["agency"]
            changed = update(table).where(table.c.id == world.agency["a1"]).values(name="ลอย")
            session.connection().execute(changed)
        else:
            audit.record(session, act=what, thing="round", row=1)
    answer = client.submit(f"{address}/undo", {"id": str(last_event(app, address))})
    assert answer.status_code == 409 and words in answer.text
    assert words in client.get(f"{address}/undo").text


def test_a_page_that_somebody_was_faster_than_is_not_sent(
    app: Portal, client_as: Client, world: World
) -> None:
    client = client_as("dla")
    address = renamed(app, world, client)
    seen = last_event(app, address)
    renamed(app, world, client, "ใหม่กว่า")
    answer = client.submit(f"{address}/undo", {"id": str(seen)})
    assert answer.status_code == 409 and agency_of(app, world).name == "ใหม่กว่า"
    assert client.submit(f"{address}/undo", {"id": "²"}).status_code == 409


def test_the_code_of_another_meanwhile_is_said(app: Portal, client_as: Client, world: World) -> None:
    client = client_as("dla")
    row = agency_of(app, world)
    assert row.code
    changed = client.submit(f"/admin/agencies/edit/?id={row.id}", fields_of(row, code="06529998"))
    assert changed.status_code == 302
    address = f"/history/agency/{row.id}"
    with app.app_context(), writing(), privileged("a test takes the code") as session, audit.act("test"):
        session.get_one(Agency, world.agency["a2"]).code = row.code
    answer = client.submit(f"{address}/undo", {"id": str(last_event(app, address))})
    assert answer.status_code == 409 and agency_of(app, world).code == "06529998"
    print("SAID", answer.text[answer.text.index("<main") :][:3000])


def test_a_round_tells_its_dates_and_only_to_the_country(
    app: Portal, client_as: Client, world: World
) -> None:
    address = f"/history/round/{world.round_id}"
    with app.app_context(), audit.act("round.rules"), acting(world.actor("nacc")):
        round = db.session.get_one(Round, world.round_id)
        round.windows[0].closes_at += timedelta(days=1)
        round.name = "รอบที่เปลี่ยนชื่อ"
    client = client_as("nacc")
    assert f'href="{address}"' in client.get(f"/rounds/{world.round_id}").text
    page = client.get(address).text
    assert "<dt>ปิด</dt>" in page and "<dt>ชื่อ</dt>" in page
    assert client_as("province").get(address).status_code == 404


def test_an_answer_of_oit_tells_what_was_answered_and_no_points(
    app: Portal, client_as: Client, world: World
) -> None:
    with app.app_context():
        furniture = furnish(app, world)
    key = furniture.ids["a1"]["answer_id"]
    with app.app_context(), audit.act("disclosure.answer"), acting(world.actor("agency_admin")):
        answer = db.session.get_one(DisclosureAnswer, key)
        answer.explanation = "เปลี่ยนคำอธิบาย"
    with app.app_context(), audit.act("disclosure.score"), acting(world.actor("assessor")):
        answer = db.session.get_one(DisclosureAnswer, key)
        answer.score, answer.score_note = Decimal(3), "หักหนึ่งคะแนน"
    for person in ("executive", "nacc"):
        page = client_as(person).get(f"/history/disclosure_answer/{key}").text
        assert "เปลี่ยนคำอธิบาย" in page and "หักหนึ่งคะแนน" not in page and "ให้คะแนน" not in page, person
    assert client_as("executive_other").get(f"/history/disclosure_answer/{key}").status_code == 404


def test_a_letter_tells_how_it_came_about(app: Portal, client_as: Client, world: World) -> None:
    with app.app_context():
        furniture = furnish(app, world)
    key = furniture.ids["a1"]["dispatch_id"]
    office = next(one for one in ("dla", "nacc") if client_as(one).get(f"/letters/{key}").status_code == 200)
    with app.app_context(), audit.act("dispatch.change"), acting(world.actor(office)):
        db.session.get_one(Dispatch, key).urgency = "ด่วน"
    assert f'href="/history/dispatch/{key}"' in client_as(office).get(f"/letters/{key}").text
    page = client_as(office).get(f"/history/dispatch/{key}").text
    assert "ชั้นความเร็ว" in page and "ด่วน" in page
    assert client_as("agency_admin").get(f"/history/dispatch/{key}").status_code == 404


def test_a_history_is_taken_as_a_file_of_all_its_pages(app: Portal, client_as: Client, world: World) -> None:
    address = renamed(app, world, client_as("dla"))
    row = agency_of(app, world).id
    with app.app_context(), writing(), privileged("a test records") as session:
        for number in range(PAGE + 5):
            after = {"full_name": f"ชื่อที่ {number}", "sort_key": "ลับ"}
            chain, act = f"agency:{row}", "agencies.edit"
            audit.write(session, [audit.Entry(chain, act, "agency", str(row), {"full_name": "ก่อน"}, after)])
    client = client_as("dla")
    assert f'href="{address}/history.xlsx"' in client.get(address).text
    lines = list(csv.reader(StringIO(client.get(f"{address}/history.csv").data.decode("utf-8-sig"))))
    assert lines[0][0] == "เวลา" and len(lines) == 1 + PAGE + 6
    assert "ก่อน → ชื่อที่ 0" in lines[-2][-1] and "ใหม่มาก" in lines[-1][-1] and "ลับ" not in str(lines)
    mine = client.get(f"{address}/history.csv?by={world.account['nacc']}").data.decode("utf-8-sig")
    assert len(mine.splitlines()) == 1, "narrowed as its page"
    assert client_as("agency_admin").get(f"{address}/history.csv").status_code == 404
