"""After closing, the database's own files hold no mark: tried byte by byte, and red before it is cleared."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.pool import NullPool

from models.round import Round, RoundState, Stage, Window, WindowKind
from portal.ballot.box import CastResult, cast
from portal.ballot.closing import empty_marks
from portal.ballot.compact import any_survey_open, compact
from portal.ballot.wall import system_read
from portal.core.database.session import db, privileged, writing
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.rounds import RoundFactory, WindowFactory
from tests.support.ballots import bring_round_to, marks_left
from tests.support.databases import Database
from tests.support.respondents import IIT, LINES, box, citizen_id
from tests.support.world import NOW, World

MARKS = 200
ANSWERS = bytes([1]) * LINES[IIT]


def cast_and_close(world: World, *, another_survey_runs: bool) -> list[bytes]:
    """Marks and what stands beside them, of answers that were cast and whose round is closed and emptied."""
    target = box(world)
    for number in range(MARKS):
        cast(target, citizen_id(1000 + number), ANSWERS, form=number.to_bytes(16, "big"))
    with system_read() as connection:
        rows = connection.execute(text("SELECT mark, form FROM mark")).all()
    with writing(), privileged("test") as session:
        session.get_one(Round, world.round_id).state = RoundState.CLOSED
        if another_survey_runs:
            day = timedelta(days=1)
            spans = [Window(stage=Stage.EIT, kind=WindowKind.MAIN, opens_at=NOW - day, closes_at=NOW + day)]
            other = Round(fiscal_year=2570, name="อีกรอบ", state=RoundState.OPEN, windows=spans)
            session.add(other)
    assert empty_marks(world.round_id) >= MARKS
    return [bytes(value) for row in rows for value in row if value]


def left_in(database: Database, marks: list[bytes]) -> dict[str, int]:
    """How many of the marks stand in each file of SQLite."""
    file = database.file
    files = {
        path.name.removeprefix(file.name): path.read_bytes() for path in file.parent.glob(f"{file.name}*")
    }
    return {name: sum(mark in content for mark in marks) for name, content in files.items()}


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("another_survey_runs", [False, True])
def test_sqlites_files_hold_no_mark_after_closing(
    app: Portal, world: World, database: Database, another_survey_runs: bool
) -> None:
    with app.app_context():
        marks = cast_and_close(world, another_survey_runs=another_survey_runs)
        assert any_survey_open() is another_survey_runs
        assert left_in(database, marks)["-wal"] == 2 * MARKS, "deleted, and readable all the same"
        assert compact()
        assert set(left_in(database, marks).values()) == {0}
        with db.engine.connect() as connection:
            empty_pages = connection.exec_driver_sql("PRAGMA freelist_count").scalar_one()
        assert bool(empty_pages) is another_survey_runs, "it is rebuilt where no vote would wait for that"


@pytest.mark.only("sqlite")
def test_a_reader_who_holds_sqlites_log_is_told(app: Portal, world: World, database: Database) -> None:
    with app.app_context():
        marks = cast_and_close(world, another_survey_runs=True)
        engine = create_engine(database.url, poolclass=NullPool)
        with engine.connect() as reader:
            reader.exec_driver_sql("SELECT count(*) FROM round").all()
            with db.engine.connect() as impatient:  # the one of the pool that compact() gets
                impatient.exec_driver_sql("PRAGMA busy_timeout=100")
            assert not compact(), "the log is not empty, and nobody says that it is"
        assert compact()
        assert set(left_in(database, marks).values()) == {0}


@pytest.mark.only("postgres")
def test_postgresqls_table_of_marks_is_a_new_empty_file(
    app: Portal, world: World, database: Database
) -> None:

    def size() -> int:
        with create_engine(database.owner_url, poolclass=NullPool).connect() as connection:
            return int(connection.execute(text("SELECT pg_relation_size('mark')")).scalar_one())

    with app.app_context():
        for number in range(50):
            cast(box(world), citizen_id(number), ANSWERS)
        assert not compact(), "an open round's marks stay"
        cast_and_close(world, another_survey_runs=True)
        assert size() > 0, "dead rows"
        assert compact()
        assert size() == 0


@pytest.mark.only("postgres")
def test_who_casts_between_the_look_and_the_lock_loses_no_mark(app: Portal, world: World) -> None:
    """No mark was there when it looked; one is there when it has the table to itself."""
    taken: list[CastResult] = []
    with app.app_context():
        target = box(world)

        def on_the_way(_one: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if statement.startswith("LOCK TABLE mark"):
                taken.append(cast(target, citizen_id(1), ANSWERS))

        event.listen(db.engine, "before_cursor_execute", on_the_way)
        assert not compact()
        event.remove(db.engine, "before_cursor_execute", on_the_way)
        assert taken == [CastResult.ACCEPTED]
        assert marks_left(world.round_id) == 1


@pytest.mark.parametrize(
    ("state", "stage", "ended", "is_open"),
    [
        (RoundState.OPEN, Stage.IIT, False, True),
        (RoundState.OPEN, Stage.EIT_INTERVIEW, False, True),
        (RoundState.OPEN, Stage.IIT, True, False),
        (RoundState.OPEN, Stage.OIT, False, False),
        (RoundState.DRAFT, Stage.IIT, False, False),
        (RoundState.CLOSED, Stage.IIT, False, False),
    ],
)
def test_only_a_running_survey_of_an_open_round_makes_the_rebuilding_wait(
    app: Portal, world: World, make: Make, state: RoundState, stage: Stage, ended: bool, is_open: bool
) -> None:
    closes = NOW if ended else NOW + timedelta(days=1)
    make(WindowFactory, round=make(RoundFactory, state=state), stage=stage, closes_at=closes)
    with app.app_context():
        bring_round_to(world.round_id, RoundState.CLOSED)
        assert any_survey_open() is is_open
