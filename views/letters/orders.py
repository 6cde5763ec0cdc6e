"""Letters at the desks: DLA's circulars, NACC's letter to DLA, a province's own summary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select

from models.job import Job
from models.letter import Letter, LetterKind
from models.place import Province
from models.round import Round
from models.thai import local_day
from portal.core import clock
from portal.core.access import Permission as P
from portal.core.access import can, requires, the_actor
from portal.core.database.session import db
from portal.core.downloads import attachment
from portal.core.errors import NotFound, Refused
from portal.core.forms import say
from portal.core.lookup import get_or_404, round_or_404
from portal.core.sent.versions import version_of
from portal.core.texts import _
from portal.letters import kept, offices, orders
from portal.letters.offices import missing_texts, texts_of
from portal.status.figures import provinces
from views.letters.forms import CircularForm, NaccForm, OfficeForm, SummaryForm

blueprint = Blueprint("letters", __name__)
#: who may open a kept letter of each kind
READERS = {
    LetterKind.CIRCULAR: (P.LETTERS_DLA, P.LETTERS_PROVINCE),
    LetterKind.NACC_TO_DLA: (P.LETTERS_NACC, P.LETTERS_DLA),
    LetterKind.PROVINCE_SUMMARY: (P.LETTERS_PROVINCE, P.LETTERS_DLA),
}


@blueprint.route("/rounds/<int:round_id>/letters/circular", methods=["GET", "POST"])
@requires(P.LETTERS_DLA)
def circular(round_id: int) -> Any:
    """Order the circulars: one province, or all in one go."""
    round = round_or_404(round_id)
    form = CircularForm(dated=local_day(clock.now()))
    rows = provinces(round)
    form.province.choices = [("", _("All %(count)s provinces", count=len(rows)))]
    form.province.choices += [(str(row.id), row.name) for row in rows]
    return _ordered(
        "letters/circular.html",
        round,
        LetterKind.CIRCULAR,
        form,
        lambda: orders.order_circulars(round, form.order(), actor=the_actor()),
    )


@blueprint.route("/rounds/<int:round_id>/letters/nacc", methods=["GET", "POST"])
@requires(P.LETTERS_NACC)
def nacc(round_id: int) -> Any:
    """Order NACC's letter to DLA."""
    round = round_or_404(round_id)
    form = NaccForm(dated=local_day(clock.now()))
    return _ordered(
        "letters/nacc.html",
        round,
        LetterKind.NACC_TO_DLA,
        form,
        lambda: orders.order_nacc_letter(round, form.order(), actor=the_actor()),
    )


@blueprint.route("/rounds/<int:round_id>/letters/summary", methods=["GET", "POST"])
@requires(P.LETTERS_PROVINCE)
def summary(round_id: int) -> Any:
    """Order the summary of the own province."""
    round = round_or_404(round_id)
    form = SummaryForm(prepared_by=the_actor().name)
    return _ordered(
        "letters/summary.html",
        round,
        LetterKind.PROVINCE_SUMMARY,
        form,
        lambda: orders.order_summary(
            round,
            prepared_by=form.prepared_by.data or "",
            checked_by=form.checked_by.data or "",
            actor=the_actor(),
        ),
    )


def _ordered(template: str, round: Round, kind: LetterKind, form: Any, order: Callable[[], Job]) -> Any:
    """The form; once it is sent the job, or the form again with what stands in the way."""
    if form.validate_on_submit():
        try:
            return redirect(url_for("jobs.show", job_id=order().id))
        except Refused as refused:
            say(form, refused)
    return _page(template, round, kind, form)


@blueprint.get("/rounds/<int:round_id>/letters/<int:letter_id>.pdf")
@requires(P.LETTERS_READ)
def file(round_id: int, letter_id: int) -> Any:
    """A letter as it was made."""
    letter = get_or_404(Letter, letter_id)
    if letter.round_id != round_id or not any(can(the_actor(), one) for one in READERS[letter.kind]):
        raise NotFound
    stored = kept.content_of(letter)
    return attachment(
        stored.content, stored.content_type, stored.name, plain=f"letter-{letter.id}", inline=True
    )


@blueprint.route("/rounds/<int:round_id>/letters/circular/office", methods=["GET", "POST"])
@requires(P.LETTERS_DLA)
def circular_office(round_id: int) -> Any:
    """What DLA puts on its letters."""
    return _office(round_id, LetterKind.CIRCULAR, "letters.circular")


@blueprint.route("/rounds/<int:round_id>/letters/nacc/office", methods=["GET", "POST"])
@requires(P.LETTERS_NACC)
def nacc_office(round_id: int) -> Any:
    """What NACC puts on its letters."""
    return _office(round_id, LetterKind.NACC_TO_DLA, "letters.nacc")


@blueprint.route("/rounds/<int:round_id>/letters/summary/office", methods=["GET", "POST"])
@requires(P.LETTERS_PROVINCE)
def summary_office(round_id: int) -> Any:
    """What the province puts on its summaries."""
    return _office(round_id, LetterKind.PROVINCE_SUMMARY, "letters.summary")


def _office(round_id: int, kind: LetterKind, back: str) -> Any:
    province_id = the_actor().province_id
    texts = texts_of(kind, province_id)
    stored = texts.pop("emblem", "")  # bytes in letters: nothing that a field for files may begin with
    setting = offices.setting_of(kind, province_id)
    form = OfficeForm(data={**texts, "version": str(setting.version if setting else 0)})
    form.demand(offices.REQUIRED[kind])
    if form.validate_on_submit():
        texts = {name: form[name].data or "" for name in (*offices.TEXTS, "typeface")}
        emblem = form.emblem.data.read() if form.emblem.data else None
        try:
            offices.save_texts(
                kind, texts, seen_version=version_of(form), province_id=province_id, emblem=emblem
            )
        except Refused as refused:
            say(form, refused)
        else:
            flash(_("Saved"), "ok")
            return redirect(url_for(back, round_id=round_id))
    return (
        render_template(
            "letters/office.html",
            form=form,
            this_round=round_or_404(round_id),
            kind=kind,
            back=url_for(back, round_id=round_id),
            emblem=stored,
        ),
        422 if form.errors else 200,
    )


def _page(template: str, round: Round, kind: LetterKind, form: Any) -> Any:
    province_id = the_actor().province_id
    texts = texts_of(kind, province_id)
    args = request.args
    criteria = kept.LetterQuery(args.get("q", "").strip(), args.get("province", None, int))
    here: dict[str, Any] = {
        "round_id": round.id,
        "q": criteria.search or None,
        "province": criteria.province_id,
    }
    made = kept.letters_of(round, kind, criteria, page=args.get("page", 1, int))
    names = {row.id: row.name for row in db.session.scalars(select(Province).order_by(Province.sort_key))}
    page = render_template(
        template,
        form=form,
        this_round=round,
        missing=missing_texts(kind, texts),
        kind=kind,
        missing_font=offices.missing_font(texts),
        made=made,
        criteria=criteria,
        names=names,
        to_provinces=kind is LetterKind.CIRCULAR,
        url_for_page=lambda number: url_for(request.endpoint or "", page=number, **here) + "#made",
    )
    return page, 422 if form.errors else 200
