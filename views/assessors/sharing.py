"""Sharing agencies out among assessor bodies: by rules, by workbook, moved; shown first, then done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.assessor import AssessorBody
from models.distribution import AssessorRule, Distribution, DistributionState, Source
from models.round import Round
from portal.assessors import acts_made, assignments, body_workbook, distributing, holdings, planning
from portal.assessors import sharing_rules as rules_service
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.downloads import XLSX, attachment
from portal.core.errors import NotFound, Refused
from portal.core.forms import say
from portal.core.imports.errors import UnreadableFile
from portal.core.imports.spreadsheet import Table
from portal.core.lookup import get_or_404, round_or_404
from portal.core.outside import whole
from portal.core.sent.versions import version_of
from portal.core.texts import _, lazy
from views.assessors.distribution_forms import (
    BodiesFileForm,
    BodyMoveForm,
    ShareForm,
    SharingRuleForm,
    place_names,
    rule_words,
)

blueprint = Blueprint("sharing", __name__, url_prefix="/rounds/<int:round_id>/sharing")
#: agencies that a page names before it counts the rest
NAMED = 50
SOURCES = {
    Source.RULES: lazy("By rules"),
    Source.WORKBOOK: lazy("By workbook"),
    Source.MOVE: lazy("Moved"),
    Source.BACK: lazy("Taken back again"),
}
WHY = {
    planning.BEGUN: lazy("Work has begun: they stay with their body"),
    planning.UNCOVERED: lazy("No rule covers them"),
    planning.CONFLICT: lazy("A conflict of interest stands in the way"),
    planning.CHANGED: lazy("They were given to somebody else since"),
    planning.SAME: lazy("They have this body already"),
}


@blueprint.get("")
@requires(P.ASSESSORS_WRITE)
def index(round_id: int) -> Any:
    """The load of each body now, the ways of giving agencies, and what was done."""
    round = round_or_404(round_id)
    loads = holdings.loads(holdings.holdings(round))
    return render_template(
        "assessors/sharing.html",
        this_round=round,
        lines=[(body, loads.get(body.id, holdings.Load())) for body in holdings.bodies()],
        without=loads.get(None, holdings.Load()),
        acts=acts_made.acts_of(round),
        sources=SOURCES,
        finished=assignments.is_finished(round),
    )


@blueprint.get("/bodies/<int:body_id>")
@requires(P.ASSESSORS_WRITE)
def body(round_id: int, body_id: int) -> Any:
    """The load of one body, by province."""
    round, one = round_or_404(round_id), get_or_404(AssessorBody, body_id)
    mine = [held for held in holdings.holdings(round) if held.body_id == body_id]
    return render_template(
        "assessors/body_load.html",
        this_round=round,
        body=one,
        load=holdings.load_of(mine),
        lines=holdings.by_province(mine),
        finished=assignments.is_finished(round),
    )


@blueprint.route("/rules", methods=["GET", "POST"])
@requires(P.ASSESSORS_WRITE)
def rules(round_id: int) -> Any:
    """The rules in their order; sent, what they would do is planned and shown next."""
    round, form = round_or_404(round_id), ShareForm()
    kept = rules_service.rules_of(round)
    if form.validate_on_submit():
        if not kept:
            raise Refused("There is no rule yet: add one first")
        return _planned(round, Source.RULES, {"again": form.again.data})
    bodies, places = holdings.bodies(), place_names(kept)
    return render_template(
        "assessors/sharing_rules.html",
        this_round=round,
        form=form,
        lines=[(one, rule_words(one, bodies, places)) for one in kept],
        finished=assignments.is_finished(round),
    )


@blueprint.route("/rules/new", methods=["GET", "POST"])
@requires(P.ASSESSORS_WRITE)
def new_rule(round_id: int) -> Any:
    """Add a rule at the end."""
    return _rule(round_or_404(round_id), None)


@blueprint.route("/rules/<int:sharing_rule_id>", methods=["GET", "POST"])
@requires(P.ASSESSORS_WRITE)
def rule(round_id: int, sharing_rule_id: int) -> Any:
    """Change a rule."""
    return _rule(round_or_404(round_id), _rule_of(round_id, sharing_rule_id))


@blueprint.post("/rules/<int:sharing_rule_id>/delete")
@requires(P.ASSESSORS_WRITE)
def delete_rule(round_id: int, sharing_rule_id: int) -> Any:
    """Take a rule away; what was given by it stays."""
    kept = _rule_of(round_id, sharing_rule_id)
    rules_service.delete_rule(round_or_404(round_id), kept, actor=the_actor())
    flash(_("The rule is taken away; what was given by it stays"), "ok")
    return redirect(url_for("sharing.rules", round_id=round_id))


@blueprint.post("/rules/<int:sharing_rule_id>/up")
@requires(P.ASSESSORS_WRITE)
def raise_rule(round_id: int, sharing_rule_id: int) -> Any:
    """Let a rule stand one place earlier."""
    kept = _rule_of(round_id, sharing_rule_id)
    rules_service.raise_rule(round_or_404(round_id), kept, actor=the_actor())
    return redirect(url_for("sharing.rules", round_id=round_id))


@blueprint.route("/move", methods=["GET", "POST"])
@requires(P.ASSESSORS_WRITE)
def move(round_id: int) -> Any:
    """Choose the agencies of a body, all or narrowed, and who gets them; what it does is shown next."""
    round = round_or_404(round_id)
    assignments.require_unfinished(round)
    form = BodyMoveForm(holdings.holdings(round), data={"body": whole(request.args.get("body"), least=1)})
    if form.validate_on_submit():
        return _planned(round, Source.MOVE, form.asked, reason=form.reason.data or "")
    page = render_template("assessors/sharing_move.html", this_round=round, form=form)
    return page, 422 if form.errors else 200


@blueprint.route("/workbook", methods=["GET", "POST"])
@requires(P.ASSESSORS_WRITE)
def workbook(round_id: int) -> Any:
    """Send the filled workbook: its faults are told, or what it would do is shown next."""
    round, form, wrong = round_or_404(round_id), BodiesFileForm(), list[Any]()
    assignments.require_unfinished(round)
    if form.validate_on_submit():
        try:
            table = _table(form)
        except UnreadableFile as error:
            form.file.errors = [error.message]
        else:
            read = body_workbook.bodies_in(table, holdings.holdings(round), holdings.bodies())
            if read.rows and not read.wrong:
                rows = {str(key): to for key, to in read.rows.items()}
                return _planned(round, Source.WORKBOOK, {"rows": rows}, reason=table.name)
            wrong = read.wrong
            form.file.errors = [
                _("%(count)s rows cannot be used, so nothing was saved", count=len(wrong))
                if wrong
                else _("No row of the file names an assessor body")
            ]
    page = render_template(
        "assessors/sharing_workbook.html",
        this_round=round,
        form=form,
        wrong=wrong[:NAMED],
        more=len(wrong) - NAMED,
        heading=lambda column: body_workbook.HEADINGS[column],
    )
    return page, 422 if form.errors else 200


@blueprint.get("/workbook.xlsx")
@requires(P.ASSESSORS_WRITE)
def template(round_id: int) -> Any:
    """The workbook of the round as it stands."""
    round = round_or_404(round_id)
    content = body_workbook.download(holdings.holdings(round), holdings.bodies())
    return attachment(content, XLSX, f"{_('Assignments')}.xlsx", plain="assignments")


@blueprint.route("/<int:act_id>", methods=["GET", "POST"])
@requires(P.ASSESSORS_WRITE)
def look(round_id: int, act_id: int) -> Any:
    """What a distribution would do, or did; sent, it is done: by a job where it is long."""
    planned = _act_of(round_id, act_id)
    if request.method == "POST":
        return _do(planned, with_begun=request.form.get("begun") == "1")
    return render_template("assessors/distribution.html", this_round=planned.round, **_shown(planned))


@blueprint.post("/<int:act_id>/back")
@requires(P.ASSESSORS_WRITE)
def back(round_id: int, act_id: int) -> Any:
    """Plan that what a distribution gave goes back; shown first, as any other."""
    one = _act_of(round_id, act_id)
    return _planned(one.round, Source.BACK, {"of": one.id}, reason=one.reason)


def _do(planned: Distribution, *, with_begun: bool) -> Any:
    actor = the_actor()
    if planned.state is DistributionState.PLANNED and not distributing.still_stands(planned):
        again = distributing.plan_again(planned, actor=actor)
        flash(_("Something changed since: this is what would be done now"), "warn")
        return redirect(url_for("sharing.look", round_id=again.round_id, act_id=again.id))
    url = url_for("sharing.look", round_id=planned.round_id, act_id=planned.id)
    job = distributing.carry_out(planned, with_begun=with_begun, actor=actor, url=url)
    if job is not None:
        return redirect(url_for("jobs.show", job_id=job.id))
    flash(distributing.words_of(planned.done_count, planned.done_count), "ok")
    return redirect(url)


def _planned(round: Round, source: Source, asked: dict[str, Any], *, reason: str = "") -> Any:
    made = planning.plan(round, source, asked, reason=reason, actor=the_actor())
    return redirect(url_for("sharing.look", round_id=round.id, act_id=made.id))


def _rule(round: Round, kept: AssessorRule | None) -> Any:
    assignments.require_unfinished(round)
    form = SharingRuleForm(kept)
    if form.validate_on_submit():
        try:
            rules_service.save_rule(round, kept, form.values, actor=the_actor(), seen=version_of(form))
        except Refused as refused:
            say(form, refused)
        else:
            flash(_("The rule is saved; nothing is given yet"), "ok")
            return redirect(url_for("sharing.rules", round_id=round.id))
    page = render_template("assessors/sharing_rule.html", this_round=round, form=form, rule=kept)
    return page, 422 if form.errors else 200


def _shown(planned: Distribution) -> dict[str, Any]:
    """What a page says of a plan, or of what was done."""
    agencies = {one.key: one for one in holdings.holdings(planned.round)}
    waits = planned.state is DistributionState.PLANNED
    moves = planned.moves if waits else planned.done
    before = holdings.loads(agencies.values(), {move[0]: move[1] for move in moves})
    after = holdings.loads(agencies.values(), {move[0]: move[2] for move in moves})
    begun = [move for move in moves if move[3]]
    bodies = holdings.bodies()
    nothing = holdings.Load()
    return {
        "act": planned,
        "waits": waits,
        "source": SOURCES[planned.source],
        "is_back": planned.source is Source.BACK,
        "count": len(moves),
        "is_long": len(moves) > distributing.AT_ONCE,
        "loads": [(one, before.get(one.id, nothing), after.get(one.id, nothing)) for one in bodies],
        "without": (before.get(None, nothing), after.get(None, nothing)),
        "groups": _groups(begun, [move for move in moves if not move[3]], agencies, bodies, waits=waits),
        "stays": [
            (WHY[why], len(keys), [agencies[key] for key in keys[:NAMED] if key in agencies])
            for why, keys in planned.stays.items()
        ],
        "begun": len(begun),
        "finished": assignments.is_finished(planned.round),
    }


def _groups(
    begun: Sequence[planning.Move],
    free: Sequence[planning.Move],
    agencies: Mapping[int, holdings.Held],
    bodies: Sequence[AssessorBody],
    *,
    waits: bool,
) -> list[dict[str, Any]]:
    names = {one.id: one.name for one in bodies}
    moving = _("Agencies that move") if waits else _("Agencies that moved")
    titles = ((_("Agencies whose work has begun"), begun), (moving, free))
    return [
        {
            "title": title,
            "count": len(moves),
            "more": len(moves) - NAMED,
            "lines": [
                (agencies[key], names.get(was or 0), names.get(to or 0))
                for key, was, to, _begun in moves[:NAMED]
                if key in agencies
            ],
        }
        for title, moves in titles
        if moves
    ]


def _table(form: BodiesFileForm) -> Table:
    sent = form.file.data
    if not sent or not sent.filename:
        raise UnreadableFile("Choose a file first")
    return body_workbook.read_bodies(sent.read(), sent.filename[:150])


def _rule_of(round_id: int, sharing_rule_id: int) -> AssessorRule:
    one = get_or_404(AssessorRule, sharing_rule_id)
    if one.round_id != round_id:
        raise NotFound
    return one


def _act_of(round_id: int, act_id: int) -> Distribution:
    one = get_or_404(Distribution, act_id)
    if one.round_id != round_id:
        raise NotFound
    return one
