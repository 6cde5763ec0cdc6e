"""The executive's review of OIT, made for a phone: one item, two buttons, always at the same place."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from wtforms import RadioField, TextAreaField

from models.disclosure import DisclosureAnswer, Review
from models.participation import Participation
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.errors import Refused, Stale
from portal.core.forms import say
from portal.core.holders import confirmed_by
from portal.core.lookup import own_participation
from portal.core.sent.versions import VersionedForm, version_of
from portal.core.texts import _, lazy
from portal.disclosure import review as service
from portal.disclosure.checklist import checklist_of
from portal.disclosure.state import REVIEWING, step_reason
from views.disclosure.answering import StepForm, blueprint

OTHER = "other"
REASONS = {
    "link": lazy("The link does not open"),
    "year": lazy("The document is not of the assessed year"),
    "incomplete": lazy("The information does not meet the whole criterion"),
    OTHER: lazy("Another reason"),
}


class FailForm(VersionedForm):
    """Why an item fails: a ready reason, and words of one's own."""

    why = RadioField(lazy("Reason"), choices=list(REASONS.items()), validate_choice=False)
    more = TextAreaField(lazy("Explain more"))


@blueprint.get("/rounds/<int:round_id>/oit/review")
@requires(P.DISCLOSURE_REVIEW)
def review(round_id: int) -> Any:
    """How far the review is, every item, and its end: confirm or return."""
    participation = own_participation(round_id)
    checklist = checklist_of(participation)
    actor = the_actor()
    return render_template(
        "disclosure/review.html",
        checklist=checklist,
        closed=REVIEWING.closed(participation, checklist.disclosure),
        next_line=checklist.next_pending(),
        confirmed_by=confirmed_by(checklist.disclosure) if checklist.state.approved else "",
        why_not_confirm=step_reason(checklist.disclosure, "confirm", actor=actor),
        why_not_return=step_reason(checklist.disclosure, "return", actor=actor),
        **_undoable(checklist),
    )


@blueprint.get("/rounds/<int:round_id>/oit/review/<int:item_id>")
@requires(P.DISCLOSURE_REVIEW)
def review_item(round_id: int, item_id: int) -> Any:
    """One item with its criterion, answer and evidence."""
    return _item_page(own_participation(round_id), item_id)


@blueprint.post("/rounds/<int:round_id>/oit/review/<int:item_id>/pass")
@requires(P.DISCLOSURE_REVIEW)
def pass_item(round_id: int, item_id: int) -> Any:
    """Pass, and on to the next item."""
    participation = own_participation(round_id)
    try:
        answer = service.judge_item(
            participation, item_id, Review.PASS, version=version_of(StepForm()), actor=the_actor()
        )
    except Stale:
        return _item_page(participation, item_id, stale=True)
    return redirect(_next(participation, answer, passed=item_id))


@blueprint.route("/rounds/<int:round_id>/oit/review/<int:item_id>/fail", methods=["GET", "POST"])
@requires(P.DISCLOSURE_REVIEW)
def fail_item(round_id: int, item_id: int) -> Any:
    """Fail: ask why, then on to the next item."""
    participation = own_participation(round_id)
    form = FailForm()
    if not form.validate_on_submit():
        return _item_page(participation, item_id, form=form)
    try:
        answer = service.judge_item(
            participation,
            item_id,
            Review.FAIL,
            version=version_of(form),
            actor=the_actor(),
            reason=_reason_of(form),
        )
    except Stale:
        return _item_page(participation, item_id, form=form, stale=True)
    except Refused as refused:
        say(form, refused, otherwise="why")
        return _item_page(participation, item_id, form=form)
    flash(_("Marked as failed: the admin sees your reason when you return the checklist"), "info")
    return redirect(_next(participation, answer))


def _reason_of(form: FailForm) -> str:
    """The ready reason and the words in one text; nothing where only "another reason" was chosen."""
    more = (form.more.data or "").strip()
    ready = str(REASONS[form.why.data]) if form.why.data in REASONS and form.why.data != OTHER else ""
    return " · ".join(part for part in (ready, more) if part)


@blueprint.post("/rounds/<int:round_id>/oit/review/<int:item_id>/undo")
@requires(P.DISCLOSURE_REVIEW)
def undo_item(round_id: int, item_id: int) -> Any:
    """Take a judgement back."""
    participation = own_participation(round_id)
    service.judge_item(
        participation, item_id, Review.PENDING, version=version_of(StepForm()), actor=the_actor()
    )
    return redirect(url_for("disclosure.review_item", round_id=round_id, item_id=item_id))


