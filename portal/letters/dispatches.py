"""The acts on a letter from its check to the record. (What may be done when: portal/letters/workflow.py.)"""

from __future__ import annotations

import secrets
from datetime import date

from sqlalchemy import select

from models.dispatch import Dispatch, DispatchState
from models.job import Job
from models.letter_office import OfficeKind
from models.thai import local_day, thai_date
from portal.core import audit, clock
from portal.core.access import Actor, Permission, can
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.files import stored_file
from portal.core.jobs import queue
from portal.core.lookup import get_or_404, hold
from portal.core.sent.versions import require_version
from portal.core.texts import _
from portal.core.workflow import fire, why_not
from portal.letters import drafting, numbers, papers, texts
from portal.letters.inbox import arriving
from portal.letters.made_from import MadeFrom, packed, unpacked
from portal.letters.offices import NO_FONT, missing_font
from portal.letters.printing import PDF
from portal.letters.standing import problems
from portal.letters.workflow import DISPATCH, where_it_stands

#: what the copies of a letter are made from
LETTER_DATA = "application/x-letter-data+json"
#: whoever may write the letters of an office
WRITERS: dict[OfficeKind, Permission] = {
    OfficeKind.DLA: P.LETTERS_DLA,
    OfficeKind.NACC: P.LETTERS_NACC,
    OfficeKind.PROVINCE: P.LETTERS_PROVINCE,
}
#: the work that makes the copies, and the proof of one
MAKING = {
    OfficeKind.DLA: "letters.circulars",
    OfficeKind.NACC: "letters.nacc",
    OfficeKind.PROVINCE: "letters.province",
}
PROOFS = {
    OfficeKind.DLA: "letters.circular_proof",
    OfficeKind.NACC: "letters.nacc_proof",
    OfficeKind.PROVINCE: "letters.province_proof",
}
TITLES = {
    OfficeKind.DLA: "Circulars to governors",
    OfficeKind.NACC: "Letter to DLA",
    OfficeKind.PROVINCE: "Circular to agencies",
}


def dispatch_or_404(dispatch_id: int, actor: Actor) -> Dispatch:
    """A letter that the actor's office writes. Raises NotFound for any other."""
    dispatch = get_or_404(Dispatch, dispatch_id)
    if not can(actor, WRITERS[dispatch.office.kind]):
        raise NotFound
    return dispatch


def check(dispatch: Dispatch, *, actor: Actor, seen_version: int | None) -> None:
    """A second person has read it. Raises Refused, Stale."""
    hold(dispatch)
    require_version(dispatch, seen_version)
    fire(DISPATCH, dispatch, "check", actor=actor, checked_by_id=actor.account_id, checked_at=clock.now())


def take_back(dispatch: Dispatch, *, actor: Actor) -> None:
    """Back to the draft: what was printed for signing is void, and who checked it checks it again."""
    hold(dispatch)
    fire(DISPATCH, dispatch, "take_back", actor=actor, checked_by_id=None, checked_at=None)
    with audit.act("dispatch.take_back"):
        void = [one for one in (dispatch.data_file, dispatch.print_file) if one is not None]
        dispatch.data_file = dispatch.print_file = None
        db.session.flush()
        for file in void:
            db.session.delete(file)
        db.session.flush()


def print_for_signing(dispatch: Dispatch, *, actor: Actor, seen_version: int | None) -> Job:
    """Print the copies without number and day, to be signed on paper. Raises Refused, Stale."""
    hold(dispatch)
    require_version(dispatch, seen_version)
    _refuse_problems(dispatch, None)
    fire(DISPATCH, dispatch, "sign", actor=actor)
    made_from = _keep_data(dispatch)
    papers.try_all(made_from, made_from.as_of)
    return _make(dispatch, actor, _("Print for signing"))


def issue(
    dispatch: Dispatch,
    *,
    number: str,
    dated: date,
    ahead: bool = False,
    actor: Actor,
    seen_version: int | None,
) -> Job:
    """Give the letter its number and day, and have its copies made: from here on nothing of it changes.

    ``number``: see ``portal.letters.numbers.take``. ``ahead``: a day that lies ahead is meant. Raises Refused
    with all that is wrong, Stale.
    """
    hold(dispatch)
    require_version(dispatch, seen_version)
    if (reason := why_not(DISPATCH, dispatch, "issue", actor=actor)) is not None:
        raise reason
    _refuse_problems(dispatch, dated)
    if dated > local_day(clock.now()) and not ahead:
        raise Refused("This day lies ahead: tick that the letter shall carry it", field="dated")
    made_from = _keep_data(dispatch)
    if dated < made_from.as_of:
        raise Refused(
            "The letter tells the figures of %(day)s: it cannot carry an earlier day",
            field="dated", day=thai_date(made_from.as_of),
        )  # fmt: skip
    papers.try_all(made_from, papers.told_on(dispatch, made_from, dated))
    with audit.act("dispatch.issue"):
        running = numbers.take(dispatch, number, dated, actor=actor)
    fire(
        DISPATCH, dispatch, "issue", actor=actor,
        number=_whole_number(dispatch, made_from, running), dated=dated, issued_at=clock.now(),
        issued_by_id=actor.account_id,
    )  # fmt: skip
    if dispatch.replaces is not None:
        hold(dispatch.replaces)
        fire(DISPATCH, dispatch.replaces, "replace", actor=actor, withdrawn_at=clock.now())
        arriving.take_off(dispatch.replaces, replaced_by=dispatch.number)
    return _make(dispatch, actor, _(TITLES[dispatch.office.kind]))


