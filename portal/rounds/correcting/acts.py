"""A correction of spelling after a round was opened: recorded and shown to everybody; scoring stays as it is.

The database lets the words of an opened round change in no other way (migration 0021): the correction is
written first, and it is the correction that the row's change is compared with. A round that is closed may be
corrected too: its words are still read in results, checklists and letters. What was printed stays printed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from models.instrument import Choice
from models.round import Round, RoundState
from models.thai import normal_form, one_line
from models.year import WordingCorrection
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.corrected import corrections_of
from portal.core.database.session import db
from portal.core.errors import DoesNotFit, Refused
from portal.core.lookup import hold
from portal.core.sent.versions import require_seen
from portal.rounds.correcting.spelling import require_spelling
from portal.rounds.correcting.things import Place, place_of

#: what stands in the record
ACT = "round.correct_words"
LONGEST_REASON = 300
_FILLED_IN = re.compile(r"%\(\w+\)s|#")


@dataclass(frozen=True)
class Change:
    """One field's words as they stand and as they shall stand."""

    field: str
    before: str
    after: str


def look(place: Place, typed: Mapping[str, str]) -> list[Change]:
    """What a correction would change, by its fields. Raises Refused, with the field, for more."""
    require_opened(place.round)
    changes = []
    for field, before in place.words.items():
        after = _clean(typed.get(field, before), lines=place.thing.fields[field].lines)
        if after != _clean(before, lines=place.thing.fields[field].lines):
            _require_correction(place, field, before, after)
            changes.append(Change(field, before, after))
    if not changes:
        raise Refused("Nothing differs yet: correct the words first", field=next(iter(place.words)))
    return changes


def correct(
    round: Round,
    name: str,
    row_id: int,
    typed: Mapping[str, str],
    *,
    reason: str,
    actor: Actor,
    seen: int | None,
) -> Place:
    """Correct the words of one row of an opened round, as one act; flushed. Gives the row.

    ``seen``: the last correction that the page showed. Raises NotFound, Refused (see ``look``), Stale where
    somebody corrected the same row since.
    """
    hold(round)
    place = place_of(round, name, row_id)
    require_seen(name, row_id, place.version, seen)
    changes = look(place, typed)
    reason = one_line(reason)
    if not reason:
        raise Refused("Say why: everybody reads it beside the correction", field="reason")
    if len(reason) > LONGEST_REASON:
        raise DoesNotFit("The reason is too long", field="reason")
    session = db.session()
    with audit.unrecorded(session):
        for change in changes:
            session.add(_correction(place, change, reason, actor))
        session.flush()  # the row's change is compared with its correction
        for change in changes:
            setattr(place.row, change.field, change.after)
        for instrument in place.thing.instruments(place.row):
            instrument.edition += 1  # a form that is being filled in keeps its answers: they are numbers
        session.flush()
    before = {change.field: change.before for change in changes}
    after = {change.field: change.after for change in changes} | {"reason": reason}
    audit.record(session, act=ACT, thing=name, row=row_id, before=before, after=after)
    return place


def _correction(place: Place, change: Change, reason: str, actor: Actor) -> WordingCorrection:
    return WordingCorrection(
        round_id=place.round.id,
        thing=place.name,
        row_id=place.row.id,
        code=place.code,
        field=change.field,
        before=change.before,
        after=change.after,
        reason=reason,
        made_at=clock.now(),
        account_id=actor.account_id,
    )


def require_opened(round: Round) -> None:
    """Raise Refused for a draft: there everything can be changed."""
    if round.state is RoundState.DRAFT:
        raise Refused("The round is a draft: change its words in the round builder, as you like")


def _require_correction(place: Place, field: str, before: str, after: str) -> None:
    """Only spelling, seen from the words that stand and from those that the round was opened with.

    Else a few small corrections after one another would ask another question.
    """
    if not after:
        raise Refused("Words are corrected, not taken away", field=field)
    if len(after) > place.longest(field):
        raise DoesNotFit("At most %(most)s letters fit here", field=field, most=place.longest(field))
    if sorted(_FILLED_IN.findall(before)) != sorted(_FILLED_IN.findall(after)):
        raise Refused("What the system fills in stays as it stands: correct the words around it", field=field)
    opened_with = _opened_with(place, field, before)
    if after != opened_with:  # back to how it was opened is how a correction is taken back
        for stood in dict.fromkeys((before, opened_with)):
            require_spelling(stood, after, field=field)
    if isinstance(place.row, Choice):
        _require_told_apart(place.row, after)


def _opened_with(place: Place, field: str, now: str) -> str:
    earlier: Sequence[WordingCorrection] = corrections_of(place.name, place.row.id)
    return next((one.before for one in reversed(earlier) if one.field == field), now)


def _require_told_apart(choice: Choice, after: str) -> None:
    others = select(Choice.label).where(Choice.scale_id == choice.scale_id, Choice.id != choice.id)
    if after in db.session.scalars(others).all():
        raise Refused("Two choices read the same", field="label")


def _clean(words: str, *, lines: bool) -> str:
    if not lines:
        return one_line(words)
    return "\n".join(line.rstrip() for line in normal_form(words).strip().splitlines())
