"""Thai as people type it: texts in one normal form, numbers in digits of both kinds, names in Thai order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import request
from sqlalchemy import String, select
from wtforms import Form, PasswordField
from wtforms.fields.core import UnboundField

from config import ROOT
from models.agency import Agency
from models.base import Base
from models.place import District
from models.roster import RosterEntry
from models.thai import normal_form, sort_key, thai_digits
from portal.core.database.session import privileged, writing
from portal.core.forms import bind_field
from portal.core.sent import typed
from portal.core.web import Portal
from portal.rosters.importing import opened
from tests.support.client import PortalClient
from tests.support.world import World
from views.assembly import GENERATED

pytestmark = pytest.mark.postgres
As = Callable[[str], PortalClient]
#: "น้ำแม่ปิง ที่" with sara am and sara ae as two signs each, a tone before its vowel, and signs nobody sees
DENORMAL = "\u202eน\u0e4d\u0e49าเเม่\u200bปิ\u200cง\u00a0ท\u0e48\u0e35\ufeff"
NORMAL = "น้ำแม่ปิง ที่"
#: what passes the door by: a body read raw would bring texts in as they were sent
PAST_THE_DOOR = re.compile(r"request\.(?:get_json|json\b|get_data|data\b|stream|query_string)")


def form_classes() -> Iterator[type[Form]]:
    """Every form that the application reads, the generated ones too; a respondent's is not read by it."""
    waiting = [Form]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("views."):
            yield kind
    for module in GENERATED:
        for view in module.views():
            yield from (view._create_form_class, view._edit_form_class)


def meta_of(kind: Any) -> Any:
    """A form's Meta as WTForms merges it."""
    return type("Meta", tuple(dict.fromkeys(c.Meta for c in kind.__mro__ if "Meta" in vars(c))), {})


def fields_of(kind: Any) -> list[tuple[str, UnboundField[Any]]]:
    return [
        (name, getattr(kind, name)) for name in dir(kind) if isinstance(getattr(kind, name), UnboundField)
    ]


def test_every_address_and_form_is_read_in_its_normal_form(app: Portal) -> None:
    sent = {"name": DENORMAL, "lines": f"{DENORMAL}\r\n{DENORMAL}", "password": DENORMAL}
    with app.test_request_context(f"/?q={DENORMAL}", method="POST", data=sent):
        assert request.args["q"].strip() == NORMAL and request.values["q"].strip() == NORMAL
        assert request.form["name"] == NORMAL
        assert request.form["lines"] == f"{NORMAL}\r\n{NORMAL}"
        assert request.form["password"] == DENORMAL


def test_nothing_is_read_past_the_door() -> None:
    for folder in ("views", "portal"):  # a respondent's form holds digits and numbers of choices only
        for file in (ROOT / folder).rglob("*.py"):
            assert not PAST_THE_DOOR.search(file.read_text(encoding="utf-8")), file


def test_passwords_and_only_passwords_stay_as_typed(app: Portal) -> None:
    with app.app_context():
        fields = [(name, field) for kind in form_classes() for name, field in fields_of(kind)]
    passwords = {name for name, field in fields if issubclass(field.field_class, PasswordField)}
    texts = {name for name, field in fields if not issubclass(field.field_class, PasswordField)}
    assert passwords == typed.AS_TYPED
    assert not passwords & texts


def test_every_form_reads_numbers_and_names_as_people_type_them(app: Portal) -> None:
    with app.app_context():
        kinds = set(form_classes())
    assert len(kinds) > 25
    for kind in kinds:
        assert meta_of(kind).bind_field is bind_field, kind


def test_no_page_has_a_field_that_swallows_thai_digits() -> None:
    for file in (*(ROOT / "portal" / "templates").rglob("*.html"), *(ROOT / "views").rglob("*.html")):
        assert not re.search(r'type="(?:number|date|datetime-local|month|tel)"', file.read_text("utf-8")), (
            file
        )


def test_a_number_is_taken_in_thai_digits(app: Portal) -> None:
    """Every number field of every form is a text field, and reads what people type."""
    seen = 0
    with app.test_request_context("/"):
        for kind in set(form_classes()):
            for name, unbound in fields_of(kind):
                field = bind_field(None, None, unbound, {"name": name, "_meta": meta_of(kind)()})
                if not hasattr(field.widget, "inputmode"):
                    continue
                seen += 1
                field.process(None)
                assert 'type="text"' in field() and "inputmode=" in field()
                field.process_formdata([thai_digits("2,561")])
                assert field.data == 2561, (kind, name)
    assert seen > 8


# -- stored and found --------------------------------------------------------------------------------------


def stored_texts(app: Portal) -> Iterator[tuple[str, str]]:
    """Every text of every table but the record, with its column."""
    with app.app_context(), privileged("a fence looks at all texts") as session:
        for table in Base.metadata.sorted_tables:
            if table.name.startswith("audit"):
                continue
            for column in (column for column in table.columns if isinstance(column.type, String)):
                for text in session.scalars(select(column)):
                    yield f"{table.name}.{column.name}", str(text or "")


