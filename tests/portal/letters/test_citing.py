"""Letters of the portal under อ้างถึง: found, written as letters cite one another, known again, told of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from models.dispatch import Dispatch
from models.letter_office import OfficeKind
from portal.core.database.session import db, privileged
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.letters import citing, dispatches, drafting
from tests.support.inbox import sent
from tests.support.letters import OFFICES, ORDER, SETTINGS, drafted, ordered, set_up
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres
DLA, NACC, PROVINCE = OfficeKind.DLA, OfficeKind.NACC, OfficeKind.PROVINCE
TYPED = "หนังสือที่พิมพ์เอง ที่ กก 1/1 ลงวันที่ 1 มกราคม 2561"


def issued(world: World, person: str, number: str) -> int:
    """The person's office issues a letter of this number; gives its id."""
    set_up(world, person)
    with privileged("a test looks") as session:
        before = set(session.scalars(select(Dispatch.id)))
    ordered(world, person, replace(ORDER, number=number))
    with privileged("a test looks") as session:
        (new,) = set(session.scalars(select(Dispatch.id))) - before
    return new


def cites(dispatch_id: int) -> tuple[list[str], list[int | None]]:
    with privileged("a test looks") as session:
        found = session.get_one(Dispatch, dispatch_id)
        return list(found.cites), list(found.cited_ids)


def change(world: World, dispatch_id: int, draft: drafting.Draft) -> None:
    with acting_as(world.actor("dla")) as actor:
        dispatch = db.session.get_one(Dispatch, dispatch_id)
        drafting.change(dispatch, draft, actor=actor, seen_version=None)


def draft(*lines: str, picked: int | None = None) -> drafting.Draft:
    return drafting.Draft(None, references=lines, picked=picked)


def test_a_picked_letter_is_cited_as_letters_cite_one_another(app: Portal, world: World) -> None:
    """Whose letter, how urgent, its number and its day; what was typed stays before it, as it was typed."""
    with app.app_context():
        cited = issued(world, "dla", "3510")
        key = drafted(world, "dla")
        change(world, key, draft(TYPED, picked=cited))
        name = SETTINGS[OFFICES["dla"]]["name"]
        line = f"หนังสือ{name} ด่วนที่สุด ที่ มท 0817.2/ว 3510 ลงวันที่ 9 พฤศจิกายน 2561"
        assert cites(key) == ([TYPED, line], [None, cited])
        change(world, key, draft(line, TYPED, picked=cited))
        assert cites(key) == ([line, TYPED], [cited, None]), "not twice, and in the order of the lines"


@pytest.mark.parametrize(
    "line",
    [
        "หนังสือกรม ที่ มท 0817.2/ว 3510 ลงวันที่ 9 พฤศจิกายน 2561",
        "หนังสือกรม ที่มท 0817.2/ว3510 ลงวันที่ 9 พ.ย. 2561",
        "หนังสือสำนักงานที่ดิน ที่ มท ๐๘๑๗.๒/ว ๓๕๑๐ ลงวันที่ ๙ พฤศจิกายน ๒๕๖๑",
    ],
)
def test_a_typed_line_that_ends_in_number_and_day_names_its_letter(
    app: Portal, world: World, line: str
) -> None:
    with app.app_context():
        cited = issued(world, "dla", "3510")
        with acting_as(world.actor("dla")):
            assert citing.cited_by([line, TYPED], DLA) == [cited, None]


@pytest.mark.parametrize(
    "line",
    [
        "หนังสือกรม ที่ มท 0817.2/ว 3510 ลงวันที่ 8 พฤศจิกายน 2561",
        "หนังสือกรม ที่ มท 0817.2/ว 351 ลงวันที่ 9 พฤศจิกายน 2561",
        "หนังสือกรม ที่ มท 0817.2/ว 3510 ลงวันที่ 31 กุมภาพันธ์ 2561",
        "หนังสือกรม ที่ มท 0817.2/ว 3510",
        "ที่ " * 400 + "ลงวันที่ " * 400,
    ],
)
def test_any_other_line_names_none(app: Portal, world: World, line: str) -> None:
    with app.app_context():
        issued(world, "dla", "3510")
        with acting_as(world.actor("dla")):
            assert citing.cited_by([line], DLA) == [None]


