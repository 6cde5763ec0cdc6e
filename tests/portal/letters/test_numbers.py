"""The register of outgoing numbers: one series a year, reserved and left out with a reason, none doubled."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from models.dispatch import Dispatch, LetterNumber, NumberUse
from models.letter_office import LetterOffice, Register
from portal.core.database.session import db, privileged
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.letters import numbers
from portal.letters.numbers import begin_at, page_of, reserve, reserved, running_in, series_of, skip, years_of
from portal.letters.offices import Ways, office_row
from tests.support.letters import OFFICES, Order, ordered, set_up
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres
YEAR = 2561


def office() -> LetterOffice:
    row = office_row(OFFICES["dla"])
    assert row is not None
    return row


def given() -> list[tuple[int, int, bool, str]]:
    """Every number: year, number, whether of the series of circulars, what became of it."""
    with privileged("a test looks") as session:
        rows = session.scalars(select(LetterNumber).order_by(LetterNumber.id))
        return [(row.year, row.number, row.circulars, row.use.value) for row in rows]


@pytest.mark.parametrize(
    ("typed", "number"),
    [("123", 123), (" ๑๒๓ ", 123), ("ว 123", 123), ("ว123", 123), ("มท 0810.7/ว 5", 5), ("มท 0810.7/5", 5)],
)
def test_the_running_number_is_read_from_what_is_typed(typed: str, number: int) -> None:
    assert running_in(typed) == number


@pytest.mark.parametrize("typed", ["", "ว", "เลขที่", "0", "12a", "-1", "1.5/", "9" * 12])
def test_what_is_no_number_is_refused_at_its_field(app: Portal, typed: str) -> None:
    with app.app_context(), pytest.raises(Refused) as refused:
        running_in(typed)
    assert refused.value.field == "number"


def test_the_portal_gives_the_next_number_of_the_letter_s_year(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla", ways=Ways(register=Register.GENERAL))
        for day in (date(2018, 11, 9), date(2018, 12, 31), date(2019, 1, 2)):
            ordered(world, "dla", Order(number="", dated=day))
        assert given() == [(2561, 1, False, "used"), (2561, 2, False, "used"), (2562, 1, False, "used")]
        with acting_as(world.actor("dla")):
            assert years_of(office()) == [2562, 2561]
            dispatch = db.session.scalars(select(Dispatch)).first()
            assert dispatch is not None
            assert numbers.next_number(office(), dispatch, date(2018, 11, 9)) == 3


def test_circulars_have_a_series_of_their_own_where_the_office_wants_it(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla", ways=Ways(register=Register.CIRCULARS_APART))
        ordered(world, "dla", Order(number=""))
        assert given() == [(2561, 1, True, "used")]
        with privileged("a test looks") as session:
            assert session.scalars(select(Dispatch.number)).one() == "มท 0817.2/ว 1"


def test_a_typed_number_is_taken_once_a_year(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla")
        ordered(world, "dla", Order(number="มท 0817.2/ว 7"))
        with pytest.raises(Refused, match="used in this year") as refused:
            ordered(world, "dla", Order(number="7"))
        assert refused.value.field == "number"
        with pytest.raises(Refused, match="Enter the number"):
            ordered(world, "dla", Order(number=""))
        ordered(world, "dla", Order(number="7", dated=date(2019, 1, 2)))
        assert given() == [(2561, 7, False, "used"), (2562, 7, False, "used")]
        with acting_as(world.actor("dla")):
            dispatch = db.session.scalars(select(Dispatch)).first()
            assert dispatch is not None and numbers.next_number(office(), dispatch, date(2018, 11, 9)) is None


def test_numbers_are_reserved_used_and_left_out_with_a_reason(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla", ways=Ways(register=Register.GENERAL))
        with acting_as(world.actor("dla")) as actor:
            assert reserve(office(), YEAR, False, 3, "ด่วน", actor=actor) == [1, 2, 3]
            for wrong in (0, 51):
                with pytest.raises(Refused):
                    reserve(office(), YEAR, False, wrong, "ด่วน", actor=actor)
        ordered(world, "dla", Order(number="2"))
        ordered(world, "dla", Order(number=""))
        for taken in ("2", "4", "99"):
            with pytest.raises(Refused, match="not reserved"):
                ordered(world, "dla", Order(number=taken))
        with acting_as(world.actor("dla")) as actor:
            first, last = reserved(office(), YEAR, False)
            with pytest.raises(Refused) as refused:
                skip(first, " ", actor=actor)
            assert refused.value.field == "reason"
            skip(first, "ไม่ได้ใช้", actor=actor)
            with pytest.raises(Refused, match="Only a reserved"):
                skip(first, "อีกครั้ง", actor=actor)
            assert [row.number for row in reserved(office(), YEAR, False)] == [last.number] == [3]
            uses = {row.number: row.use for row in page_of(office(), YEAR, False).rows}
        assert uses == {
            1: NumberUse.SKIPPED,
            2: NumberUse.USED,
            3: NumberUse.RESERVED,
            4: NumberUse.USED,
        }, "no gap and no double"


def test_a_series_goes_on_from_a_register_of_paper(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla", ways=Ways(register=Register.GENERAL))
        with acting_as(world.actor("dla")) as actor:
            begin_at(office(), YEAR, False, 3511, "ทะเบียนกระดาษถึง 3510", actor=actor)
            with pytest.raises(Refused):
                begin_at(office(), YEAR, False, 0, "ผิด", actor=actor)
        ordered(world, "dla", Order(number=""))
        assert given() == [(2561, 3511, False, "used")]
        with acting_as(world.actor("dla")) as actor:
            with pytest.raises(Refused, match="has given numbers"):
                begin_at(office(), YEAR, False, 1, "ใหม่", actor=actor)
            series = series_of(office(), YEAR, False)
            assert series is not None and (series.first, series.last) == (3511, 3511)
            assert series.reason == "ทะเบียนกระดาษถึง 3510"


def test_numbers_typed_before_are_not_given_again(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla")
        ordered(world, "dla", Order(number="1"))
        ordered(world, "dla", Order(number="2"))
        set_up(world, "dla", ways=Ways(register=Register.GENERAL))
        ordered(world, "dla", Order(number=""))
        assert [number for _year, number, *_rest in given()] == [1, 2, 3]


def test_an_office_of_its_own_register_reserves_nothing_here(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla")
        with acting_as(world.actor("dla")) as actor:
            with pytest.raises(Refused, match="elsewhere"):
                reserve(office(), YEAR, False, 1, "ด่วน", actor=actor)
            with pytest.raises(Refused, match="elsewhere"):
                begin_at(office(), YEAR, False, 5, "ต่อ", actor=actor)


@pytest.mark.parametrize(("search", "found"), [("", 3), ("2", 1), ("ด่วน", 3), ("ขอความร่วมมือ", 0), ("๓", 1)])
def test_a_number_is_found_by_itself_its_reason_or_its_letter(
    app: Portal, world: World, search: str, found: int
) -> None:
    with app.app_context():
        set_up(world, "dla", ways=Ways(register=Register.GENERAL))
        with acting_as(world.actor("dla")) as actor:
            reserve(office(), YEAR, False, 3, "ด่วน", actor=actor)
            page = page_of(office(), YEAR, False, search=search, page=9)
            assert (page.total, page.number, page.pages) == (found, 1, 1)
            assert page.first == 1 and page.last == found
