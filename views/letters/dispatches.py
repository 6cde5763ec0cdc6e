"""Letters of offices: the lists, and each letter between draft and record."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from sqlalchemy import select

from models.dispatch import Dispatch, DispatchState
from models.job import JobState
from models.letter import Letter, LetterKind
from models.letter_office import LetterOffice, OfficeKind
from models.letter_text import Addressee
from models.place import Province
from portal.core.access import Permission as P
from portal.core.access import can, requires, the_actor
from portal.core.database.session import db
from portal.core.downloads import attachment
from portal.core.errors import NotFound
from portal.core.forms import day_asked_for
from portal.core.lookup import get_or_404, round_or_404
from portal.core.texts import label_of, lazy
from portal.letters import citing, dispatches, kept, offices, standing, texts
from portal.letters.inbox.receivers import counts_of, sent_of
from portal.results.lists import provinces_in
from views.letters.forms import CircularForm, DraftForm, ProvinceLetterForm, words_of_version

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
        ProvinceLetterForm,
        lazy("Letters to agencies"),
        lazy("The province's own circular to its agencies, with the procedure and their status"),
    ),
}
#: where an office begins a letter
NEW = {
    OfficeKind.DLA: "letter_drafts.new_circular",
    OfficeKind.NACC: "letter_drafts.new_nacc",
    OfficeKind.PROVINCE: "letter_drafts.new_province",
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
        provable=_provable(dispatch),
        goes_to=_goes_to(dispatch, names),
        words_named=words_of_version(words),
        newer=newest if newest.number > words.number and not dispatch.state.final else None,
        problems=[] if dispatch.state.final else list(standing.problems(dispatch, None)),
        signed=kept.is_signed(dispatch),
        stopped=dispatch.job is not None and dispatch.job.state in (JobState.FAILED, JobState.CANCELLED),
        lapsed=citing.lapsed(dispatch),
        cited=_cited(dispatch),
        replacement=dispatches.replacement_of(dispatch),
        arrived=counts_of(sent_of(dispatch)) if dispatch.sent_at and dispatch.addressee.has_desk else None,
        names=names,
        copies=copies,
        criteria=criteria,
        url_for_page=lambda number: (
            url_for("dispatches.show", dispatch_id=dispatch.id, page=number, q=criteria.search or None)
            + "#copies"
        ),
    )


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
        since=day_asked_for(args.get("since", "")),
        until=day_asked_for(args.get("until", "")),
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


def _provable(dispatch: Dispatch) -> dict[int, str]:
    """The governors whose copy may be looked at, by province; none where there is one copy alone."""
    if dispatch.state.final or dispatch.office.kind is not OfficeKind.DLA or texts.is_one_letter(dispatch):
        return {}
    chosen = dispatch.to_provinces
    return {key: name for key, name in provinces_in(dispatch.round) if not chosen or key in chosen}


def _goes_to(dispatch: Dispatch, names: dict[int, str]) -> str:
    """Whom a letter goes to, as its page says it."""
    if dispatch.to_agency is not None:
        return dispatch.to_agency.full_name
    chosen = [names[key] for key in dispatch.to_provinces or () if key in names]
    governors = dispatch.addressee is Addressee.GOVERNORS
    return (governors and ", ".join(chosen)) or label_of(dispatch.addressee)


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
