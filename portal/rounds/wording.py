"""Until when the words of a round can be changed, and what can be done afterwards."""

from __future__ import annotations

from models.round import Round, RoundState
from portal.core.errors import Refused


def words_locked(round: Round) -> Refused | None:
    """Why words can no longer be changed; None while the round is a draft."""
    if round.state is RoundState.DRAFT:
        return None
    return Refused(
        "The round has been opened: its words stay as they are. A spelling mistake can be corrected by the "
        "NACC"
    )
