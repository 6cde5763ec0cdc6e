"""Descriptive fields that the back office adds: at once in lists, forms and files, by clear rules."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, update

from models.agency import Agency
from models.audit import AuditEvent
from models.descriptive import DescriptiveField, FieldKind, FieldOwner
from portal.core.database.session import privileged, writing
from tests.factories.base import Make
from tests.factories.places import DescriptiveFieldFactory
from tests.support import world as worlds
from tests.support.client import client_of
from tests.support.races import at_once, visitors

pytestmark = pytest.mark.postgres

PAGE = "/admin/descriptive-fields"
CHOICES = [{"code": "c1", "label": "ชายฝั่ง", "active": True}, {"code": "c2", "label": "ภูเขา", "active": True}]
ID = "1101700203450"


def definition(**changes: str) -> dict[str, str]:
    empty = {"label": "เนื้อที่ป่า", "owner": "agency", "kind": "number", "choices": "", "key": "budget"}
    return empty | {"position": "1", "in_list": "y", "active": "y"} | changes


@pytest.fixture
def fields(make: Make) -> Iterator[dict[str, DescriptiveField]]:
    """A field of each kind, of agencies."""
    yield {
        kind.value: make(
            DescriptiveFieldFactory,
            key=kind.value,
            label=f"ช่อง {kind.value}",
            kind=kind,
            position=place,
            choices=CHOICES if kind is FieldKind.CHOICE else [],
        )
        for place, kind in enumerate(FieldKind)
    }


def agency_form(client: Any, key: int, **changes: str) -> Any:
    sent = {"name": "เกาะคา", "kind": "subdistrict", "code": "", "size": "S", "active": "y"}
    with client.application.app_context():
        row = worlds.row(Agency, key)
        sent |= {"name": row.name, "kind": row.kind.value, "code": row.code or ""}
        sent |= {"district": str(row.district_id)}
    return client.submit(f"/admin/agencies/edit/?id={key}", sent | changes)


def described(app: Any, key: int) -> Any:
    with app.app_context(), privileged("a test looks") as session:
        return session.scalar(select(Agency.described).where(Agency.id == key))


def test_a_field_added_on_screen_is_at_once_in_list_form_filter_search_and_sort(
    app: Any, client_as: Any, world: worlds.World
) -> None:
    desk, reader = client_as("dla"), client_as("nacc")
    assert "เนื้อที่ป่า" not in reader.get("/admin/agencies/").text
    assert desk.submit(f"{PAGE}/new/", definition()).status_code == 302
    a1, a2 = world.agency["a1"], world.agency["a2"]
    assert agency_form(desk, a1, described_budget="๑,๒๐๐").status_code == 302
    assert agency_form(desk, a2, described_budget="900.5").status_code == 302
    assert described(app, a1) == {"budget": 1200} and described(app, a2) == {"budget": 900.5}
    page = reader.get("/admin/agencies/?sort=described_budget").text
    assert page.index("900.5") < page.index("1,200"), "numbers are sorted as numbers"
    page = reader.get("/admin/agencies/?sort=described_budget&desc=1").text
    assert page.index("1,200") < page.index("900.5"), "rows without a number come last"
    page = reader.get("/admin/agencies/?flt_described_budget.from=1000").text
    assert "1,200" in page and "900.5" not in page
    assert "1,200" in reader.get(f"/admin/agencies/details/?id={a1}").text
    assert 'name="described_budget"' in desk.get("/admin/agencies/new/").text


def test_another_process_sees_a_field_with_its_next_request(
    app: Any, client_as: Any, another_app: Any, world: worlds.World
) -> None:
    there = client_of(another_app(app.settings))
    there.sign_in_as(world.account["nacc"])
    assert "เนื้อที่ป่า" not in there.get("/admin/agencies/").text
    assert client_as("dla").submit(f"{PAGE}/new/", definition()).status_code == 302
    assert "เนื้อที่ป่า" in there.get("/admin/agencies/").text


def test_each_kind_is_read_filtered_searched_and_kept(
    app: Any, client_as: Any, world: worlds.World, fields: dict[str, DescriptiveField]
) -> None:
    desk, key = client_as("dla"), world.agency["a1"]
    typed = {
        "described_text": "ริม  น้ำ",
        "described_number": "5",
        "described_date": "9 พ.ย. 2561",
        "described_choice": "c2",
        "described_web": "www.example.go.th",
        "described_phone": "08 1234-5678",
    }
    assert agency_form(desk, key, **typed).status_code == 302
    assert described(app, key) == {
        "text": "ริม น้ำ",
        "number": 5,
        "date": "2018-11-09",
        "choice": "c2",
        "web": "http://www.example.go.th",
        "phone": "0812345678",
    }
    for asked in (
        "flt_described_text=ริม",
        "flt_described_number.to=5",
        "flt_described_date.from=9/11/2561",
        "flt_described_choice=c2",
        "flt_described_phone=1234 5678",
        "flt_described_web=example.go",
        "search=ภูเขา",
        "search=ริม",
        "search=0812345678",
    ):
        page = desk.get(f"/admin/agencies/?{asked}").text
        assert "ริม น้ำ" in page, asked
    assert "ริม น้ำ" not in desk.get("/admin/agencies/?flt_described_choice=none").text
    for wrong in ("flt_described_choice=c9", "flt_described_number.to=ห้า", "flt_described_date.to=วันไหน"):
        assert "ริม น้ำ" not in desk.get(f"/admin/agencies/?{wrong}").text
    for name in fields:
        assert desk.get(f"/admin/agencies/?sort=described_{name}").status_code == 200
    rows = list(csv.reader(io.StringIO(desk.get("/admin/agencies/export/csv/").text.lstrip("\ufeff"))))
    assert rows[0][-6:] == [f"ช่อง {kind.value}" for kind in FieldKind]
    said = next(row[-6:] for row in rows if "ริม น้ำ" in row)
    assert said[1:4] == ["5", "9 พ.ย. 2561", "ภูเขา"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("number", "มาก"),
        ("number", "NaN"),
        ("number", "1234567890123"),
        ("date", "31/2/2561"),
        ("choice", "c9"),
        ("web", "javascript:alert(1)"),
        ("phone", "ไม่รู้"),
        ("text", f"เลข {ID}"),
        ("web", f"https://example.go.th/?id={ID}"),
        ("text", "ก" * 301),
    ],
)
def test_what_is_refused_stays_on_the_form(
    app: Any, client_as: Any, world: worlds.World, fields: dict[str, DescriptiveField], name: str, typed: str
) -> None:
    answer = agency_form(client_as("dla"), world.agency["a1"], **{f"described_{name}": typed})
    assert answer.status_code == 422
    assert typed in answer.text or name == "choice"
    assert described(app, world.agency["a1"]) is None


def test_a_kind_stays_while_rows_hold_values_and_a_held_field_is_retired_not_deleted(
    app: Any, client_as: Any, world: worlds.World, fields: dict[str, DescriptiveField]
) -> None:
    desk, key = client_as("dla"), world.agency["a1"]
    row = fields["text"].id
    assert agency_form(desk, key, described_text="ริมน้ำ").status_code == 302
    edit = f"{PAGE}/edit/?id={row}"
    sent = definition(label="ทำเล", kind="number")
    assert desk.submit(edit, sent).status_code == 422, "the kind stays"
    assert desk.submit(f"{PAGE}/delete/", {"id": str(row), "confirm": "1"}).status_code == 409
    sent = definition(label="ทำเล", kind="text")
    retired = {name: text for name, text in sent.items() if name != "active"}
    assert desk.submit(edit, retired).status_code == 302
    assert "ริมน้ำ" not in desk.get("/admin/agencies/").text
    assert agency_form(desk, key).status_code == 302
    assert described(app, key) == {"text": "ริมน้ำ"}, "a form without the field leaves it alone"
    assert desk.submit(edit, sent).status_code == 302
    assert "ริมน้ำ" in desk.get("/admin/agencies/").text, "taken back, its values are there again"
    assert desk.submit(f"{PAGE}/delete/", {"id": str(fields["web"].id), "confirm": "1"}).status_code == 302


def test_a_choice_in_use_is_renamed_or_retired_and_never_lost(
    app: Any, client_as: Any, world: worlds.World, fields: dict[str, DescriptiveField]
) -> None:
    desk, key = client_as("dla"), world.agency["a1"]
    assert agency_form(desk, key, described_choice="c2").status_code == 302
    edit = f"{PAGE}/edit/?id={fields['choice'].id}"
    sent = definition(label="ภูมิประเทศ", kind="choice", choices="2. ที่สูง\nที่ราบ\n1. ชายฝั่ง")
    assert desk.submit(edit, sent).status_code == 302
    assert "ที่สูง" in desk.get("/admin/agencies/").text
    assert desk.submit(edit, sent | {"choices": "3. ที่ราบ"}).status_code == 302
    assert "ที่สูง" in desk.get("/admin/agencies/").text, "the row keeps what nobody chooses any more"
    assert agency_form(desk, key, described_choice="c2").status_code == 302, "and may keep it in its form"
    assert agency_form(desk, world.agency["a2"], described_choice="c2").status_code == 422
    for choices in ("", "9. ไม่มี", "ที่ราบ\nที่ราบ"):
        assert desk.submit(edit, sent | {"choices": choices}).status_code == 422, choices
    with app.app_context(), privileged("a test looks") as session:
        kept = session.get_one(DescriptiveField, fields["choice"].id).choices
    assert [(one["code"], one["active"]) for one in kept] == [("c3", True), ("c2", False), ("c1", False)]


@pytest.mark.parametrize(
    "changes",
    [{"label": "…"}, {"label": "โทรศัพท์"}, {"key": "Ü"}, {"choices": "หนึ่ง"}, {"kind": "choice"}],
    ids=["no letters", "a heading of the files", "no key", "choices of a number", "no choices"],
)
def test_a_definition_that_cannot_be_is_refused(client_as: Any, changes: dict[str, str]) -> None:
    assert client_as("dla").submit(f"{PAGE}/new/", definition(**changes)).status_code == 422


def test_key_and_name_are_one_fields_of_their_table(client_as: Any) -> None:
    desk = client_as("dla")
    assert desk.submit(f"{PAGE}/new/", definition()).status_code == 302
    for changes in ({"key": "other"}, {"label": "อื่น"}):
        assert desk.submit(f"{PAGE}/new/", definition(**changes)).status_code == 422
    assert desk.submit(f"{PAGE}/new/", definition(owner="account")).status_code == 302
    assert desk.submit(f"{PAGE}/new/", definition(label="อีกช่อง", key="")).status_code == 302


def test_a_required_field_is_demanded_by_forms(
    app: Any, client_as: Any, world: worlds.World, make: Make
) -> None:
    make(DescriptiveFieldFactory, key="area", label="เนื้อที่", kind=FieldKind.NUMBER, required=True)
    assert agency_form(client_as("dla"), world.agency["a1"], described_area=" ").status_code == 422


def test_nobody_but_the_back_office_sees_definitions_and_only_dla_writes(client_as: Any) -> None:
    assert client_as("nacc").get(f"{PAGE}/").status_code == 200
    assert client_as("nacc").get(f"{PAGE}/new/").status_code == 404
    assert client_as("province").get(f"{PAGE}/").status_code == 404


def test_the_database_takes_no_described_that_is_no_object(app: Any, world: worlds.World) -> None:
    with app.app_context(), writing(), privileged("a test writes") as session:
        with pytest.raises(Exception, match="described"):
            session.execute(update(Agency).where(Agency.id == world.agency["a1"]).values(described=["a"]))
        session.rollback()


def test_the_record_says_before_and_after_in_words(
    app: Any, client_as: Any, world: worlds.World, fields: dict[str, DescriptiveField]
) -> None:
    desk, key = client_as("dla"), world.agency["a1"]
    agency_form(desk, key, described_choice="c1", described_date="9/11/2561")
    agency_form(desk, key, described_choice="c2", described_date="9/11/2561")
    with app.app_context(), privileged("a test looks") as session:
        newest = session.scalars(
            select(AuditEvent).where(AuditEvent.thing == "agency").order_by(AuditEvent.id)
        )
        event = list(newest)[-1].id
    page = client_as("nacc").get(f"/admin/record/details/?id={event}").text
    assert "ช่อง choice" in page and "ชายฝั่ง" in page and "ภูเขา" in page
    assert "ช่อง date" not in page, "only what changed"


def test_the_account_list_takes_fields_of_accounts(
    app: Any, client_as: Any, world: worlds.World, make: Make
) -> None:
    make(DescriptiveFieldFactory, owner=FieldOwner.ACCOUNT, key="unit", label="กลุ่มงาน")
    assert "กลุ่มงาน" in client_as("dla").get("/admin/accounts/").text
    assert "กลุ่มงาน" not in client_as("dla").get("/admin/agencies/").text


def test_who_writes_a_value_and_who_changes_the_kind_never_pass_by_each_other(
    app: Any, world: worlds.World, fields: dict[str, DescriptiveField]
) -> None:
    writer, officer = visitors(app, world, "dla", "dla")
    edit = f"{PAGE}/edit/?id={fields['text'].id}"
    sent = definition(label="ทำเล", kind="number", row_version="1") | officer.page()
    written, changed = at_once(
        [
            lambda: agency_form(writer, world.agency["a1"], described_text="ริมน้ำ").status_code,
            lambda: officer.post(edit, data=sent).status_code,
        ]
    )
    assert (written, changed) in {(302, 422), (409, 302), (422, 302)}
    with app.app_context(), privileged("a test looks") as session:
        kind = session.get_one(DescriptiveField, fields["text"].id).kind
    held = described(app, world.agency["a1"])
    assert kind is (FieldKind.TEXT if held else FieldKind.NUMBER), "a text is never held by a number"
