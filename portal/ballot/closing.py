"""Closing a round's boxes: no mark is left, the mark key is destroyed, and nothing can be cast any more.

The act itself is the round's transition to CLOSED (confirmed by NACC, after the last survey window and the
grace time). From its commit on every cast is refused inside its own transaction. Then ``empty_marks`` runs,
in pieces, so that voting in another round never waits long; it may be killed and run again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import text

from models.round import Round, RoundState, Stage
from portal.ballot import closed_rounds
from portal.ballot.keys import key_folder
from portal.ballot.wall import hold_round, system_read, system_transaction
from portal.core import clock
from portal.core.errors import Closed, Refused
from portal.core.stages import last_close

SURVEY_STAGES = (Stage.IIT, Stage.EIT, Stage.EIT_INTERVIEW)
#: rows deleted in one transaction: well under 250 ms on SQLite
PIECE = 2000

_DELETE = text(
    "DELETE FROM mark WHERE round_id = :round AND mark IN"
    " (SELECT mark FROM mark WHERE round_id = :round LIMIT :piece)"
)
_LEFT = text("SELECT count(*) FROM mark WHERE round_id = :round")
_STATE = text("SELECT state FROM round WHERE id = :round")

Progress = Callable[[int, int], None]


def closes_at(round: Round) -> datetime | None:
    """The first moment at which the boxes may close; None while a survey stage has no window at all."""
    end = surveys_end(round)
    return end + timedelta(seconds=round.grace_seconds) if end else None


def surveys_end(round: Round) -> datetime | None:
    """The end of the last survey window, as screens name it; None while no survey has dates."""
    return last_close(round, SURVEY_STAGES)


def require_over(round: Round) -> None:
    """The guard of the round's closing: raises Closed while a survey window or its grace time still runs."""
    earliest = closes_at(round)
    if earliest is not None and clock.now() < earliest:
        raise Closed(
            "The boxes can be closed after the last survey has ended",
            opens_at=earliest,
            closed_at=None,
        )


def marks_left(round_id: int) -> int:
    """How many marks a round still has."""
    with system_read() as connection:
        return int(connection.execute(_LEFT, {"round": round_id}).scalar_one())


def empty_marks(round_id: int, *, progress: Progress | None = None) -> int:
    """Delete a closed round's marks and destroy its mark key; gives how many went. The counters keep theirs.

    First the round is noted beside the keys as closed, so that no backup from before opens it again.
    Runs in transactions of its own (a job or a command). Raises Refused while the round is not closed.
    """
    with system_transaction() as connection:
        hold_round(connection, round_id, alone=True)
        state = connection.execute(_STATE, {"round": round_id}).scalar()
        if state not in {RoundState.CLOSED.value, RoundState.OPENED.value}:
            raise Refused("The round must be closed before its marks are deleted")
        standing = closed_rounds.as_it_stands(connection, round_id)
        total = connection.execute(_LEFT, {"round": round_id}).scalar_one()
    closed_rounds.note(key_folder().path / closed_rounds.FILE, [standing])
    deleted = 0
    while True:
        with system_transaction() as connection:
            gone = connection.execute(_DELETE, {"round": round_id, "piece": PIECE}).rowcount
        deleted += gone
        if progress is not None:
            progress(deleted, total)
        if gone < PIECE:
            break
    key_folder().destroy_mark_key(round_id)
    return deleted