@blueprint.route("/rounds/<int:round_id>/oit/review/confirm", methods=["GET", "POST"])
@requires(P.DISCLOSURE_REVIEW)
def confirm(round_id: int) -> Any:
    """Confirm the review: cannot be undone, so it asks for a tick."""
    participation = own_participation(round_id)
    form = StepForm()
    ticked = bool(request.form.get("confirm"))
    if form.validate_on_submit() and ticked:
        service.confirm_review(participation, version=version_of(form), actor=the_actor())
        flash(_("The review is confirmed: the assessor scores the checklist now"), "ok")
        return redirect(url_for("disclosure.review", round_id=round_id))
    return _decision(
        participation,
        "confirm",
        _("Confirm the review"),
        _("Confirm the review"),
        [
            _(
                "All %(number)s items have passed and go to the assessor",
                number=checklist_of(participation).total,
            ),
            _("After this neither the admin nor you can change anything"),
        ],
        tick=_("I have looked at every item"),
        error=_("Tick the box to confirm") if request.method == "POST" else None,
    )


@blueprint.route("/rounds/<int:round_id>/oit/review/return", methods=["GET", "POST"])
@requires(P.DISCLOSURE_REVIEW)
def return_(round_id: int) -> Any:
    """Not approved: back to the admin."""
    participation = own_participation(round_id)
    form = StepForm()
    if form.validate_on_submit():
        service.return_disclosure(participation, version=version_of(form), actor=the_actor())
        flash(_("The checklist is returned: the admin mends it and submits it again"), "ok")
        return redirect(url_for("disclosure.review", round_id=round_id))
    failed = checklist_of(participation).failed
    return _decision(
        participation,
        "return",
        _("Do not approve: return to be mended"),
        _("Return the checklist"),
        [
            _("%(number)s failed items go back to the admin with your reasons", number=failed),
            _("Items that passed keep their mark unless the admin changes them"),
            _("You review again after the admin has submitted again"),
        ],
    )


def _decision(
    participation: Participation, step: str, title: str, label: str, consequences: list[str], **more: Any
) -> Any:
    """The page before the end of a review; the reason instead where it is not possible."""
    checklist = checklist_of(participation)
    reason = step_reason(checklist.disclosure, step, actor=the_actor())
    if reason is not None:
        raise reason
    assert checklist.disclosure is not None
    back = url_for("disclosure.review", round_id=participation.round_id)
    page = render_template(
        "confirm.html",
        title=title,
        action_label=label,
        action_url=request.path,
        back_url=back,
        consequences=consequences,
        fields={"version": checklist.disclosure.version},
        crumbs=[(_("Review OIT"), back)],
        danger=step == "return",
        **more,
    )
    return page, 422 if more.get("error") else 200


def _next(participation: Participation, answer: DisclosureAnswer, **args: Any) -> str:
    left = checklist_of(participation, answer.disclosure).next_pending(answer.oit_item_id)
    if left is None:
        return url_for("disclosure.review", round_id=participation.round_id, **args)
    return url_for("disclosure.review_item", round_id=participation.round_id, item_id=left.item.id, **args)


def _undoable(checklist: Any) -> dict[str, Any]:
    """The item that was passed a moment ago, for the toast with its "undo"."""
    passed = request.args.get("passed", 0, int)
    line = next((line for line in checklist.lines if line.item.id == passed), None)
    return {"undoable": line if line and line.review is Review.PASS else None}


def _item_page(
    participation: Participation, item_id: int, *, form: FailForm | None = None, stale: bool = False
) -> Any:
    checklist = checklist_of(participation)
    line = checklist.line(item_id)
    if form is not None and line.answer is not None and (stale or not form.is_submitted()):
        form.version.data = str(line.answer.version)
    before, after = checklist.around(line)
    page = render_template(
        "disclosure/review_item.html",
        checklist=checklist,
        line=line,
        group=checklist.group_of(line),
        form=form,
        stale=stale,
        before=before,
        after=after,
        closed=REVIEWING.closed(participation, checklist.disclosure),
        **_undoable(checklist),
    )
    return page, 409 if stale else 422 if form is not None and form.errors else 200
