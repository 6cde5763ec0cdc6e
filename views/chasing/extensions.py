"""More time for some: asked for from the list of late agencies or one's page, shown first, then given."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.participation import Extension, Participation
from models.round import Round, Stage
from models.thai import thai_date, thai_date_short
from portal.chasing import extended, extending, extending_many
from portal.chasing.listing import Narrowed, provinces
from portal.chasing.queries import narrowed_by
from portal.core import clock, list_files
from portal.core.access import Permission as P
from portal.core.access import can, requires, scope_of, the_actor
from portal.core.errors import NotFound, Refused
from portal.core.forms import say
from portal.core.lookup import get_or_404, participation_or_404, round_or_404
from portal.core.scopes import Reach
from portal.core.stages import GOES_ON, STAGE_NAMES, extension_of, open_until, stage_of
from portal.core.texts import _
from views.chasing import extension_files as files
from views.chasing.forms import ExtensionForm, TakeBackForm
from views.chasing.queries import ExtensionQuery
from views.chasing.words import COURSES
from views.frame.paging import pages_of, wanted_page

blueprint = Blueprint("extensions", __name__)
#: agencies that a page names before it counts the rest
NAMED = 100
STAGE = "<any(preparation, oit):name>"


@blueprint.get("/rounds/<int:round_id>/extensions")
@requires(P.CHASING_READ)
def index(round_id: int) -> Any:
    """The extensions that were given in a round, the newest first."""
    round, criteria, now = round_or_404(round_id), _criteria(), clock.now()
    found = extended.count(round, criteria.asked, now)
    pages = pages_of(found, extended.PAGE)
    page = wanted_page(pages)
    first = (page - 1) * extended.PAGE
    here = {"round_id": round.id, **criteria.args()}
    return render_template(
        "chasing/extensions.html",
        this_round=round,
        criteria=criteria,
        rows=extended.listed(round, criteria.asked, now, offset=first, most=extended.PAGE),
        course_of=lambda one: COURSES[extended.Course.of(one, now)],
        found=found,
        page=page,
        pages=pages,
        first=first + 1,
        provinces=provinces(round) if _is_wide() else [],
        stages=_stages(),
        stage_names=STAGE_NAMES,
        courses=COURSES,
        gives=can(the_actor(), P.EXTENSIONS_GIVE),
        running=extended.Course.RUNNING,
        url_for_page=lambda number: url_for("extensions.index", **here, page=number),
        file_url=lambda ext: url_for("extensions.file", **here, ext=ext),
    )


@blueprint.route("/rounds/<int:round_id>/extensions.<any(xlsx, csv, pdf):ext>", methods=["GET", "POST"])
@requires(P.CHASING_READ)
def file(round_id: int, ext: str) -> Any:
    """The list as the page shows it, all of its pages."""
    criteria = _criteria()
    arguments = {"round_id": round_or_404(round_id).id, "args": criteria.args()}
    back = url_for("extensions.index", round_id=round_id, **criteria.args())
    return list_files.answer(files.EXTENSIONS, arguments, ext, back=back)


@blueprint.route(f"/rounds/<int:round_id>/extensions/new/{STAGE}", methods=["GET", "POST"])
@requires(P.EXTENSIONS_GIVE)
def new(round_id: int, name: str) -> Any:
    """Ask for the new last day; then show whom it is given, from when to when; then give it."""
    round, stage, form = round_or_404(round_id), Stage(name), ExtensionForm()
    if form.validate_on_submit() and "change" not in request.form:
        try:
            if request.form.get("confirm") == "1":
                return _give(round, stage, form, _whom())
            return _ask(round, stage, form, extending.plan(round, stage, form.day, _late(round, stage)))
        except Refused as refused:
            say(form, refused, otherwise="until")
            round = round_or_404(round_id)
    agencies = _late(round, stage)
    page = render_template(
        "chasing/extend.html",
        this_round=round,
        stage=stage,
        stage_name=STAGE_NAMES[stage],
        form=form,
        lines=[_line(one, stage) for one in agencies[:NAMED]],
        count=len(agencies),
        not_late=len(_picked() or ()) - len(agencies) if _picked() is not None else 0,
        why_not=extending.why_not(round, stage),
        latest=extending.latest_day(round, stage),
        after=[STAGE_NAMES[one] for one in GOES_ON[stage]],
        dates_round=can(the_actor(), P.ROUNDS_WRITE),
    )
    return page, 422 if form.errors else 200


@blueprint.route("/rounds/<int:round_id>/extensions/<int:extension_id>/take-back", methods=["GET", "POST"])
@requires(P.EXTENSIONS_GIVE)
def take_back(round_id: int, extension_id: int) -> Any:
    """Take an extension back, with a reason; the page says which day holds afterwards."""
    one, form = get_or_404(Extension, extension_id), TakeBackForm()
    if participation_or_404(round_id, one.participation_id).id != one.participation_id:
        raise NotFound
    if form.validate_on_submit():
        try:
            extending.take_back(one, form.reason.data or "", actor=the_actor())
        except Refused as refused:
            say(form, refused, otherwise="reason")
            one = get_or_404(Extension, extension_id)
        else:
            flash(_("The extension is taken back"), "ok")
            return redirect(url_for("extensions.index", round_id=round_id))
    page = render_template(
        "chasing/extension_back.html",
        this_round=one.participation.round,
        one=one,
        stage_name=STAGE_NAMES[one.stage],
        form=form,
        why_not=extending.why_not_take_back(one),
        after=extending.without(one),
    )
    return page, 422 if form.errors else 200


def _give(round: Round, stage: Stage, form: ExtensionForm, whom: list[int]) -> Any:
    """To some hundreds at once; to more by a job, whose page is shown."""
    listed, reason = url_for("extensions.index", round_id=round.id), form.reason.data or ""
    if len(whom) > extending.AT_ONCE:
        job = extending_many.order(round, stage, form.day, reason, whom, actor=the_actor(), url=listed)
        return redirect(url_for("jobs.show", job_id=job.id))
    done = extending.give(round, stage, form.day, reason, whom, actor=the_actor())
    said = extending_many.words_of(len(done.lines), done.day, finished=done.finished, kept=done.kept)
    flash(said, "ok")
    return redirect(listed)


def _ask(round: Round, stage: Stage, form: ExtensionForm, plan: extending.Plan) -> Any:
    ids = ",".join(str(line.participation.id) for line in plan.lines)
    here = request.full_path.rstrip("?")
    title = _("Give more time for %(stage)s", stage=STAGE_NAMES[stage])
    return render_template(
        "chasing/extend_ask.html",
        title=title,
        consequences=_consequences(round, plan),
        lines=plan.lines[:NAMED],
        more=len(plan.lines) - len(plan.lines[:NAMED]),
        day=plan.day,
        reason=form.reason.data,
        action_url=here,
        action_label=_("Give more time"),
        back_url=here,
        fields={
            "until": thai_date_short(plan.day),
            "reason": form.reason.data,
            "whom": ids,
            "confirm": "1",
        },
        crumbs=[(_("Extensions"), url_for("extensions.index", round_id=round.id)), (title, None)],
    )


def _consequences(round: Round, plan: extending.Plan) -> list[str]:
    day = thai_date(plan.day)
    said = [
        _(
            "%(count)s agencies get more time for %(stage)s, until the end of %(day)s",
            count=f"{len(plan.lines):,}",
            stage=STAGE_NAMES[plan.stage],
            day=day,
        )
    ]
    if plan.kept:
        said.append(_("%(count)s agencies have as much time already and keep it", count=f"{plan.kept:,}"))
    if plan.again:
        said.append(
            _(
                "%(count)s agencies could not be assessed any more: with this they can again, once their "
                "executives confirm the data within the new time",
                count=f"{plan.again:,}",
            )
        )
        said.append(_surveys_said(round))
    said.append(_("The agencies see the new day on all their pages. It can be taken back until it is over."))
    if plan.is_long:
        said.append(_("So many are given it one after the other: the next page shows how far it is"))
    return said


def _surveys_said(round: Round) -> str:
    days = [
        _("%(stage)s until %(when)s", stage=STAGE_NAMES[stage], when=open_until(state))
        if state.is_open
        else str(STAGE_NAMES[stage])
        for stage, state in extending.surveys_said(round)
    ]
    return _(
        "Their surveys begin with the confirmation and end for them as for everybody (%(days)s); "
        "what is below the minimum by then is named so in the result",
        days=" · ".join(days),
    )


def _line(one: Participation, stage: Stage) -> dict[str, Any]:
    state = stage_of(one, stage)
    return {
        "one": one,
        "day": state.last_day,
        "extended": extension_of(one, stage) is not None,
        "lost": stage is Stage.PREPARATION and state.is_over,
    }


def _late(round: Round, stage: Stage) -> list[Participation]:
    return extending.late_in(round, stage, _narrowed(stage), among=_picked())


def _narrowed(stage: Stage) -> Any:
    """The list of late agencies as it was narrowed, in this stage."""
    if _picked() is not None:
        return Narrowed()
    return narrowed_by({**request.args, "stage": stage.value}, scope_of(the_actor()))


def _picked() -> list[int] | None:
    """The agencies that were ticked, None where the list is meant as it is narrowed."""
    picked = [int(one) for one in request.args.getlist("pick") if _is_key(one)]
    return picked or None


def _whom() -> list[int]:
    """The agencies that the page showed. Raises NotFound for words that no page of ours sends."""
    keys = request.form.get("whom", "").split(",")
    if not all(_is_key(key) for key in keys):
        raise NotFound
    return [int(key) for key in keys]


def _is_key(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) < 10


def _criteria() -> ExtensionQuery:
    return ExtensionQuery.of(request.args, scope_of(the_actor()))


def _is_wide() -> bool:
    return scope_of(the_actor()).reach is Reach.COUNTRY


def _stages() -> list[tuple[str, Any]]:
    return [(stage.value, STAGE_NAMES[stage]) for stage in GOES_ON]
