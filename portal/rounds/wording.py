"""Changing the wording of a round's questions and OIT items, and until when that is possible."""

from __future__ import annotations

from collections.abc import Sequence

from models.instrument import Instrument, OitItem, Question
from models.round import Round, RoundState, Stage
from models.thai import thai_date
from portal.core import clock
from portal.core.errors import Refused
from portal.core.stages import stage_state


def items_locked(round: Round) -> Refused | None:
    """Why OIT items can no longer be changed; None until the OIT stage of an open round opens."""
    if round.state is RoundState.DRAFT:
        return None
    if round.state is not RoundState.OPEN:
        return Refused("The round is closed: its items stay as they were asked")
    opening = stage_state(round, Stage.OIT).first_opening
    if opening is not None and opening <= clock.now():
        return Refused(
            "The OIT stage opened on %(when)s: the items stay as they were asked", when=thai_date(opening)
        )
    return None


def questions_locked(round: Round) -> Refused | None:
    """Why questions can no longer be changed; None while the round is a draft."""
    if round.state is RoundState.DRAFT:
        return None
    return Refused("The round has been opened: its questions stay as they are asked")


def settle_item(item: OitItem) -> None:
    """Guard and note a change of an item's wording. Raises Refused."""
    _note(item.instrument, items_locked(item.instrument.round))


def settle_question(question: Question, lines: Sequence[str]) -> None:
    """Guard and note a change of a question's wording and of its lines'. Raises Refused.

    A question keeps its number of lines: an answer stores one byte for each.
    """
    _note(question.instrument, questions_locked(question.instrument.round))
    if len(question.sub_items) == 1 and not lines:
        return
    if len(lines) != len(question.sub_items):
        raise Refused(
            "This question has %(count)s lines; %(given)s were written",
            count=len(question.sub_items),
            given=len(lines),
        )
    for line, text in zip(question.sub_items, lines, strict=True):
        line.text = text


def _note(instrument: Instrument, locked: Refused | None) -> None:
    if locked is not None:
        raise locked
    instrument.edition += 1
