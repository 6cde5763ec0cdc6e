"""Every agency of a round done with all that is due, but the planted ones, each left behind at one step."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from models.disclosure import Disclosure, DisclosureState
from models.instrument import InstrumentKind
from models.participation import Participation, PreparationState
from models.roster import RosterEntry
from models.round import Round
from models.survey import AnswerCount, Channel
from portal.chasing.lacks import Lack
from portal.core import clock
from portal.core.database.session import privileged
from portal.surveys.minimum import SampleSizes
from portal.tools.bench import filler
from portal.tools.demo.present import write_steps

HEADCOUNT = 40
#: steps at which nobody has confirmed, in the order of the work
BEFORE_CONFIRMATION = (Lack.PASSWORD, Lack.HEADCOUNT, Lack.ROSTER, Lack.SENDING, Lack.CONFIRMING)
#: steps at which the roster is not there yet
WITHOUT_ROSTER = BEFORE_CONFIRMATION[:3]
COLUMNS = (
    Participation.id,
    Participation.agency_id,
    Participation.province_id,
    Participation.kind,
    Participation.size,
    Participation.province_size,
)
SURVEYS = {InstrumentKind.IIT: Lack.IIT, InstrumentKind.EIT: Lack.EIT}


def plant(round_id: int, *, number: int, names: int) -> dict[int, Lack]:
    """Finish the round's agencies, but so many; gives at which step each of these was left, by participation.

    ``names`` are on the rosters in all (evenly). The planted ones lie anywhere in the country, as many at
    each step. Checklists get their state and no answers. Needs an application context.
    """
    chance = random.Random(round_id)  # noqa: S311 - a drill's set, the same every time
    with privileged("drill: the agencies of the round") as session:
        rows = session.execute(select(*COLUMNS).where(Participation.round_id == round_id)).all()
        sizes = SampleSizes(session.get_one(Round, round_id).sample_rules)
        chosen = sorted(chance.sample([row.id for row in rows], number))
        left = {one: tuple(Lack)[place % len(Lack)] for place, one in enumerate(chosen)}
        each = names // len(rows)
        confirmed = [row for row in rows if left.get(row.id) not in BEFORE_CONFIRMATION]
        answers = list(_answers(confirmed, left, sizes, each))
        write_steps(session, [_steps(row.id, left.get(row.id), each) for row in rows])
    with_roster = [_place(row) for row in rows if left.get(row.id) not in WITHOUT_ROSTER]
    filler.write(RosterEntry, filler.people_of(round_id, with_roster, each, chance))
    filler.write(AnswerCount, iter(answers))
    filler.write(Disclosure, _checklists(confirmed, left))
    return left


def _steps(key: int, lack: Lack | None, names: int) -> dict[str, Any]:
    """The columns of preparation of an agency that lacks a step, or None: that has done all four."""
    now, confirmed = clock.now(), PreparationState.CONFIRMED
    done = len(BEFORE_CONFIRMATION) if lack not in BEFORE_CONFIRMATION else BEFORE_CONFIRMATION.index(lack)
    states = {3: PreparationState.ENTERING, 4: PreparationState.SUBMITTED, 5: confirmed}
    return {
        "id": key,
        "activated_at": now if done >= 1 else None,
        "headcount": HEADCOUNT if done >= 2 else None,
        "headcount_at": now if done >= 2 else None,
        "roster_count": names if done >= 3 else 0,
        "roster_at": now if done >= 3 else None,
        "state": states.get(done, PreparationState.ENTERING),
        "submitted_at": now if done >= 4 else None,
        "confirmed_at": now if done >= 5 else None,
    }


def _place(row: Any) -> dict[str, int]:
    return {"participation_id": row.id, "agency_id": row.agency_id, "province_id": row.province_id}


def _answers(
    rows: Sequence[Any], left: dict[int, Lack], sizes: SampleSizes, names: int
) -> Iterator[dict[str, Any]]:
    """As many answers as the minimum, and one less where the survey is what is left."""
    people = {InstrumentKind.IIT: HEADCOUNT, InstrumentKind.EIT: names}
    for row in rows:
        for instrument, lack in SURVEYS.items():
            needed = sizes.minimum(
                instrument, people[instrument], kind=row.kind, size=row.size, province_size=row.province_size
            )
            count = (needed or 0) - (left.get(row.id) is lack)
            yield {**_place(row), "instrument": instrument, "channel": Channel.SELF, "count": count}


def _checklists(rows: Sequence[Any], left: dict[int, Lack]) -> Iterator[dict[str, Any]]:
    states = {Lack.OIT: DisclosureState.RETURNED, Lack.OIT_REVIEW: DisclosureState.SUBMITTED}
    for row in rows:
        state = states.get(left.get(row.id, Lack.IIT), DisclosureState.CONFIRMED)
        yield {**_place(row), "state": state, "submission": 1, "version": 1}
