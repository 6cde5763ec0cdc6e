"""What was given to bodies in a round, act by act, the newest first."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.distribution import Distribution, DistributionState
from models.round import Round
from portal.core.database.session import db

#: acts that the page lists
SHOWN = 50


def acts_of(round: Round) -> list[Distribution]:
    """The acts of a round that were carried out or ordered; the plans that nobody took are no acts."""
    query = (
        select(Distribution)
        .where(Distribution.round_id == round.id, Distribution.state != DistributionState.PLANNED)
        .options(joinedload(Distribution.made_by))
        .order_by(Distribution.id.desc())
        .limit(SHOWN)
    )
    return list(db.session.scalars(query))
