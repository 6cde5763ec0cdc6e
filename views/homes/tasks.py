"""What an office does next: the pieces of the homes of all desks above an agency, and the province's home.

Plain data with endpoint names, as the homes of an agency are. Every count is an ORM select in the scoped
session: a desk counts only what it may see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from models.disclosure import DisclosureState
from models.instrument import InstrumentKind
from models.job import Job, JobState
from models.letter import LetterKind
from models.participation import Participation
from models.round import Round, RoundState, Stage
from models.survey import AnswerCount
from models.thai import thai_date, thai_datetime, thai_deadline
from models.windows import StageState
from portal.core import clock
from portal.core.access import ROLES, the_actor
from portal.core.database.session import db
from portal.core.holders import CAPACITIES
from portal.core.jobs.kinds import handled_by
from portal.core.stages import STAGE_NAMES, closed, due_words, stage_state, time_left
from portal.core.texts import _
from portal.letters.inbox import desk
from portal.letters.kept import newest
from portal.people.entry import lost
from portal.people.seats import named
from portal.personal.requests import count_late_agencies
from portal.rounds.notices import Notices, Told
from portal.status.figures import Counts, ProvinceRow, survey_of
from portal.status.figures import surveys as survey_counts
from portal.surveys.minimum import targets_in
from views.homes.agency import Countdown
from views.homes.agency_tasks import Task

#: failed jobs older than this are no news
JOB_NEWS = timedelta(days=7)
#: a letter older than this is worth making again while agencies are still behind
LETTER_NEWS = timedelta(days=7)


@dataclass(frozen=True)
class Errand(Task):
    """A task whose address needs more than the page's round."""

    values: tuple[tuple[str, Any], ...] = ()
    round_id: int | None = None


@dataclass(frozen=True)
class Figure:
    """A number of the page; ``total``: of how many, None where it is simply a number."""

    label: str
    number: int
    total: int | None = None
    endpoint: str = ""
    values: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class OfficeHome:
    """Everything that the home of an office shows; ``nothing`` stands where there is no task."""

    tasks: tuple[Errand, ...]
    nothing: str
    countdown: Countdown | None = None
    figures: tuple[Figure, ...] = ()
    #: the provinces furthest behind (DLA)
    behind: tuple[ProvinceRow, ...] = ()
    #: what the round announces about its stages
    told: tuple[Told, ...] = ()


def countdown(round: Round, stages: Iterable[Stage], *, text: str = "") -> Countdown | None:
    """The next thing that the clock does in these stages: the first closing, else the next opening."""
    if round.state is not RoundState.OPEN:
        return None
    now = clock.now()
    states = [(stage, stage_state(round, stage, now)) for stage in stages]
    ends = [(state.closes_at, stage) for stage, state in states if state.is_open and state.closes_at]
    if ends:
        end, stage = min(ends, key=lambda pair: pair[0])
        title = _("%(stage)s: closes on %(when)s", stage=STAGE_NAMES[stage], when=thai_deadline(end))
        kind = "bad" if (end - now).days < 2 else "warn" if (end - now).days < 7 else "info"
        return Countdown(*time_left(now, end), title, text, kind)
    starts = [(state.next.opens_at, stage) for stage, state in states if state.next]
    if not starts:
        return None
    start, stage = min(starts, key=lambda pair: pair[0])
    title = _("%(stage)s: opens on %(when)s", stage=STAGE_NAMES[stage], when=thai_datetime(start))
    return Countdown(*time_left(now, start), title, text, "info")


def due(stage: StageState) -> dict[str, Any]:
    """When a task of a stage is due, as fields of a task; "idle" with the reason outside its windows."""
    if stage.is_open and stage.closes_at is not None:
        words, kind = due_words(stage)
        return {"due": words, "due_kind": kind, "closes_at": stage.closes_at}
    return {"due": closed(stage).message, "due_kind": "idle", "closes_at": stage.closes_at}


