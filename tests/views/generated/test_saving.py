"""Saving and deleting in generated views: each way in which it may not be done, in words, nothing written."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict
from wtforms.validators import ValidationError

from models.agency import Agency
from models.audit import AuditEvent
from models.job import DutyRun
from models.place import District, Province
from models.round import Round
from portal.content import local
from portal.core.acting import seated
from portal.core.database.session import db
from portal.core.errors import Refused, Stale
from portal.core.web import Portal
from tests.support.world import World, row
from tests.views.generated.sample_views import SampleAgencies
from views.generated import saving
from views.generated.base import ScopedModelView


@pytest.fixture
def view(desk: Portal) -> ScopedModelView:
    """The view of agencies with everything open."""
    found: dict[str, ScopedModelView] = {one.endpoint: one for one in desk.extensions["generated_views"]}
    return found["t_agencies"]


def broken() -> IntegrityError:
    """What a database says of a rule that has no words."""
    return IntegrityError("INSERT", {}, Exception("CHECK constraint failed"))


@pytest.mark.parametrize(
    ("trouble", "field", "words"),
    [
        (ValidationError("ชื่อนี้ใช้ไม่ได้"), None, "ชื่อนี้ใช้ไม่ได้"),
        (Refused("Another agency has this code", field="code"), "code", "รหัสนี้"),
        (Refused("Another agency has this code", field="no_field"), None, "รหัสนี้"),
        (broken(), None, "ไม่สอดคล้อง"),
    ],
    ids=["a rule of the view", "at its field", "of a field that the form has not", "a rule without words"],
)
def test_what_cannot_be_saved_is_said_on_the_form_and_nothing_is_written(
    desk: Portal, world: World, view: ScopedModelView, monkeypatch: pytest.MonkeyPatch,
    trouble: Exception, field: str | None, words: str,
) -> None:  # fmt: skip
    def refuse(*_args: Any) -> None:
        raise trouble

    monkeypatch.setattr(SampleAgencies, "on_model_change", refuse)
    with desk.test_request_context(method="POST"), seated(world.actor("dla")):
        agency = db.session.get_one(Agency, world.agency["a1"])
        form = view._edit_form_class(MultiDict({"name": "เกาะใหม่"}), obj=agency)
        assert saving.save(view, form, agency, created=False) is False
        said = list(form[field].errors) if field else form.form_errors
        assert words in str(said[0])
    assert row_of(desk, world).name == "เกาะคา"


def row_of(app: Portal, world: World) -> Agency:
    with app.app_context():
        found: Agency = row(Agency, world.agency["a1"])
        return found


def test_somebody_who_was_faster_is_no_error_of_a_field(
    desk: Portal, world: World, view: ScopedModelView, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is made again with both states in view."""

    def stale(*_args: Any) -> None:
        raise Stale

    monkeypatch.setattr(SampleAgencies, "on_model_change", stale)
    monkeypatch.setattr(SampleAgencies, "on_model_delete", stale)
    with desk.test_request_context(method="POST"), seated(world.actor("dla")):
        agency = db.session.get_one(Agency, world.agency["a1"])
        form = view._edit_form_class(obj=agency)
        with pytest.raises(Stale):
            saving.save(view, form, agency, created=False)
        with pytest.raises(Stale):
            saving.delete(view, [agency])
        db.session.rollback()


def test_a_new_row_and_its_event_are_written_together(
    desk: Portal, world: World, view: ScopedModelView
) -> None:
    with desk.test_request_context(method="POST"), seated(world.actor("dla")):
        district = db.session.scalars(select(District).where(District.code == "5204")).one()
        made = Agency(
            kind=local.SAO, full_name="องค์การบริหารส่วนตำบลใหม่", size=local.S, active=True,
            district=district, province=db.session.get_one(Province, world.province["52"]),
        )  # fmt: skip
        form = view._create_form_class(MultiDict({"name": "ใหม่", "code": "06520499"}), obj=made)
        assert saving.save(view, form, made, created=True), form.form_errors
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "t_agencies.create")).one()
        assert (event.thing, event.row) == ("agency", str(made.id))
        db.session.rollback()


@pytest.mark.parametrize(
    ("trouble", "words"),
    [(Refused("Another agency has this code"), "รหัสนี้"), (broken(), "ข้อมูลอื่น")],
)
def test_what_stands_in_the_way_of_deleting_is_said(
    desk: Portal, world: World, view: ScopedModelView, monkeypatch: pytest.MonkeyPatch,
    trouble: Exception, words: str,
) -> None:  # fmt: skip
    def refuse(*_args: Any) -> None:
        raise trouble

    monkeypatch.setattr(SampleAgencies, "on_model_delete", refuse)
    with desk.test_request_context(method="POST"), seated(world.actor("dla")):
        said = saving.delete(view, [db.session.get_one(Agency, world.agency["a1"])])
        assert said is not None and words in said
    assert row_of(desk, world).name == "เกาะคา"


@pytest.mark.parametrize(("sent", "stale"), [("own", False), (None, False), ("0", True), ("x", True)])
def test_a_question_about_a_row_is_of_the_version_that_its_page_showed(
    app: Portal, world: World, sent: str | None, stale: bool
) -> None:
    with app.app_context():
        stored = row(Round, world.round_id)
    version = str(stored.version) if sent == "own" else sent
    with app.test_request_context(method="POST", data={"row_version": version} if version else {}):
        saving.require_shown(DutyRun())  # a row without versions has none to ask for
        if stale:
            with pytest.raises(Stale):
                saving.require_shown(stored)
        else:
            saving.require_shown(stored)