def mark_sent(dispatch: Dispatch, *, actor: Actor) -> None:
    """The letter has left the office, and lies at the desks of its addressees.

    Raises Refused while copies are being made.
    """
    hold(dispatch)
    fire(DISPATCH, dispatch, "send", actor=actor, sent_at=clock.now())
    arriving.deliver(dispatch, actor=actor)


def withdraw(dispatch: Dispatch, reason: str, *, actor: Actor) -> None:
    """Take an issued letter back, with the reason: it stays in the record, and says so. Raises Refused."""
    hold(dispatch)
    if not reason.strip():
        raise Refused("Say why the letter is withdrawn", field="reason")
    fire(DISPATCH, dispatch, "withdraw", actor=actor, reason=reason.strip(), withdrawn_at=clock.now())
    arriving.take_off(dispatch)


def replace_by(dispatch: Dispatch, reason: str, *, actor: Actor) -> Dispatch:
    """A new draft that takes the place of an issued letter once it is issued. Raises Refused."""
    hold(dispatch)
    if not reason.strip():
        raise Refused("Say why the letter is replaced", field="reason")
    if dispatch.state not in (DispatchState.ISSUED, DispatchState.SENT):
        raise where_it_stands(dispatch)
    if (other := replacement_of(dispatch)) is not None:
        raise Refused("A draft that replaces this letter is there already", dispatch=other.id)
    with audit.act("dispatch.replace_by"):
        dispatch.reason = reason.strip()
        db.session.flush()
    to = None if dispatch.to_provinces is None else tuple(dispatch.to_provinces)
    kind = texts.kind_of(dispatch)
    words = (kind, texts.newest_of(dispatch.office)[kind].number)
    draft = drafting.Draft(
        dispatch.signatory_id,
        dispatch.urgency,
        tuple(dispatch.cites),
        to,
        words,
        to_agency=dispatch.to_agency_id,
    )
    return drafting.begin(dispatch.round, dispatch.office.kind, draft, actor=actor, replaces=dispatch)


def replacement_of(dispatch: Dispatch) -> Dispatch | None:
    """The letter, or draft, that takes this one's place."""
    return db.session.scalars(select(Dispatch).where(Dispatch.replaces_id == dispatch.id)).one_or_none()


def file_scan(dispatch: Dispatch, content: bytes, name: str) -> None:
    """File the signed paper with an issued letter, once. Raises Refused."""
    hold(dispatch)
    if not dispatch.state.final:
        raise Refused("The signed paper is filed once the letter has its number")
    if dispatch.scan_file_id is not None:
        raise Refused("The signed paper is filed already: what is in the record stays")
    if not content.startswith(b"%PDF-"):
        raise Refused("The signed paper must be a PDF file", field="scan")
    with audit.act("dispatch.file_scan"):
        dispatch.scan = stored_file(name[:200], PDF, content, province_id=dispatch.province_id)
        db.session.flush()


def order_proof(dispatch: Dispatch, province_id: int | None, *, actor: Actor) -> Job:
    """Print one addressee's copy as it would be now; nothing is kept of it. Raises Refused."""
    if (font := missing_font(dispatch.office.texts)) != "":
        raise Refused(NO_FONT, font=font)
    arguments = {"dispatch_id": dispatch.id, "province_id": province_id, "version": dispatch.version}
    return queue.enqueue(
        PROOFS[dispatch.office.kind], title=_("Proof of a letter"), arguments=arguments, actor=actor
    )


def _refuse_problems(dispatch: Dispatch, dated: date | None) -> None:
    for problem in problems(dispatch, dated):
        raise problem


def _keep_data(dispatch: Dispatch) -> MadeFrom:
    """What the copies are made from: as it was kept when it was printed for signing, else as it is now."""
    if dispatch.data_file is not None:
        return unpacked(dispatch.data_file.content)
    made_from = papers.gathered(dispatch)
    file = stored_file("letter.json.gz", LETTER_DATA, packed(made_from), province_id=dispatch.province_id)
    with audit.act("dispatch.keep_data"):
        dispatch.data_file = file
        db.session.flush()
    return made_from


def _whole_number(dispatch: Dispatch, made_from: MadeFrom, running: int) -> str:
    office = made_from.office
    return office.circular_number_of(str(running)) if dispatch.circular else office.number_of(str(running))


def _make(dispatch: Dispatch, actor: Actor, title: str) -> Job:
    arguments = {"round_id": dispatch.round_id, "dispatch_id": dispatch.id, "state": dispatch.state.value}
    job = queue.enqueue(MAKING[dispatch.office.kind], title=title, arguments=arguments, actor=actor)
    with audit.act("dispatch.order"):
        dispatch.job = job
        db.session.flush()
    return job


def public_id() -> str:
    """A random id that nobody guesses: 128 bits."""
    return secrets.token_hex(16)
