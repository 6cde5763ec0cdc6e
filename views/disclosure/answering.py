"""The OIT checklist as the agency's admin answers it, and as everybody else reads it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from wtforms import BooleanField, RadioField, TextAreaField

from models.disclosure import DisclosureAnswer, Review
from models.participation import Participation
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.errors import Refused, Stale
from portal.core.forms import say
from portal.core.holders import confirmed_by
from portal.core.lookup import own_participation, participation_or_404
from portal.core.sent.versions import VersionedForm, version_of
from portal.core.texts import _, lazy
from portal.disclosure import answering as service
from portal.disclosure.addresses import read_links
from portal.disclosure.checklist import Checklist, ItemLine, checklist_of
from portal.disclosure.progress import state_label
from portal.disclosure.scoring import points_shown
from portal.disclosure.state import ANSWERING, step_reason

blueprint = Blueprint("disclosure", __name__)
YES, NO, OPEN = "yes", "no", ""
VALUE = {YES: True, NO: False, OPEN: None}
FILTERS = ("all", "open", "failed")


class AnswerForm(VersionedForm):
    """The answer to one item."""

    disclosed = RadioField(
        lazy("Is it disclosed?"),
        choices=[(YES, lazy("Disclosed")), (NO, lazy("Not disclosed")), (OPEN, lazy("Not answered yet"))],
        default=OPEN,
    )
    links = TextAreaField(
        lazy("Links where it is disclosed"),
        description=lazy("One address on each line, at most 20, beginning with http:// or https://"),
    )
    explanation = TextAreaField(
        lazy("Explanation"), description=lazy("What each link shows, or why it is not disclosed")
    )
    mended = BooleanField(
        lazy("The web site itself was mended; the answer stays as it is"),
    )


class StepForm(VersionedForm):
    """A step of the checklist, with the version that its page showed."""


@blueprint.get("/rounds/<int:round_id>/oit")
@requires(P.DISCLOSURE_ANSWER)
def answers(round_id: int) -> Any:
    """Every item with its state; what is left, and the way to submitting."""
    participation = own_participation(round_id)
    checklist = checklist_of(participation)
    chosen = request.args.get("show", "all")
    return render_template(
        "disclosure/answers.html",
        checklist=checklist,
        groups=_filtered(checklist, chosen),
        chosen=chosen if chosen in FILTERS else "all",
        closed=ANSWERING.closed(participation, checklist.disclosure),
        why_not_submit=step_reason(checklist.disclosure, "submit", actor=the_actor()),
        why_not_withdraw=step_reason(checklist.disclosure, "withdraw", actor=the_actor()),
        state=state_label(checklist.state, begun=checklist.answered > 0),
        confirmed_by=confirmed_by(checklist.disclosure) if checklist.state.approved else "",
    )


def _filtered(checklist: Checklist, chosen: str) -> list[tuple[Any, list[ItemLine]]]:
    keep = {
        "open": lambda line: not line.answered,
        "failed": lambda line: line.review is Review.FAIL,
    }.get(chosen, lambda _line: True)
    groups = [(group, [line for line in group.lines if keep(line)]) for group in checklist.groups]
    return [(group, lines) for group, lines in groups if lines]


@blueprint.route("/rounds/<int:round_id>/oit/<int:item_id>", methods=["GET", "POST"])
@requires(P.DISCLOSURE_ANSWER)
def item(round_id: int, item_id: int) -> Any:
    """Answer one item; "save and go on" leads to the next one that is left."""
    participation = own_participation(round_id)
    if request.method == "GET":
        return _item_page(participation, item_id)
    form = AnswerForm()
    try:
        answer = _saved(participation, item_id, form)
    except Stale:
        return _item_page(participation, item_id, form, stale=True)
    if answer is None:
        return _item_page(participation, item_id, form)
    if answer.review is Review.FAIL:
        words = _(
            "Item %(code)s is as it was and still has to be mended: change the answer, or tick that "
            "the web site itself was mended",
            code=answer.item.code,
        )
        flash(words, "warn")
        return redirect(request.path)
    flash(_("Item %(code)s is saved", code=answer.item.code), "ok")
    return redirect(_after_saving(participation, answer))


def _typed(line: ItemLine) -> dict[str, Any]:
    """The stored answer as the form shows it."""
    if line.answer is None:
        return {"version": "0"}
    choice = {True: YES, False: NO, None: OPEN}[line.answer.disclosed]
    return {
        "disclosed": choice,
        "links": "\n".join(link.url for link in line.answer.links),
        "explanation": line.answer.explanation,
        "version": str(line.answer.version),
    }


def _saved(participation: Participation, item_id: int, form: AnswerForm) -> DisclosureAnswer | None:
    """Save what was typed; None where something is to be mended (said at its field). Raises Stale."""
    if not form.validate():
        return None
    try:
        links = read_links(form.links.data or "")
    except Refused as refused:
        say(form, refused, otherwise="links")
        return None
    try:
        return service.save_answer(
            participation,
            item_id,
            disclosed=VALUE.get(form.disclosed.data or OPEN),
            links=links,
            explanation=(form.explanation.data or "").replace("\r\n", "\n"),
            mended=bool(form.mended.data),
            version=version_of(form),
            actor=the_actor(),
        )
    except Refused as refused:
        say(form, refused)
        return None


def _after_saving(participation: Participation, answer: DisclosureAnswer) -> str:
    if "stay" not in request.form:
        left = checklist_of(participation, answer.disclosure).next_unanswered(answer.oit_item_id)
        if left is not None:
            return url_for("disclosure.item", round_id=participation.round_id, item_id=left.item.id)
    return url_for("disclosure.answers", round_id=participation.round_id)


def _item_page(
    participation: Participation, item_id: int, form: AnswerForm | None = None, *, stale: bool = False
) -> Any:
    checklist = checklist_of(participation)
    line = checklist.line(item_id)
    form = form or AnswerForm(data=_typed(line))
    if stale and line.answer is not None:
        form.version.data = str(line.answer.version)  # saving again is then a choice, with the other in view
    before, after = checklist.around(line)
    page = render_template(
        "disclosure/item.html",
        checklist=checklist,
        line=line,
        group=checklist.group_of(line),
        form=form,
        before=before,
        after=after,
        stale=stale,
        with_points=points_shown(participation, the_actor()),
        closed=ANSWERING.closed(participation, checklist.disclosure),
    )
    return page, 409 if stale else 422 if form.errors else 200


@blueprint.route("/rounds/<int:round_id>/oit/submit", methods=["GET", "POST"])
@requires(P.DISCLOSURE_ANSWER)
def submit(round_id: int) -> Any:
    """Submit for approval: what it means first, and what is still missing."""
    participation = own_participation(round_id)
    checklist = checklist_of(participation)
    form = StepForm(version=checklist.disclosure.version if checklist.disclosure else 0)
    if form.validate_on_submit():
        service.submit(participation, version=version_of(form), actor=the_actor())
        flash(_("The checklist is submitted: the executive reviews it now"), "ok")
        return redirect(url_for("disclosure.answers", round_id=round_id))
    return render_template(
        "disclosure/submit.html",
        checklist=checklist,
        form=form,
        reason=step_reason(checklist.disclosure, "submit", actor=the_actor()),
    )


@blueprint.post("/rounds/<int:round_id>/oit/withdraw")
@requires(P.DISCLOSURE_ANSWER)
def withdraw(round_id: int) -> Any:
    """Take the checklist back while nothing is marked."""
    service.withdraw(own_participation(round_id), version=version_of(StepForm()), actor=the_actor())
    flash(_("The checklist is with you again: mend it and submit it once more"), "ok")
    return redirect(url_for("disclosure.answers", round_id=round_id))


@blueprint.get("/rounds/<int:round_id>/agencies/<int:participation_id>/oit")
@requires(P.DISCLOSURE_READ)
def show(round_id: int, participation_id: int) -> Any:
    """The whole checklist to read, with the points where they may be seen."""
    participation = participation_or_404(round_id, participation_id)
    checklist = checklist_of(participation)
    return render_template(
        "disclosure/show.html",
        checklist=checklist,
        with_points=points_shown(participation, the_actor()),
        state=state_label(checklist.state, begun=checklist.answered > 0),
    )
