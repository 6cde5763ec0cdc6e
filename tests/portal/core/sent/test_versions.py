"""The last save does not win: which version passes, and what a person reads of the newer state."""

from __future__ import annotations

from typing import Any

import pytest
from flask import g
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    PasswordField,
    SelectField,
    StringField,
)

from models.agency import Agency
from models.round import Round
from portal.core.database.session import db
from portal.core.errors import Stale
from portal.core.sent import unsent, versions
from portal.core.sent.versions import Difference, VersionedForm
from portal.core.web import Portal
from tests.support.world import World, acting_as, row


@pytest.mark.parametrize(
    ("sent", "version"), [(None, None), ("7", 7), ("0", 0), ("๗", 7), ("-1", -1), ("x", -1), ("", -1)]
)
def test_a_version_is_read_or_is_none_of_ours(sent: str | None, version: int | None) -> None:
    assert versions.read_version(sent) == version


def test_a_form_without_its_version_is_of_no_page(app: Portal) -> None:
    with app.test_request_context(method="POST", data={}):
        assert versions.version_of(VersionedForm(formdata=None)) == -1
        assert versions.version_of(VersionedForm(MultiDict({"version": "3"}), meta={"csrf": False})) == 3


@pytest.mark.parametrize("there", [True, False])
def test_the_present_state_of_a_row_may_be_saved(app: Portal, world: World, there: bool) -> None:
    with app.test_request_context():
        stored = row(Round, world.round_id) if there else None
        versions.require_version(stored, stored.version if stored is not None else 0)
        versions.require_version(stored, None)  # a command comes from no page


@pytest.mark.parametrize(("there", "step"), [(True, -1), (True, 1), (False, 1)])
def test_an_older_or_unknown_state_is_stale_and_says_of_which_row(
    app: Portal, world: World, there: bool, step: int
) -> None:
    with app.test_request_context():
        stored = row(Round, world.round_id) if there else None
        with pytest.raises(Stale):
            versions.require_version(stored, (stored.version if stored is not None else 0) + step)
        assert g.get("stale_row") == (("round", str(world.round_id)) if there else None)


class LineForm(Form):
    """A line of a list."""

    url = StringField("ลิงก์")
    own = BooleanField("ของหน่วยงานเอง")


class PageForm(Form):
    """A field of each kind."""

    name = StringField("ชื่อ")
    size = SelectField("ขนาด", choices=[("", "–"), ("s", "เล็ก"), ("m", "กลาง")])
    active = BooleanField("ใช้อยู่")
    lines = FieldList(FormField(LineForm), "ลิงก์ทั้งหมด")
    version = HiddenField()
    password = PasswordField("รหัสผ่าน")


STORED = {
    "name": "เกาะคา", "size": "m", "active": True, "version": 8,
    "lines": [{"url": "https://a.go.th", "own": True}, {"url": "https://b.go.th", "own": False}],
}  # fmt: skip
SAME = {
    "name": "เกาะคา", "size": "m", "active": "y", "version": "7", "password": "x",
    "lines-0-url": "https://a.go.th", "lines-0-own": "y", "lines-1-url": "https://b.go.th",
}  # fmt: skip


def shown(app: Portal, **typed: str) -> list[Difference]:
    """What a page made again says of the fields where something else is stored."""
    with app.test_request_context():
        sent = {name: value for name, value in {**SAME, **typed}.items() if value != "(none)"}
        unsent.remember(PageForm(MultiDict(sent), data=STORED))
        return versions.stored_now()


def test_what_was_typed_as_it_is_stored_is_no_difference(app: Portal) -> None:
    assert shown(app) == []


@pytest.mark.parametrize(
    ("typed", "label", "stored"),
    [
        ({"name": "ท่าผา"}, "ชื่อ", "เกาะคา"),
        ({"size": "s"}, "ขนาด", "กลาง"),
        ({"size": ""}, "ขนาด", "กลาง"),
        ({"active": "(none)"}, "ใช้อยู่", "ใช่"),
        ({"lines-1-own": "y"}, "ลิงก์ทั้งหมด", "https://a.go.th · ของหน่วยงานเอง\nhttps://b.go.th"),
    ],
    ids=["a text", "a choice", "no choice", "a box", "a line of a list"],
)
def test_where_something_else_is_stored_it_is_told_in_words(
    app: Portal, typed: dict[str, str], label: str, stored: str
) -> None:
    assert shown(app, **typed) == [Difference(label, stored)]


def test_a_long_stored_text_is_told_by_its_beginning(app: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STORED, "name", "ก" * 1000)
    (difference,) = shown(app)
    assert difference.stored == "ก" * versions.LONGEST


def changed_by(world: World, person: str, agency: str) -> None:
    """Somebody saves an agency of the register."""
    with acting_as(world.actor(person)):
        db.session.get_one(Agency, world.agency[agency]).name = "เกาะคาใหม่"


@pytest.mark.parametrize(("reader", "told"), [("dla", True), ("agency_admin", False)])
def test_who_may_read_the_record_is_told_who_saved_it(
    app: Portal, world: World, reader: str, told: bool
) -> None:
    with app.test_request_context():
        changed_by(world, "dla", "a1")
        g.stale_row = ("agency", str(world.agency["a1"]))
        with acting_as(world.actor(reader)):
            change: Any = versions.last_change()
            assert (change is not None) is told
            assert not told or change.account_id == world.account["dla"]


def test_without_a_conflict_nobody_is_named(app: Portal, world: World) -> None:
    with app.test_request_context(), acting_as(world.actor("dla")):
        assert versions.last_change() is None
