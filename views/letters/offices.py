"""What an office puts on its letters: letterhead, ways of signing and numbering, signatories."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.letter_office import LetterOffice, OfficeKind, Signatory
from portal.core.access import Permission as P
from portal.core.access import can, requires, the_actor
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused, Stale
from portal.core.forms import say
from portal.core.lookup import get_or_404, round_or_404
from portal.core.sent.versions import version_of
from portal.core.texts import _
from portal.letters import offices, sealing
from views.letters.forms import BY_KEY, OfficeForm, SignatoryForm

blueprint = Blueprint("letter_offices", __name__)
#: who keeps each office's settings, and the room that their page leads back to
KEEPERS = {
    OfficeKind.DLA: (P.LETTERS_DLA, "dispatches.circulars"),
    OfficeKind.NACC: (P.LETTERS_NACC, "dispatches.nacc"),
    OfficeKind.PROVINCE: (P.LETTERS_PROVINCE, "dispatches.province"),
}


@blueprint.route("/rounds/<int:round_id>/letters/circular/office", methods=["GET", "POST"])
@requires(P.LETTERS_DLA)
def dla(round_id: int) -> Any:
    """What DLA puts on its letters."""
    return _office(round_id, OfficeKind.DLA)


@blueprint.route("/rounds/<int:round_id>/letters/nacc/office", methods=["GET", "POST"])
@requires(P.LETTERS_NACC)
def nacc(round_id: int) -> Any:
    """What NACC puts on its letters."""
    return _office(round_id, OfficeKind.NACC)


@blueprint.route("/rounds/<int:round_id>/letters/summary/office", methods=["GET", "POST"])
@requires(P.LETTERS_PROVINCE)
def province(round_id: int) -> Any:
    """What the province puts on its letters and summaries."""
    return _office(round_id, OfficeKind.PROVINCE)


@blueprint.route("/rounds/<int:round_id>/letters/office/<int:office_id>/signatory", methods=["GET", "POST"])
@requires(P.LETTERS_READ)
def new_signatory(round_id: int, office_id: int) -> Any:
    """Somebody who signs for an office."""
    return _signatory(round_id, office_or_404(office_id), None)


@blueprint.route("/rounds/<int:round_id>/letters/signatory/<int:signatory_id>", methods=["GET", "POST"])
@requires(P.LETTERS_READ)
def signatory(round_id: int, signatory_id: int) -> Any:
    """Change who signs."""
    row = get_or_404(Signatory, signatory_id)
    return _signatory(round_id, office_or_404(row.office_id), row)


@blueprint.post("/rounds/<int:round_id>/letters/signatory/<int:signatory_id>/remove")
@requires(P.LETTERS_READ)
def remove_signatory(round_id: int, signatory_id: int) -> Any:
    """Take a signatory off the list."""
    row = get_or_404(Signatory, signatory_id)
    office, round = office_or_404(row.office_id), round_or_404(round_id)
    offices.remove_signatory(row)
    flash(_("Removed: letters that were issued keep the name"), "ok")
    return redirect(home_of(office, round.id))


def office_or_404(office_id: int) -> LetterOffice:
    """An office whose settings the actor keeps. Raises NotFound for any other."""
    office = get_or_404(LetterOffice, office_id)
    if not can(the_actor(), KEEPERS[office.kind][0]):
        raise NotFound
    return office


def home_of(office: LetterOffice, round_id: int) -> str:
    """The page of an office's settings."""
    return url_for(f"letter_offices.{office.kind.value}", round_id=round_id)


def _office(round_id: int, kind: OfficeKind) -> Any:
    round, province_id = round_or_404(round_id), the_actor().province_id
    office = offices.office_row(kind, province_id)
    back = url_for(KEEPERS[kind][1], round_id=round_id)
    form = _form(kind, office)
    if form.validate_on_submit():
        texts = {name: form[name].data or "" for name in (*offices.TEXTS, "typeface")}
        emblem = form.emblem.data.read() if form.emblem.data else None
        try:
            offices.save_texts(
                kind,
                texts,
                ways=form.ways(),
                seen_version=version_of(form),
                province_id=province_id,
                emblem=emblem,
            )
        except Stale:
            raise
        except Refused as refused:
            say(form, refused)
        else:
            flash(_("Saved"), "ok")
            return redirect(request.path)
    page = render_template(
        "letters/office.html",
        form=form,
        this_round=round,
        office=office,
        back=back,
        emblem=office.texts.get("emblem", "") if office else "",
        key=sealing.key_state(office) if office and office.by_key else None,
    )
    return page, 422 if form.errors else 200


def _form(kind: OfficeKind, office: LetterOffice | None) -> OfficeForm:
    texts = dict(office.texts) if office else {}
    texts.pop("emblem", "")  # bytes in letters: nothing that a field for files may begin with
    ways = offices.ways_of(office)
    data = {
        **texts,
        "version": str(office.version if office else 0),
        "signing": BY_KEY if ways.by_key else ways.signing.value,
        "register": ways.register.value,
        "checked": ways.checked,
    }
    form = OfficeForm(data=data)
    form.demand(offices.REQUIRED[kind])
    return form


def _signatory(round_id: int, office: LetterOffice, row: Signatory | None) -> Any:
    round = round_or_404(round_id)
    form = SignatoryForm(obj=row, version=str(row.version if row else 0))
    if form.validate_on_submit():
        try:
            offices.save_signatory(
                office,
                row,
                name=form.name.data or "",
                position=form.position.data or "",
                since=form.since.data,
                until=form.until.data,
                seen_version=version_of(form),
            )
        except Stale:
            raise
        except Refused as refused:
            db.session.rollback()
            say(form, refused)
        else:
            flash(_("Saved"), "ok")
            return redirect(home_of(office, round_id))
    page = render_template(
        "letters/signatory.html", form=form, this_round=round, row=row, back=home_of(office, round.id)
    )
    return page, 422 if form.errors or form.form_errors else 200
