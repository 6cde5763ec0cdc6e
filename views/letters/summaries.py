"""A province's own summary: ordered, and those that were made before."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from models.letter import LetterKind
from models.letter_office import OfficeKind
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.errors import Refused
from portal.core.forms import say
from portal.core.lookup import round_or_404
from portal.letters import kept, offices, summaries
from views.letters.forms import SummaryForm

blueprint = Blueprint("letters", __name__)


@blueprint.route("/rounds/<int:round_id>/letters/summary", methods=["GET", "POST"])
@requires(P.LETTERS_PROVINCE)
def summary(round_id: int) -> Any:
    """Order the summary of the own province; those made before."""
    round, actor = round_or_404(round_id), the_actor()
    form = SummaryForm(prepared_by=actor.name)
    if form.validate_on_submit():
        names = {"prepared_by": form.prepared_by.data or "", "checked_by": form.checked_by.data or ""}
        try:
            job = summaries.order_summary(round, **names, actor=actor)
            return redirect(url_for("jobs.show", job_id=job.id))
        except Refused as refused:
            say(form, refused)
    office = offices.office_row(OfficeKind.PROVINCE, actor.province_id)
    texts = dict(office.texts) if office is not None else {}
    criteria = kept.LetterQuery(request.args.get("q", "").strip())
    made = kept.letters_of(
        round, LetterKind.PROVINCE_SUMMARY, criteria, page=request.args.get("page", 1, int)
    )
    page = render_template(
        "letters/summary.html",
        form=form,
        this_round=round,
        office=office,
        missing=offices.missing_texts(OfficeKind.PROVINCE, texts),
        missing_font=offices.missing_font(texts),
        made=made,
        criteria=criteria,
        url_for_page=lambda number: (
            url_for("letters.summary", round_id=round.id, page=number, q=criteria.search or None) + "#made"
        ),
    )
    return page, 422 if form.errors else 200
