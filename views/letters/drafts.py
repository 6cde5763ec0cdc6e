"""Drafts of letters: begun, changed, and the letters of the portal that one cites."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for

from models.dispatch import DispatchState
from models.letter_office import OfficeKind
from models.round import Round
from portal.core.access import Permission as P
from portal.core.access import can, requires, the_actor
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused, Stale
from portal.core.forms import say
from portal.core.lookup import round_or_404
from portal.core.sent.versions import version_of
from portal.core.texts import _
from portal.letters import citing, dispatches, drafting, offices, texts
from portal.letters.workflow import where_it_stands
from portal.status.figures import provinces
from views.letters.dispatches import ROOMS
from views.letters.forms import DraftForm, ProvinceLetterForm, choice_of, named

blueprint = Blueprint("letter_drafts", __name__)


@blueprint.route("/rounds/<int:round_id>/letters/circular/new", methods=["GET", "POST"])
@requires(P.LETTERS_DLA)
def new_circular(round_id: int) -> Any:
    """A draft of a circular."""
    return _new(round_id, OfficeKind.DLA)


@blueprint.route("/rounds/<int:round_id>/letters/nacc/new", methods=["GET", "POST"])
@requires(P.LETTERS_NACC)
def new_nacc(round_id: int) -> Any:
    """A draft of NACC's letter."""
    return _new(round_id, OfficeKind.NACC)


@blueprint.route("/rounds/<int:round_id>/letters/province/new", methods=["GET", "POST"])
@requires(P.LETTERS_PROVINCE)
def new_province(round_id: int) -> Any:
    """A draft of a province's circular."""
    return _new(round_id, OfficeKind.PROVINCE)


@blueprint.route("/letters/<int:dispatch_id>/edit", methods=["GET", "POST"])
@requires(P.LETTERS_READ)
def edit(dispatch_id: int) -> Any:
    """Write in a draft."""
    dispatch = dispatches.dispatch_or_404(dispatch_id, the_actor())
    if dispatch.state is not DispatchState.DRAFT:
        raise where_it_stands(dispatch)
    form = _form(
        dispatch.office.kind,
        dispatch.round,
        texts.text_of(dispatch),
        version=str(dispatch.version),
        signatory=str(dispatch.signatory_id or ""),
        urgency=dispatch.urgency,
        text=choice_of(texts.text_of(dispatch)),
        references="\n".join(dispatch.cites),
        provinces=[str(key) for key in dispatch.to_provinces or ()],
        agency=str(dispatch.to_agency_id or ""),
    )
    if form.validate_on_submit():
        try:
            drafting.change(dispatch, form.draft(), actor=the_actor(), seen_version=version_of(form))
        except Stale:
            raise
        except Refused as refused:
            db.session.rollback()
            say(form, refused)
        else:
            flash(_("Saved"), "ok")
            return redirect(url_for("dispatches.show", dispatch_id=dispatch_id))
    dispatch = dispatches.dispatch_or_404(dispatch_id, the_actor())
    back = url_for("dispatches.show", dispatch_id=dispatch_id)
    lapsed = citing.lapsed(dispatch)
    return _draft_page(form, dispatch.office.kind, dispatch.round, _("Change the draft"), back, lapsed)


@blueprint.get("/letters/citable")
@requires(P.LETTERS_READ)
def citable() -> Response:
    """The issued letters that fit a search, for the field that finds them while one types."""
    writers = {writer.value: writer for writer in dispatches.WRITERS}
    writer = writers.get(request.args.get("office", ""))
    if writer is None or not can(the_actor(), dispatches.WRITERS[writer]):
        raise NotFound
    found = citing.citable(writer, the_actor().province_id, request.args.get("query", ""))
    return jsonify([{"value": str(one.id), "text": named(one), "cite": one.line} for one in found])


def _new(round_id: int, writer: OfficeKind) -> Any:
    round = round_or_404(round_id)
    form = _form(writer, round, version="0")
    if form.validate_on_submit():
        try:
            dispatch = drafting.begin(round, writer, form.draft(), actor=the_actor())
        except Refused as refused:
            db.session.rollback()
            say(form, refused)
        else:
            flash(_("The draft is there: look at its proof before it is issued"), "ok")
            return redirect(url_for("dispatches.show", dispatch_id=dispatch.id))
    round = round_or_404(round_id)
    return _draft_page(form, writer, round, _("New letter"), url_for(ROOMS[writer][0], round_id=round_id))


def _form(writer: OfficeKind, round: Round, *holds_to: texts.Version, **data: Any) -> DraftForm:
    """The form of a draft, with the texts that it may be made from and those that it holds to already."""
    form = ROOMS[writer][1](data=data)
    office = offices.office_row(writer, the_actor().province_id)
    form.offer(
        office,
        {row.id: row.name for row in provinces(round)},
        citing.citable(writer, the_actor().province_id),
    )
    if isinstance(form, ProvinceLetterForm):
        form.offer_agencies(drafting.taking_part(round))
    form.offer_words(texts.offered(office, writer, kept=holds_to))
    return form


def _draft_page(
    form: DraftForm,
    writer: OfficeKind,
    round: Round,
    title: str,
    back: str,
    lapsed: Sequence[citing.Known] = (),
) -> Any:
    page = render_template(
        "letters/draft.html",
        form=form,
        this_round=round,
        writer=writer,
        room=ROOMS[writer],
        title=title,
        back=back,
        lapsed=lapsed,
    )
    return page, 422 if form.errors or form.form_errors else 200
