"""The windows of a round as people enter them: whole days, the last one included.

What has happened cannot be moved: in an open round a window that has opened keeps its opening, one that has
closed stays as it is. A draft has not happened yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func, select

from models.participation import Extension, Participation
from models.round import Round, RoundState, Stage, Window, WindowKind
from models.thai import local_day, midnight_after, thai_date_short
from models.windows import A_MOMENT
from models.zone import BANGKOK
from portal.content.year import ContentWindow, YearContent
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.lookup import hold
from portal.core.sent.versions import require_version
from portal.core.stages import GOES_ON, latest_extension
from portal.rounds.building import steps
from portal.rounds.building.edits import rules

Key = tuple[Stage, WindowKind]
#: first and last day of a window; None for a window that is not used
Plan = Mapping[Key, tuple[date | None, date | None]]
KEYS: tuple[Key, ...] = tuple((stage, kind) for stage in Stage for kind in WindowKind)
#: agencies with an extension that a question names before it counts the rest
NAMED = 5


@dataclass(frozen=True)
class Problem:
    """What is wrong with one date. ``edge`` is "first" or "last"; the reason is an English id."""

    key: Key
    edge: str
    reason: str
    values: Mapping[str, Any]


def current_plan(round: Round) -> dict[Key, tuple[date | None, date | None]]:
    """The stored windows as days."""
    plan: dict[Key, tuple[date | None, date | None]] = dict.fromkeys(KEYS, (None, None))
    return plan | {
        (window.stage, window.kind): (window.span.first_day, window.span.last_day) for window in round.windows
    }


def has_opened(round: Round, key: Key, now: datetime | None = None) -> bool:
    """True where a window of an open round has begun: its opening is history."""
    window = _stored(round).get(key)
    return _is_live(round) and window is not None and window.opens_at <= (now or clock.now())


def has_closed(round: Round, key: Key, now: datetime | None = None) -> bool:
    """True where a window of an open round is over: nothing of it can be moved."""
    window = _stored(round).get(key)
    return _is_live(round) and window is not None and window.closes_at <= (now or clock.now())


def problems(round: Round, plan: Plan) -> list[Problem]:
    """Everything wrong with a plan, in the order of the form; empty where it can be saved."""
    problems: list[Problem] = []
    for stage in Stage:
        previous: tuple[WindowKind, date] | None = None
        for kind in WindowKind:
            key = (stage, kind)
            own = list(_wrong_by_itself(round, key, *plan[key]))
            first, last = plan[key]
            if not own and first and previous and first <= previous[1]:
                own.append(
                    Problem(
                        key,
                        "first",
                        "It begins before the window above ends on %(day)s",
                        {"day": thai_date_short(previous[1])},
                    )
                )
            problems += own
            previous = (kind, last) if last else previous
    return problems


def shortened(round: Round, plan: Plan) -> list[Key]:
    """The windows of an open round that would end earlier than announced, or not be held at all."""
    if not _is_live(round):
        return []
    return [
        key
        for key, window in _stored(round).items()
        if (last := plan[key][1]) is None or last < (window.span.first_day, window.span.last_day)[1]
    ]


@dataclass(frozen=True)
class Outlasting:
    """Extensions of a stage that would end after what follows it, or not in time for it.

    ``latest``: the last day that one may have by the plan; ``longest``: the latest that was given;
    ``agencies``: how many have more than that, ``names`` of the first of them.
    """

    stage: Stage
    latest: date
    longest: date
    agencies: int
    names: tuple[str, ...]

    @property
    def stamp(self) -> str:
        """What a person has seen who confirms it."""
        return f"{self.stage.value} {self.latest} {self.longest} {self.agencies}"


def outlasting(round: Round, plan: Plan) -> list[Outlasting]:
    """The running extensions that a plan leaves too little time for what follows, by stage.

    Those that the dates as they are leave none already are not of this plan. Two queries at most for a stage.
    """
    if not _is_live(round):
        return []
    found, before = [], current_plan(round)
    for stage in GOES_ON:
        latest, now_latest = _latest(round, stage, plan), _latest(round, stage, before)
        if latest is not None and (now_latest is None or latest < now_latest):
            found += _longer_than(round, stage, latest)
    return found


def _latest(round: Round, stage: Stage, plan: Plan) -> date | None:
    """The last day that an extension may have: what follows goes on with what comes in its grace."""
    lasts = [
        max((last for kind in WindowKind if (last := plan[after, kind][1])), default=None)
        for after in GOES_ON[stage]
    ]
    ends = [midnight_after(last) for last in lasts if last is not None]
    return latest_extension(round, stage, ends)


def _longer_than(round: Round, stage: Stage, latest: date) -> list[Outlasting]:
    after = max(midnight_after(latest), clock.now())
    longer = (
        select(Participation.full_name, func.max(Extension.until))
        .join(Extension, Extension.participation_id == Participation.id)
        .where(Participation.round_id == round.id, Extension.stage == stage)
        .where(Extension.taken_back_at.is_(None), Extension.until > after)
        .group_by(Participation.id, Participation.full_name, Participation.sort_key)
        .order_by(Participation.sort_key)
    )
    rows = db.session.execute(longer).all()
    if not rows:
        return []
    longest = local_day(max(until for _name, until in rows) - A_MOMENT)
    names = tuple(name for name, _until in rows[:NAMED])
    return [Outlasting(stage, latest, longest, len(rows), names)]


def save(round: Round, plan: Plan, *, actor: Actor, seen_version: int | None = None) -> None:
    """Make the stored windows those of the plan; in a draft as a step that can be taken back.

    Raises Refused for a closed round or a wrong plan, Stale where the round was saved meanwhile.
    """
    hold(round)
    require_version(round, seen_version)
    if round.state not in (RoundState.DRAFT, RoundState.OPEN):
        raise Refused("The round is closed: its dates stay as they are")
    for problem in problems(round, plan):
        raise Refused(problem.reason, **problem.values)
    if not _is_live(round):
        _save_draft(round, plan, actor, seen_version)
        return
    stored = _stored(round)
    with audit.act("round.windows"):
        round.touch()
        for key, (first, last) in plan.items():
            window = stored.get(key)
            if first is None or last is None:
                if window is not None:
                    round.windows.remove(window)
            elif window is None:
                opens_at, closes_at = _moments(first, last)
                round.windows.append(
                    Window(stage=key[0], kind=key[1], opens_at=opens_at, closes_at=closes_at)
                )
            else:
                _move(window, first, last)
        db.session.flush()


def _save_draft(round: Round, plan: Plan, actor: Actor, seen_version: int | None) -> None:
    stored = _stored(round)
    windows = []
    for key, (first, last) in plan.items():
        if first is None or last is None:
            continue
        opens_at, closes_at = _moments(first, last)
        if (window := stored.get(key)) is not None:  # a time of day that was set otherwise stays
            old_first, old_last = window.span.first_day, window.span.last_day
            opens_at = window.opens_at if first == old_first else opens_at
            closes_at = window.closes_at if last == old_last else closes_at
        windows.append(ContentWindow(key[0], key[1], opens_at, closes_at))

    def edit(it: YearContent) -> YearContent:
        return rules.change_windows(it, windows)

    steps.change(round, edit, act="round.windows", actor=actor, seen_version=seen_version)


def _move(window: Window, first: date, last: date) -> None:
    """Change only the edge whose day changed: a time of day that was set otherwise stays."""
    opens_at, closes_at = _moments(first, last)
    old_first, old_last = (window.span.first_day, window.span.last_day)
    if first != old_first:
        window.opens_at = opens_at
    if last != old_last:
        window.closes_at = closes_at


def _moments(first: date, last: date) -> tuple[datetime, datetime]:
    return (
        datetime.combine(first, time(), BANGKOK),
        midnight_after(last),
    )


def _wrong_by_itself(round: Round, key: Key, first: date | None, last: date | None) -> Iterator[Problem]:
    if (first is None) != (last is None):
        edge = "first" if first is None else "last"
        yield Problem(key, edge, "Enter both days, or leave both empty", {})
        return
    if first and last and last < first:
        yield Problem(
            key, "last", "The last day lies before the first day, %(day)s", {"day": thai_date_short(first)}
        )
        return
    if _is_live(round):
        yield from _rewrites_history(round, key, first, last)


def _rewrites_history(round: Round, key: Key, first: date | None, last: date | None) -> Iterator[Problem]:
    now = clock.now()
    today = local_day(now)
    window = _stored(round).get(key)
    old_first, old_last = (window.span.first_day, window.span.last_day) if window else (None, None)
    if window and has_opened(round, key, now) and first != old_first:
        day = thai_date_short(window.opens_at)
        yield Problem(key, "first", "It opened on %(day)s already: that day stays", {"day": day})
    elif first and first != old_first and first < today:
        yield Problem(key, "first", "The day has passed: begin today or later", {})
    if window and has_closed(round, key, now) and last != old_last:
        day = thai_date_short(old_last or today)
        reason = "It closed on %(day)s already: add a later window instead"
        yield Problem(key, "last", reason, {"day": day})
    elif last and last != old_last and last < today:
        yield Problem(key, "last", "The day has passed: end today or later", {})


def _stored(round: Round) -> dict[Key, Window]:
    return {(window.stage, window.kind): window for window in round.windows}


def _is_live(round: Round) -> bool:
    return round.state is not RoundState.DRAFT