def test_what_is_typed_on_forms_is_stored_in_its_normal_form(
    app: Portal, client_as: As, world: World
) -> None:
    dla, admin = client_as("dla"), client_as("agency_admin")
    district = {"district": _id(app, District, "5204")}
    agency = {"name": f" {DENORMAL}", "kind": "subdistrict", "code": "๐๕๕๒๐๔๙๙", "size": "", "active": "y"}
    person = {
        "username": "new.one",
        "name": f"{DENORMAL}  ใจดี ",
        "email": "",
        "phone": "๐๕๔ ๑๒๓๔๕๖",
        "body": "",
        "role": "agency_admin",
        "agency": "๐๖๕๒๐๔๐๒",
        "province": "",
    }
    roster = f"/rounds/{world.round_id}/preparation/roster"
    row = {"name": DENORMAL, "organisation": DENORMAL, "group": "๑", "phone": "๐๘๑-๒๓๔-๕๖๗๘", "email": ""}
    for client, address, data in (
        (dla, "/admin/agencies/new/", {**agency, **district}),
        (dla, "/admin/accounts/new/", person),
        (client_as("nacc"), "/admin/assessor-bodies/new/", {"name": f"คณะ {DENORMAL}"}),
        (admin, f"{roster}/new", row),
    ):
        assert client.submit(address, data).status_code == 302, address
    for place, text in stored_texts(app):
        assert text == normal_form(text), place
    with app.app_context(), privileged("a test looks") as session:
        made = session.scalars(select(Agency).where(Agency.code == "05520499")).one()
        assert (made.name, made.full_name) == (NORMAL, f"เทศบาลตำบล{NORMAL}")
        entry = session.scalars(select(RosterEntry)).one()
        assert opened(entry).name == NORMAL
    for client, address in (
        (dla, "/admin/agencies/?search="),
        (dla, "/admin/accounts/?search="),
        (dla, "/admin/record/?search="),
        (admin, f"{roster}?q="),
    ):
        assert NORMAL in client.get(address + DENORMAL).text, address
    assert NORMAL in admin.get(f"{roster}?q=๐๘๑-๒๓๔ {DENORMAL}").text
    assert NORMAL not in admin.get(f"{roster}?q=089 แม่ปิง").text.partition("<tbody")[2]


LISTS = (
    ("dla", "/admin/agencies/?search={}"),
    ("dla", "/admin/accounts/?search={}"),
    ("dla", "/rounds/{round}/participations/?search={}"),
    ("nacc", "/rounds/{round}/assignments/?search={}"),
    ("dla", "/rounds/{round}/rosters?search={}"),
    ("province", "/rounds/{round}/status/provinces/{province}?q={}"),
    ("assessor", "/rounds/{round}/assessor?search={}"),
    ("assessor", "/rounds/{round}/scoring?q={}"),
)


@pytest.mark.parametrize(("person", "address"), LISTS)
@pytest.mark.parametrize("typed", ["อบต.ท่าผา", "อบต. ท่าผา อ.เกาะคา", "ท่าผา จ.ลำปาง", "๐๖๕๒๐๔๐๒"])
def test_every_list_of_agencies_finds_the_forms_that_screens_print(
    client_as: As, world: World, person: str, address: str, typed: str
) -> None:
    page = client_as(person).get(address.format(typed, round=world.round_id, province=world.province["52"]))
    assert page.status_code == 200
    main = page.text.partition("<main")[2]
    assert "ท่าผา" in main.replace(typed, "") or "ผู้ใช้ทดลอง" in main
    assert "เทศบาลตำบลเกาะคา" not in main and "ทต.เกาะคา" not in main


# -- the order of choices ----------------------------------------------------------------------------------

#: pages with lists of Thai names to choose from
CHOICES = (
    ("province", "/rounds/{round}/status/provinces/{province}"),
    ("dla", "/admin/agencies/?flt_province={province}"),
    ("dla", "/admin/agencies/new/"),
    ("dla", "/admin/districts/new/"),
    ("dla", "/admin/accounts/new/"),
    ("dla", "/admin/record/"),
    ("dla", "/rounds/{round}/letters/circular/new"),
    ("nacc", "/rounds/{round}/assign"),
)


def test_every_list_of_names_to_choose_from_is_in_thai_order(
    app: Portal, client_as: As, world: World
) -> None:
    _more_places(app, world)
    seen = set()
    for person, address in CHOICES:
        page = client_as(person).get(address.format(round=world.round_id, province=world.province["52"]))
        for name, options in _selects(page.text):
            if name in {
                "province",
                "flt_province",
                "district",
                "flt_district",
                "body",
                "flt_thing",
                "provinces",
            }:
                seen.add(name)
                assert options == sorted(options, key=sort_key), (address, name)
    assert seen >= {"province", "flt_province", "district", "flt_district", "body", "flt_thing"}


def _more_places(app: Portal, world: World) -> None:
    """Names whose order by their letters' numbers is not the Thai one."""
    with app.app_context(), writing(), privileged("a fence adds places") as session:
        for code, name in (("5205", "เสริมงาม"), ("5206", "งาว"), ("5207", "แจ้ห่ม"), ("5208", "ห้างฉัตร")):
            session.add(
                District(code=code, name=name, sort_key=sort_key(name), province_id=world.province["52"])
            )


def _selects(page: str) -> Iterator[tuple[str, list[str]]]:
    for found in re.finditer(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        options = re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)', found[2])
        yield found[1], [words for value, words in options if value not in {"", "__None"}]


def _id(app: Portal, model: Any, code: str) -> int:
    with app.app_context(), privileged("a test looks") as session:
        return int(session.scalars(select(model.id).where(model.code == code)).one())
