"""Rosters at the back office: one agency chosen first, its rows masked, one row unmasked with a reason."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_wtf import FlaskForm
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from models.participation import Participation
from models.roster import RosterEntry
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.database.session import db
from portal.core.lookup import one_or_404, participation_or_404, round_or_404
from portal.core.search import matching
from portal.core.texts import lazy
from portal.preparation.desk import group_counts
from portal.rosters import access
from portal.rosters.access import LONGEST_REASON, SHORTEST_REASON
from views.frame.paging import address_of, paged, pages_of, wanted_page

blueprint = Blueprint("rosters", __name__, url_prefix="/rounds/<int:round_id>/rosters")
PAGE = 50


class ReasonForm(FlaskForm):
    """Why a row has to be seen in the clear."""

    reason = TextAreaField(
        lazy("Why do you need this row"),
        validators=[InputRequired(), Length(min=SHORTEST_REASON, max=LONGEST_REASON)],
    )


@blueprint.get("")
@requires(P.ROSTERS_MASKED)
def index(round_id: int) -> Any:
    """Choose an agency by a part of its name."""
    round = round_or_404(round_id)
    search = request.args.get("search", "").strip()[:100]
    entries, total = [], 0
    page = pages = 1
    if search:
        where = [Participation.round_id == round_id, matching(search, Participation)]
        total = db.session.scalar(select(func.count(Participation.id)).where(*where)) or 0
        pages = pages_of(total, PAGE)
        page = wanted_page(pages)
        query = select(Participation).where(*where).order_by(Participation.sort_key, Participation.id)
        entries = list(db.session.scalars(query.limit(PAGE).offset((page - 1) * PAGE)))
    return render_template(
        "rosters/masked/index.html",
        this_round=round,
        search=search,
        found=entries,
        total=total,
        page=page,
        pages=pages,
        first=(page - 1) * PAGE + 1,
        page_url=address_of("rosters.index", round_id=round_id, search=search),
    )


@blueprint.get("/<int:participation_id>")
@requires(P.ROSTERS_MASKED)
def show(round_id: int, participation_id: int) -> Any:
    """The roster of one agency, masked."""
    participation = participation_or_404(round_id, participation_id)
    entries = access.entries_of(participation)
    page = paged(entries, PAGE, "rosters.show", round_id=round_id, participation_id=participation_id)
    return render_template(
        "rosters/masked/show.html",
        participation=participation,
        groups=group_counts(participation),
        people=access.masked(page.rows),
        page=page,
    )


@blueprint.get("/<int:participation_id>/rows/<int:entry_id>")
@requires(P.ROSTERS_MASKED)
def row(round_id: int, participation_id: int, entry_id: int) -> Any:
    """Ask why one row is to be seen."""
    participation = participation_or_404(round_id, participation_id)
    return _row_page(participation, _entry(participation, entry_id), ReasonForm())


@blueprint.post("/<int:participation_id>/rows/<int:entry_id>")
@requires(P.ROSTERS_MASKED)
def unmask(round_id: int, participation_id: int, entry_id: int) -> Any:
    """Show one row in the clear; recorded with the reason. Nothing of it is kept anywhere."""
    participation = participation_or_404(round_id, participation_id)
    entry = _entry(participation, entry_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        return _row_page(participation, entry, form), 422
    person = access.unmask(entry, reason=form.reason.data or "", actor=the_actor())
    return render_template("rosters/masked/unmasked.html", participation=participation, person=person)


def _row_page(participation: Participation, entry: RosterEntry, form: ReasonForm) -> str:
    person = access.masked([entry])[0]
    return render_template("rosters/masked/row.html", participation=participation, person=person, form=form)


def _entry(participation: Participation, entry_id: int) -> RosterEntry:
    query = (
        select(RosterEntry)
        .where(RosterEntry.id == entry_id, RosterEntry.participation_id == participation.id)
        .options(joinedload(RosterEntry.group))
    )
    entry: RosterEntry = one_or_404(query)
    return entry
