"""Provinces of the register: their size class in the list, on the form, for many at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.place import Province
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.forms import form_with
from tests.support.world import World, row

ClientAs = Callable[[str], PortalClient]
pytestmark = pytest.mark.postgres
LIST = "/admin/provinces/"


def size_of(app: Portal, world: World, code: str) -> str | None:
    with app.app_context():
        size: str | None = row(Province, world.province[code]).size
        return size


def test_a_province_is_given_its_size_class_and_loses_it_again(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    client = client_as("dla")
    page = f"{LIST}edit/?id={world.province['52']}"
    for size in ("S", ""):
        fields = form_with(client.get(page).text, "size") | {"csrf_token": client.csrf_token()}
        assert client.submit(page, fields | {"size": size}).status_code == 302
        assert size_of(app, world, "52") == (size or None)
    fields = form_with(client.get(page).text, "size") | {"csrf_token": client.csrf_token()}
    assert client.submit(page, fields | {"size": "XL"}).status_code == 422


def test_many_provinces_get_one_size_class_at_once(app: Portal, world: World, client_as: ClientAs) -> None:
    client = client_as("dla")
    rows = [str(key) for key in world.province.values()]
    sent = {"action": "size_l", "rowid": rows, "csrf_token": client.csrf_token()}
    assert client.submit(f"{LIST}action/", sent).status_code == 302
    page = client.get(LIST).text
    assert "กำหนดให้ 2 จังหวัดเป็นขนาดใหญ่ (L)แล้ว" in page
    assert {size_of(app, world, code) for code in world.province} == {"L"}


@pytest.mark.parametrize(("chosen", "found"), [("S", ["52"]), ("none", ["81"])])
def test_the_list_is_narrowed_to_a_size_class_or_to_those_without(
    app: Portal, world: World, client_as: ClientAs, chosen: str, found: list[str]
) -> None:
    client = client_as("dla")
    page = f"{LIST}edit/?id={world.province['52']}"
    fields = form_with(client.get(page).text, "size") | {"csrf_token": client.csrf_token(), "size": "S"}
    client.submit(page, fields)
    text = client.get(f"{LIST}?flt_size={chosen}").text
    assert [code for code, key in world.province.items() if f'name="rowid" value="{key}"' in text] == found


def test_nacc_reads_the_size_class_and_does_not_change_it(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    client = client_as("nacc")
    assert "ขนาดจังหวัด" in client.get(LIST).text
    assert client.get(f"{LIST}edit/?id={world.province['52']}").status_code == 404
