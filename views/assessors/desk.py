"""The assessor's agencies: what is to do where, an agency's roster and the judgement of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from models.participation import Participation
from models.roster import RosterVerdict
from models.round import Stage
from portal.assessors import judgement as roster_judgement
from portal.assessors.desk import ToDo, assigned_agencies, listing
from portal.core import clock
from portal.core.access import Actor, can, requires, the_actor
from portal.core.access import Permission as P
from portal.core.lookup import participation_or_404, round_or_404
from portal.core.outside import whole
from portal.core.sent.versions import VersionedForm, read_version
from portal.core.stages import closed, stage_state
from portal.core.texts import _, lazy
from portal.disclosure.progress import state_for_assessor
from portal.preparation.desk import group_counts
from portal.rosters import access as roster_access
from portal.surveys.minimum import targets_of
from portal.surveys.on_site import came
from views.frame.paging import paged

blueprint = Blueprint("assessor", __name__)
PAGE = 50
PEOPLE_PAGE = 100

TODO_WORDS = {
    ToDo.JUDGE: lazy("Judge the roster"),
    ToDo.DRAW: lazy("Draw the sample"),
    ToDo.INTERVIEW: lazy("Interview"),
    ToDo.NAMES: lazy("Waiting for more names"),
    ToDo.UNCONFIRMED: lazy("Data not confirmed yet"),
    ToDo.DONE: lazy("Done"),
}
VERDICT_WORDS = {
    RosterVerdict.REPRESENTATIVE: lazy("The roster represents the public"),
    RosterVerdict.MORE_NAMES: lazy("Ask the agency for more names"),
    RosterVerdict.COLLECT_ON_SITE: lazy("Collect answers at the agency's office as well"),
}

#: the OIT checklist as far as it concerns the assessor: kind of state and words


class JudgementForm(VersionedForm):
    """The assessor's judgement of a roster."""

    verdict = RadioField(
        lazy("Judgement"),
        choices=[(verdict.value, words) for verdict, words in VERDICT_WORDS.items()],
        validators=[InputRequired()],
    )
    note = TextAreaField(lazy("Note"), validators=[Length(max=2000)])

    def validate_note(self, field: TextAreaField) -> None:
        """A request for more names says which."""
        if self.verdict.data == RosterVerdict.MORE_NAMES.value and not (field.data or "").strip():
            raise ValidationError(_("Write which names are missing: the agency's admin reads this"))


@blueprint.get("/rounds/<int:round_id>/assessor")
@requires(P.INTERVIEW_RECORD)
def agencies(round_id: int) -> Any:
    """The assigned agencies."""
    round = round_or_404(round_id)
    chosen = request.args.get("todo", "")
    todo = ToDo(chosen) if chosen in {kind.value for kind in ToDo} else None
    search = request.args.get("search", "").strip()[:100]
    listed = listing(assigned_agencies(round), search=search, todo=todo)
    address = {"round_id": round_id, "search": search or None, "todo": todo.value if todo else None}
    stage = stage_state(round, Stage.EIT_INTERVIEW)
    return render_template(
        "assessors/agencies.html",
        this_round=round,
        counts=listed.counts,
        page=paged(listed.rows, PAGE, "assessor.agencies", **address),
        search=search,
        todo=todo,
        oit_state=state_for_assessor,
        may_score=can(the_actor(), P.DISCLOSURE_SCORE),
        stage=stage,
        closed=None if stage.is_open else closed(stage),
        **words(),
    )


@blueprint.get("/rounds/<int:round_id>/assessor/<int:participation_id>/roster")
@requires(P.INTERVIEW_RECORD)
def roster(round_id: int, participation_id: int) -> Any:
    """An agency's roster: counts per group; the names after it was opened."""
    return _roster_page(participation_or_404(round_id, participation_id))


