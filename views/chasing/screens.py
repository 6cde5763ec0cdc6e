"""Who lacks what: the list by the step at which agencies hang, and one agency with texts and notes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy import select

from models.agency import AgencyKind
from models.participation import Participation
from models.place import Province
from models.round import Round
from models.thai import local_day
from portal.ballot.counting import counted_at
from portal.chasing import notes
from portal.chasing.lacks import ABOUT
from portal.chasing.listing import Chase, districts, is_broken
from portal.chasing.texts import Writer, short_words_of, words_of
from portal.core import clock, list_files
from portal.core.access import Permission as P
from portal.core.access import can, requires, scope_of, the_actor
from portal.core.calling import calls_of
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.forms import say
from portal.core.lookup import participation_or_404, round_or_404
from portal.core.scopes import Reach
from portal.core.stages import STAGE_NAMES, due_words
from portal.core.texts import _, label_of
from portal.status.figures import regions
from views.chasing import files
from views.chasing.forms import NoteForm
from views.chasing.queries import ChaseQuery
from views.chasing.words import NOTED
from views.frame.paging import pages_of, wanted_page

blueprint = Blueprint("chasing", __name__)
PAGE = 50


@blueprint.get("/rounds/<int:round_id>/chasing")
@requires(P.CHASING_READ)
def show(round_id: int) -> Any:
    """The agencies that lack something now, what is furthest behind first."""
    round, criteria = round_or_404(round_id), _criteria()
    chase = Chase.of(round, clock.now())
    counts = chase.counts(criteria.narrowed)
    found = chase.listed(counts, criteria.at)
    pages = pages_of(found, PAGE)
    page = wanted_page(pages)
    rows = chase.late(criteria.narrowed, offset=(page - 1) * PAGE, most=PAGE)
    wide = scope_of(the_actor()).reach is Reach.COUNTRY
    place = criteria.province if wide else the_actor().province_id
    here = {"round_id": round.id, **criteria.args()}
    return render_template(
        "chasing/show.html",
        this_round=round,
        chase=chase,
        criteria=criteria,
        rows=rows,
        found=found,
        page=page,
        pages=pages,
        first=(page - 1) * PAGE + 1,
        views=_views(round, chase, counts, criteria),
        wide=wide,
        regions=regions() if wide else [],
        provinces=_provinces(round) if wide else [],
        districts=districts(round, place) if place else [],
        kinds=AgencyKind,
        noted=NOTED,
        short_words_of=short_words_of,
        today=local_day(clock.now()),
        is_broken=is_broken,
        label_of=label_of,
        stages=[(stage, STAGE_NAMES[stage], *due_words(state)) for stage, state in chase.due.stages.items()],
        url_for_page=lambda number: url_for("chasing.show", **here, page=number),
        file_url=lambda ext: url_for("chasing.file", **here, ext=ext),
        group_text=_writer(chase, None).group(rows) if rows else "",
    )


@blueprint.route("/rounds/<int:round_id>/chasing.<any(xlsx, csv, pdf):ext>", methods=["GET", "POST"])
@requires(P.CHASING_READ)
def file(round_id: int, ext: str) -> Any:
    """The list as the page shows it, all of its pages."""
    criteria = _criteria()
    arguments = {"round_id": round_or_404(round_id).id, "args": criteria.args()}
    back = url_for("chasing.show", round_id=round_id, **criteria.args())
    return list_files.answer(files.LATE, arguments, ext, back=back)


@blueprint.route("/rounds/<int:round_id>/chasing/<int:participation_id>", methods=["GET", "POST"])
@requires(P.CHASING_READ)
def agency(round_id: int, participation_id: int) -> Any:
    """What one agency lacks, how it is reached, texts to send it, and what was noted; a POST is a note."""
    one = participation_or_404(round_id, participation_id)
    chase, form = Chase.of(one.round, clock.now()), NoteForm()
    if form.validate_on_submit():
        try:
            notes.write(
                one,
                reached=form.how,
                promised_until=form.promised_until.data,
                text=form.text.data or "",
                actor=the_actor(),
            )
        except Refused as refused:
            say(form, refused)
        else:
            flash(_("Noted"), "ok")
            return redirect(url_for("chasing.agency", round_id=round_id, participation_id=participation_id))
    return _agency_page(one, chase, form), 422 if form.errors else 200


@blueprint.post("/rounds/<int:round_id>/chasing/<int:participation_id>/notes/<int:note_id>/take-back")
@requires(P.CHASING_NOTE)
def take_back(round_id: int, participation_id: int, note_id: int) -> Any:
    """Remove a note of one's own."""
    one = participation_or_404(round_id, participation_id)
    notes.take_back(one.id, note_id, actor=the_actor())
    flash(_("The note is removed"), "ok")
    return redirect(url_for("chasing.agency", round_id=round_id, participation_id=participation_id))


def _agency_page(one: Participation, chase: Chase, form: NoteForm) -> str:
    late, actor = chase.one(one.id), the_actor()
    written = notes.notes_of(one.id)
    return render_template(
        "chasing/agency.html",
        one=one,
        this_round=one.round,
        late=late,
        ready=_writer(chase, one.province_id).ready(late) if late else None,
        labels=ABOUT,
        words_of=words_of,
        due=chase.due,
        due_words=due_words,
        form=form if can(actor, P.CHASING_NOTE) else None,
        notes=[(note, notes.is_own(note, actor)) for note in written],
        label_of=label_of,
        today=local_day(clock.now()),
    )


def _criteria() -> ChaseQuery:
    return ChaseQuery.of(request.args, scope_of(the_actor()))


def _writer(chase: Chase, province_id: int | None) -> Writer:
    url: str = current_app.settings.public_url  # type: ignore[attr-defined]
    ask = next(iter(calls_of(db.session(), province_id)), None)
    return Writer(chase.round, chase.due, the_actor().place, ask, f"{url}/", counted_at())


def _views(round: Round, chase: Chase, counts: dict[Any, int], criteria: ChaseQuery) -> list[dict[str, Any]]:
    def view(label: Any, count: int, at: Any) -> dict[str, Any]:
        args = {**criteria.args(), "at": at.value if at else None}
        url = url_for("chasing.show", round_id=round.id, **args)
        return {"label": label, "count": count, "current": criteria.at is at, "url": url}

    each = [view(ABOUT[lack].hangs, counts[lack], lack) for lack in chase.due.lacks]
    return [view(_("All"), sum(counts.values()), None), *each]


def _provinces(round: Round) -> list[Province]:
    here = select(Participation.province_id).where(Participation.round_id == round.id)
    return list(db.session.scalars(select(Province).where(Province.id.in_(here)).order_by(Province.sort_key)))
