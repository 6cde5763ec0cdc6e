"""People at a door: each errand comes to its end, and the ledger beside what the door took is no surprise."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest

from portal.tools.demo.citizen_ids import made_up_ids
from portal.tools.faults import crowd as crowds
from portal.tools.faults import errands
from portal.tools.faults.boxes import found_in
from portal.tools.faults.crowd import Crowd, acknowledged
from portal.tools.faults.errands import Errand, NoTime, Visitor, errand_of
from portal.tools.faults.ledger import Ledger, Told, wrongs
from portal.tools.faults.line import Answer, Line, get, read
from tests.portal.tools.faults.conftest import BOX, Door

Coming = Callable[[Errand], Visitor]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errands, "PAUSE", 0.0)
    monkeypatch.setattr(crowds, "LATEST", 0.01)


def visitor(door: Door, ledger: Ledger, *, late: bool = False) -> Visitor:
    return Visitor(door.port, BOX, ledger.comes(0), ledger, late=lambda: late)


@pytest.mark.parametrize("errand", errands.SHARES)
def test_every_errand_ends_with_thanks_and_one_answer(door: Door, errand: Errand) -> None:
    ledger = Ledger(made_up_ids())
    for _one in range(3):
        errand(visitor(door, ledger))
    found = found_in([BOX], door.stored)
    assert wrongs(ledger.people, found) == []
    assert sum(found.values()) == acknowledged(ledger.people) == 3


def test_thanks_that_were_lost_are_read_in_the_end(door: Door) -> None:
    ledger, words = Ledger(made_up_ids()), iter([None, 503, 500])
    door.mischief = lambda: next(words, "")
    person = visitor(door, ledger)
    errands.plain(person)
    assert person.read == {"nothing": 1, "not now": 1, "answers 500": 1, "thanks again": 1}
    assert person.person.lost_one and person.person.thanked
    assert wrongs(ledger.people, found_in([BOX], door.stored)) == []


@pytest.mark.parametrize(("copies", "kind"), [(0, "LOST"), (2, "DOUBLED")])
def test_a_door_that_loses_or_doubles_is_found_out(door: Door, copies: int, kind: str) -> None:
    ledger = Ledger(made_up_ids())
    door.copies = copies
    errands.plain(visitor(door, ledger))
    assert [line.split()[0] for line in wrongs(ledger.people, found_in([BOX], door.stored))] == [kind]


def test_nobody_tries_for_ever(door: Door) -> None:
    door.mischief = lambda: 503
    with pytest.raises(NoTime):
        errands.plain(visitor(door, Ledger(made_up_ids()), late=True))


def test_a_door_that_is_closed_is_tried_again(door: Door) -> None:
    ledger = Ledger(made_up_ids())
    nobody = Visitor(1, BOX, ledger.comes(0), ledger, late=lambda: True)
    with pytest.raises(NoTime):
        nobody.open_form()


def test_errands_are_mixed_as_their_shares_say() -> None:
    of_hundred = [errand_of(number) for number in range(100)]
    assert {errand: of_hundred.count(errand) for errand in errands.SHARES} == errands.SHARES


def test_a_crowd_comes_in_bursts_and_is_answered_whatever_breaks(door: Door) -> None:
    chance, ledger = random.Random(7), Ledger(made_up_ids())
    door.mischief = lambda: chance.choice(("", "", None, 503))
    crowd = Crowd(door.port, [BOX], ledger, people=60)
    crowd.begin()
    crowd.rush()
    crowd.let_in_by(10.0)
    crowd.end(seconds=30)
    crowd.let_in()
    assert len(ledger.people) == acknowledged(ledger.people) == 60
    assert crowd.without_answer == 0
    assert wrongs(ledger.people, found_in([BOX], door.stored)) == []


def test_who_is_never_answered_is_counted(door: Door) -> None:
    door.mischief = lambda: 503
    crowd = Crowd(door.port, [BOX], Ledger(made_up_ids()), people=2)
    crowd.begin()
    time.sleep(0.01)
    crowd.end(seconds=0.0)
    assert crowd.without_answer == 2


def test_who_leaves_waits_for_nobody(door: Door) -> None:
    ledger = Ledger(made_up_ids())
    crowd = Crowd(door.port, [BOX], ledger, people=50)
    crowd.begin()
    crowd.leave()
    assert ledger.people == []


def test_half_an_answer_is_no_word() -> None:
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage"
    assert read(whole) == Answer(200, "", b"page")
    for cut in range(len(whole)):
        assert read(whole[:cut]).told is Told.NOTHING
    assert read(b"HTTP/1.1 404 x\r\n\r\n").told is Told.OTHERWISE


def test_a_line_that_is_broken_says_so(door: Door) -> None:
    with Line(1, "127.0.0.1") as line:
        assert not line.send(b"x")
        assert line.answer() == Answer()
    with Line(door.port, "127.0.0.1") as line:
        line.cut()
        assert not line.send(get(door.port, "/"))
        assert line.answer() == Answer()


def test_a_line_that_breaks_while_reading_is_no_word(door: Door) -> None:
    with Line(door.port, "127.0.0.1") as line:
        line.cut()
        assert line.answer() == Answer()
