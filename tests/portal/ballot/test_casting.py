"""Casting: once per ID, counters true, nothing after closing (A5)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from models.instrument import InstrumentKind
from models.round import Round, RoundState
from models.survey import Channel
from portal.ballot.box import Box, CastResult, cast, contest, mark_of
from portal.ballot.recount import differences
from portal.ballot.wall import system_read, system_transaction
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.ballots import answers_counted, counts_equal_recount, marks_left
from tests.support.respondents import LINES, box, citizen_id
from tests.support.world import World

pytestmark = pytest.mark.postgres
IIT, EIT = InstrumentKind.IIT, InstrumentKind.EIT
ANSWERS = bytes([1]) * LINES[IIT]


def test_an_id_counts_once_per_round_agency_and_instrument_whatever_the_channel(
    app: Portal, world: World
) -> None:
    with app.app_context():
        iit, eit, other = box(world), box(world, kind=EIT), box(world, "a2")
        eit_answers = bytes([2]) * LINES[EIT]
        assert cast(iit, citizen_id(1), ANSWERS) is CastResult.ACCEPTED
        assert cast(iit, citizen_id(1), ANSWERS) is CastResult.ALREADY
        assert cast(iit, citizen_id(1), ANSWERS, channel=Channel.ON_SITE) is CastResult.ALREADY
        assert cast(eit, citizen_id(1), eit_answers) is CastResult.ACCEPTED
        assert cast(other, citizen_id(1), ANSWERS) is CastResult.ACCEPTED
        assert cast(iit, citizen_id(2), ANSWERS, channel=Channel.ON_SITE) is CastResult.ACCEPTED
        assert answers_counted(world.round_id) == marks_left(world.round_id) == 4
        assert counts_equal_recount(world.round_id)


def test_racing_the_same_id_counts_it_once(app: Portal, world: World) -> None:
    racers, rounds = 8, 6
    with app.app_context():
        target = box(world)

    def race(number: int, start: threading.Barrier) -> CastResult:
        start.wait()
        with app.app_context():
            return cast(target, citizen_id(number), ANSWERS)

    with ThreadPoolExecutor(racers) as pool:
        for number in range(rounds):
            start = threading.Barrier(racers)
            results = list(pool.map(lambda _i, n=number, s=start: race(n, s), range(racers)))
            assert results.count(CastResult.ACCEPTED) == 1
            assert results.count(CastResult.ALREADY) == racers - 1
    with app.app_context():
        assert answers_counted(world.round_id) == marks_left(world.round_id) == rounds
        assert counts_equal_recount(world.round_id)


def test_racing_different_ids_loses_no_count(app: Portal, world: World) -> None:
    with app.app_context():
        target = box(world)

    def one(number: int) -> CastResult:
        with app.app_context():
            return cast(target, citizen_id(number), ANSWERS)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(one, range(80))) == {CastResult.ACCEPTED}
    with app.app_context():
        assert answers_counted(world.round_id) == 80
        assert counts_equal_recount(world.round_id)


def test_a_closed_round_takes_nothing(app: Portal, world: World) -> None:
    with app.app_context():
        target = box(world)
        with writing(), privileged("test") as session:
            session.get_one(Round, world.round_id).state = RoundState.CLOSED
        assert cast(target, citizen_id(1), ANSWERS) is CastResult.CLOSED
        assert answers_counted(world.round_id) == marks_left(world.round_id) == 0


def test_a_cast_that_fails_half_way_leaves_nothing(app: Portal, world: World) -> None:
    with app.app_context():
        good = box(world)
        broken = Box(good.round_id, 10**6, good.agency_id, good.province_id, good.instrument, good.public_key)
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            cast(broken, citizen_id(1), ANSWERS)
        assert marks_left(world.round_id) == 0
        assert cast(good, citizen_id(1), ANSWERS) is CastResult.ACCEPTED


def test_a_recount_finds_a_counter_that_was_changed(app: Portal, world: World) -> None:
    with app.app_context():
        cast(box(world), citizen_id(1), ANSWERS)
        with system_transaction() as connection:
            connection.execute(text("UPDATE answer_count SET count = 2"))
        assert [(d.counted, d.found) for d in differences(world.round_id)] == [(2, 1), (2, 1)]


def test_a_contested_case_is_a_number(app: Portal, world: World) -> None:
    with app.app_context():
        for form in (b"1" * 16, b"2" * 16, b"2" * 16, b"3" * 16):
            contest(box(world), form)
        with system_read() as connection:
            rows = connection.execute(text("SELECT instrument, count FROM contested_count")).all()
        assert [tuple(row) for row in rows] == [("iit", 3)]


def test_two_people_on_one_form_leave_no_common_value(app: Portal, world: World) -> None:
    form = b"f" * 16
    with app.app_context():
        for number in (1, 2):
            assert cast(box(world), citizen_id(number), ANSWERS, form=form) is CastResult.ACCEPTED
        with system_read() as connection:
            beside = [bytes(value) for value in connection.execute(text("SELECT form FROM mark")).scalars()]
        assert len({*beside, form}) == 3
        assert cast(box(world), citizen_id(2), ANSWERS, form=form) is CastResult.REPEATED
        assert cast(box(world), citizen_id(2), ANSWERS) is CastResult.ALREADY


def test_marks_of_boxes_and_keys_differ(app: Portal, world: World) -> None:
    with app.app_context():
        boxes = [box(world), box(world, kind=EIT), box(world, "a2")]
    marks = {mark_of(key, one, citizen_id(1)) for key in (b"a" * 32, b"b" * 32) for one in boxes}
    assert len(marks) == 6
