"""What OIT still lacks when a round is about to be closed: closing early leaves agencies without a total."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from models.disclosure import DisclosureState
from models.participation import Participation
from models.round import Round, Stage
from portal.core.database.session import db
from portal.core.stages import stage_state
from portal.disclosure.progress import oit_states


@dataclass(frozen=True)
class Unscored:
    """Agencies of a round by their points in OIT.

    ``waiting``: approved by the executive, without points; ``never``: assessed, but nothing came to the
    assessor; ``until``: the end of the scoring where it still runs or is to come.
    """

    scored: int
    waiting: int
    never: int
    until: datetime | None

    @property
    def matters(self) -> bool:
        """True where waiting with the closing could still give somebody points."""
        return self.waiting > 0 or self.until is not None


def unscored(round: Round) -> Unscored:
    """How far the scoring of a round is; two queries."""
    states: Counter[DisclosureState] = Counter()
    for numbers in oit_states(round.id).values():
        states.update(numbers)
    assessed = select(func.count(Participation.id)).where(
        Participation.round_id == round.id, Participation.is_confirmed
    )
    scored, waiting = states[DisclosureState.SCORED], states[DisclosureState.CONFIRMED]
    stage = stage_state(round, Stage.OIT_SCORING)
    running = not stage.is_over and stage.final_close is not None
    return Unscored(
        scored,
        waiting,
        max(0, (db.session.scalar(assessed) or 0) - scored - waiting),
        stage.final_close if running else None,
    )
