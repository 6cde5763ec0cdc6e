"""Each night: the days of the provinces added up, and of every agency what becomes of its stages (ADR 55).

Made past the walls by the system and read by offices of the country and of provinces only: the days of an
agency tell when its people answered.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, literal, select
from sqlalchemy.orm import Session

from models import forecast
from models.disclosure import Disclosure, DisclosureAnswer
from models.forecast import Arrivals, Expected, together
from models.instrument import InstrumentKind
from models.outlook import Outlook, ProvinceDay, Why
from models.participation import STEPS, Participation
from models.round import Round, RoundState, Stage
from models.survey import DailyCount
from models.thai import local_day
from models.windows import Phase
from models.work_forecast import IDLE, Work, of_work
from portal.core import clock
from portal.core.database.session import privileged, writing
from portal.core.stages import stage_state
from portal.register.lineage import origins
from portal.surveys.minimum import targets_in

#: with fewer days than these nothing is said of a survey
FEWEST_DAYS = 3
DAY = timedelta(days=1)
#: the units of a checklist beside its items: sending and confirmation
ACTS = 2
Row = dict[str, Any]


def look_ahead() -> None:
    """Make days and outlooks of all open rounds anew, from what came until yesterday."""
    with privileged("rounds whose days are added up") as session:
        rounds = list(session.scalars(select(Round.id).where(Round.state == RoundState.OPEN)))
    for round_id in rounds:
        with privileged("counts of a round's days") as session:
            rows = list(_outlooks(session, session.get_one(Round, round_id)))
        with writing(), privileged("keeping days and outlooks") as session:
            _keep(session, round_id, rows)


def _keep(session: Session, round_id: int, rows: list[Row]) -> None:
    of_round = select(Participation.id).where(Participation.round_id == round_id)
    session.execute(delete(Outlook).where(Outlook.participation_id.in_(of_round)))
    session.execute(delete(ProvinceDay).where(ProvinceDay.round_id == round_id))
    if rows:
        session.execute(insert(Outlook), rows)
    key = (Participation.round_id, DailyCount.instrument, DailyCount.province_id, DailyCount.day)
    days = (
        select(*key, func.sum(DailyCount.count))
        .join(Participation, Participation.id == DailyCount.participation_id)
        .where(Participation.round_id == round_id, DailyCount.day < literal(local_day(clock.now())))
        .group_by(*key)
    )
    columns = ["round_id", "instrument", "province_id", "day", "count"]
    session.execute(insert(ProvinceDay).from_select(columns, days))


def _outlooks(session: Session, round: Round) -> Iterator[Row]:
    today = local_day(clock.now())
    for stage in (Stage.PREPARATION, Stage.IIT, Stage.EIT, Stage.OIT):
        state = stage_state(round, stage)
        if state.phase in (Phase.OPEN, Phase.BETWEEN) and state.last_day is not None:
            left = (state.last_day - today).days + 1
            look = _Look(session, round, stage, today, open_days(round, stage), left)
            yield from look.rows()


def open_days(round: Round, stage: Stage) -> list[date]:
    """The days on which a stage is open, in their order."""
    days: set[date] = set()
    for span in stage_state(round, stage).spans:
        days.update(span.first_day + DAY * more for more in range((span.last_day - span.first_day).days + 1))
    return sorted(days)


@dataclass(frozen=True)
class _Counted:
    """The answers of agencies to one survey of a round, day by day; by participation."""

    days: list[date]
    came: dict[int, list[int]]

    @classmethod
    def of(cls, session: Session, round: Round, stage: Stage, before: date) -> _Counted:
        days = open_days(round, stage)
        so_far = bisect_right(days, before - DAY)
        query = (
            select(DailyCount.participation_id, DailyCount.day, func.sum(DailyCount.count))
            .join(Participation, Participation.id == DailyCount.participation_id)
            .where(
                Participation.round_id == round.id,
                DailyCount.instrument == InstrumentKind(stage.value),
                DailyCount.day < before,
            )
            .group_by(DailyCount.participation_id, DailyCount.day)
        )
        came: dict[int, list[int]] = defaultdict(lambda: [0] * so_far)
        for key, day, count in session.execute(query) if so_far else ():
            # what came in the grace time after a window counts to its last day
            came[key][max(0, bisect_right(days, day) - 1)] += count
        return cls(days, came)

    def arrivals(self, key: int, needed: int, so_far: int) -> Arrivals:
        """One agency's, as the forecast takes them."""
        weekends = tuple(day.weekday() >= 5 for day in self.days)
        return Arrivals(needed, weekends, tuple(self.came.get(key, [0] * so_far)))