def test_an_office_is_offered_what_it_issued_and_what_came_to_it(app: Portal, world: World) -> None:
    """Each word stands in the number or the subject; NACC's letters come to DLA, and DLA's go not to NACC."""
    with app.app_context():
        own, received = issued(world, "dla", "3510"), issued(world, "nacc", "78")
        drafted(world, "dla")
        with acting_as(world.actor("dla")):
            assert {one.id for one in citing.citable(DLA)} == {own, received}
            assert [one.id for one in citing.citable(DLA, None, "๓๕๑๐ ขอความร่วมมือ")] == [own]
            assert [one.id for one in citing.citable(DLA, None, "0817.2/78")] == [received]
            assert list(citing.citable(DLA, None, "ไม่มีเรื่องนี้")) == []
        with acting_as(world.actor("nacc")):
            assert [one.id for one in citing.citable(NACC)] == [received]


def test_a_province_cites_what_came_to_its_desk_and_is_told_once_it_lapsed(app: Portal, world: World) -> None:
    """It reads no record but its own: the letter at its desk is what it cites."""
    with app.app_context():
        came = sent(world)
        set_up(world, "province")
        here, line = world.province["52"], "ที่ มท 0817.2/ว 1 ลงวันที่ 9 พฤศจิกายน 2561"
        with acting_as(world.actor("province")):
            (known,) = citing.citable(PROVINCE, here)
            assert known.id == came and known.line.endswith(line)
            assert citing.citable(PROVINCE, here, "ไม่มีเรื่องนี้") == []
        key = drafted(world, "province", replace(ORDER, references=(f"หนังสือกรม {line}", TYPED)))
        assert cites(key)[1] == [came, None]
        with acting_as(world.actor("province")) as actor:
            dispatch = db.session.get_one(Dispatch, key)
            picked = drafting.Draft(dispatch.signatory_id, picked=came)
            drafting.change(dispatch, picked, actor=actor, seen_version=None)
            assert dispatch.cites == [known.line] and citing.lapsed(dispatch) == []
        with acting_as(world.actor("dla")) as actor:
            dispatches.withdraw(db.session.get_one(Dispatch, came), "ผิดเรื่อง", actor=actor)
        with acting_as(world.actor("province")):
            assert [one.id for one in citing.lapsed(db.session.get_one(Dispatch, key))] == [came]
            assert citing.citable(PROVINCE, here) == []


def test_what_is_no_letter_of_the_list_is_not_picked(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla")
        key = drafted(world, "dla")
        for picked in (key, 99):
            with pytest.raises(Refused) as refused:
                change(world, key, draft(picked=picked))
            assert refused.value.field == "pick"


def test_a_cited_letter_that_holds_no_more_is_told_of_and_not_offered(app: Portal, world: World) -> None:
    with app.app_context():
        cited = issued(world, "dla", "3510")
        key = drafted(world, "dla")
        change(world, key, draft(picked=cited))
        with acting_as(world.actor("dla")) as actor:
            assert list(citing.lapsed(db.session.get_one(Dispatch, key))) == []
            dispatches.withdraw(db.session.get_one(Dispatch, cited), "ผิดเรื่อง", actor=actor)
        with acting_as(world.actor("dla")):
            assert [one.id for one in citing.lapsed(db.session.get_one(Dispatch, key))] == [cited]
            assert list(citing.citable(DLA)) == []


def test_twenty_references_and_no_more(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla")
        key = drafted(world, "dla")
        change(world, key, draft(*(f"หนังสือที่ {number}" for number in range(20))))
        with pytest.raises(Refused) as refused:
            change(world, key, draft(*(f"หนังสือที่ {number}" for number in range(21))))
        assert refused.value.field == "references"
