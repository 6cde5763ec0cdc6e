"""The assessor's scoring of OIT: the assigned agencies, one agency's items, one item's points."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import Select, case, func, select
from wtforms import RadioField, TextAreaField

from models.disclosure import Disclosure, DisclosureState
from models.participation import Participation
from models.round import Stage
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.errors import Refused, Stale
from portal.core.forms import say
from portal.core.lookup import participation_or_404, round_or_404
from portal.core.search import matching
from portal.core.sent.versions import VersionedForm, version_of
from portal.core.stages import closed, stage_state
from portal.core.texts import _, lazy
from portal.disclosure import scoring as service
from portal.disclosure.checklist import ItemLine, checklist_of
from portal.disclosure.progress import OitCounts, oit_counts, state_label
from portal.disclosure.state import SCORING, step_reason
from views.disclosure.answering import StepForm
from views.frame.paging import pages_of, wanted_page

blueprint = Blueprint("scoring", __name__)
PAGE = 50
#: the saved views of the list: which states each shows
VIEWS: dict[str, tuple[Any, tuple[DisclosureState, ...]]] = {
    "all": (lazy("All"), ()),
    "due": (lazy("To be scored"), (DisclosureState.CONFIRMED,)),
    "done": (lazy("Scored"), (DisclosureState.SCORED,)),
}


class ScoreForm(VersionedForm):
    """The points of one item."""

    points = RadioField(lazy("Points"), validate_choice=False)
    note = TextAreaField(
        lazy("Note"),
        description=lazy("Needed where an item gets no points; the agency reads it with its result"),
    )


@blueprint.get("/rounds/<int:round_id>/scoring")
@requires(P.DISCLOSURE_SCORE)
def agencies(round_id: int) -> Any:
    """The assigned agencies, those to be scored first."""
    round = round_or_404(round_id)
    chosen = request.args.get("show", "all")
    words = request.args.get("q", "").strip()
    query = _searched(_assigned(round_id), words)
    counts = _by_state(query)
    states = VIEWS.get(chosen, VIEWS["all"])[1]
    if states:
        query = query.where(Disclosure.state.in_(states))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = pages_of(total, PAGE)
    page = wanted_page(pages)
    rows = db.session.scalars(query.order_by(*_order()).limit(PAGE).offset((page - 1) * PAGE)).all()
    stage = stage_state(round, Stage.OIT_SCORING)
    return render_template(
        "disclosure/scoring/agencies.html",
        round_id=round_id,
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        first=(page - 1) * PAGE + 1,
        words=words,
        chosen=chosen,
        counts=oit_counts(participation_ids=[row.id for row in rows]),
        nothing=OitCounts(),
        view_tabs=[
            {
                "label": label,
                "count": sum(counts.get(state, 0) for state in (states or counts)),
                "url": url_for("scoring.agencies", round_id=round_id, show=key, q=words or None),
                "current": key == chosen,
            }
            for key, (label, states) in VIEWS.items()
        ],
        closed=None if stage.is_open else closed(stage),
    )


def _assigned(round_id: int) -> Select[Any]:
    """Participations of the round inside the scope, with their checklist where one was begun."""
    return (
        select(Participation)
        .outerjoin(Disclosure, Disclosure.participation_id == Participation.id)
        .where(Participation.round_id == round_id)
    )


def _searched(query: Select[Any], words: str) -> Select[Any]:
    return query.where(matching(words, Participation))


def _by_state(query: Select[Any]) -> dict[DisclosureState | None, int]:
    counted = query.with_only_columns(Disclosure.state, func.count(Participation.id)).group_by(
        Disclosure.state
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}


def _order() -> tuple[Any, ...]:
    rank = case(
        (Disclosure.state == DisclosureState.CONFIRMED, 0),
        (Disclosure.state == DisclosureState.SCORED, 2),
        else_=1,
    )
    return rank, Participation.sort_key, Participation.id


@blueprint.get("/rounds/<int:round_id>/scoring/<int:participation_id>")
@requires(P.DISCLOSURE_SCORE)
def agency(round_id: int, participation_id: int) -> Any:
    """One agency's items with their points, and the end of the scoring."""
    participation = participation_or_404(round_id, participation_id)
    checklist = checklist_of(participation)
    return render_template(
        "disclosure/scoring/agency.html",
        checklist=checklist,
        closed=SCORING.closed(participation, checklist.disclosure),
        next_line=checklist.next_unscored(),
        why_not_finish=step_reason(checklist.disclosure, "finish", actor=the_actor()),
        state=state_label(checklist.state, begun=checklist.answered > 0),
    )


