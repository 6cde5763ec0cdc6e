"""Letters of the country's offices: the list, a draft, and each letter between draft and record."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from sqlalchemy import select

from models.dispatch import Dispatch, DispatchState
from models.job import JobState
from models.letter import Letter, LetterKind
from models.letter_office import LetterOffice, OfficeKind
from models.place import Province
from models.round import Round
from portal.core.access import Permission as P
from portal.core.access import can, requires, the_actor
from portal.core.database.session import db
from portal.core.downloads import attachment
from portal.core.errors import NotFound, Refused, Stale
from portal.core.forms import read_date, say
from portal.core.lookup import get_or_404, round_or_404
from portal.core.sent.versions import version_of
from portal.core.texts import _, lazy
from portal.letters import citing, dispatches, kept, offices, standing, texts
from portal.letters.inbox.receivers import counts_of, sent_of
from portal.letters.workflow import where_it_stands
from portal.status.figures import provinces
from views.letters.forms import CircularForm, DraftForm, choice_of, named, words_of_version

blueprint = Blueprint("dispatches", __name__)
#: who may open a kept letter of each kind
READERS = {
    LetterKind.CIRCULAR: (P.LETTERS_DLA, P.LETTERS_PROVINCE),
    LetterKind.NACC_TO_DLA: (P.LETTERS_NACC, P.LETTERS_DLA),
    LetterKind.PROVINCE_SUMMARY: (P.LETTERS_PROVINCE, P.LETTERS_DLA),
}
#: by whose letters they are: the list, the form of a draft, title and what they are for
ROOMS: dict[OfficeKind, tuple[str, type[DraftForm], Any, Any]] = {
    OfficeKind.DLA: (
        "dispatches.circulars",
        CircularForm,
        lazy("Letters to provinces"),
        lazy("A circular to each governor with the procedure and the status of the province's agencies"),
    ),
    OfficeKind.NACC: (
        "dispatches.nacc",
        DraftForm,
        lazy("Letter to DLA"),
        lazy("Asks DLA to inform all agencies; encloses the procedure and the status of the whole country"),
    ),
    OfficeKind.PROVINCE: (
        "dispatches.province",
        DraftForm,
        lazy("Letters to agencies"),
        lazy("The province's own circular to its agencies, with the procedure and their status"),
    ),
}
#: where an office begins a letter
NEW = {
    OfficeKind.DLA: "dispatches.new_circular",
    OfficeKind.NACC: "dispatches.new_nacc",
    OfficeKind.PROVINCE: "dispatches.new_province",
}
#: how a state is shown: its words and its colour
STATES: dict[DispatchState, tuple[Any, str]] = {
    DispatchState.DRAFT: (lazy("Draft"), "idle"),
    DispatchState.CHECKED: (lazy("Checked"), "info"),
    DispatchState.SIGNING: (lazy("To be signed"), "warn"),
    DispatchState.ISSUED: (lazy("Issued"), "ok"),
    DispatchState.SENT: (lazy("Sent"), "ok"),
    DispatchState.WITHDRAWN: (lazy("Withdrawn"), "bad"),
    DispatchState.REPLACED: (lazy("Replaced"), "bad"),
}


@blueprint.get("/rounds/<int:round_id>/letters/circular")
@requires(P.LETTERS_DLA)
def circulars(round_id: int) -> Any:
    """DLA's circulars."""
    return _list(round_id, OfficeKind.DLA)


@blueprint.get("/rounds/<int:round_id>/letters/nacc")
@requires(P.LETTERS_NACC)
def nacc(round_id: int) -> Any:
    """NACC's letters to DLA."""
    return _list(round_id, OfficeKind.NACC)


@blueprint.get("/rounds/<int:round_id>/letters/province")
@requires(P.LETTERS_PROVINCE)
def province(round_id: int) -> Any:
    """The province's circulars to its agencies."""
    return _list(round_id, OfficeKind.PROVINCE)


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


@blueprint.get("/letters/<int:dispatch_id>")
@requires(P.LETTERS_READ)
def show(dispatch_id: int) -> Any:
    """A letter: where it stands, what can be done next, and its copies."""
    dispatch = dispatches.dispatch_or_404(dispatch_id, the_actor())
    criteria = kept.LetterQuery(request.args.get("q", "").strip())
    copies = kept.copies_of(dispatch, criteria, page=request.args.get("page", 1, int))
    names, words = province_names(), texts.text_of(dispatch)
    newest = texts.newest_of(dispatch.office).get(words.kind, words)
    return render_template(
        "letters/dispatch.html",
        dispatch=dispatch,
        this_round=dispatch.round,
        room=ROOMS[dispatch.office.kind],
        states=STATES,
        steps=_steps(dispatch),
        acts=standing.acts_of(dispatch, actor=the_actor()),
        words=words,
        choosable=dispatch.office.kind is OfficeKind.DLA and not texts.is_one_letter(dispatch),
        goes_to=_goes_to(dispatch, names),
        words_named=words_of_version(words),
        newer=newest if newest.number > words.number and not dispatch.state.final else None,
        problems=[] if dispatch.state.final else list(standing.problems(dispatch, None)),
        signed=kept.is_signed(dispatch),
        stopped=dispatch.job is not None and dispatch.job.state in (JobState.FAILED, JobState.CANCELLED),
        lapsed=citing.lapsed(dispatch),
        cited=_cited(dispatch),
        replacement=dispatches.replacement_of(dispatch),
        arrived=counts_of(sent_of(dispatch)) if dispatch.sent_at else None,
        names=names,
        copies=copies,
        criteria=criteria,
        url_for_page=lambda number: (
            url_for("dispatches.show", dispatch_id=dispatch.id, page=number, q=criteria.search or None)
            + "#copies"
        ),
    )


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
    )
    if form.validate_on_submit():
        try:
            dispatches.change(dispatch, form.draft(), actor=the_actor(), seen_version=version_of(form))
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


