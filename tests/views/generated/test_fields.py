"""Fields of generated forms: one of every kind of column, and what a person may type into each."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from werkzeug.datastructures import MultiDict

from models.base import Instant, Versioned
from models.kinds import AGENCY_SIZES, AgencySize, size_column
from models.place import District
from models.zone import BANGKOK
from portal.content import local
from portal.core.access import Permission as P
from portal.core.acting import seated
from portal.core.database.session import db
from portal.core.web import Portal
from tests.support.world import World
from views.generated.actions import Crud
from views.generated.base import ScopedModelView
from views.generated.fields import MOST_FOUND, AdminForm, LookupField, ScopedLookup, key_from


class OwnTables(DeclarativeBase):
    """Tables of this test alone: no table of the portal has every kind of column."""


class Measure(Versioned, OwnTables):
    """A row with a column of each kind."""

    __tablename__ = "measure"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    size: Mapped[AgencySize | None] = mapped_column(size_column())
    must: Mapped[AgencySize] = mapped_column(size_column())
    share: Mapped[float | None]
    span: Mapped[timedelta | None]
    token: Mapped[UUID | None] = mapped_column(Uuid)
    day: Mapped[date | None]
    moment: Mapped[datetime | None] = mapped_column(Instant)
    active: Mapped[bool]


class Measures(ScopedModelView):
    """Its generated form."""

    permissions = Crud(read=P.AGENCIES_READ, create=P.AGENCIES_WRITE, edit=P.AGENCIES_WRITE)
    column_list = ("name",)
    form_columns = ("name", "size", "must", "share", "span", "token", "day", "moment", "active")


@pytest.fixture
def form_of(app: Portal) -> Any:
    """The form as it was sent."""
    view = Measures(Measure, "Measures", endpoint="measures", url="/admin/measures")

    def make(**typed: str) -> Any:
        form = view._create_form_class(MultiDict({"name": "ก", "must": "M", **typed}))
        form.validate()
        return form

    with app.test_request_context(method="POST"):
        yield make


TOKEN = "12345678-1234-5678-1234-567812345678"


@pytest.mark.parametrize(
    ("column", "typed", "value"),
    [
        ("size", "S", local.S), ("size", "", None),
        ("share", "๐.๕", 0.5), ("share", "", None),
        ("span", "90", timedelta(minutes=90)), ("span", "๑,๐๐๐", timedelta(minutes=1000)),
        ("span", " ", None),
        ("token", f" {TOKEN} ", UUID(TOKEN)), ("token", "", None),
        ("day", "9 พ.ย. 2561", date(2018, 11, 9)), ("day", "", None),
        ("moment", "9/11/2561 8:30", datetime(2018, 11, 9, 8, 30, tzinfo=BANGKOK)), ("moment", "", None),
        ("active", "y", True), ("active", "", False),
    ],
)  # fmt: skip
def test_a_column_of_every_kind_has_a_field_that_people_can_fill(
    form_of: Any, column: str, typed: str, value: object
) -> None:
    form = form_of(**{column: typed} if typed or column != "active" else {})
    assert (form[column].data, form.errors) == (value, {})


@pytest.mark.parametrize(
    ("column", "typed", "words"),
    [
        ("size", "castle", "เลือก"),
        ("must", "", "ต้องกรอก"),
        ("share", "ครึ่ง", ""),
        ("span", "ครึ่งชั่วโมง", "นาที"),
        ("span", "1e999", "นาที"),
        ("token", "1234", ""),
        ("day", "พรุ่งนี้", "9 พ.ย. 2561"),
        ("moment", "9 พ.ย. 2561", "08:30"),
        ("name", "", "ต้องกรอก"),
    ],
)
def test_what_a_column_cannot_hold_is_an_error_of_its_field(
    form_of: Any, column: str, typed: str, words: str
) -> None:
    form = form_of(**{column: typed})
    assert list(form.errors) == [column]
    assert words in str(form[column].errors[0])


def test_a_span_is_shown_in_minutes_and_a_wrong_one_as_it_was_typed(form_of: Any) -> None:
    assert form_of(span="ครึ่ง").span._value() == "ครึ่ง"
    span = form_of().span
    span.raw_data = None
    assert span._value() == ""
    span.data = timedelta(minutes=90)
    assert span._value() == "90"


def test_a_choice_that_may_be_empty_offers_so_in_thai(form_of: Any) -> None:
    form = form_of(size="M")
    assert [choice[0] for choice in form.must.iter_choices()] == [member.value for member in AGENCY_SIZES]
    assert next(iter(form.size.iter_choices()))[:3] == ("", "–", False)
    assert [choice[0] for choice in form.size.iter_choices() if choice[2]] == ["M"]


@pytest.mark.parametrize("wrong", ["", "x", "0", "-1", "1,2", "2147483648", None])
def test_what_is_no_key_is_refused(wrong: str | None) -> None:
    with pytest.raises(ValueError):
        key_from(wrong)
    assert key_from("๗") == 7


class TestLookup:
    """A row found by typing: only of one's scope, and never many."""

    @pytest.fixture
    def lookup(self, app: Portal) -> ScopedLookup:
        return ScopedLookup("district", db.session, District, fields=(District.name,))

    def test_a_key_that_is_none_or_of_no_row_gives_nothing(
        self, app: Portal, world: World, lookup: ScopedLookup
    ) -> None:
        with app.app_context(), seated(world.actor("dla")):
            (row,) = lookup.get_list("เกาะคา")
            assert lookup.get_one(str(row.id)) is row
            assert [lookup.get_one(wrong) for wrong in ("x", "99999", "")] == [None] * 3

    @pytest.mark.parametrize(
        ("term", "offset", "limit", "found"),
        [
            ("", 0, 10, 4),
            (None, 0, 0, 4),
            ("", 0, -5, 1),
            ("", 3, 10, 1),
            ("", -9, 2, 2),
            ("เขา", 0, 10, 1),
            ("", 99_999, 9, 0),
        ],
    )
    def test_few_rows_come_whatever_the_address_asks_for(
        self, app: Portal, world: World, lookup: ScopedLookup,
        term: str | None, offset: int, limit: int, found: int,
    ) -> None:  # fmt: skip
        assert MOST_FOUND <= 20
        with app.app_context(), seated(world.actor("dla")):
            assert len(lookup.get_list(term, offset, limit)) == found

    @pytest.mark.parametrize(
        ("sent", "blank", "error"),
        [
            ("", True, False),
            ("__None", True, False),
            ("", False, True),
            ("99999", True, True),
            ("own", False, False),
        ],
    )
    def test_a_row_that_one_may_not_see_is_an_error_and_not_an_empty_column(
        self, app: Portal, world: World, lookup: ScopedLookup, sent: str, blank: bool, error: bool
    ) -> None:
        with app.test_request_context(method="POST"), seated(world.actor("dla")):
            own = str(lookup.get_list("เกาะคา")[0].id)

            class Form(AdminForm):
                district = LookupField(lookup, "อำเภอ", allow_blank=blank)

            form = Form(MultiDict({"district": own if sent == "own" else sent}))
            assert form.validate() is not error
            assert (form.district.data is not None) is (sent == "own")
