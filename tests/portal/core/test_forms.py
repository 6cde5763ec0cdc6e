"""Dates, moments and numbers as people here write them; where a form says what has to be mended."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import (
    DecimalField,
    FieldList,
    FloatField,
    Form,
    FormField,
    IntegerField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired

from models.place import Province
from models.thai import NBSP
from models.zone import BANGKOK
from portal.core import forms
from portal.core.acting import seated
from portal.core.database.session import db, writing
from portal.core.errors import Closed, Refused
from portal.core.sent import unsent
from portal.core.web import Portal
from tests.support.world import NOW, World

DAY = date(2018, 11, 9)


@pytest.mark.parametrize(
    "text",
    [
        "9 พ.ย. 2561", "9 พฤศจิกายน 2561", "๙ พ.ย. ๒๕๖๑", "9 พย 2561", "9 เดือน พฤศจิกายน พ.ศ. 2561",
        "9/11/2561", "09-11-2561", "9.11.2561", " 9 / 11 / 2561 ", "2018-11-09", "2561-11-9", "9/11/2018",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_way_it_is_written(text: str) -> None:
    assert forms.read_date(text) == DAY


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("เมื่อวาน", "เขียนวันที่"),
        ("9 พฤศจิ 2561", "ไม่มีเดือนชื่อ"),
        ("30/2/2561", "ไม่มีวันนี้ในปฏิทิน"),
        ("9/13/2561", "ไม่มีวันนี้ในปฏิทิน"),
        ("9/11/2442", "2443"),
        ("9/11/2701", "2700"),
        ("9/11/3104", "2443"),
        ("9/11/1899", "2443"),
    ],
)
def test_what_is_no_day_is_said_in_the_readers_words(app: Portal, text: str, why: str) -> None:
    with app.test_request_context(), pytest.raises(ValueError, match=why):
        forms.read_date(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("9 พ.ย. 2561 08:30", "2018-11-09T08:30"),
        ("9 พ.ย. 2561 เวลา 8.30 น.", "2018-11-09T08:30"),
        ("๙/๑๑/๒๕๖๑, ๐๘:๓๐", "2018-11-09T08:30"),
        ("31/12/2561 24:00", "2019-01-01T00:00"),
        ("9/11/2561 00:00", "2018-11-09T00:00"),
    ],
)
def test_a_moment_is_bangkoks_and_twenty_four_is_the_end_of_the_day(text: str, moment: str) -> None:
    assert forms.read_moment(text) == datetime.fromisoformat(f"{moment}+07:00")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("9 พ.ย. 2561", "เวลา"),
        ("9 พ.ย. 2561 24:01", "24:00"),
        ("9 พ.ย. 2561 8:60", "24:00"),
        ("x 8:30", "วันที่"),
    ],
)
def test_what_is_no_moment_is_said_in_the_readers_words(app: Portal, text: str, why: str) -> None:
    with app.test_request_context(), pytest.raises(ValueError, match=why):
        forms.read_moment(text)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("๑,๒๓๔", "1234"), ("1,234.5", "1234.5"), ("-12,345,678", "-12345678"), ("1,23", "1,23"), (" 7 ", "7")],
)
def test_commas_of_thousands_go_and_others_stay_to_be_seen(typed: str, plain: str) -> None:
    assert forms.plain_number(typed) == plain


class Line(Form):
    url = StringField("ลิงก์", [InputRequired()])


class Page(FlaskForm):
    """A field of each kind."""

    name = StringField("ชื่อ", [InputRequired()])
    note = TextAreaField("หมายเหตุ")
    reason = TextAreaField("เหตุผล", [InputRequired()])
    code = forms.DigitsField("รหัส")
    day = forms.ThaiDateField("วัน")
    moment = forms.ThaiMomentField("เวลา")
    people = IntegerField("คน")
    score = DecimalField("คะแนน")
    share = FloatField("ส่วน")
    lines = FieldList(FormField(Line), "ลิงก์ทั้งหมด")


def page(app: Portal, **typed: str) -> Page:
    with app.test_request_context(method="POST"):
        form = Page(MultiDict({"name": "ก", "reason": "ข", **typed}), meta={"csrf": False})
        form.validate()
        return form


def test_thai_digits_are_numbers_and_days(app: Portal) -> None:
    form = page(
        app, people="๑,๒๐๐", score="๙๐.๕", share="๐.๕", code="๐๕๕๒", day="๙/๑๑/๒๕๖๑", moment="9/11/2561 8:30"
    )
    assert (form.people.data, form.score.data, form.share.data) == (1200, Decimal("90.5"), 0.5)
    assert (form.code.data, form.day.data) == ("0552", DAY)
    assert form.moment.data == datetime(2018, 11, 9, 8, 30, tzinfo=BANGKOK)
    assert not form.errors


def test_spaces_at_the_ends_of_a_name_go_and_lines_of_a_note_stay(app: Portal) -> None:
    form = page(app, name="  เกาะ   คา ", note="หนึ่ง\r\nสอง")
    assert (form.name.data, form.note.data) == ("เกาะ คา", "หนึ่ง\r\nสอง")


@pytest.mark.parametrize("typed", ["", " ", " \u00a0\t ", "\r\n"])
def test_where_nothing_but_spaces_was_typed_nothing_was(app: Portal, typed: str) -> None:
    form = page(app, name=typed, reason=typed)
    assert (form.name.data, list(form.errors)) == ("", ["name", "reason"])


def test_what_cannot_be_read_stays_to_be_mended(app: Portal) -> None:
    form = page(app, day="พรุ่งนี้", people="สิบ")
    assert (form.day.data, form.day._value()) == (None, "พรุ่งนี้")
    assert "9 พ.ย. 2561" in form.day.errors[0]
    assert form.people.errors


def test_a_stored_day_is_shown_as_it_would_be_typed(app: Portal) -> None:
    with app.test_request_context():
        form = Page(formdata=None, data={"day": DAY, "moment": NOW})
        assert form.day._value() == f"9{NBSP}พ.ย.{NBSP}2561"
        assert form.moment._value() == f"9{NBSP}พ.ย.{NBSP}2561 10:00"
        assert Page(formdata=None).day._value() == ""
        assert forms.read_moment(form.moment._value()) == NOW


def test_a_number_is_a_text_in_which_a_phone_offers_its_digits(app: Portal) -> None:
    with app.test_request_context():
        drawn = str(Page(formdata=None).people())
    assert 'type="text"' in drawn and 'inputmode="numeric"' in drawn and 'autocomplete="off"' in drawn


def test_every_field_to_mend_is_found_also_in_the_rows_of_a_list(app: Portal) -> None:
    form = page(app, **{"name": "", "lines-0-url": "https://a", "lines-1-url": ""})
    assert [(field.name, row) for field, row in forms.wrong_fields(form)] == [("name", 0), ("lines-1-url", 2)]


@pytest.mark.parametrize(
    ("field", "otherwise", "at"), [("name", "", "name"), ("", "note", "note"), ("other", "", None)]
)
def test_a_refusal_stands_at_its_field_else_at_the_head(
    app: Portal, field: str, otherwise: str, at: str | None
) -> None:
    with app.test_request_context(method="POST"):
        form: Any = Page(formdata=None)
        forms.say(form, Refused("This fiscal year has a round already", field=field), otherwise=otherwise)
        assert bool(form.form_errors) is (at is None)
        assert [one.name for one in form if one.errors] == ([at] if at else [])


def test_where_the_stage_closed_meanwhile_the_page_shows_what_was_typed(app: Portal) -> None:
    closed = Closed("This stage is closed", opens_at=None, closed_at=NOW - timedelta(days=1))
    with app.test_request_context(method="POST", data={"name": "เกาะคา"}):
        forms.say(Page(formdata=None), closed)
        assert unsent.value_of("name") == "เกาะคา"


def test_what_the_database_refused_is_thrown_away_before_it_is_asked_again(app: Portal, world: World) -> None:
    with app.test_request_context(method="POST"), writing(), seated(world.actor("dla")):
        db.session.add(Province(code="52", name="ซ้ำ", name_en="", region="", sort_key=""))
        with pytest.raises(Refused) as caught:
            db.session.flush()
        assert not db.session.is_active
        form = Page(formdata=None)
        forms.say(form, caught.value)
        assert form.code.errors == ["มีจังหวัดอื่นใช้รหัสนี้แล้ว"]
        assert len(db.session.scalars(select(Province.code)).all()) == 2
