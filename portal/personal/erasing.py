"""Erasing the personal data of a round's rosters: for good, in pieces, by several at once if it so happens.

A piece takes some agencies, waits for whoever works on their rosters, blanks the rows and drops the copies.
Killed anywhere it goes on where it was: what is blank stays blank, and the end is written down once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.participation import Participation
from models.personal import RosterErasure
from models.roster import RosterEntry
from models.round import Round, RoundState
from portal.ballot.compact import compact
from portal.core import audit, clock
from portal.core.database.session import privileged, writing
from portal.core.errors import NotFound
from portal.personal import papers
from portal.personal.blanking import blank_all, blank_notes, drop_copies
from portal.personal.keeping import kept_until, why_not_erase

#: agencies of one transaction: well under 250 ms on SQLite
PIECE = 10

Progress = Callable[[int, int], None]


def due_rounds() -> list[int]:
    """The rounds whose rosters are to be erased now, or were begun to be."""
    with privileged("rounds whose rosters are to be erased") as session:
        done = select(RosterErasure.round_id).where(RosterErasure.finished_at.is_not(None))
        opened = select(Round).where(Round.state == RoundState.OPENED, Round.id.not_in(done))
        return [
            round.id for round in session.scalars(opened.order_by(Round.id)) if why_not_erase(round) is None
        ]


def erase(round_id: int, progress: Progress = lambda _done, _all: None) -> RosterErasure:
    """Erase the personal data of a round's rosters; gives what was written down. Doing it again does nothing.

    Raises NotFound for a round that is not there, Refused while its data are kept.
    """
    begun = _begin(round_id)
    if begun.finished_at is not None:
        return begun
    with privileged("agencies whose rosters are erased") as session:
        query = select(Participation.id).where(Participation.round_id == round_id)
        keys = list(session.scalars(query.order_by(Participation.id)))
    for first in range(0, len(keys), PIECE):
        _erase_piece(keys[first : first + PIECE])
        progress(min(first + PIECE, len(keys)), len(keys))
    erased = _finish(round_id)
    compact()  # what was overwritten leaves the database's own file and log, too
    return erased


def _begin(round_id: int) -> RosterErasure:
    """Write down that it begins; from then on no row of these rosters gets a person any more."""
    with writing(), privileged("erasing rosters begins") as session:
        # it waits for who sets another day, and who sets one afterwards finds it
        round = session.scalar(select(Round).where(Round.id == round_id).with_for_update())
        if round is None:
            raise NotFound
        found = session.scalar(select(RosterErasure).where(RosterErasure.round_id == round_id))
        if found is not None:
            session.expunge(found)
            return found
        if refused := why_not_erase(round):
            raise refused
        until = kept_until(round)
        assert until is not None, "else it was refused"
        erasure = RosterErasure(round_id=round_id, kept_until=until, began_at=clock.now())
        with audit.unrecorded(session):
            session.add(erasure)
        _record(session, erasure, "rosters.erase_begin", {"kept_until": until.isoformat()})
        session.commit()
        session.refresh(erasure)
        session.expunge(erasure)
        return erasure


def _erase_piece(keys: list[int]) -> None:
    with writing(), privileged("erasing rosters") as session:
        held = select(Participation).where(Participation.id.in_(keys)).order_by(Participation.id)
        agencies = session.scalars(held.with_for_update(key_share=True)).all()
        rows = {one: blank_all(session, one.id) for one in agencies}
        blank_notes(session, keys)
        drop_copies(session, agencies)
        audit.write(
            session,
            [
                audit.Entry(
                    audit.chain_of(one), "roster.erase", "participation", str(one.id), after={"rows": count}
                )
                for one, count in rows.items()
                if count
            ],
        )


def _finish(round_id: int) -> RosterErasure:
    """Write down what was erased; of several at once one does."""
    with writing(), privileged("rosters are erased") as session:
        held = select(RosterErasure).where(RosterErasure.round_id == round_id)
        erasure = session.scalars(held.with_for_update()).one()
        if erasure.finished_at is None:
            round = session.get_one(Round, round_id)
            counts = _counts(session, round_id)
            said = papers.said_by(session, round, erasure, **counts)
            with audit.unrecorded(session):
                erasure.finished_at, erasure.data = clock.now(), said
            _record(session, erasure, "rosters.erased", counts)
            session.commit()
            session.refresh(erasure)
        session.expunge(erasure)
        return erasure


def _counts(session: Session, round_id: int) -> dict[str, int]:
    erased = (
        select(func.count(), func.count(RosterEntry.participation_id.distinct()))
        .select_from(RosterEntry)
        .join(Participation, Participation.id == RosterEntry.participation_id)
        .where(Participation.round_id == round_id)
    )
    rows, agencies = session.execute(erased.where(RosterEntry.erased_at.is_not(None))).one()
    left, _agencies = session.execute(erased.where(RosterEntry.erased_at.is_(None))).one()
    assert left == 0, "the database lets no row in once it has begun"
    return {"rows": rows, "agencies": agencies}


def _record(session: Session, erasure: RosterErasure, act: str, after: dict[str, Any]) -> None:
    audit.record(session, act=act, thing="roster_erasure", row=erasure.id, after=after)
