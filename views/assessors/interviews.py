"""The call list and the interview itself. What was answered is never shown again after saving."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.instrument import InstrumentKind
from models.participation import Participation
from models.roster import Interview, RosterEntry
from models.roster import InterviewOutcome as Outcome
from models.round import Stage
from portal.assessors import interviews
from portal.assessors.interviews import VoidReason
from portal.assessors.judgement import draw_of
from portal.assessors.workflow import CALLABLE, INTERVIEW
from portal.ballot.asked import Asked, asked_in
from portal.ballot.languages import NAMES
from portal.ballot.questionnaire import Questionnaire, load_questionnaire
from portal.core.access import Permission as P
from portal.core.access import can, requires, the_actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.lookup import one_or_404, participation_or_404
from portal.core.outside import whole
from portal.core.sent import kept, unsent
from portal.core.stages import closed, stage_of
from portal.core.texts import _, lazy
from portal.core.workflow import why_not
from portal.rosters import access as roster_access
from portal.surveys.minimum import targets_of
from views.assessors.desk import is_opened
from views.frame.paging import paged

blueprint = Blueprint(
    "interviews", __name__, url_prefix="/rounds/<int:round_id>/assessor/<int:participation_id>/calls"
)
PAGE = 50
#: the button that shows the questions in another language
SWITCH = "show_in"
OUTCOME_WORDS = {
    Outcome.PENDING: lazy("Not called yet"),
    Outcome.ANSWERED: lazy("Answered"),
    Outcome.NO_ANSWER: lazy("No answer"),
    Outcome.REFUSED: lazy("Refused"),
    Outcome.WRONG_NUMBER: lazy("Wrong number"),
    Outcome.VOIDED: lazy("Voided"),
}
OUTCOME_KINDS = {
    Outcome.PENDING: "idle",
    Outcome.ANSWERED: "ok",
    Outcome.NO_ANSWER: "warn",
    Outcome.REFUSED: "bad",
    Outcome.WRONG_NUMBER: "bad",
    Outcome.VOIDED: "bad",
}
#: the tabs of the list: whom to call, whom to call again, the rest
VIEWS: dict[str, tuple[Any, frozenset[Outcome]]] = {
    "": (lazy("All"), frozenset(Outcome)),
    "pending": (lazy("To call"), frozenset({Outcome.PENDING})),
    "again": (lazy("Call again"), frozenset({Outcome.NO_ANSWER, Outcome.WRONG_NUMBER})),
    "answered": (lazy("Answered"), frozenset({Outcome.ANSWERED})),
    "closed": (lazy("Cannot be used"), frozenset({Outcome.REFUSED, Outcome.VOIDED})),
}


@blueprint.get("")
@requires(P.INTERVIEW_RECORD)
def calls(round_id: int, participation_id: int) -> Any:
    """The drawn people in their order."""
    participation = participation_or_404(round_id, participation_id)
    rows = interviews.calls_of(participation)
    view = request.args.get("view", "")
    view = view if view in VIEWS else ""
    shown = [row for row in rows if row.outcome in VIEWS[view][1]]
    address = {"round_id": round_id, "participation_id": participation_id, "view": view or None}
    page = paged(shown, PAGE, "interviews.calls", **address)
    opened = is_opened(participation, the_actor())
    people = roster_access.in_the_clear(row.roster_entry for row in page.rows) if opened else []
    tabs = [
        {"key": key, "label": label, "count": sum(row.outcome in outcomes for row in rows)}
        for key, (label, outcomes) in VIEWS.items()
    ]
    return render_template(
        "assessors/calls.html",
        view=view,
        view_tabs=tabs,
        page=page,
        opened=opened,
        people={person.entry_id: person for person in people},
        next_call=interviews.next_call(participation),
        **_common(participation),
    )


@blueprint.get("/<int:interview_id>")
@requires(P.INTERVIEW_RECORD)
def call(round_id: int, participation_id: int, interview_id: int) -> Any:
    """One drawn person: what came of the call, and the questions."""
    participation = participation_or_404(round_id, participation_id)
    return _call_page(participation, _interview(participation, interview_id))


@blueprint.post("/<int:interview_id>")
@requires(P.INTERVIEW_RECORD)
def answer(round_id: int, participation_id: int, interview_id: int) -> Any:
    """Seal the answers. A line without a choice brings the form back with what was chosen.

    So does another language of the questions: nothing is sealed then.
    """
    participation = participation_or_404(round_id, participation_id)
    interview = _interview(participation, interview_id)
    questionnaire = load_questionnaire(db.session(), round_id, InstrumentKind.EIT)
    chosen = _chosen(questionnaire, request.form)
    if SWITCH in request.form:
        return _call_page(participation, interview, chosen=chosen)
    missing = [line for line in questionnaire.lines if line.slot not in chosen]
    if missing:
        return _call_page(participation, interview, chosen=chosen, missing=missing), 422
    interviews.record_answers(
        interview, chosen, questionnaire=questionnaire, actor=the_actor(), version=_version()
    )
    return redirect(_url("interviews.after", interview))


@blueprint.post("/<int:interview_id>/outcome")
@requires(P.INTERVIEW_RECORD)
def outcome(round_id: int, participation_id: int, interview_id: int) -> Any:
    """Note a call without answers."""
    participation = participation_or_404(round_id, participation_id)
    interview = _interview(participation, interview_id)
    step = request.form.get("step", "")
    interviews.note_outcome(interview, step, actor=the_actor(), version=_version())
    return redirect(_url("interviews.call" if step == "reopen" else "interviews.after", interview))


@blueprint.get("/<int:interview_id>/saved")
@requires(P.INTERVIEW_RECORD)
def after(round_id: int, participation_id: int, interview_id: int) -> Any:
    """What was noted, and whom to call next."""
    participation = participation_or_404(round_id, participation_id)
    interview = _interview(participation, interview_id)
    following = interviews.next_call(participation, after=interview.position)
    if following is not None and following.id == interview.id:
        following = None
    return render_template(
        "assessors/saved.html", interview=interview, next_call=following, **_common(participation)
    )


@blueprint.get("/<int:interview_id>/void")
@requires(P.SAMPLE_DRAW)
def ask_void(round_id: int, participation_id: int, interview_id: int) -> Any:
    """Ask before an interview is voided."""
    participation = participation_or_404(round_id, participation_id)
    return _void_page(participation, _interview(participation, interview_id))


@blueprint.post("/<int:interview_id>/void")
@requires(P.SAMPLE_DRAW)
def void(round_id: int, participation_id: int, interview_id: int) -> Any:
    """Take a failed interview out of the box."""
    participation = participation_or_404(round_id, participation_id)
    interview = _interview(participation, interview_id)
    chosen = request.form.get("reason", "")
    reason = next((reason for reason in VoidReason if reason.value == chosen), None)
    if reason is None or request.form.get("confirm") != "1":
        error = _("Choose the reason") if reason is None else _("Tick that you know what will happen")
        return _void_page(participation, interview, error=error, chosen=chosen), 422
    interviews.void(interview, reason, actor=the_actor(), version=_version())
    flash(_("The interview was voided: its answer is no longer counted"), "ok")
    return redirect(url_for("interviews.calls", round_id=round_id, participation_id=participation_id))


def _call_page(
    participation: Participation,
    interview: Interview,
    *,
    chosen: Mapping[int, int] | None = None,
    missing: list[Any] | None = None,
) -> str:
    opened = is_opened(participation, the_actor())
    callable_ = interview.outcome in CALLABLE
    stage = stage_of(participation, Stage.EIT_INTERVIEW)
    language = request.form.get(SWITCH) or request.args.get("lang", "")
    asked = (
        asked_in(db.session(), participation.round_id, InstrumentKind.EIT, language)
        if callable_ and stage.is_open and opened
        else None
    )
    return render_template(
        "assessors/call.html",
        interview=interview,
        person=roster_access.in_the_clear([interview.roster_entry])[0] if opened else None,
        opened=opened,
        asked=asked,
        questionnaire=asked.questionnaire if asked else None,
        chosen=chosen or _typed_before(asked),
        switched=SWITCH in request.form,
        missing={line.slot for line in missing or []},
        first_missing=missing[0] if missing else None,
        version=unsent.version_shown(interview.version),
        may_void=_may_void(interview),
        closed=None if stage.is_open else closed(stage),
        callable=callable_,
        draft=kept.draft_on_device(the_actor(), f"interview:{interview.id}"),
        **_common(participation),
    )


def _void_page(
    participation: Participation, interview: Interview, *, error: str = "", chosen: str = ""
) -> str:
    reason = why_not(INTERVIEW, interview, "void", actor=the_actor())
    if reason is not None:
        raise reason
    return render_template(
        "assessors/void.html",
        interview=interview,
        reasons=list(VoidReason),
        error=error,
        chosen=chosen,
        **_common(participation),
    )


def _common(participation: Participation) -> dict[str, Any]:
    return {
        "participation": participation,
        "tally": interviews.tally(participation),
        "target": targets_of(participation)[InstrumentKind.EIT],
        "sample": draw_of(participation),
        "Outcome": Outcome,
        "OUTCOME_WORDS": OUTCOME_WORDS,
        "OUTCOME_KINDS": OUTCOME_KINDS,
        "LANGUAGES": NAMES,
    }


def _interview(participation: Participation, interview_id: int) -> Interview:
    query = (
        select(Interview)
        .where(Interview.id == interview_id, Interview.participation_id == participation.id)
        .options(joinedload(Interview.roster_entry).joinedload(RosterEntry.group))
    )
    interview: Interview = one_or_404(query)
    return interview


def _chosen(questionnaire: Questionnaire, form: Mapping[str, str]) -> dict[int, int]:
    """The choices by slot; 0 is "not answered", which has to be chosen too. What is no choice is left out."""
    chosen = {}
    for line in questionnaire.lines:
        choice = whole(form.get(line.field), least=0, most=len(line.choices))
        if choice is not None:
            chosen[line.slot] = choice
    return chosen


def _typed_before(asked: Asked | None) -> dict[int, int]:
    """What was chosen on a page that is made again after a conflict."""
    before = unsent.now_shown()
    return _chosen(asked.questionnaire, before.data) if asked is not None and before is not None else {}


def _may_void(interview: Interview) -> bool:
    actor = the_actor()
    if not can(actor, P.SAMPLE_DRAW):
        return False
    return why_not(INTERVIEW, interview, "void", actor=actor) is None


def _version() -> int:
    version = whole(request.form.get("version"), least=0)
    if version is None:
        raise Refused("This form is incomplete: load the page again")
    return version


def _url(endpoint: str, interview: Interview) -> str:
    return url_for(
        endpoint,
        round_id=interview.participation.round_id,
        participation_id=interview.participation_id,
        interview_id=interview.id,
    )
