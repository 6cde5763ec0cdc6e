"""What an office puts on its letters: kept, asked for, and printed line by line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from models.letter_office import OfficeKind, Signatory
from portal.core.database.session import db
from portal.core.errors import Refused, Stale
from portal.core.web import Portal
from portal.letters.offices import (
    missing_font,
    office_of,
    office_row,
    remove_signatory,
    save_signatory,
    save_texts,
    texts_of,
)
from reports.letter_data import GENUINE_SARABUN, Typeface
from reports.press import ASSETS
from tests.support.fonts import install, only_fonts_of
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres
KIND = OfficeKind.DLA
EMBLEM = (ASSETS / "emblem-placeholder.png").read_bytes()


def test_lines_of_an_address_are_lines_of_the_letter() -> None:
    signs = Signatory(name="นายทดลอง", position="อธิบดี\nกรม ก")
    office = office_of({"name": "กรม", "address": " ถนน ก \n\n กทม. "}, signs)
    assert office.signatory_name == "นายทดลอง"
    assert office.address == ("ถนน ก", "กทม.")
    assert office.signatory_position == ("อธิบดี", "กรม ก")
    assert (office.emblem, office.typeface, office.phone) == (None, Typeface(), "")


@pytest.mark.parametrize(
    ("chosen", "face"),
    [("", Typeface()), ("genuine", GENUINE_SARABUN), ("of an older version", Typeface())],
)
def test_an_office_prints_in_the_font_that_it_chose(chosen: str, face: Typeface) -> None:
    assert office_of({"typeface": chosen}).typeface == face


def test_a_font_is_missing_where_the_server_does_not_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = only_fonts_of(tmp_path, monkeypatch)
    assert missing_font({"typeface": ""}) == "", "the portal's own is always there"
    assert missing_font({"typeface": "genuine"}) == "TH Sarabun New"
    install(folder, "TH Sarabun New")
    assert missing_font({"typeface": "genuine"}) == ""


def test_settings_are_kept_trimmed_with_the_emblem_of_before(app: Portal, world: World) -> None:
    with app.app_context(), acting_as(world.actor("dla")):
        assert (office_row(KIND), texts_of(KIND)) == (None, {})
        save_texts(KIND, {"name": " กรม ", "unknown": "x"}, emblem=EMBLEM)
        save_texts(KIND, {"name": "กรมใหม่"})
        texts = texts_of(KIND)
    assert texts["name"] == "กรมใหม่" and texts["address"] == "" and "unknown" not in texts
    assert office_of(texts).emblem == EMBLEM


def test_provinces_have_settings_of_their_own(app: Portal, world: World) -> None:
    kind = OfficeKind.PROVINCE
    with app.app_context():
        for person in ("province", "province_other"):
            with acting_as(world.actor(person)) as actor:
                save_texts(kind, {"name": f"สำนักงาน {person}"}, province_id=actor.province_id)
        with acting_as(world.actor("province")) as actor:
            assert texts_of(kind, actor.province_id)["name"] == "สำนักงาน province"
            assert texts_of(kind, world.province["81"]) == {}, "another province's are not seen"


@pytest.mark.parametrize(("first", "second"), [(0, 0), (0, 7)])
def test_settings_saved_meanwhile_are_not_overwritten(
    app: Portal, world: World, first: int, second: int
) -> None:
    with app.app_context(), acting_as(world.actor("dla")):
        save_texts(KIND, {"name": "กรมหนึ่ง"}, seen_version=first)
        with pytest.raises(Stale):
            save_texts(KIND, {"name": "กรมสอง"}, seen_version=second)
        assert texts_of(KIND)["name"] == "กรมหนึ่ง"


def test_a_font_that_is_not_there_is_not_saved(app: Portal, world: World) -> None:
    with app.app_context(), acting_as(world.actor("dla")):
        with pytest.raises(Refused) as refused:
            save_texts(KIND, {"name": "กรม", "typeface": "psk"})
        assert (refused.value.field, office_row(KIND)) == ("typeface", None)
        assert "TH SarabunPSK" in refused.value.message


def test_who_signs_is_kept_with_the_days_of_the_order(app: Portal, world: World) -> None:
    with app.app_context(), acting_as(world.actor("dla")):
        office = save_texts(KIND, {"name": "กรม"})
        row = save_signatory(
            office,
            None,
            name=" นายทดลอง ",
            position="รองอธิบดี",
            since=date(2018, 11, 1),
            until=date(2018, 11, 30),
        )
        assert (row.name, row.version) == ("นายทดลอง", 1)
        assert [row.signs_on(date(2018, 11, day)) for day in (1, 30)] == [True, True]
        assert not row.signs_on(date(2018, 10, 31)) and not row.signs_on(date(2018, 12, 1))
        save_signatory(office, row, name="นายทดลอง", position="รองอธิบดี", seen_version=1)
        assert row.signs_on(date(2018, 12, 1)), "an order without an end"
        with pytest.raises(Stale):
            save_signatory(office, row, name="นางทดลอง", position="รองอธิบดี", seen_version=1)
        with pytest.raises(Refused) as refused:
            save_signatory(
                office, None, name="ก", position="ข", since=date(2018, 11, 2), until=date(2018, 11, 1)
            )
        assert refused.value.field == "until"
        remove_signatory(row)
        db.session.refresh(office)
        assert office.signatories == []
