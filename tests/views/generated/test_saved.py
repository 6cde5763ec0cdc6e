"""Filters under a name, chosen columns and page sizes: a person's own, an office's, and nobody else's."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from models.account import Role
from models.saved_filter import SavedFilter
from portal.core import saved_lists
from portal.core.acting import acting, seated
from portal.core.database.session import db, privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.people import accounts
from tests.support.client import PortalClient
from tests.support.forms import form_with
from tests.support.world import World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
LIST = "/admin/agencies/"
SAO = "?flt_kind=sao&sort=code&desc=1&cols=full_name,code&size=50"


def keep(client: PortalClient, query: str, **typed: str) -> Any:
    page = f"/lists/agencies/keep{query}"
    return client.submit(page, form_with(client.get(page).text, "name") | {"name": "อบต. ทดลอง"} | typed)


def saved(app: Portal) -> list[SavedFilter]:
    with app.app_context(), privileged("a test looks") as session:
        rows = list(session.scalars(select(SavedFilter).order_by(SavedFilter.id)))
        session.expunge_all()
        return rows


def header_of(client: PortalClient, address: str) -> list[str]:
    return next(csv.reader(StringIO(client.get(address).data.decode("utf-8-sig"))))


def test_a_filter_is_kept_and_opens_the_list_as_it_was(app: Portal, client_as: ClientAs) -> None:
    client = client_as("dla")
    assert keep(client, SAO).status_code == 302
    (row,) = saved(app)
    assert row.args == {
        "sort": "code",
        "desc": "1",
        "cols": "full_name,code",
        "size": "50",
        "flt_kind": "sao",
    }
    page = client.get(LIST).text
    address = re.search(r'<li><a href="([^"]+)">อบต. ทดลอง', page)[1].replace("&amp;", "&")  # type: ignore[index]
    shown = client.get(address).text
    assert "องค์การบริหารส่วนตำบลท่าผา" in shown
    assert "เทศบาลตำบลเกาะคา" not in shown
    assert "อำเภอ" not in re.findall(r"<thead>.*?</thead>", shown, re.DOTALL)[0]
    assert keep(client, SAO).status_code == 422, "one name, one filter"


def test_an_office_reads_what_is_shared_and_only_the_owner_changes_it(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    keep(client_as("province"), "?flt_kind=sao", shared="y")
    (row,) = saved(app)
    with app.app_context(), writing(), privileged("a colleague") as session:
        session.info["unrecorded"] = True
        other = accounts.make_account(
            session,
            username="colleague",
            name="เพื่อนร่วมงาน ทดลอง",
            role=Role.PROVINCE,
            valid_from=row.made_at,
            province_id=world.province["52"],
        )
        session.flush()
        other_id = other.id
    client = client_as("")
    client.sign_in_as(other_id)
    assert "อบต. ทดลอง" in client.get(LIST).text
    assert client.get(f"/lists/kept/{row.id}").status_code == 404
    assert client.post(f"/lists/kept/{row.id}/delete").status_code in (400, 404)
    for stranger in ("province_other", "dla", "nacc"):
        assert "อบต. ทดลอง" not in client_as(stranger).get(LIST).text


def test_it_is_renamed_made_the_first_and_deleted(app: Portal, client_as: ClientAs) -> None:
    client = client_as("dla")
    keep(client, "?flt_kind=sao", is_default="y")
    keep(client, "?flt_active=0", name="เลิกใช้ ทดลอง", is_default="y")
    one, two = saved(app)
    assert (one.is_default, two.is_default) == (False, True), "one opens the list, the one before gives way"
    assert client.get(LIST).location == f"{LIST}?flt_active=0"
    assert client.get(f"{LIST}?all=1").status_code == 200
    page = f"/lists/kept/{two.id}"
    form = form_with(client.get(page).text, "name") | {"name": one.name}
    assert client.submit(page, form).status_code == 422
    form = form_with(client.get(page).text, "name") | {"name": "เลิกใช้แล้ว"}
    form.pop("is_default", None)
    assert client.submit(page, form).status_code == 302
    assert [(row.name, row.is_default) for row in saved(app)][1] == ("เลิกใช้แล้ว", False)
    page = f"/lists/kept/{two.id}/delete"
    assert client.submit(page, form_with(client.get(page).text, "csrf_token")).status_code == 302
    assert [row.id for row in saved(app)] == [one.id]


def test_columns_and_page_size_are_remembered_and_the_file_has_what_is_shown(client_as: ClientAs) -> None:
    client, page = client_as("dla"), "/lists/agencies/columns"
    form = {
        "columns": ["full_name", "size", "code", "x"],
        "at_size": "1",
        "at_code": "2",
        "size": "100",
    }
    assert client.submit(page, {**form, "csrf_token": client.csrf_token()}).status_code == 302
    shown = client.get(LIST).text
    heads = re.findall(r'<th scope="col"[^>]*>(?:\s*<a[^>]*>)?\s*([^<]*?)\s*<', shown)
    assert [one for one in heads if one][:3] == ["ขนาด", "รหัส", "ชื่อหน่วยงาน"]
    export = re.search(r'href="(/admin/agencies/export/csv/[^"]+)"', shown)[1].replace("&amp;", "&")  # type: ignore[index]
    assert header_of(client, export) == ["ขนาด", "รหัส", "ชื่อหน่วยงาน"]
    client.submit(page, {"reset": "1", "csrf_token": client.csrf_token()})
    assert "อำเภอ" in client.get(LIST).text


@pytest.mark.parametrize("address", ["keep", "columns"])
def test_a_list_that_one_may_not_read_is_not_there(client_as: ClientAs, address: str) -> None:
    assert client_as("province").get(f"/lists/record/{address}").status_code == 404
    assert client_as("dla").get(f"/lists/no-such/{address}").status_code == 404
    assert client_as("nacc").get(f"/lists/questions/{address}?round=x").status_code == 404


def test_outside_words_in_a_kept_address_count_for_nothing(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context(), acting(world.actor("dla")) as actor:
        for words, args in (
            ("หนึ่ง", {"flt_no": "1", "cols": "hash,password", "size": "7"}),
            ("สอง", {"sort": "x"}),
        ):
            saved_lists.keep(actor, "agencies", words, args, shared=False, default=words == "สอง")
    client = client_as("dla")
    assert client.get(LIST).location == f"{LIST}?all=1"
    assert "องค์การบริหารส่วนตำบลท่าผา" in client.get(f"{LIST}?all=1").text


def test_so_many_are_kept_and_no_more(app: Portal, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_lists, "MOST", 1)
    with app.app_context(), acting(world.actor("dla")) as actor:
        saved_lists.keep(actor, "agencies", "หนึ่ง", {}, shared=False, default=False)
        with pytest.raises(Refused):
            saved_lists.keep(actor, "agencies", "สอง", {}, shared=False, default=False)
    with app.app_context(), seated(world.actor("nacc")) as actor, pytest.raises(NotFound):
        saved_lists.own(actor, 1)


def test_the_database_keeps_one_first_filter_and_each_office_apart(app: Portal, world: World) -> None:
    with app.app_context(), acting(world.actor("province")) as actor:
        row = saved_lists.keep(actor, "agencies", "หนึ่ง", {}, shared=True, default=True)
        with pytest.raises((IntegrityError, Refused)), db.session.begin_nested():
            db.session.add(
                SavedFilter(
                    account_id=row.account_id, role=row.role, reach=row.reach, place=row.place, list=row.list,
                    name="สอง", is_default=True, made_at=row.made_at,
                )
            )  # fmt: skip
    if "postgres" not in app.settings.database_url:
        return
    with app.app_context(), seated(world.actor("province_other")):
        connection = db.session.connection()
        assert connection.execute(text("SELECT count(*) FROM saved_filter")).scalar() == 0
    with app.app_context(), seated(world.actor("dla")):
        connection = db.session.connection()
        with pytest.raises(ProgrammingError):
            connection.execute(
                text(
                    "INSERT INTO saved_filter (account_id, role, reach, place, list, name, args, shared,"
                    " is_default, made_at)"
                    " VALUES (:id, 'dla', 'country', 0, 'x', 'y', '{}', true, false, now())"
                ),
                {"id": world.account["nacc"]},
            )
