"""Every generated list: it opens, searches, filters, sorts, exports; nobody else finds it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from models.place import District
from portal.core.access import GRANTS, Permission
from portal.core.database.session import privileged
from tests.support import world as worlds

#: address, who opens it, a text that is found, a text of its rows
LISTS = (
    ("/admin/agencies/", "dla", "ท่าผา", "องค์การบริหารส่วนตำบลท่าผา"),
    ("/admin/agencies/", "nacc", "06520402", "องค์การบริหารส่วนตำบลท่าผา"),
    ("/admin/provinces/", "dla", "ลำปาง", "Lampang"),
    ("/admin/provinces/", "nacc", "81", "กระบี่"),
    ("/admin/districts/", "dla", "เกาะคา", "5204"),
    ("/admin/accounts/", "dla", "executive_other", "องค์การบริหารส่วนตำบลไสไทย"),
    ("/rounds/{round}/participations/", "nacc", "เขาพนม", "เทศบาลตำบลเขาพนม"),
    ("/rounds/{round}/participations/", "dla", "ไสไทย", "องค์การบริหารส่วนตำบลไสไทย"),
    ("/rounds/{round}/oit-items/", "dla", "O12", "O12"),
    ("/rounds/{round}/oit-items/", "nacc", "O48", "O48"),
    ("/rounds/{round}/questions/", "nacc", "E15", "E15"),
    ("/admin/assessor-bodies/", "nacc", "ทดลอง 1", "คณะผู้ประเมินทดลอง 1"),
    ("/rounds/{round}/assignments/", "nacc", "ท่าผา", "คณะผู้ประเมินทดลอง 1"),
    ("/admin/record/", "dla", "sign_in", "เข้าสู่ระบบ"),
    ("/admin/record/", "nacc", "sign_in", "เข้าสู่ระบบ"),
)
PEOPLE = [person for person, _role, _place in worlds.PEOPLE]

pytestmark = pytest.mark.postgres


@pytest.fixture
def views(app: Any) -> dict[str, Any]:
    return {view.endpoint: view for view in app.extensions["generated_views"]}


def view_of(views: dict[str, Any], address: str) -> Any:
    return next(v for v in views.values() if v.url.split("/")[-1] == address.strip("/").split("/")[-1])


@pytest.mark.parametrize(("address", "person", "search", "found"), LISTS)
def test_a_list_does_all_that_a_list_does(
    app: Any,
    client_as: Any,
    world: worlds.World,
    views: dict[str, Any],
    address: str,
    person: str,
    search: str,
    found: str,
) -> None:
    client, address = client_as(person), address.replace("{round}", str(world.round_id))
    view = view_of(views, address)
    assert client.get(address).status_code == 200
    assert found in client.get(address, query_string={"search": search}).text
    nothing = client.get(address, query_string={"search": "ฟฟฟฟ"})
    assert nothing.status_code == 200 and "ไม่พบ" in nothing.text
    for name in view._sortable_columns:
        for desc in ("", "1"):
            assert client.get(address, query_string={"sort": name, "desc": desc}).status_code == 200, name
    for name, value in filters_of(app, person, world, view).items():
        answer = client.get(address, query_string={f"flt_{name}": value})
        assert answer.status_code == 200, name
        assert "ita-chip" in answer.text, name
    for kind in ("csv", "xlsx"):
        file = client.get(f"{address}export/{kind}/", query_string={"search": search})
        assert file.status_code == 200 and len(file.data) > 60, kind
    assert found.encode() in client.get(f"{address}export/csv/", query_string={"search": search}).data


def filters_of(app: Any, person: str, world: worlds.World, view: Any) -> dict[str, str]:
    """One value for each filter of a view."""
    values = {}
    with app.test_request_context(), worlds.acting_as(world.actor(person)):
        for name, filter in view.filters.items():
            if filter.kind == "choice":
                values[name] = next((value for value, _words in filter.options({})), "")
            else:
                values[name] = {"day": "1/1/2561", "number": "1"}.get(filter.kind, "1")
    return {name: value for name, value in values.items() if value}


@pytest.mark.parametrize("person", PEOPLE)
def test_each_address_of_each_view_asks_its_permission(
    client_as: Any, world: worlds.World, views: dict[str, Any], person: str
) -> None:
    client = client_as(person)
    role = next(role for name, role, _place in worlds.PEOPLE if name == person)
    for view in views.values():
        base = view.url.replace("<int:round_id>", str(world.round_id))
        for part, rule in (
            ("/", view.permissions.read),
            ("/new/", view.permissions.create),
            ("/edit/?id=999999", None),
            ("/delete/?id=999999", None),
            ("/details/?id=999999", None),
            ("/export/csv/", view.permissions.export),
        ):
            allowed = isinstance(rule, Permission) and rule in GRANTS[role]
            answer = client.get(base + part)
            assert answer.status_code == (200 if allowed else 404), (view.endpoint, part, person)


def test_a_province_sees_its_own_part_of_the_register_only(client_as: Any) -> None:
    page = client_as("province").get("/admin/agencies/").text
    assert "เทศบาลตำบลเกาะคา" in page and "ไสไทย" not in page
    assert "/admin/agencies/new/" not in page


def test_lists_in_thai_order(client_as: Any) -> None:
    page = client_as("dla").get("/admin/agencies/").text
    places = [page.index(name) for name in ("เกาะคา</a>", "เขาพนม</a>", "ท่าผา</a>", "ไสไทย</a>")]
    assert places == sorted(places)


def test_every_district_is_offered_with_its_province(app: Any, client_as: Any) -> None:
    page = client_as("dla").get("/admin/agencies/new/").text
    with app.app_context(), privileged("a test looks") as session:
        for district in session.scalars(select(District)):
            assert f"{district.province.name} · {district.name}" in page