@blueprint.get("/letters/<int:dispatch_id>/signed.pdf")
@requires(P.LETTERS_READ)
def scan(dispatch_id: int) -> Response:
    """The signed paper that is filed with a letter."""
    dispatch = dispatches.dispatch_or_404(dispatch_id, the_actor())
    if dispatch.scan is None:
        raise NotFound
    return attachment(
        dispatch.scan.content, dispatches.PDF, dispatch.scan.name, plain=f"signed-{dispatch.id}", inline=True
    )


@blueprint.get("/letters/<int:dispatch_id>/print.pdf")
@requires(P.LETTERS_READ)
def print_file(dispatch_id: int) -> Response:
    """All copies of a letter in one file for the printer."""
    dispatch = dispatches.dispatch_or_404(dispatch_id, the_actor())
    if dispatch.print_file is None:
        raise NotFound
    file = dispatch.print_file
    return attachment(file.content, dispatches.PDF, file.name, plain=f"print-{dispatch.id}", inline=True)


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


def province_names() -> dict[int, str]:
    """The names of all provinces by id, in Thai order."""
    return {row.id: row.name for row in db.session.scalars(select(Province).order_by(Province.sort_key))}


def _list(round_id: int, writer: OfficeKind) -> Any:
    round, args = round_or_404(round_id), request.args
    office = offices.office_row(writer, the_actor().province_id)
    texts = dict(office.texts) if office else {}
    state = args.get("state", "")
    criteria = kept.LetterQuery(
        args.get("q", "").strip(),
        state=DispatchState(state) if state in {one.value for one in DispatchState} else None,
        since=_day(args.get("since", "")),
        until=_day(args.get("until", "")),
    )
    here: dict[str, Any] = {name: args.get(name) or None for name in ("q", "state", "since", "until")}
    endpoint, _form_kind, title, lead = ROOMS[writer]
    return render_template(
        "letters/dispatches.html",
        this_round=round,
        writer=writer,
        title=title,
        lead=lead,
        office=office,
        missing=offices.missing_for_letters(texts),
        missing_font=offices.missing_font(texts),
        found=kept.dispatches_of(round, office, criteria, page=args.get("page", 1, int)),
        criteria=criteria,
        states=STATES,
        here=here,
        endpoint=endpoint,
        new_url=url_for(NEW[writer], round_id=round.id),
        url_for_page=lambda number: url_for(endpoint, round_id=round.id, page=number, **here),
    )


def _day(typed: str) -> Any:
    """A day of a search as it was typed; what is none narrows nothing."""
    try:
        return read_date(typed) if typed.strip() else None
    except ValueError:
        return None


def _new(round_id: int, writer: OfficeKind) -> Any:
    round = round_or_404(round_id)
    form = _form(writer, round, version="0")
    if form.validate_on_submit():
        try:
            dispatch = dispatches.begin(round, writer, form.draft(), actor=the_actor())
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


def _goes_to(dispatch: Dispatch, names: dict[int, str]) -> str:
    """Whom a letter goes to, as its page says it."""
    if dispatch.office.kind is OfficeKind.NACC:
        return _("the Director-General of DLA")
    if dispatch.office.kind is OfficeKind.PROVINCE:
        return _("all agencies of the province in this round")
    chosen = [names[key] for key in dispatch.to_provinces or () if key in names]
    return ", ".join(chosen) or _("the governors of all provinces")


def _cited(dispatch: Dispatch) -> list[tuple[str, int | None]]:
    """The lines under อ้างถึง, each with the letter that a link leads to: one that the reader may open."""
    keys = [key for key in dispatch.cited_ids if key is not None]
    writers = [writer for writer, right in dispatches.WRITERS.items() if can(the_actor(), right)]
    own = Dispatch.office.has(LetterOffice.kind.in_(writers))
    query = select(Dispatch.id).where(Dispatch.id.in_(keys), own)
    open_to = set(db.session.scalars(query)) if keys else set()
    cited = zip_longest(dispatch.cites, dispatch.cited_ids)
    return [(line, key if key in open_to else None) for line, key in cited]


def _steps(dispatch: Dispatch) -> list[dict[str, str]]:
    """The way from draft to record, as the office goes it."""
    return [
        {"label": str(STATES[state][0]), "state": colour, "detail": ""}
        for state, colour in standing.way_of(dispatch)
    ]
