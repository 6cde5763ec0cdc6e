"""The homes of those who work with their own agencies: a province, an assessor, an interviewer."""

from __future__ import annotations

from collections import Counter
from typing import Any

from models.disclosure import DisclosureState
from models.letter import LetterKind
from models.round import Round, RoundState, Stage
from models.thai import thai_deadline
from portal.assessors.desk import Assigned, ToDo, assigned_agencies
from portal.core.access import Actor
from portal.core.stages import stage_state
from portal.core.texts import _
from portal.disclosure.progress import oit_states
from portal.preparation.desk import count_not_assessable
from portal.rounds.notices import announced, notices_of
from portal.status import figures as status
from views.homes.agency import OF_AGENCIES
from views.homes.tasks import (
    Errand,
    Figure,
    OfficeHome,
    above_tasks,
    behind_tasks,
    countdown,
    due,
    failed_jobs,
    in_order,
    incomplete,
    late_requests,
    letter_task,
    letters_in,
    lost_passwords,
    named_people,
    oit_sums,
    resting,
    results_task,
    survey_tasks,
)


def province_home(round: Round, *, actor: Actor) -> OfficeHome:
    """The own province: who is stuck where, answers and checklists that are missing, the summary."""
    counts, notices = status.total(status.provinces(round)), notices_of(round)
    stage, oit_stage = stage_state(round, Stage.PREPARATION), stage_state(round, Stage.OIT)
    place: dict[str, Any] = {"endpoint": "status.province", "values": (("province_id", actor.province_id),)}
    is_open = round.state is RoundState.OPEN
    tasks = behind_tasks(counts, stage, **place) if is_open and stage.is_open else []
    lacking, figures = survey_tasks(round, **place)
    states = oit_states(round.id)
    late = counts.complete - oit_sums(states, lambda state: state.handed_in)
    if is_open:
        tasks += [*lacking, *above_tasks(round, **place)]
    if is_open and oit_stage.is_open and late > 0:
        title = _("%(count)s agencies have not submitted OIT", count=f"{late:,}")
        tasks.append(Errand(title, "clipboard-list", action=_("See which"), **place, **due(oit_stage)))
    summary = Errand(
        _("Make the summary of the province"),
        "printer",
        _("The status of its agencies, to print and send"),
        endpoint="letters.summary",
        action=_("Make the summary"),
    )
    tasks += letter_task(round, LetterKind.PROVINCE_SUMMARY, summary, counts=counts)
    lost = count_not_assessable(round, stage.now) if is_open and stage.is_over else 0
    if lost:
        title = _("%(count)s agencies cannot be assessed in this round", count=f"{lost:,}")
        closed_at = stage.final_close
        words = (
            _("Their data were not confirmed by %(when)s", when=thai_deadline(closed_at)) if closed_at else ""
        )
        tasks.append(Errand(title, "alert-circle", words, action=_("See which"), **place))
    done = Figure(_("agencies complete in preparation"), counts.complete, counts.agencies)
    oit = Figure(
        _("OIT checklists confirmed"), oit_sums(states, lambda state: state.approved), counts.agencies
    )
    return OfficeHome(
        in_order(
            [
                *failed_jobs(),
                *letters_in(),
                *lost_passwords(),
                *named_people(),
                *tasks,
                *late_requests(round),
                *results_task(round),
            ]
        ),
        resting(round, _("Nothing waits for you now; follow the agencies under status tracking"), notices),
        countdown(round, Stage, text=incomplete(counts, preparing=stage.is_open)),
        (done, *figures, oit),
        told=announced(round, notices, OF_AGENCIES),
    )


def assessor_home(round: Round, *, leads: bool) -> OfficeHome:
    """What to judge, draw, call and score, by counts; who does not lead only calls."""
    rows, notices = assigned_agencies(round), notices_of(round)
    todo = Counter(row.todo for row in rows)
    scoring = Counter(row.disclosure for row in rows)
    stages = (Stage.EIT_INTERVIEW, Stage.OIT_SCORING) if leads else (Stage.EIT_INTERVIEW,)
    tasks = _interview_tasks(round, rows, todo, leads=leads) if round.state is RoundState.OPEN else []
    if leads and round.state in (RoundState.OPEN, RoundState.CLOSED):  # scoring goes on after the closing
        tasks += _score_task(round, scoring)
    figures = [
        Figure(_("assigned agencies finished"), todo[ToDo.DONE], len(rows)),
        Figure(
            _("people interviewed of those drawn"),
            sum(row.answered for row in rows),
            sum(row.sample or 0 for row in rows),
        ),
    ]
    if leads:
        scored = scoring[DisclosureState.SCORED]
        ready = scored + scoring[DisclosureState.CONFIRMED]
        figures.append(Figure(_("OIT checklists scored of those confirmed"), scored, ready))
    if rows:
        nothing = _("Nothing can be done now; agencies appear here once their data are confirmed")
        nothing = resting(round, nothing, notices)
    else:
        nothing = _("No agency has been assigned yet: NACC assigns them to your assessor body")
    return OfficeHome(
        in_order([*tasks, *results_task(round)]),
        nothing,
        countdown(round, stages),
        tuple(figures) if rows else (),
        told=announced(round, notices, stages),
    )


def _interview_tasks(round: Round, rows: list[Assigned], todo: Counter[ToDo], *, leads: bool) -> list[Errand]:
    stage = stage_state(round, Stage.EIT_INTERVIEW)
    if stage.is_over:
        return []
    calls = sum(row.pending for row in rows if row.todo is ToDo.INTERVIEW)
    numbers = {kind: f"{todo[kind]:,}" for kind in ToDo}
    called = _("%(count)s people have not been called yet", count=f"{calls:,}")
    lines = {
        ToDo.INTERVIEW: (
            _("Interview for %(count)s agencies", count=numbers[ToDo.INTERVIEW]),
            "phone",
            called,
            _("See the agencies"),
        ),
        ToDo.DRAW: (
            _("Draw the samples of %(count)s agencies", count=numbers[ToDo.DRAW]),
            "dice-5",
            "",
            _("Draw samples"),
        ),
        ToDo.JUDGE: (
            _("Judge the rosters of %(count)s agencies", count=numbers[ToDo.JUDGE]),
            "scale",
            "",
            _("Judge rosters"),
        ),
        ToDo.NAMES: (
            _("%(count)s agencies were asked for more names", count=numbers[ToDo.NAMES]),
            "hourglass",
            _("Judge again once their rosters have changed"),
            _("See which"),
        ),
    }
    shown = tuple(lines) if leads else (ToDo.INTERVIEW,)
    return [
        Errand(
            title,
            icon,
            text,
            endpoint="assessor.agencies",
            action=action,
            values=(("todo", kind.value),),
            **due(stage),
        )
        for kind, (title, icon, text, action) in lines.items()
        if kind in shown and todo[kind]
    ]


def _score_task(round: Round, scoring: Counter[DisclosureState | None]) -> list[Errand]:
    ready, stage = scoring[DisclosureState.CONFIRMED], stage_state(round, Stage.OIT_SCORING)
    if not ready or stage.is_over:
        return []
    return [
        Errand(
            _("Score the OIT checklists of %(count)s agencies", count=f"{ready:,}"),
            "clipboard-check",
            endpoint="scoring.agencies",
            action=_("Score"),
            values=(("show", "due"),),
            **due(stage),
        )
    ]
