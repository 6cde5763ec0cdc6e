"""Whether an agency's boxes are closed still: what its results are counted from may change only so long."""

from __future__ import annotations

from sqlalchemy import select, text

from models.participation import Participation
from models.round import Round, RoundState
from portal.ballot.wall import hold_round, system_role
from portal.core.database.session import db

_OPENED = text(
    "SELECT 1 FROM opened_answer WHERE participation_id = :participation"
    " UNION ALL SELECT 1 FROM set_aside WHERE participation_id = :participation LIMIT 1"
)


def boxes_are_closed(participation: Participation, *, hold: bool = False) -> bool:
    """True while nobody has begun to open the agency's boxes, in a round that runs or was closed.

    ``hold``: stay in the round until the transaction ends, so that whoever opens comes before or after.
    """
    with system_role(db.session().connection()) as connection:
        if hold:
            hold_round(connection, participation.round_id)
        opened = connection.execute(_OPENED, {"participation": participation.id}).first()
    state = db.session.scalar(select(Round.state).where(Round.id == participation.round_id))
    return opened is None and state in (RoundState.OPEN, RoundState.CLOSED)
