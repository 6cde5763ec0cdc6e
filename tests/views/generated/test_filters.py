"""What a list can be narrowed by: which rows each filter lets through, and which values say nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from models.account import Account
from models.agency import Agency
from models.letter import Letter
from models.participation import Participation
from models.place import District
from portal.core.acting import seated
from portal.core.database.session import db
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.letters import LetterFactory
from tests.support.world import NOW, World
from views.generated.filters import DayFilter, Filter, filters_for
from views.generated.place_filters import ProvinceFilter


@pytest.fixture(autouse=True)
def _officer(app: Portal, world: World) -> Iterator[None]:
    """Somebody who sees the whole country."""
    with app.test_request_context(), seated(world.actor("dla")):
        yield


def made(model: type[Any], name: str, place: int = 0) -> Filter:
    """The filter that a list of these rows has for a column or relation."""
    view = SimpleNamespace(model=model, get_column_name=str)
    return filters_for(view, name)[place]


def names(filter: Filter, value: str) -> set[str]:
    """Which agencies a value lets through."""
    return set(db.session.scalars(select(Agency.name).where(filter.condition(value))))


ALL = {"เกาะคา", "ท่าผา", "ไสไทย", "เขาพนม"}


@pytest.mark.parametrize(
    ("column", "value", "through", "words"),
    [
        ("kind", "sao", {"ท่าผา", "ไสไทย"}, "องค์การบริหารส่วนตำบล"),
        ("active", "1", ALL, "ใช่"),
        ("active", "0", set(), "ไม่"),
        ("name", "ไทย", {"ไสไทย"}, "ไทย"),
        ("name", "%", set(), "%"),
        ("version", "1", ALL, "1"),
        ("version", "๑", ALL, "๑"),
    ],
)
def test_a_column_narrows_by_what_it_holds(column: str, value: str, through: set[str], words: str) -> None:
    filter = made(Agency, column)
    assert (names(filter, value), filter.words(value)) == (through, words)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "castle"), ("active", "2"), ("version", "หนึ่ง"), ("version", "99999999999"),
        ("district", "x"), ("district", "0"),
    ],
)  # fmt: skip
def test_a_value_that_says_nothing_is_refused_in_the_readers_words(column: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"[ก-๙]"):
        made(Agency, column).condition(value)


@pytest.mark.parametrize("filter", [made(Agency, "district"), ProvinceFilter(Agency.province_id)])
def test_a_row_that_is_not_there_has_no_words(filter: Filter) -> None:
    with pytest.raises(ValueError, match=r"[ก-๙]"):
        filter.words("99999")


@pytest.mark.parametrize("column", ["kind", "active"])
def test_every_choice_that_is_offered_has_words_and_can_be_asked_for(column: str) -> None:
    filter = made(Agency, column)
    found: set[str] = set()
    for value, words in filter.options({}):
        assert filter.words(value) == words
        found |= names(filter, value)
    assert found == ALL


def test_of_the_countrys_districts_the_choices_come_once_a_province_is_chosen(world: World) -> None:
    """928 of them are no list to choose from; what was chosen before stays to be seen."""
    filter = made(Agency, "district")
    province = {"province": str(world.province["81"])}
    assert (filter.options({}), filter.every({})) == ([], "เลือกจังหวัดก่อน")
    assert [words for _value, words in filter.options(province)] == ["เขาพนม", "เมืองกระบี่"]
    assert filter.every(province) == "ทั้งหมด"
    chosen = db.session.scalars(select(District.id).where(District.name == "เกาะคา")).one()
    assert [words for _value, words in filter.options({"district": str(chosen)})] == ["เกาะคา"]
    assert names(filter, str(chosen)) == {"เกาะคา", "ท่าผา"}


def test_a_relation_without_a_province_offers_all_its_rows(world: World) -> None:
    filter = made(Participation, "round")
    assert [value for value, _words in filter.options({})] == [str(world.round_id)]
    assert "2561" in filter.words(str(world.round_id))


def test_the_provinces_of_rows_of_a_round_are_offered_in_thai_order(world: World) -> None:
    filter = ProvinceFilter(Agency.province_id)
    assert [words for _value, words in filter.options({})] == ["กระบี่", "ลำปาง"]
    key = str(world.province["81"])
    assert (names(filter, key), filter.words(key)) == ({"ไสไทย", "เขาพนม"}, "กระบี่")
    with pytest.raises(ValueError, match=r"[ก-๙]"):
        filter.condition("กระบี่")


@pytest.mark.parametrize(
    ("place", "day", "seen"),
    [
        (0, "9 พ.ย. 2561", 1), (0, "10 พ.ย. 2561", 0), (0, "8/11/2561", 1),
        (1, "9 พ.ย. 2561", 1), (1, "8 พ.ย. 2561", 0), (1, "10/11/2561", 1),
    ],
)  # fmt: skip
@pytest.mark.parametrize("column", ["dated", "created_at"])
def test_a_day_is_meant_whole_for_days_and_for_moments(
    make: Make, column: str, place: int, day: str, seen: int
) -> None:
    """From the first moment of a day on, and up to its last one."""
    late = NOW.replace(hour=23, minute=59) if place else NOW.replace(hour=0, minute=0)
    make(LetterFactory, dated=date(2018, 11, 9), created_at=late)
    filter = made(Letter, column, place)
    assert isinstance(filter, DayFilter) and filter.name == f"{column}_{('from', 'to')[place]}"
    assert len(db.session.scalars(select(Letter.id).where(filter.condition(day))).all()) == seen


def test_a_day_is_shown_as_it_is_written_and_another_word_is_none() -> None:
    filter = made(Account, "activated_at")
    assert filter.words("9/11/2561").replace("\u00a0", " ") == "9 พ.ย. 2561"
    with pytest.raises(ValueError, match=r"[ก-๙]"):
        filter.condition("เมื่อวาน")


def test_a_filter_of_ones_own_is_taken_as_it_is() -> None:
    own = ProvinceFilter(Agency.province_id)
    assert filters_for(None, own) == [own]
    assert (Filter("x", "x").options({}), Filter("x", "x").every({})) == ([], "ทั้งหมด")
