"""What people of a round are told at home: in the round's own words, else in the product's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from models.participation import Participation
from models.round import Round, RoundState, Stage
from models.thai import thai_deadline
from models.year import RoundText
from portal.ballot.public_texts import PUBLIC
from portal.ballot.public_words import unfit
from portal.core import clock
from portal.core.database.session import db
from portal.core.stages import STAGE_TITLES, stage_of, stage_state
from portal.core.texts import _


@dataclass(frozen=True)
class Told:
    """What a round announces about a stage: its title and the lines of the announcement."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Notices:
    """The words of a round for the notices that it words itself."""

    words: Mapping[str, str] = field(default_factory=dict)

    def of(self, key: str, **values: object) -> str:
        """A notice; of a text that only the round has, "" where it has none. Raises KeyError."""
        text = PUBLIC[key]
        own = self.words.get(key, "")
        words = own if own and unfit(own, text) is None else text.thai
        return words % values if values and words else words


PLAIN = Notices()


def notices_of(round: Round) -> Notices:
    """What a round words itself, in one query."""
    query = select(RoundText.key, RoundText.words).where(RoundText.round_id == round.id)
    return Notices(dict(db.session.execute(query.where(RoundText.key.startswith("notice."))).all()))


def announced(
    round: Round, notices: Notices, stages: Iterable[Stage], one: Participation | None = None
) -> tuple[Told, ...]:
    """What an open round announces about these stages where they are open now, for everybody or for one."""
    now = clock.now()
    found = []
    for stage in stages if round.state is RoundState.OPEN else ():
        state = stage_of(one, stage, now) if one else stage_state(round, stage, now)
        if state.is_open and state.closes_at is not None:
            values = {"until": thai_deadline(state.closes_at), "year": round.fiscal_year}
            words = notices.of(f"notice.{stage.value}", **values)
            if words:
                found.append(Told(_(str(STAGE_TITLES[stage])), tuple(words.splitlines())))
    return tuple(found)
