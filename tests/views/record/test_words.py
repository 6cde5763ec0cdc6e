"""The record in words, and which words of a search find which events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import or_, select

from models.audit import AuditEvent
from models.search import words_of
from portal.core.database.session import db
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.people import AuditEventFactory
from tests.support.world import World, acting_as
from views.record import search
from views.record.words import ACTS, act_words, chain_words, options_of, thing_words

pytestmark = pytest.mark.postgres


@pytest.fixture
def page(app: Portal) -> Iterator[None]:
    """A page of the portal, in Thai."""
    with app.test_request_context():
        yield


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (act_words, "round.open", "เปิดรอบ"),
        (act_words, "unknown.act", "unknown.act"),
        (thing_words, "unknown_thing", "unknown_thing"),
        (chain_words, "agency:12", "หน่วยงานเลขที่ 12"),
        (chain_words, "province:52", "จังหวัดเลขที่ 52"),
        (chain_words, "system", "ทั้งระบบ"),
    ],
)
def test_a_code_is_said_in_words_and_an_unknown_one_as_it_is(words: Any, code: str, said: str) -> None:
    assert said in words(code)


@pytest.mark.usefixtures("page")
def test_a_list_of_codes_is_in_the_order_of_its_words() -> None:
    words = [text for _code, text in options_of({"b": "ขอ", "a": "เกาะ", "c": "กา"})]
    assert words == ["กา", "เกาะ", "ขอ"]
    assert len(options_of(ACTS)) == len(ACTS)


@pytest.fixture
def events(make: Make, world: World) -> dict[str, int]:
    """An event on each of several chains, by several people, of several acts."""
    rows: dict[str, dict[str, Any]] = {
        "of the agency": {"chain": f"agency:{world.agency['a1']}", "act": "preparation.confirm", "row": "77"},
        "of the province": {"chain": f"province:{world.province['52']}", "act": "letter.make", "row": "78"},
        "by nacc": {"chain": "system", "account_id": world.account["nacc"], "row": "79"},
        "about dla": {"chain": "test:x", "thing": "account", "row": str(world.account["dla"])},
        "of a code without words": {"chain": "test:y", "act": "strange.act", "row": "81"},
    }
    return {name: make(AuditEventFactory, sequence=9_000, **values).id for name, values in rows.items()}


def found(app: Portal, world: World, events: dict[str, int], typed: str) -> set[str]:
    with app.test_request_context(), acting_as(world.actor("dla")):
        query = select(AuditEvent.id).where(AuditEvent.id.in_(events.values()))
        for word in words_of(typed):
            query = query.where(or_(*search.events_of(word)))
        keys = set(db.session.scalars(query))
    return {name for name, key in events.items() if key in keys}


#: what is typed into the search, and which events it finds
SEARCHES: list[tuple[str, set[str]]] = [
    ("เกาะคา", {"of the agency"}),
    ("ลำปาง", {"of the agency", "of the province"}),
    ("กระบี่", set()),
    ("nacc", {"by nacc"}),
    ("dla", {"about dla"}),
    ("๗๗", {"of the agency"}),
    ("78", {"of the province"}),
    ("strange.act", {"of a code without words"}),
    ("strange", set()),
    ("PREPARATION", {"of the agency"}),
    ("ยืนยันข้อมูลเตรียมการ", {"of the agency"}),
    ("ลำปาง 77", {"of the agency"}),
    ("ลำปาง nacc", set()),
]


def test_each_word_is_an_act_a_row_a_person_or_a_place(
    app: Portal, world: World, events: dict[str, int]
) -> None:
    for typed, expected in SEARCHES:
        assert found(app, world, events, typed) == expected, typed


def test_many_names_find_the_same_without_being_read_first(
    app: Portal, world: World, events: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = found(app, world, events, "ผู้ใช้ทดลอง")
    monkeypatch.setattr(search, "MOST_NAMES", 1)
    assert found(app, world, events, "ผู้ใช้ทดลอง") == few == {"by nacc", "about dla"}