@dataclass(frozen=True)
class _Look:
    """One stage of a round on a morning, so many days before its end."""

    session: Session = field(repr=False)
    round: Round
    stage: Stage
    today: date
    #: the days on which it is open, and how many are left with those between two windows
    days: list[date] = field(repr=False)
    left: int

    def rows(self) -> Iterator[Row]:
        """The rows of all agencies that have the stage still before them."""
        if self.stage is Stage.OIT:
            return self._checklists()
        if self.left > forecast.AHEAD:
            return iter(())
        return self._preparation() if self.stage is Stage.PREPARATION else self._survey()

    def _preparation(self) -> Iterator[Row]:
        here = (Participation.round_id == self.round.id, ~Participation.is_confirmed)
        for one in self.session.scalars(select(Participation).where(*here)):
            on = [local_day(at) for at, done in zip(one.step_dates, one.steps, strict=True) if at and done]
            yield self._work(one, one.steps_done, len(STEPS), min(on, default=None), max(on, default=None))

    def _checklists(self) -> Iterator[Row]:
        sheets, before = self._sheets(), self._before()
        here = (Participation.round_id == self.round.id, Participation.is_confirmed)
        items = max((total for total, _done in sheets.values()), default=0)
        for one in self.session.scalars(select(Participation).where(*here)):
            total, done = sheets.get(one.id, (items, 0))
            seen = before.get(one.id)
            begun = seen.begun_on if seen else None
            moved = seen.moved_on if seen else None
            if done and (seen is None or seen.done != done):
                moved = self.today - DAY
            yield self._work(one, done, total + ACTS, begun or moved, moved)

    def _sheets(self) -> Mapping[int, tuple[int, int]]:
        """Items of each checklist that was begun, and the units that are done."""
        query = (
            select(
                Disclosure.participation_id,
                Disclosure.state,
                func.count(DisclosureAnswer.id),
                func.count(DisclosureAnswer.disclosed),
            )
            .join(Participation, Participation.id == Disclosure.participation_id)
            .outerjoin(DisclosureAnswer, DisclosureAnswer.disclosure_id == Disclosure.id)
            .where(Participation.round_id == self.round.id)
            .group_by(Disclosure.participation_id, Disclosure.state)
        )
        return {
            key: (total, total + ACTS if state.approved else answered + state.handed_in)
            for key, state, total, answered in self.session.execute(query)
        }

    def _before(self) -> Mapping[int, Outlook]:
        of_round = select(Participation.id).where(Participation.round_id == self.round.id)
        query = select(Outlook).where(Outlook.stage == self.stage, Outlook.participation_id.in_(of_round))
        return {row.participation_id: row for row in self.session.scalars(query)}

    def _work(
        self, one: Participation, done: int, needed: int, begun: date | None, moved: date | None
    ) -> Row:
        today = self._number(self.today)
        expected = of_work(
            Work(
                needed,
                done,
                begun=self._number(begun) if begun else None,
                moved=self._number(moved) if moved else None,
                today=today,
                days=today + self.left,
            )
        )
        stopped = moved is not None and (self.today - moved).days > IDLE
        return self._row(one.id, one.province_id, done, needed, expected, begun, moved, stopped=stopped)

    def _number(self, day: date) -> int:
        """A day as the forecast counts it; what was done before the stage opened was done as it did."""
        return max(0, (day - self.days[0]).days)

    def _survey(self) -> Iterator[Row]:
        counted = _Counted.of(self.session, self.round, self.stage, self.today)
        so_far = bisect_right(counted.days, self.today - DAY)
        if so_far < FEWEST_DAYS:
            return
        earlier = self._last_year()
        here = (Participation.is_confirmed,)
        targets = targets_in(self.round, *here, session=self.session)
        query = select(Participation.id, Participation.agency_id, Participation.province_id)
        for key, agency, place in self.session.execute(
            query.where(Participation.round_id == self.round.id, *here)
        ):
            needed = targets[key][InstrumentKind(self.stage.value)].minimum
            if needed is None:
                continue
            now = counted.arrivals(key, needed, so_far)
            on = [day for day, count in zip(counted.days, now.came, strict=False) if count]
            expected = forecast.of_survey(now, earlier.get(agency))
            stopped = not any(now.came[-forecast.STOPPED :])
            dates = (min(on, default=None), max(on, default=None))
            yield self._row(key, place, sum(now.came), needed, expected, *dates, stopped=stopped)

    def _last_year(self) -> Mapping[int, Arrivals]:
        """The same survey of each agency in the round before; none where there was no such round.

        Of a merged agency those of all that it came from, together; of a split one none.
        """
        query = select(Round).where(
            Round.scheme == self.round.scheme, Round.fiscal_year < self.round.fiscal_year
        )
        before = self.session.scalars(query.order_by(Round.fiscal_year.desc()).limit(1)).first()
        if before is None:
            return {}
        counted = _Counted.of(self.session, before, self.stage, self.today)
        targets = targets_in(before, Participation.is_confirmed, session=self.session)
        agencies = self.session.execute(
            select(Participation.id, Participation.agency_id).where(Participation.round_id == before.id)
        )
        found = {
            agency: counted.arrivals(key, needed, len(counted.days))
            for key, agency in agencies
            if key in counted.came
            and key in targets
            and (needed := targets[key][InstrumentKind(self.stage.value)].minimum)
        }
        changed = origins(self.round.id, [before.id])[before.id]
        return {key: one for key, one in found.items() if key not in changed} | {
            key: together([found[each] for each in origin.agency_ids])
            for key, origin in changed.items()
            if not origin.divided and origin.agency_ids <= found.keys()
        }

    def _row(
        self,
        key: int,
        place: int,
        done: int,
        needed: int,
        expected: Expected,
        begun: date | None,
        moved: date | None,
        *,
        stopped: bool,
    ) -> Row:
        why = None
        if self.left <= forecast.AHEAD and expected.is_likely_to_miss:
            why = Why.NOT_BEGUN if not done else Why.STALLED if stopped else Why.TOO_SLOW
        return {
            "participation_id": key,
            "stage": self.stage,
            "province_id": place,
            "made_on": self.today,
            "done": done,
            "needed": needed,
            "expected": expected.total,
            "begun_on": begun,
            "moved_on": moved,
            "why": why,
        }