@blueprint.post("/rounds/<int:round_id>/assessor/<int:participation_id>/roster/names")
@requires(P.INTERVIEW_RECORD)
def show_names(round_id: int, participation_id: int) -> Any:
    """Open the roster: an access that is noted. Goes back to the page that asked."""
    participation = participation_or_404(round_id, participation_id)
    open_once(participation, actor=the_actor())
    back = request.form.get("back", "")
    address: dict[str, Any] = {"round_id": round_id, "participation_id": participation_id}
    if (interview_id := whole(back, least=1)) is not None:
        return redirect(url_for("interviews.call", **address, interview_id=interview_id))
    return redirect(url_for("interviews.calls" if back == "calls" else "assessor.roster", **address))


@blueprint.post("/rounds/<int:round_id>/assessor/<int:participation_id>/judgement")
@requires(P.ROSTER_JUDGE)
def judge(round_id: int, participation_id: int) -> Any:
    """Note the judgement."""
    participation = participation_or_404(round_id, participation_id)
    form = JudgementForm()
    if not form.validate_on_submit():
        return _roster_page(participation, form), 422
    verdict = RosterVerdict(form.verdict.data)
    roster_judgement.judge(
        participation,
        verdict,
        note=form.note.data or "",
        seen_version=read_version(form.version.data),
        actor=the_actor(),
    )
    flash(_("The judgement was saved"), "ok")
    endpoint = "sampling.show" if verdict in roster_judgement.ENOUGH else "assessor.roster"
    return redirect(url_for(endpoint, round_id=round_id, participation_id=participation_id))


def _roster_page(participation: Participation, form: JudgementForm | None = None) -> str:
    actor = the_actor()
    judgement = roster_judgement.judgement_of(participation)
    why_not = roster_judgement.why_not_judge(participation)
    if form is None:
        form = JudgementForm(
            version=str(judgement.version if judgement else 0),
            verdict=judgement.verdict.value if judgement else None,
            note=judgement.note if judgement else "",
        )
    opened = is_opened(participation, actor)
    entries = roster_access.entries_of(participation) if opened else []
    address = {"round_id": participation.round_id, "participation_id": participation.id}
    page = paged(entries, PEOPLE_PAGE, "assessor.roster", **address)
    return render_template(
        "assessors/roster.html",
        participation=participation,
        groups=group_counts(participation),
        targets=targets_of(participation),
        judgement=judgement,
        outdated=judgement is not None and roster_judgement.is_outdated(participation, judgement),
        sample=roster_judgement.draw_of(participation),
        form=form,
        why_not=why_not,
        may_judge=can(actor, P.ROSTER_JUDGE),
        came_on_site=came(participation),
        opened=opened,
        people=roster_access.in_the_clear(page.rows),
        page=page,
        **words(),
    )


def words() -> dict[str, Any]:
    """The words of states, for templates."""
    return {"TODO_WORDS": TODO_WORDS, "VERDICT_WORDS": VERDICT_WORDS, "ToDo": ToDo}


# -- which rosters this person has opened today, kept in the signed cookie: names are shown only after that --

_KEY = "rosters"
#: the cookie stays small; a roster that fell out is opened, and noted, once more
_MOST = 120


def is_opened(participation: Participation, actor: Actor) -> bool:
    """True where the actor has opened this roster today, at this desk."""
    return participation.id in _opened(actor)["ids"]


def open_once(participation: Participation, *, actor: Actor) -> None:
    """Open the roster; noted once per person, day and agency. Raises NotFound."""
    opened = _opened(actor)
    if participation.id in opened["ids"]:
        return
    roster_access.open_roster(participation, actor=actor)
    session[_KEY] = {**opened, "ids": [*opened["ids"], participation.id][-_MOST:]}


def _opened(actor: Actor) -> dict[str, Any]:
    today = {"grant": actor.grant_id, "day": clock.now().date().isoformat()}
    held = session.get(_KEY) or {}
    return held if {key: held.get(key) for key in today} == today else {**today, "ids": []}
