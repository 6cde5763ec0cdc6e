"""The desk at which letters come in: the list, one letter, and its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from models.delivery import Delivery, Standing
from models.thai import thai_date_short, thai_datetime_short
from portal.core import list_files
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.downloads import attachment
from portal.core.forms import day_asked_for
from portal.core.texts import _, lazy
from portal.letters.inbox import desk, passing, stamping
from portal.letters.inbox.desk import InboxQuery
from portal.letters.inbox.receivers import Sent, counts_of

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")
FILE = "letters.inbox"
GONE = "gone"
#: how far a letter has come, in words and colour, at the desks of offices and at those of agencies
OFFICE_STANDINGS = {
    Standing.UNREAD: (lazy("Not opened yet"), "info"),
    Standing.READ: (lazy("Opened, not received yet"), "warn"),
    Standing.TAKEN: (lazy("Received"), "ok"),
}
AGENCY_STANDINGS = {
    Standing.UNREAD: (lazy("Not opened yet"), "info"),
    Standing.READ: (lazy("Opened, not acknowledged yet"), "warn"),
    Standing.TAKEN: (lazy("Acknowledged"), "ok"),
}


def standing_asked_for(state: str) -> Standing | None:
    """The standing that a list is narrowed to by the word in its address; None for any other word."""
    return Standing(state) if state in {one.value for one in Standing} else None


def standings(*, of_agencies: bool) -> dict[Standing, tuple[Any, str]]:
    """The words of each standing at a desk of this kind."""
    return AGENCY_STANDINGS if of_agencies else OFFICE_STANDINGS


@blueprint.get("")
@requires(P.INBOX_READ)
def index() -> Any:
    """What came in, the newest first."""
    actor, args = the_actor(), request.args
    criteria = _criteria(args)
    here: dict[str, Any] = {name: args.get(name) or None for name in ("q", "state", "since", "until")}
    return render_template(
        "letters/inbox/index.html",
        found=desk.letters_at(actor, criteria, page=args.get("page", 1, int)),
        criteria=criteria,
        here=here,
        gone=GONE,
        unread=desk.unread(actor),
        standings=standings(of_agencies=actor.agency_id is not None),
        of_province=actor.province_id is not None,
        of_agency=actor.agency_id is not None,
        url_for_page=lambda number: url_for("inbox.index", page=number, **here),
    )


@blueprint.route("/list.<any(xlsx, csv):ext>", methods=["GET", "POST"])
@requires(P.INBOX_READ)
def file_of_list(ext: str) -> Any:
    """The list as it is narrowed, all of its pages."""
    args: dict[str, Any] = {name: request.args.get(name, "") for name in ("q", "state", "since", "until")}
    return list_files.answer(FILE, {"args": args}, ext, back=url_for("inbox.index", **args))


@blueprint.get("/<int:delivery_id>")
@requires(P.INBOX_READ)
def show(delivery_id: int) -> Any:
    """One letter: who sent it, its receipt, and what can be done with it."""
    actor = the_actor()
    delivery = desk.delivery_or_404(delivery_id, actor)
    passes_on = passing.may_pass_on(delivery, actor)
    return render_template(
        "letters/inbox/letter.html",
        delivery=delivery,
        standings=standings(of_agencies=delivery.for_an_agency),
        replacement=desk.replacement_at(delivery) if delivery.void_at else None,
        replaced=desk.replaced_at(delivery) if delivery.replaces_id else None,
        passes_on=passes_on,
        passed=counts_of(Sent(passed_from_id=delivery.id)) if passes_on else None,
        office=actor.place,
    )


@blueprint.post("/<int:delivery_id>/open")
@requires(P.INBOX_READ)
def open_(delivery_id: int) -> Any:
    """Open a letter: from now on it is read, and by whom stands with it."""
    actor = the_actor()
    desk.open_letter(desk.delivery_or_404(delivery_id, actor), actor=actor)
    return redirect(url_for("inbox.show", delivery_id=delivery_id))


@blueprint.get("/<int:delivery_id>/letter.pdf")
@requires(P.INBOX_READ)
def file(delivery_id: int) -> Any:
    """The letter as it was issued."""
    stored = desk.file_of(desk.delivery_or_404(delivery_id, the_actor()))
    plain = f"letter-in-{delivery_id}"
    return attachment(stored.content, stored.content_type, stored.name, plain=plain, inline=True)


@blueprint.post("/<int:delivery_id>/stamped")
@requires(P.INBOX_READ)
def stamped(delivery_id: int) -> Any:
    """Order a copy with the receipt stamp of the desk: another file than the letter as it was issued."""
    actor = the_actor()
    job = stamping.order(desk.delivery_or_404(delivery_id, actor), actor=actor)
    return redirect(url_for("jobs.show", job_id=job.id))


def _criteria(args: Mapping[str, str]) -> InboxQuery:
    """What the list is narrowed to; a word that is none narrows nothing."""
    state = args.get("state", "")
    standing = standing_asked_for(state)
    since, until = (day_asked_for(args.get(name, "")) for name in ("since", "until"))
    return InboxQuery(args.get("q", "").strip(), standing, state == GONE, since, until)


def _file(arguments: Mapping[str, Any]) -> list_files.ListFile:
    actor, args = the_actor(), arguments["args"]
    criteria = _criteria(args)
    words = {
        one.value: str(text) for one, (text, _kind) in standings(of_agencies=bool(actor.agency_id)).items()
    }
    filters = (
        (_("Search"), criteria.search),
        (_("State"), {**words, GONE: _("Withdrawn or replaced")}.get(args.get("state", ""), "")),
        (_("Dated from"), thai_date_short(criteria.since) if criteria.since else ""),
        (_("to"), thai_date_short(criteria.until) if criteria.until else ""),
    )
    return list_files.ListFile(
        title=_("Incoming letters"),
        plain="incoming-letters",
        header=[
            _("Receipt number"),
            _("Received on"),
            _("Number of the letter"),
            _("Date"),
            _("Sender"),
            _("Passed on by"),
            _("Subject"),
            _("Arrived"),
            _("State"),
            _("Opened by"),
            _("Note"),
        ],
        rows=lambda: _cells(desk.all_letters_at(actor, criteria)),
        count=desk.count_at(actor, criteria),
        about=[actor.place, *list_files.filters_said(filters)],
        widths=(14, 20, 24, 16, 32, 24, 50, 20, 24, 26, 40),
    )


list_files.MAKERS[FILE] = list_files.Maker(_file, P.INBOX_READ)


def said(delivery: Delivery) -> str:
    """How far a letter has come, or that it does not hold any more."""
    if delivery.void_at is not None:
        return (
            _("Replaced by %(number)s", number=delivery.replaced_by)
            if delivery.replaced_by
            else _("Withdrawn")
        )
    return str(standings(of_agencies=delivery.for_an_agency)[delivery.standing][0])


def _cells(rows: Iterable[Delivery]) -> Iterator[Sequence[Any]]:
    for one in rows:
        yield [
            one.receipt,
            thai_datetime_short(one.received_at) if one.received_at else "",
            one.number,
            thai_date_short(one.dated),
            one.sender,
            one.through,
            one.subject,
            thai_datetime_short(one.sent_at),
            said(one),
            one.read_by,
            one.note,
        ]
