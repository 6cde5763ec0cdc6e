"""``open-boxes``: the holder of a round's key opens it after its closing, and reads what came out."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from models.ballot import OpenedAnswer
from models.result import Result
from models.round import Round, RoundState
from portal.ballot.box import cast
from portal.ballot.closing import empty_marks
from portal.ballot.keys import export_urn_key, key_folder
from portal.ballot.opening import open_boxes
from portal.ballot.wall import system_transaction
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.command_line import Command
from tests.support.respondents import EIT, IIT, LINES, box, citizen_id
from tests.support.world import World, row

ANSWERS = 4
FIRST_KEY = "(SELECT key FROM sealed_answer ORDER BY key LIMIT 1)"


@pytest.fixture
def closed(app: Portal, world: World) -> int:
    """The id of a closed round whose marks are gone; a1's staff have answered, and one stakeholder."""
    with app.app_context():
        for person in range(ANSWERS - 1):
            cast(box(world), citizen_id(person), b"\1" * LINES[IIT])
        cast(box(world, kind=EIT), citizen_id(ANSWERS), b"\1" * LINES[EIT])
        with writing(), privileged("a test closes the round") as session:
            session.get_one(Round, world.round_id).state = RoundState.CLOSED
        empty_marks(world.round_id)
    return world.round_id


def state_of(app: Portal, round_id: int) -> RoundState:
    with app.app_context():
        state: RoundState = row(Round, round_id).state
        return state


def test_it_opens_scores_and_counts(app: Portal, closed: int, command: Command) -> None:
    told = command("open-boxes", "--round", closed)
    assert (told.code, told.err) == (0, "")
    assert f"Boxes opened: 2; answers: {ANSWERS}; set aside: 0" in told.out
    assert "2 of 2 boxes" in told.out and "1 of 2" not in told.out, "of thousands each hundredth is told"
    assert "not_assessable" in told.out, "nobody finished: every grade is counted, also none"
    with app.app_context(), privileged("a test counts") as session:
        assert session.scalar(select(func.count()).select_from(OpenedAnswer)) == ANSWERS
        assert session.scalar(select(func.count()).select_from(Result)) == 4
    assert state_of(app, closed) is RoundState.OPENED


def test_the_holders_file_opens_where_the_key_does_not_lie_here(
    app: Portal, closed: int, command: Command, tmp_path: Path
) -> None:
    file = tmp_path / "holder"
    with app.app_context():
        export_urn_key(closed, file)
        key_folder().destroy_urn_key(closed)
    told = command("open-boxes", "--round", closed)
    assert (told.code, told.out) == (1, "")
    assert "ระบุไฟล์ของผู้ถือกุญแจด้วย --key" in told.err
    assert command("open-boxes", "--round", closed, "--key", file).code == 0
    assert state_of(app, closed) is RoundState.OPENED


def test_what_cannot_be_read_is_told_and_ends_non_zero(app: Portal, closed: int, command: Command) -> None:
    damage = f"UPDATE sealed_answer SET sealed = :junk WHERE key = {FIRST_KEY}"
    with app.app_context(), system_transaction() as connection:
        connection.execute(text(damage), {"junk": b"junk"})
    told = command("open-boxes", "--round", closed)
    assert (told.code, f"answers: {ANSWERS - 1}; set aside: 1" in told.out) == (1, True)


def test_an_open_round_keeps_its_boxes_shut(app: Portal, world: World, command: Command) -> None:
    told = command("open-boxes", "--round", world.round_id)
    assert (told.code, told.out) == (1, "")
    assert "หลังปิดรอบการประเมินแล้ว" in told.err
    assert state_of(app, world.round_id) is RoundState.OPEN


def test_a_file_that_is_no_key_of_the_round_opens_nothing(
    app: Portal, closed: int, command: Command, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("ITA-URN-KEY-1\nround 77\n" + "00" * 32)
    assert "ไฟล์นี้ไม่มีกุญแจกล่องของรอบนี้" in command("open-boxes", "--round", closed, "--key", wrong).err
    gone = command("open-boxes", "--round", closed, "--key", tmp_path / "gone")
    assert (gone.code, "No such file" in gone.err) == (1, True)
    assert state_of(app, closed) is RoundState.CLOSED


def test_a_run_that_was_killed_after_the_last_box_is_ended_without_the_key(
    app: Portal, closed: int, command: Command
) -> None:
    with app.app_context():
        open_boxes(closed, private_key=key_folder().urn_key(closed))
        assert not key_folder().has_urn_key(closed)
    told = command("open-boxes", "--round", closed)
    assert (told.code, f"Boxes opened: 2; answers: {ANSWERS}; set aside: 0" in told.out) == (0, True)
    assert state_of(app, closed) is RoundState.OPENED