def answer_sums(round: Round) -> dict[InstrumentKind, int]:
    """Answers of each survey inside the scope; one query."""
    query = (
        select(AnswerCount.instrument, func.sum(AnswerCount.count))
        .join(Participation, Participation.id == AnswerCount.participation_id)
        .where(Participation.round_id == round.id)
        .group_by(AnswerCount.instrument)
    )
    return {kind: int(number) for kind, number in db.session.execute(query)}


def oit_sums(states: dict[int, dict[DisclosureState, int]], counts: Callable[[DisclosureState], bool]) -> int:
    """How many checklists stand in a state that counts: ``handed_in``, ``approved``."""
    return sum(number for place in states.values() for state, number in place.items() if counts(state))


def letters_in() -> list[Errand]:
    """Letters that came in and that nobody at the desk has opened."""
    number = desk.unread(the_actor())
    if not number:
        return []
    return [
        Errand(
            _("%(count)s letters that came in have not been opened", count=f"{number:,}"),
            "file-import",
            _("Open it, so that the sender sees that it was read"),
            endpoint="inbox.index",
            action=_("See the letters"),
        )
    ]


def lost_passwords() -> list[Errand]:
    """People who cannot come in, and whom this desk gives a new code."""
    number = lost.count()
    if not number:
        return []
    return [
        Errand(
            _("%(count)s people lost their password", count=f"{number:,}"),
            "key",
            _("Call them back and issue a new code"),
            endpoint="lost_passwords.index",
            action=_("See who"),
        )
    ]


def named_people() -> list[Errand]:
    """People who were named for a desk and wait for their code."""
    return [
        Errand(
            _("Issue a code for %(name)s", name=one.name),
            "key",
            _(
                "%(capacity)s – %(role)s, %(place)s",
                capacity=CAPACITIES[one.capacity],
                role=ROLES[one.role].label,
                place=one.place,
            ),
            endpoint="account_acts.code",
            action=_("Issue the code"),
            values=(("account_id", one.account_id),),
        )
        for one in named.waiting(the_actor())
    ]


def failed_jobs() -> list[Errand]:
    """Jobs that failed lately and were not begun again, of those that the person may start again."""
    query = (
        select(Job.id, Job.title)
        .where(Job.state == JobState.FAILED, Job.finished_at >= clock.now() - JOB_NEWS)
        .where(handled_by(the_actor()))
        .order_by(Job.id.desc())
        .limit(20)
    )
    jobs = db.session.execute(query).all()
    if not jobs:
        return []
    words = _("Read what went wrong; most can be started again where they stopped")
    if len(jobs) > 1:
        title = _("%(count)s jobs have failed", count=len(jobs))
        return [Errand(title, "alert-triangle", words, endpoint="jobs.index", action=_("See the jobs"))]
    key, name = jobs[0]
    return [
        Errand(
            _("A job has failed: %(title)s", title=name),
            "alert-triangle",
            words,
            endpoint="jobs.show",
            action=_("See the job"),
            values=(("job_id", key),),
        )
    ]


def results_task(round: Round) -> list[Errand]:
    """The way to the results, once there are any."""
    if round.state is not RoundState.OPENED:
        return []
    title = _("The results of fiscal year %(year)s are there", year=round.year_and_scheme)
    return [Errand(title, "chart-bar", endpoint="results.show", action=_("See the results"))]


def late_requests(round: Round) -> list[Errand]:
    """Agencies that owe somebody an answer about their own data; counts only."""
    late = count_late_agencies(round)
    if not late:
        return []
    title = _("%(count)s agencies owe an answer to requests about own data", count=f"{late:,}")
    return [
        Errand(
            title,
            "shield-lock",
            _("The last day is over: a call helps most"),
            endpoint="personal_counts.show",
            action=_("See which"),
            values=(("late", "1"),),
        )
    ]


def resting(round: Round, words: str, notices: Notices) -> str:
    """What stands where there is no task: ``words`` in an open round, else what the round waits for."""
    if round.state is RoundState.DRAFT:
        return notices.of("notice.draft")
    if round.state is RoundState.CLOSED:
        return notices.of("notice.closed")
    return words


