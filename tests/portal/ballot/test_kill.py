"""A5 under kill -9: every acknowledged answer is there, none twice, and the counters are true."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from config import ROOT
from portal.ballot.box import CastResult, cast
from portal.core.web import Portal
from tests.support.ballots import answers_counted, counts_equal_recount, marks_left
from tests.support.databases import Database
from tests.support.respondents import EIT, LINES, box, citizen_id
from tests.support.world import World

ANSWERS = bytes([1]) * LINES[EIT]
KILLS = 3


@pytest.mark.postgres
def test_a_killed_server_loses_no_acknowledged_answer(app: Portal, world: World, database: Database) -> None:
    draw = random.Random(9)
    acknowledged: list[int] = []
    with app.app_context():
        target = box(world, kind=EIT)
        for kill in range(KILLS):
            mine = _cast_and_kill(
                app, database, world, target.public_key, 10_000 * kill, draw.uniform(0.1, 0.6)
            )
            assert mine, "it was killed before it cast anything"
            acknowledged += mine
            repeated = [cast(target, citizen_id(number), ANSWERS) for number in mine]
            assert set(repeated) == {CastResult.ALREADY}, "an acknowledged answer was lost"
            # the cast that was under way is there whole or not at all
            cast(target, citizen_id(mine[-1] + 1), ANSWERS)
            assert counts_equal_recount(world.round_id)
        assert marks_left(world.round_id) == answers_counted(world.round_id)
        assert answers_counted(world.round_id) == len(acknowledged) + KILLS


def _cast_and_kill(
    app: Portal, database: Database, world: World, public_key: bytes, first: int, after: float
) -> list[int]:
    """Let a process cast, kill it some time after its first acknowledgement; the IDs it acknowledged."""
    arguments = [
        app.settings.instance_dir,
        database.url,
        world.round_id,
        world.participation["a1"],
        world.agency["a1"],
        world.province["52"],
        public_key.hex(),
        first,
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.portal.ballot.casting_loop", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        begun = process.stdout.readline()
        time.sleep(after)
    finally:
        process.send_signal(signal.SIGKILL)
    rest = process.stdout.read()
    process.stdout.close()
    process.wait()
    return [int(line) for line in (begun + rest).split()]
