"""The boxes that are answered in, and answers that say whose they are once they are opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from models.survey import SurveyLink
from portal.ballot.questionnaire import load_questionnaire
from portal.core.database.session import privileged
from portal.tools.faults.ledger import NOBODY, VARIANTS, Found


@dataclass(frozen=True)
class Surveyed:
    """A box with its link. ``limits``: the choices of each question, by the slots of the stored answer."""

    participation_id: int
    instrument: str
    code: str
    limits: tuple[int, ...]

    def choices(self, number: int, variant: int) -> tuple[int, ...]:
        """The answer of a person, and which of theirs it is, in choices from 1."""
        rest, chosen = number * VARIANTS + variant, []
        for limit in self.limits:
            rest, choice = divmod(rest, limit)
            chosen.append(choice + 1)
        return tuple(chosen)

    def whose(self, stored: bytes) -> tuple[int, int]:
        """Person and variant of an opened answer; NOBODY where none was ever made so."""
        rest, place = 0, 1
        for limit, choice in zip(self.limits, stored, strict=False):
            rest, place = rest + (choice - 1) * place, place * limit
        number, variant = divmod(rest, VARIANTS)
        made = number >= 0 and bytes(self.choices(number, variant)) == stored
        return (number, variant) if made else (NOBODY, 0)


def surveyed(round_id: int, boxes: int) -> list[Surveyed]:
    """The first boxes of a round that have a living link."""
    with privileged("faults: links") as session:
        links = session.scalars(
            select(SurveyLink).where(SurveyLink.revoked_at.is_(None)).order_by(SurveyLink.id).limit(boxes)
        ).all()
        kinds = {link.instrument for link in links}
        limits = {kind: load_questionnaire(session, round_id, kind).limits for kind in kinds}
        found = [
            Surveyed(link.participation_id, link.instrument.value, link.code, limits[link.instrument])
            for link in links
        ]
    assert len(found) == boxes, "every agency that was prepared has two links"
    return found


def found_in(boxes: Sequence[Surveyed], rows: Iterable[tuple[int, str, bytes]]) -> Found:
    """Opened answers by box, person and variant; ``rows``: participation, instrument, answers."""
    place: Mapping[tuple[int, str], int] = {
        (box.participation_id, box.instrument): number for number, box in enumerate(boxes)
    }
    found: Counter[tuple[int, int, int]] = Counter()
    for participation_id, instrument, answers in rows:
        number = place.get((participation_id, instrument), NOBODY)
        whose = boxes[number].whose(bytes(answers)) if number != NOBODY else (NOBODY, 0)
        found[(number, *whose)] += 1
    return found