def in_order(tasks: Iterable[Errand]) -> tuple[Errand, ...]:
    """What can be done now first, otherwise as given."""
    return tuple(sorted(tasks, key=lambda task: task.due_kind == "idle"))


def incomplete(counts: Counts, *, preparing: bool) -> str:
    """What hangs on the deadline of preparation, in words; "" where nothing does."""
    if not preparing or not counts.incomplete:
        return ""
    return _(
        "%(count)s agencies are not complete: what is not confirmed in time cannot be assessed",
        count=f"{counts.incomplete:,}",
    )


def behind_tasks(counts: Counts, stage: StageState, *, endpoint: str, values: Any = ()) -> list[Errand]:
    """One line per step of preparation at which agencies are stuck; ``endpoint`` is the list of them."""
    numbers = [f"{number:,}" for number in counts.behind]
    titles = (
        _("%(count)s agencies have never activated their password", count=numbers[0]),
        _("%(count)s agencies have no headcount", count=numbers[1]),
        _("%(count)s agencies have no roster", count=numbers[2]),
        _("%(count)s agencies wait for their executive's confirmation", count=numbers[3]),
    )
    texts = (_("A call helps most: without it nothing else can begin"), "", "", "")
    icons = ("phone", "users", "address-book", "user-shield")
    return [
        Errand(
            title,
            icon,
            text,
            endpoint=endpoint,
            action=_("See which"),
            values=(*values, ("behind", step)),
            **due(stage),
        )
        for step, (title, icon, text) in enumerate(zip(titles, icons, texts, strict=True), start=1)
        if counts.behind[step - 1]
    ]


def survey_tasks(round: Round, *, endpoint: str, values: Any = ()) -> tuple[list[Errand], list[Figure]]:
    """Confirmed agencies below their minimum, per survey, and how many have reached it; two queries."""
    targets = targets_in(round, Participation.is_confirmed)
    tasks, figures = [], []
    for kind, stage in ((InstrumentKind.IIT, Stage.IIT), (InstrumentKind.EIT, Stage.EIT)):
        reached = sum(target[kind].reached for target in targets.values())
        state, missing = stage_state(round, stage), len(targets) - reached
        name = kind.value.upper()
        figures.append(Figure(_("at their minimum of %(name)s answers", name=name), reached, len(targets)))
        if missing and state.is_open:
            title = _("%(count)s agencies lack %(name)s answers", count=f"{missing:,}", name=name)
            tasks.append(
                Errand(title, "qrcode", endpoint=endpoint, action=_("See which"), values=values, **due(state))
            )
    return tasks, figures


def above_tasks(round: Round, *, endpoint: str = "status.show", values: Any = ()) -> list[Errand]:
    """Agencies with more answers than people known, per survey: to be looked at, also after it has closed."""
    tasks = []
    for kind in (InstrumentKind.IIT, InstrumentKind.EIT):
        above = _above(round, kind)
        if above:
            name = kind.value.upper()
            title = _(
                "%(count)s agencies have more %(name)s answers than people", count=f"{above:,}", name=name
            )
            text = _("Made-up numbers are counted like others: look at where the link was spread")
            where = values or (("tab", kind.value),)
            tasks.append(
                Errand(title, "alert-triangle", text, endpoint=endpoint, action=_("See which"), values=where)
            )
    return tasks


def _above(round: Round, kind: InstrumentKind) -> int:
    if the_actor().province_id is not None:
        return survey_of(round, kind).above
    return sum(place.above for place in survey_counts(round, kind).values())


def letter_task(round: Round, kind: LetterKind, task: Errand, *, counts: Counts) -> list[Errand]:
    """The task to make a letter: where there is none yet, or the last is old and agencies are behind."""
    if round.state is not RoundState.OPEN or not counts.agencies:
        return []
    made = newest(round, kind)
    if made and (not counts.incomplete or clock.now() - made.created_at < LETTER_NEWS):
        return []
    last = _("The last was made on %(date)s", date=thai_date(made.created_at)) if made else task.text
    return [Errand(**{**vars(task), "text": last})]
