"""What tests count in the boxes: marks, answers, and whether the counters hold."""

from __future__ import annotations

from sqlalchemy import func, select, text

from models.answer_codec import padded_size
from models.ballot import Mark
from models.round import Round, RoundState
from portal.ballot.recount import differences
from portal.ballot.wall import system_read
from portal.core.database.session import privileged, writing

#: bytes that the seal adds: the ephemeral public key and the tag
OVERHEAD = 32 + 16


def marks_left(round_id: int) -> int:
    """How many marks a round still has."""
    with system_read() as connection:
        query = select(func.count()).select_from(Mark).where(Mark.round_id == round_id)
        return connection.execute(query).scalar_one()


def answers_counted(round_id: int) -> int:
    """How many answers the counters of a round hold."""
    with system_read() as connection:
        query = text(
            "SELECT coalesce(sum(c.count), 0) FROM answer_count c"
            " JOIN participation p ON p.id = c.participation_id WHERE p.round_id = :round"
        )
        return int(connection.execute(query, {"round": round_id}).scalar_one())


def counts_equal_recount(round_id: int) -> bool:
    """True where every counter equals the recount."""
    return not differences(round_id)


def sealed_size(slots: int) -> int:
    """The length of every sealed answer of a questionnaire."""
    return padded_size(slots) + OVERHEAD


def bring_round_to(round_id: int, state: RoundState) -> None:
    """A round in a state, whatever the workflow would ask."""
    with writing(), privileged("a test brings a round to a state") as session:
        session.get_one(Round, round_id).state = state
