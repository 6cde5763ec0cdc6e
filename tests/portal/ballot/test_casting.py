"""Casting: once per ID, counters true, nothing after closing (A5)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from models.instrument import InstrumentKind
from models.round import RoundState
from models.survey import Channel
from portal.ballot.box import Box, CastResult, cast, contest, mark_of
from portal.ballot.keys import KeyMissing, key_folder
from portal.ballot.wall import system_read
from portal.core.web import Portal
from tests.support.ballots import answers_counted, bring_round_to, counts_equal_recount, marks_left
from tests.support.respondents import LINES, box, citizen_id
from tests.support.world import NOW, World

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
        assert cast(iit, citizen_id(2), ANSWERS, channel=Channel.INTERVIEW) is CastResult.ACCEPTED
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
        bring_round_to(world.round_id, RoundState.CLOSED)
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


def test_a_contested_case_is_a_number(app: Portal, world: World) -> None:
    with app.app_context():
        for form in (b"1" * 16, b"2" * 16, b"2" * 16, b"3" * 16):
            contest(box(world), form)
        with system_read() as connection:
            rows = connection.execute(text("SELECT instrument, count FROM contested_count")).all()
        assert [tuple(row) for row in rows] == [("iit", 3)]


def test_that_was_not_me_is_counted_while_the_round_is_open_only(app: Portal, world: World) -> None:
    form = b"1" * 16
    with app.app_context():
        target = box(world)
        assert [contest(target, form) for _time in range(2)] == [CastResult.ACCEPTED, CastResult.REPEATED]
        bring_round_to(world.round_id, RoundState.CLOSED)
        assert contest(target, form) is CastResult.CLOSED
        assert contest(target, b"2" * 16) is CastResult.CLOSED
        assert answers_counted(world.round_id) == 0, "a report is no answer"


def test_without_the_key_of_the_marks_nothing_is_taken(app: Portal, world: World) -> None:
    with app.app_context():
        target = box(world)
        key_folder().destroy_mark_key(world.round_id)
        with pytest.raises(KeyMissing):
            cast(target, citizen_id(1), ANSWERS)
        with pytest.raises(KeyMissing):
            contest(target, b"1" * 16)
        assert answers_counted(world.round_id) == marks_left(world.round_id) == 0


def test_of_the_time_nothing_finer_than_the_day_is_kept(
    app: Portal, world: World, clock: Callable[[object], None]
) -> None:
    with app.app_context():
        for number, hours in enumerate((0, 1, 13, 14, 15)):  # it is 10 in the morning: 13 hours on is 23:00
            clock(NOW + timedelta(hours=hours))
            cast(box(world), citizen_id(number), ANSWERS)
        with system_read() as connection:
            days = connection.execute(text("SELECT day, count FROM daily_count ORDER BY day")).all()
        assert [(str(day), count) for day, count in days] == [("2018-11-09", 3), ("2018-11-10", 2)]


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
