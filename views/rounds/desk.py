"""NACC's rounds: begun from an earlier one, dated, given agencies and keys, opened, closed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy import select

from models.job import Job
from models.round import Round, RoundState, Stage, WindowKind
from models.thai import arabic_digits
from models.windows import Phase
from portal.ballot import closing, keys
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.errors import Refused, Stale
from portal.core.forms import say
from portal.core.lookup import hold, round_or_404
from portal.core.sent.versions import read_version, require_version, version_of
from portal.core.stages import GOES_ON, STAGE_NAMES, STAGE_TITLES, reopening, stage_state
from portal.core.texts import _
from portal.core.workflow import why_not
from portal.results.opening import opens_by_itself
from portal.rounds import checks, desk
from portal.rounds import windows as round_windows
from portal.rounds.checking import dates
from portal.rounds.unscored import unscored
from portal.rounds.workflow import ROUND
from views.frame.navigation import all_rounds
from views.rounds import rules as rules_page
from views.rounds import words
from views.rounds.builder_page import last_step, round_and_content
from views.rounds.forms import NewRoundForm, SettingsForm, WindowsForm, edge_name, wrong_plan
from views.rounds.mending import address_of

blueprint = Blueprint("rounds", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "words": words,
        "address_of": address_of,
        "STAGE_TITLES": STAGE_TITLES,
        "STAGE_NAMES": STAGE_NAMES,
        "RoundState": RoundState,
        "Stage": Stage,
        "WindowKind": WindowKind,
    }


@blueprint.get("/rounds")
@requires(P.ROUNDS_WRITE)
def index() -> Any:
    """Every round with its state and where its stages stand."""
    rows = [(round, {stage: stage_state(round, stage) for stage in Stage}) for round in all_rounds()]
    several = any(round.other_scheme for round, _stages in rows)
    return render_template(
        "rounds/index.html", rows=rows, Phase=Phase, reopening=reopening, several_schemes=several
    )


@blueprint.route("/rounds/new", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def new() -> Any:
    """Make a draft from an earlier round, the content that is shipped, or nothing."""
    form = NewRoundForm.after(all_rounds())
    if form.validate_on_submit():
        try:
            round = desk.make_draft(
                start=form.start.data,
                fiscal_year=form.fiscal_year.data,
                name=form.name.data.strip(),
                scheme=form.scheme.data or None,
                sector_id=form.sector.data if form.sector else None,
            )
        except Refused as refused:
            say(form, refused, otherwise="name")
        else:
            flash(_("The draft is made: look through what it still needs"), "ok")
            return redirect(url_for("rounds.show", round_id=round.id))
    return _page("rounds/new.html", form=form)


@blueprint.get("/rounds/<int:round_id>")
@requires(P.ROUNDS_WRITE)
def show(round_id: int) -> Any:
    """One round: what is missing, its dates, content, agencies and keys, and the next act."""
    round = round_or_404(round_id)
    folder = keys.key_folder()
    return render_template(
        "rounds/show.html",
        this_round=round,
        checks=checks.checks(round),
        contents=checks.content_counts(round),
        agencies=checks.agencies_taken(round),
        stages={stage: stage_state(round, stage) for stage in Stage},
        key_here=folder.has_urn_key(round.id),
        mark_key_here=folder.has_mark_key(round.id),
        key_place=folder.path,
        not_closable=_not_closable(round),
        closes_at=closing.closes_at(round),
        emptying=_emptying_job(round),
        by_itself=opens_by_itself(round.id),
        **last_step(round, "round"),
    )


@blueprint.route("/rounds/<int:round_id>/settings", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def settings(round_id: int) -> Any:
    """Name, thresholds, first digits, grace time, how EIT combines."""
    round = round_or_404(round_id)
    form = SettingsForm.of(round, all_rounds())
    if form.validate_on_submit():
        try:
            desk.change_settings(round, form.settings(), actor=the_actor(), seen_version=version_of(form))
        except Refused as refused:
            say(form, refused, otherwise="name")
        else:
            return _saved(round)
    return _page("rounds/settings.html", form=form, this_round=round)


@blueprint.route("/rounds/<int:round_id>/windows", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def windows(round_id: int) -> Any:
    """The windows of all stages; ending one earlier than announced is asked about first."""
    round = round_or_404(round_id)
    form = WindowsForm.of(round)
    if form.validate_on_submit() and (plan := wrong_plan(round, form)) is not None:
        hold(round)  # nobody is given more time between what is asked here and what is saved
        require_version(round, version_of(form))
        shorter, longer = round_windows.shortened(round, plan), round_windows.outlasting(round, plan)
        if (shorter or longer) and not _has_confirmed(longer):
            return _ask_shortening(round, plan, shorter, longer)
        round_windows.save(round, plan, actor=the_actor(), seen_version=version_of(form))
        return _saved(round)
    return _page(
        "rounds/windows.html",
        form=form,
        this_round=round,
        edge_name=edge_name,
        has_opened=round_windows.has_opened,
        has_closed=round_windows.has_closed,
        draft=round.state is RoundState.DRAFT,
        misplaced=dates.misplaced_in(round),
    )


def _has_confirmed(longer: list[round_windows.Outlasting]) -> bool:
    """True where the question was answered as it stands now: extensions given since are asked about again."""
    seen = request.form.get("longer", "")
    return request.form.get("confirm") == "1" and seen == "|".join(one.stamp for one in longer)


def _ask_shortening(
    round: Round,
    plan: round_windows.Plan,
    shorter: list[round_windows.Key],
    longer: list[round_windows.Outlasting],
) -> Any:
    fields = {
        name: value
        for name, value in request.form.items()
        if name not in {"csrf_token", "sent_from", "confirm", "longer"}
    }
    fields["longer"] = "|".join(one.stamp for one in longer)
    return render_template(
        "rounds/shorten.html",
        this_round=round,
        plan=plan,
        shorter=shorter,
        longer=longer,
        after_of=lambda stage: " · ".join(str(STAGE_NAMES[after]) for after in GOES_ON[stage]),
        fields=fields,
        current=round_windows.current_plan(round),
    )


@blueprint.get("/rounds/<int:round_id>/rules")
@requires(P.ROUNDS_WRITE)
def rules(round_id: int) -> Any:
    """The rules of a round: shown, and in a draft with the ways to change them."""
    return rules_page.overview(*round_and_content(round_id))


@blueprint.post("/rounds/<int:round_id>/agencies")
@requires(P.ROUNDS_WRITE)
def take_up(round_id: int) -> Any:
    """Take up the active agencies of the register."""
    round = round_or_404(round_id)
    made = desk.take_up_agencies(round)
    flash(_("%(count)s agencies were taken up", count=f"{made:,}"), "ok")
    return redirect(url_for("rounds.show", round_id=round.id))


@blueprint.post("/rounds/<int:round_id>/keys")
@requires(P.ROUNDS_WRITE)
def make_keys(round_id: int) -> Any:
    """Make the keys of the boxes and drill them."""
    round = round_or_404(round_id)
    desk.prepare_keys(round)
    flash(_("The keys are made, and the restore drill has passed"), "ok")
    return redirect(url_for("rounds.show", round_id=round.id))


@blueprint.post("/rounds/<int:round_id>/drill")
@requires(P.ROUNDS_WRITE)
def drill(round_id: int) -> Any:
    """Drill the private key of the key folder once more."""
    round = round_or_404(round_id)
    desk.drill_key(round)
    flash(_("The restore drill has passed"), "ok")
    return redirect(url_for("rounds.show", round_id=round.id))


@blueprint.route("/rounds/<int:round_id>/open", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def open_(round_id: int) -> Any:
    """Open the round: a page that says what follows, then the act."""
    round = round_or_404(round_id)
    error = ""
    if request.method == "POST":
        try:
            confirmed = request.form.get("confirm") == "1"
            seen = read_version(request.form.get("version"))
            desk.open_round(round, actor=the_actor(), wording_confirmed=confirmed, seen_version=seen)
        except Stale:
            raise
        except Refused as refused:
            db.session.rollback()
            error, round = refused.message, round_or_404(round_id)
        else:
            flash(_("The round is open"), "ok")
            return redirect(url_for("rounds.show", round_id=round.id))
    reason = why_not(ROUND, round, "open", actor=the_actor())
    page = render_template(
        "rounds/open.html",
        this_round=round,
        error=error,
        reason=reason,
        checks=checks.checks(round) if round.state is RoundState.DRAFT else (),
        agencies=checks.agencies_taken(round),
    )
    return page, 422 if error else 200


@blueprint.route("/rounds/<int:round_id>/delete", methods=["GET", "POST"])
@requires(P.ROUNDS_WRITE)
def delete(round_id: int) -> Any:
    """Delete a draft, confirmed by its fiscal year."""
    round, error = round_or_404(round_id), ""
    if round.state is not RoundState.DRAFT:
        raise Refused("A round that was opened is never deleted")
    if request.method == "POST":
        if arabic_digits(request.form.get("typed_name", "")).strip() == str(round.fiscal_year):
            desk.delete_draft(round)
            flash(_("The draft is deleted"), "ok")
            return redirect(url_for("rounds.index"))
        error = _("Type the fiscal year %(year)s to delete the draft", year=round.fiscal_year)
    page = render_template(
        "rounds/delete.html", this_round=round, error=error, agencies=checks.agencies_taken(round)
    )
    return page, 422 if error else 200


@blueprint.route("/rounds/<int:round_id>/close", methods=["GET", "POST"])
@requires(P.BOXES_CLOSE)
def close(round_id: int) -> Any:
    """Close the round for good, confirmed by its fiscal year."""
    round = round_or_404(round_id)
    error, oit, reason = "", unscored(round), _not_closable(round)
    if request.method == "POST":
        if reason is None and oit.matters and request.form.get("confirm") != "1":
            error = _("Tick that the round shall be closed although OIT is not scored to the end")
        elif arabic_digits(request.form.get("typed_name", "")).strip() == str(round.fiscal_year):
            job = desk.close_round(round, actor=the_actor())
            flash(_("The round is closed: the marks are being deleted"), "ok")
            return redirect(url_for("jobs.show", job_id=job.id))
        else:
            error = _("Type the fiscal year %(year)s to close the round", year=round.fiscal_year)
    page = render_template("rounds/close.html", this_round=round, error=error, reason=reason, oit=oit)
    return page, 422 if error else 200


def _not_closable(round: Round) -> Refused | None:
    return why_not(ROUND, round, "close", actor=the_actor())


def _emptying_job(round: Round) -> Job | None:
    """The job that deletes the marks of this round, where it was queued."""
    query = select(Job).where(Job.kind == desk.EMPTY_MARKS).order_by(Job.id.desc()).limit(50)
    return next((job for job in db.session.scalars(query) if job.arguments.get("round_id") == round.id), None)


def _saved(round: Round) -> Any:
    flash(_("Saved"), "ok")
    return redirect(url_for("rounds.show", round_id=round.id))


def _page(template: str, *, form: FlaskForm, **values: Any) -> Any:
    return render_template(template, form=form, **values), 422 if form.errors else 200
