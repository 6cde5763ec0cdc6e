"""The base of the generated views: what a description opens, and that nothing else is open."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from models.agency import Agency
from models.audit import AuditEvent
from models.place import District
from portal.content import local
from portal.core.database.session import privileged
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.world import World

As = Callable[[str], PortalClient]
Form = Callable[..., dict[str, object]]
LIST = "/admin/t-agencies/"


def agency_of(app: Portal, key: int) -> Agency:
    with app.app_context(), privileged("a test looks") as session:
        row = session.get_one(Agency, key)
        session.expunge(row)
        return row


def form_of(world: World, **changes: object) -> dict[str, object]:
    form = {
        "code": "05520999",
        "kind": "subdistrict",
        "name": "ใหม่",
        "full_name": "เทศบาลตำบลใหม่",
        "size": "",
        "province": world.province["52"],
        "active": "y",
    }
    return {**form, **changes}


@pytest.fixture
def form(desk: Portal, world: World) -> Callable[..., dict[str, object]]:
    """A form of a new agency, with changes."""
    with desk.app_context(), privileged("a test looks") as session:
        district = session.scalars(select(District.id).where(District.code == "5204")).one()
    return lambda **changes: form_of(world, **{"district": district, **changes})


class TestList:
    def test_shows_every_agency_to_the_back_office(self, client_as: As, desk: Portal) -> None:
        page = client_as("dla").get(LIST).text
        assert all(name in page for name in ("เกาะคา", "ท่าผา", "ไสไทย", "เขาพนม"))

    def test_shows_a_province_its_own_only(self, client_as: As, desk: Portal) -> None:
        page = client_as("province").get(LIST).text
        assert "ท่าผา" in page
        assert "ไสไทย" not in page
        assert "2 แถว" in page, "the count is of the scope too"

    def test_search_finds_a_part_of_a_name_and_of_a_related_column(self, client_as: As, desk: Portal) -> None:
        dla = client_as("dla")
        page = dla.get(LIST + "?search=ไสไ").text
        assert "ไสไทย" in page
        assert "ท่าผา" not in page
        assert "ไสไทย" in dla.get(LIST + "?search=เมืองกระบี่").text

    def test_search_takes_signs_of_like_literally(self, client_as: As, desk: Portal) -> None:
        assert "ไม่พบ" in client_as("dla").get(LIST + "?search=%25").text

    def test_filters_narrow_and_show_as_chips(self, client_as: As, desk: Portal, world: World) -> None:
        page = (
            client_as("dla")
            .get(LIST, query_string={"flt_kind": "sao", "flt_province": world.province["81"]})
            .text
        )
        assert "ไสไทย" in page
        assert "ท่าผา" not in page
        assert 'class="ita-chip"' in page

    def test_a_filter_that_says_nothing_lets_nothing_through(self, client_as: As, desk: Portal) -> None:
        page = client_as("dla").get(LIST + "?flt_kind=castle").text
        assert "ไสไทย" not in page
        assert "ita-err" in page

    def test_sorts_thai_names_in_their_order(self, client_as: As, desk: Portal) -> None:
        page = client_as("dla").get(LIST + "?sort=full_name").text
        places = [page.index(f"{name}</a>") for name in ("เกาะคา", "เขาพนม", "ท่าผา", "ไสไทย")]
        assert places == sorted(places)
        page = client_as("dla").get(LIST + "?sort=full_name&desc=1").text
        assert page.index("ไสไทย</a>") < page.index("เกาะคา</a>")

    @pytest.mark.parametrize(
        "query", ["page=x", "page=-1", "page=99999999999999999999", "sort=nothing", "sort=0", "flt_x=1"]
    )
    def test_nonsense_in_the_address_is_no_fault(self, client_as: As, desk: Portal, query: str) -> None:
        assert client_as("dla").get(f"{LIST}?{query}").status_code == 200

    def test_saved_views_are_tabs_with_counts(self, client_as: As, desk: Portal) -> None:
        page = client_as("dla").get(LIST).text
        assert 'อบต. <span class="ita-count">2</span>' in page


class TestWriting:
    def test_creates_a_row_and_records_it(
        self, client_as: As, desk: Portal, world: World, form: Form
    ) -> None:
        dla = client_as("dla")
        assert dla.submit(LIST + "new/", form()).status_code == 302
        with desk.app_context(), privileged("a test looks") as session:
            made = session.scalars(select(Agency).where(Agency.code == "05520999")).one()
            assert made.kind == local.SUBDISTRICT
            assert made.sort_key
            event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
            assert event.act == "t_agencies.create"

    def test_keeps_what_was_typed_and_says_what_is_missing(
        self, client_as: As, desk: Portal, world: World, form: Form
    ) -> None:
        answer = client_as("dla").submit(LIST + "new/", form(name=""))
        assert answer.status_code == 422
        assert "เทศบาลตำบลใหม่" in answer.text
        assert "ยังไม่ได้บันทึก กรุณาแก้ไข 1 ช่อง" in answer.text
        assert "ต้องกรอกช่องนี้" in answer.text

    def test_a_taken_code_is_an_error_of_its_field(
        self, client_as: As, desk: Portal, world: World, form: Form
    ) -> None:
        answer = client_as("dla").submit(LIST + "new/", form(code="05520401"))
        assert answer.status_code == 422
        assert "code-e" in answer.text

    def test_edits(self, client_as: As, desk: Portal, world: World, form: Form) -> None:
        key = world.agency["a1"]
        url = f"{LIST}edit/?id={key}"
        dla = client_as("dla")
        assert "เทศบาลตำบลเกาะคา" in dla.get(url).text
        assert dla.submit(url, form(code="05520401", name="เกาะคาใหม่")).status_code == 302
        assert agency_of(desk, key).name == "เกาะคาใหม่"

    def test_without_a_token_nothing_is_saved(
        self, client_as: As, desk: Portal, world: World, form: Form
    ) -> None:
        assert client_as("dla").post(LIST + "new/", data=form()).status_code == 400

    def test_a_lookup_outside_the_list_is_an_error_not_an_empty_column(
        self, client_as: As, desk: Portal, world: World, form: Form
    ) -> None:
        for wrong in ("999999", "x", "", "1,2"):
            answer = client_as("dla").submit(LIST + "new/", form(district=wrong))
            assert answer.status_code == 422, wrong
            assert "district-e" in answer.text

    def test_deletes_after_asking(self, client_as: As, desk: Portal, world: World, form: Form) -> None:
        dla = client_as("dla")
        dla.submit(LIST + "new/", form())
        with desk.app_context(), privileged("a test looks") as session:
            key = session.scalars(select(Agency.id).where(Agency.code == "05520999")).one()
        url = f"{LIST}delete/?id={key}"
        assert "เทศบาลตำบลใหม่" in dla.get(url).text
        assert dla.submit(url, {"id": key}).status_code == 422, "the tick is missing"
        assert dla.submit(url, {"id": key, "confirm": "1"}).status_code == 302
        with desk.app_context(), privileged("a test looks") as session:
            assert session.get(Agency, key) is None

    def test_what_others_refer_to_is_not_deleted(self, client_as: As, desk: Portal, world: World) -> None:
        key = world.agency["a1"]
        answer = client_as("dla").submit(f"{LIST}delete/", {"id": key, "confirm": "1"})
        assert answer.status_code == 409
        assert "IntegrityError" not in answer.text
        assert agency_of(desk, key)


class TestStaleForms:
    """Somebody saved the row between opening and sending the form."""

    def test_is_not_saved_and_keeps_what_was_typed(self, client_as: As, desk: Portal, world: World) -> None:
        nacc, url = client_as("nacc"), f"/admin/t-rounds/edit/?id={world.round_id}"
        shown = re.search(r'name="row_version"\s+value="(\d+)"', nacc.get(url).text)
        assert shown
        sent = {"name": "รอบใหม่", "first_digits": "12345678", "row_version": shown[1]}
        assert nacc.submit(url, sent).status_code == 302
        stale = nacc.submit(url, {**sent, "name": "อีกชื่อหนึ่ง"})
        assert stale.status_code == 409
        assert "อีกชื่อหนึ่ง" in stale.text
        assert "ก่อนท่าน" in stale.text
        now = re.search(r'name="row_version"\s+value="(\d+)"', stale.text)
        assert now
        assert now[1] != shown[1]
        assert nacc.submit(url, {**sent, "name": "อีกชื่อหนึ่ง", "row_version": now[1]}).status_code == 302


class TestActions:
    def test_asks_then_acts_on_the_ticked_rows(self, client_as: As, desk: Portal, world: World) -> None:
        dla, keys = client_as("dla"), [world.agency["a1"], world.agency["b1"]]
        asked = dla.submit(LIST + "action/", {"action": "retire", "rowid": keys})
        assert "2 แห่ง" in asked.text
        assert agency_of(desk, keys[0]).active
        dla.submit(LIST + "action/", {"action": "retire", "rowid": keys, "confirm": "1"})
        assert not agency_of(desk, keys[0]).active
        assert not agency_of(desk, keys[1]).active

    @pytest.mark.parametrize("wrong", [["x"], ["1,2"], ["999999"], ["99999999999999999999"], ["-1"]])
    def test_wrong_ids_are_not_found(self, client_as: As, desk: Portal, wrong: list[str]) -> None:
        sent = {"action": "retire", "rowid": wrong, "confirm": "1"}
        assert client_as("dla").submit(LIST + "action/", sent).status_code == 404

    def test_nothing_ticked_and_unknown_actions(self, client_as: As, desk: Portal) -> None:
        dla = client_as("dla")
        assert dla.submit(LIST + "action/", {"action": "retire"}).status_code == 302
        assert dla.submit(LIST + "action/", {"action": "delete", "rowid": ["1"]}).status_code == 404


class TestClosed:
    """What a permission has not opened does not exist."""

    @pytest.mark.parametrize(
        "path", ["new/", "edit/?id=1", "delete/?id=1", "export/csv/", "ajax/lookup/?name=x"]
    )
    def test_a_view_to_read_only_has_no_other_address(self, client_as: As, desk: Portal, path: str) -> None:
        assert client_as("dla").get("/admin/t-provinces/" + path).status_code == 404

    def test_inline_editing_is_nowhere(self, client_as: As, desk: Portal) -> None:
        sent = {"list_form_pk": "1", "name": "x"}
        for room in ("t-agencies", "t-provinces"):
            assert client_as("dla").submit(f"/admin/{room}/ajax/update/", sent).status_code == 404

    def test_a_reader_without_the_permission_to_write_cannot(
        self, client_as: As, desk: Portal, world: World, form: Form
    ) -> None:
        nacc = client_as("nacc")
        assert nacc.get(LIST).status_code == 200
        assert nacc.get(LIST + "new/").status_code == 404
        assert nacc.submit(f"{LIST}edit/?id={world.agency['a1']}", form()).status_code == 404
        sent = {"action": "retire", "rowid": [world.agency["a1"]], "confirm": "1"}
        assert nacc.submit(LIST + "action/", sent).status_code == 404
        assert "retire" not in nacc.get(LIST).text

    def test_an_agency_has_no_register(self, client_as: As, desk: Portal) -> None:
        assert client_as("agency_admin").get(LIST).status_code == 404

    def test_nobody_signed_in_is_asked_to_sign_in(self, client_as: As, desk: Portal) -> None:
        assert client_as("").get(LIST).status_code == 302

    def test_a_foreign_row_is_not_found(self, client_as: As, desk: Portal, world: World) -> None:
        province = client_as("province")
        assert province.get(f"{LIST}details/?id={world.agency['a1']}").status_code == 200
        assert province.get(f"{LIST}details/?id={world.agency['b1']}").status_code == 404

    @pytest.mark.parametrize("id", ["", "x", "1,2", "0", "-1", "99999999999999999999", "1;drop"])
    def test_ids_that_are_none_are_not_found(self, client_as: As, desk: Portal, id: str) -> None:
        for page in ("details", "edit", "delete"):
            assert client_as("dla").get(f"{LIST}{page}/", query_string={"id": id}).status_code == 404

    def test_flask_admins_own_files_are_closed(self, client_as: As, desk: Portal) -> None:
        assert (
            client_as("dla").get("/admin/static/bootstrap/bootstrap4/css/bootstrap.min.css").status_code
            == 404
        )


class TestLookup:
    def test_finds_by_part_and_gives_few(self, client_as: As, desk: Portal) -> None:
        url = LIST + "ajax/lookup/?name=district&query=เขา&limit=100000"
        assert [row["text"] for row in client_as("dla").get(url).json] == ["เขาพนม"]  # type: ignore[union-attr]

    def test_unknown_names_are_not_found(self, client_as: As, desk: Portal) -> None:
        assert client_as("dla").get(LIST + "ajax/lookup/?name=province").status_code == 404


class TestExports:
    def test_csv_obeys_scope_and_filters(self, client_as: As, desk: Portal) -> None:
        everything = client_as("dla").get(LIST + "export/csv/").text
        assert "ไสไทย" in everything
        own = client_as("province").get(LIST + "export/csv/").text
        assert "ท่าผา" in own
        assert "ไสไทย" not in own
        narrowed = client_as("dla").get(LIST + "export/csv/?flt_kind=sao").text
        assert "ไสไทย" in narrowed
        assert "เขาพนม" not in narrowed

    def test_xlsx_is_a_workbook(self, client_as: As, desk: Portal) -> None:
        answer = client_as("dla").get(LIST + "export/xlsx/")
        assert answer.data.startswith(b"PK")

    def test_other_kinds_are_not_found(self, client_as: As, desk: Portal) -> None:
        assert client_as("dla").get(LIST + "export/json/").status_code == 404


class TestRounds:
    def test_a_view_of_a_round_shows_that_round(self, client_as: As, desk: Portal, world: World) -> None:
        page = client_as("dla").get(f"/rounds/{world.round_id}/t-parts/").text
        assert "ไสไทย" in page
        assert f"/rounds/{world.round_id}/t-parts/details/" in page

    def test_another_round_is_not_found(self, client_as: As, desk: Portal) -> None:
        assert client_as("dla").get("/rounds/999/t-parts/").status_code == 404
