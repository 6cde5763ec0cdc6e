"""Drawing an agency's sample, showing how anybody draws it again, and going on with the draw."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from models.instrument import InstrumentKind
from models.participation import Participation
from models.roster import InterviewOutcome
from models.round import Stage
from portal.assessors import draw as sample_draw
from portal.assessors import interviews
from portal.assessors.judgement import draw_of
from portal.core import clock
from portal.core.access import Permission as P
from portal.core.access import can, requires, the_actor
from portal.core.errors import NotFound
from portal.core.lookup import participation_or_404
from portal.core.stages import stage_of
from portal.core.texts import _, lazy
from portal.rosters.drawn import checkable_draw
from portal.surveys.minimum import targets_of
from portal.surveys.minimum_words import rules_of

blueprint = Blueprint(
    "sampling", __name__, url_prefix="/rounds/<int:round_id>/assessor/<int:participation_id>"
)


class SizeForm(FlaskForm):
    """How many people to draw."""

    people = IntegerField(
        lazy("How many people"), validators=[InputRequired(), NumberRange(min=1, max=100_000)]
    )


@blueprint.get("/sample")
@requires(P.INTERVIEW_RECORD)
def show(round_id: int, participation_id: int) -> Any:
    """The sample with its seed and order; before the draw, the form for it."""
    return _page(participation_or_404(round_id, participation_id))


@blueprint.post("/sample")
@requires(P.SAMPLE_DRAW)
def draw(round_id: int, participation_id: int) -> Any:
    """Draw the sample."""
    participation = participation_or_404(round_id, participation_id)
    form = SizeForm()
    form.people.validators = [InputRequired(), NumberRange(min=1, max=participation.roster_count)]
    if not form.validate_on_submit():
        return _page(participation, form), 422
    sample_draw.draw_sample(participation, form.people.data or 0, actor=the_actor())
    flash(_("The sample was drawn"), "ok")
    return redirect(url_for("sampling.show", round_id=round_id, participation_id=participation_id))


@blueprint.post("/sample/more")
@requires(P.SAMPLE_DRAW)
def extend(round_id: int, participation_id: int) -> Any:
    """Draw the next rows of the same order."""
    participation = participation_or_404(round_id, participation_id)
    sample = draw_of(participation)
    left = sample.roster_size - sample.sample_size if sample else participation.roster_count
    form = SizeForm()
    form.people.validators = [InputRequired(), NumberRange(min=1, max=left)]
    if not form.validate_on_submit():
        return _page(participation, form), 422
    sample_draw.extend_sample(participation, form.people.data or 0, actor=the_actor())
    flash(_("The next people were drawn and stand at the end of the call list"), "ok")
    return redirect(url_for("sampling.show", round_id=round_id, participation_id=participation_id))


@blueprint.get("/draw")
@requires(P.RESULTS_READ)
def check(round_id: int, participation_id: int) -> str:
    """Seed and rule of the draw, for the agency, its province and the country's offices."""
    participation = participation_or_404(round_id, participation_id)
    sample = checkable_draw(participation, the_actor())
    if sample is None:
        raise NotFound
    return render_template("assessors/draw.html", participation=participation, sample=sample)


def _page(participation: Participation, form: SizeForm | None = None) -> str:
    actor = the_actor()
    sample = draw_of(participation)
    default, targets = sample_draw.default_size(participation), targets_of(participation)
    if form is None:
        form = SizeForm(people=None if sample else default or None)
    return render_template(
        "assessors/sample.html",
        participation=participation,
        sample=sample,
        numbers=sample_draw.drawn_numbers(participation) if sample else [],
        default=default,
        targets=targets,
        rule=rules_of(participation, targets)[InstrumentKind.EIT],
        answered=interviews.tally(participation)[InterviewOutcome.ANSWERED],
        why_not=None if sample else sample_draw.why_not_draw(participation),
        stage_open=stage_of(participation, Stage.EIT_INTERVIEW).is_open,
        may_draw=can(actor, P.SAMPLE_DRAW),
        form=form,
        printed_at=clock.now(),
    )