@blueprint.route(
    "/rounds/<int:round_id>/scoring/<int:participation_id>/<int:item_id>", methods=["GET", "POST"]
)
@requires(P.DISCLOSURE_SCORE)
def item(round_id: int, participation_id: int, item_id: int) -> Any:
    """Points of one item, then on to the next one without."""
    participation = participation_or_404(round_id, participation_id)
    if request.method == "GET":
        return _item_page(participation, item_id)
    form = ScoreForm()
    form.points.choices = _choices(round_id)
    if not form.validate():
        return _item_page(participation, item_id, form)
    try:
        answer = service.score_item(
            participation,
            item_id,
            points=_chosen(round_id, form.points.data),
            note=form.note.data or "",
            version=version_of(form),
            actor=the_actor(),
        )
    except Stale:
        return _item_page(participation, item_id, form, stale=True)
    except Refused as refused:
        say(form, refused, otherwise="points")
        return _item_page(participation, item_id, form)
    flash(_("Item %(code)s is scored", code=answer.item.code), "ok")
    left = checklist_of(participation, answer.disclosure).next_unscored(item_id)
    target: dict[str, Any] = {"round_id": round_id, "participation_id": participation_id}
    if left is None:
        return redirect(url_for("scoring.agency", **target))
    return redirect(url_for("scoring.item", item_id=left.item.id, **target))


@blueprint.post("/rounds/<int:round_id>/scoring/<int:participation_id>/<int:item_id>/clear")
@requires(P.DISCLOSURE_SCORE)
def clear(round_id: int, participation_id: int, item_id: int) -> Any:
    """Take the points of an item back."""
    participation = participation_or_404(round_id, participation_id)
    service.clear_score(participation, item_id, version=version_of(StepForm()), actor=the_actor())
    flash(_("The points are taken back"), "ok")
    return redirect(
        url_for("scoring.item", round_id=round_id, participation_id=participation_id, item_id=item_id)
    )


def _choices(round_id: int) -> list[tuple[str, str]]:
    return [
        (_key(choice.points), f"{_key(choice.points)} · {choice.label}")
        for choice in service.points_of(round_id)
    ]


def form_of(line: ItemLine, round_id: int) -> ScoreForm:
    """The form with the points that are stored."""
    answer = line.answer
    form = ScoreForm(
        version=answer.version if answer else 0,
        points=_key(answer.score) if answer and answer.score is not None else None,
        note=answer.score_note if answer else "",
    )
    form.points.choices = _choices(round_id)
    return form


def _key(points: Decimal) -> str:
    """Points as a form carries them: "100", "33.33"."""
    return f"{points:.2f}".rstrip("0").rstrip(".") if points % 1 else str(int(points))


def _chosen(round_id: int, key: str | None) -> Decimal | None:
    """The points of a choice of the form; None for whatever else was sent."""
    return next((choice.points for choice in service.points_of(round_id) if _key(choice.points) == key), None)


def _item_page(
    participation: Participation, item_id: int, form: ScoreForm | None = None, *, stale: bool = False
) -> Any:
    checklist = checklist_of(participation)
    line = checklist.line(item_id)
    form = form or form_of(line, participation.round_id)
    if stale and line.answer is not None:
        form.version.data = str(line.answer.version)
    before, after = checklist.around(line)
    page = render_template(
        "disclosure/scoring/item.html",
        checklist=checklist,
        line=line,
        group=checklist.group_of(line),
        form=form,
        stale=stale,
        before=before,
        after=after,
        closed=SCORING.closed(participation, checklist.disclosure),
    )
    return page, 409 if stale else 422 if form.errors else 200


@blueprint.route("/rounds/<int:round_id>/scoring/<int:participation_id>/finish", methods=["GET", "POST"])
@requires(P.DISCLOSURE_SCORE)
def finish(round_id: int, participation_id: int) -> Any:
    """End the scoring of an agency: cannot be undone, so it asks for a tick."""
    participation = participation_or_404(round_id, participation_id)
    form = StepForm()
    back = url_for("scoring.agency", round_id=round_id, participation_id=participation_id)
    if form.validate_on_submit() and request.form.get("confirm"):
        service.finish_scoring(participation, version=version_of(form), actor=the_actor())
        flash(_("The scoring of %(name)s is finished", name=participation.full_name), "ok")
        return redirect(url_for("scoring.agencies", round_id=round_id))
    checklist = checklist_of(participation)
    reason = step_reason(checklist.disclosure, "finish", actor=the_actor())
    if reason is not None:
        raise reason
    assert checklist.disclosure is not None
    page = render_template(
        "confirm.html",
        title=_("Finish the scoring"),
        action_label=_("Finish the scoring"),
        action_url=request.path,
        back_url=back,
        fields={"version": checklist.disclosure.version},
        consequences=[
            _(
                "All %(number)s items of %(name)s have their points",
                number=checklist.total,
                name=participation.full_name,
            ),
            _("The points go into the result and cannot be changed after this"),
        ],
        tick=_("I have checked the points of every item"),
        error=_("Tick the box to confirm") if request.method == "POST" else None,
        crumbs=[
            (_("Score OIT"), url_for("scoring.agencies", round_id=round_id)),
            (participation.full_name, back),
        ],
    )
    return page, 422 if request.method == "POST" else 200
