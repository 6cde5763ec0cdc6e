"""Who has not: the receivers of a letter, for the office that sent it and the province that passed it on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.delivery import Delivery, Standing
from models.thai import thai_datetime_short
from portal.core import list_files, mail
from portal.core.access import Permission as P
from portal.core.access import requires, the_actor
from portal.core.calling import the_sector
from portal.core.errors import NotFound, Refused
from portal.core.texts import _
from portal.letters import dispatches
from portal.letters.inbox import desk, noticing, passing, receivers
from portal.letters.inbox.receivers import Mails, Sent, sent_of
from views.letters.dispatches import ROOMS
from views.letters.inbox import said, standing_asked_for, standings

blueprint = Blueprint("receivers", __name__)
FILE = "letters.receivers"


@blueprint.get("/letters/<int:dispatch_id>/receivers")
@requires(P.LETTERS_READ)
def of_letter(dispatch_id: int) -> Any:
    """Who has not received a letter that the office sent."""
    dispatch = _sent_letter(dispatch_id)
    back = url_for("dispatches.show", dispatch_id=dispatch_id)
    room = ROOMS[dispatch.office.kind]
    crumbs = [(room[2], url_for(room[0], round_id=dispatch.round_id)), (dispatch.number, back)]
    return _page(sent_of(dispatch), dispatch, crumbs)


@blueprint.route("/letters/<int:dispatch_id>/receivers.<any(xlsx, csv):ext>", methods=["GET", "POST"])
@requires(P.LETTERS_READ)
def file_of_letter(dispatch_id: int, ext: str) -> Any:
    """The list as it is narrowed, all of its pages."""
    _sent_letter(dispatch_id)
    return _answer({"dispatch_id": dispatch_id}, ext, url_for("receivers.of_letter", dispatch_id=dispatch_id))


@blueprint.post("/letters/<int:dispatch_id>/receivers/mail")
@requires(P.LETTERS_READ)
def mail_of_letter(dispatch_id: int) -> Any:
    """Send the mails that did not leave once more."""
    dispatch = _sent_letter(dispatch_id)
    return _mail_again(sent_of(dispatch), dispatch)


@blueprint.get("/inbox/<int:delivery_id>/receivers")
@requires(P.LETTERS_FORWARD)
def passed_on(delivery_id: int) -> Any:
    """Which agencies have not acknowledged a letter that the province passed on."""
    delivery = _passed_letter(delivery_id)
    back = url_for("inbox.show", delivery_id=delivery_id)
    crumbs = [(_("Incoming letters"), url_for("inbox.index")), (delivery.number, back)]
    return _page(Sent(passed_from_id=delivery_id), delivery, crumbs)


@blueprint.route("/inbox/<int:delivery_id>/receivers.<any(xlsx, csv):ext>", methods=["GET", "POST"])
@requires(P.LETTERS_FORWARD)
def file_of_passed_on(delivery_id: int, ext: str) -> Any:
    """The list as it is narrowed, all of its pages."""
    _passed_letter(delivery_id)
    back = url_for("receivers.passed_on", delivery_id=delivery_id)
    return _answer({"passed_from_id": delivery_id}, ext, back)


@blueprint.post("/inbox/<int:delivery_id>/receivers/mail")
@requires(P.LETTERS_FORWARD)
def mail_of_passed_on(delivery_id: int) -> Any:
    """Send the mails that did not leave once more."""
    return _mail_again(Sent(passed_from_id=delivery_id), _passed_letter(delivery_id))


def _sent_letter(dispatch_id: int) -> Any:
    dispatch = dispatches.dispatch_or_404(dispatch_id, the_actor())
    if not dispatch.addressee.has_desk:
        raise NotFound
    if dispatch.sent_at is None:
        raise Refused("The letter has not left the office yet: nobody has received it")
    return dispatch


def _passed_letter(delivery_id: int) -> Delivery:
    delivery = desk.delivery_or_404(delivery_id, the_actor())
    if not passing.may_pass_on(delivery, the_actor()):
        raise NotFound
    return delivery


def _urls(sent: Sent) -> tuple[str, str, str, dict[str, Any]]:
    """The endpoints of list, file and mails, and the parameter of all three."""
    if sent.passed_from_id is not None:
        values: dict[str, Any] = {"delivery_id": sent.passed_from_id}
        return "receivers.passed_on", "receivers.file_of_passed_on", "receivers.mail_of_passed_on", values
    values = {"dispatch_id": sent.dispatch_id}
    return "receivers.of_letter", "receivers.file_of_letter", "receivers.mail_of_letter", values


def _page(sent: Sent, letter: Any, crumbs: list[tuple[Any, Any]]) -> Any:
    search, state = request.args.get("q", "").strip(), request.args.get("state", "")
    standing, (page, file, mails, values) = standing_asked_for(state), _urls(sent)
    found = receivers.receivers_of(
        sent, search=search, standing=standing, page=request.args.get("page", 1, int)
    )
    here = {**values, "q": search or None, "state": standing.value if standing else None}
    words = standings(of_agencies=sent.to_agencies)
    return render_template(
        "letters/inbox/receivers.html",
        letter=letter,
        crumbs=crumbs,
        sent=sent,
        found=found,
        search=search,
        standing=standing,
        words=words,
        standing_tabs=_tabs(sent, standing, page, here, words),
        mails=receivers.mails_of(found.rows),
        name_of=_name_of,
        mailing=mail.offered(),
        unsent=receivers.unsent_mails(sent),
        mail_url=url_for(mails, **values),
        whole_url=url_for(page, **values),
        file_url=lambda ext: url_for(file, ext=ext, **here),
        url_for_page=lambda number: url_for(page, page=number, **here),
    )


def _tabs(
    sent: Sent, standing: Standing | None, page: str, here: dict[str, Any], words: Mapping[Standing, Any]
) -> list[dict[str, Any]]:
    counts = receivers.counts_of(sent)
    every = {
        "label": _("All"),
        "url": url_for(page, **{**here, "state": None}),
        "current": standing is None,
        "count": counts.total,
    }
    return [
        every,
        *(
            {
                "label": words[one][0],
                "url": url_for(page, **{**here, "state": one.value}),
                "current": standing is one,
                "count": counts.of(one),
            }
            for one in Standing
        ),
    ]


def _name_of(delivery: Delivery) -> str:
    return receivers.name_of(delivery, the_sector().office)


def _mail_again(sent: Sent, letter: Any) -> Any:
    job = noticing.order(letter.number, sent.whose(), actor=the_actor())
    if job is None:
        raise Refused("This portal sends no e-mail: no mail server is set")
    flash(_("The e-mails that did not leave are sent once more"), "ok")
    return redirect(url_for(_urls(sent)[0], **_urls(sent)[3]))


# -- the file --------------------------------------------------------------------------------------------


def _answer(whose: dict[str, int], ext: str, back: str) -> Any:
    args = {name: request.args.get(name, "") for name in ("q", "state")}
    return list_files.answer(FILE, {**whose, "args": args}, ext, back=back)


def _file(arguments: Mapping[str, Any]) -> list_files.ListFile:
    """Asked by whoever may open the page: the letter is looked up again, as the page does."""
    args = arguments["args"]
    if "passed_from_id" in arguments:
        letter: Any = _passed_letter(int(arguments["passed_from_id"]))
        sent = Sent(passed_from_id=letter.id)
    else:
        letter = _sent_letter(int(arguments["dispatch_id"]))
        sent = sent_of(letter)
    search, standing = args.get("q", "").strip(), standing_asked_for(args.get("state", ""))
    rows = receivers.all_receivers_of(sent, search=search, standing=standing)
    words = standings(of_agencies=sent.to_agencies)
    filters = ((_("Search"), search), (_("State"), str(words[standing][0]) if standing else ""))
    return list_files.ListFile(
        title=_("Receivers of a letter"),
        plain="receivers",
        header=[
            _("Receiver"),
            _("District"),
            _("State"),
            _("Opened"),
            _("Opened by"),
            _("Received or acknowledged"),
            _("By"),
            _("Receipt number"),
            _("E-mails sent"),
            _("E-mails that did not leave"),
        ],
        rows=lambda: _cells(rows, receivers.mails_of(rows)),
        count=len(rows),
        about=[f"{letter.number} {letter.subject}", *list_files.filters_said(filters)],
        widths=(40, 20, 24, 20, 26, 20, 26, 16, 14, 14),
    )


list_files.MAKERS[FILE] = list_files.Maker(_file, P.LETTERS_READ)


def _cells(rows: Iterable[Delivery], mails: Mapping[int, Mails]) -> Iterator[Sequence[Any]]:
    for one in rows:
        told = mails.get(one.id, Mails())
        yield [
            _name_of(one),
            one.agency.district.name if one.agency else "",
            said(one),
            thai_datetime_short(one.read_at) if one.read_at else "",
            one.read_by,
            thai_datetime_short(one.taken_at) if one.taken_at else "",
            one.taken_by,
            one.receipt,
            told.sent,
            told.failed,
        ]
