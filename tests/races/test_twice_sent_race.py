"""One form sent many times at one moment: one answer and thanks for all; a stranger is refused."""

from __future__ import annotations

import secrets
import threading
from concurrent.futures import ThreadPoolExecutor

from models.instrument import InstrumentKind
from portal.ballot.box import Box, CastResult, cast, contest
from portal.core.web import Portal
from tests.support.ballots import answers_counted, counts_equal_recount, marks_left
from tests.support.respondents import LINES, box, citizen_id
from tests.support.world import World

SENDERS, RACES = 6, 8
ANSWERS = bytes([1]) * LINES[InstrumentKind.IIT]


def test_the_same_form_sent_by_many_at_once_is_one_sending(app: Portal, world: World) -> None:
    with app.app_context():
        target = box(world)
    for number in range(RACES):
        form = secrets.token_bytes(16)
        results = race(app, target, [(number, form)] * SENDERS)
        assert results.count(CastResult.ACCEPTED) == 1
        assert results.count(CastResult.REPEATED) == SENDERS - 1
    with app.app_context():
        assert answers_counted(world.round_id) == marks_left(world.round_id) == RACES
        assert counts_equal_recount(world.round_id)


def test_two_forms_with_one_id_are_two_people(app: Portal, world: World) -> None:
    with app.app_context():
        target = box(world)
    for number in range(RACES):
        results = race(app, target, [(number, secrets.token_bytes(16)) for _ in range(SENDERS)])
        assert results.count(CastResult.ACCEPTED) == 1
        assert results.count(CastResult.ALREADY) == SENDERS - 1


def test_that_was_not_me_said_many_times_at_once_is_said_once(app: Portal, world: World) -> None:
    with app.app_context():
        target = box(world)
    form = secrets.token_bytes(16)
    start = threading.Barrier(SENDERS)

    def say(_number: int) -> CastResult:
        start.wait()
        with app.app_context():
            return contest(target, form)

    with ThreadPoolExecutor(SENDERS) as pool:
        results = list(pool.map(say, range(SENDERS)))
    assert results.count(CastResult.ACCEPTED) == 1
    assert results.count(CastResult.REPEATED) == SENDERS - 1


def race(app: Portal, target: Box, sendings: list[tuple[int, bytes]]) -> list[CastResult]:
    """Cast all at the same moment: (number of the ID, value of the form)."""
    start = threading.Barrier(len(sendings))

    def one(sending: tuple[int, bytes]) -> CastResult:
        number, form = sending
        start.wait()
        with app.app_context():
            return cast(target, citizen_id(number), ANSWERS, form=form)

    with ThreadPoolExecutor(len(sendings)) as pool:
        return list(pool.map(one, sendings))
