"""Mails that tell a desk of a letter: sender, subject, number and an address of the portal, nothing else.

One for each letter and address. They go to the office's own address and to people at the desk who proved
theirs. A mail is noted as sent once the server has it: a worker that is killed in that very moment sends one
mail twice, and never none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.account import Account, Grant, Role
from models.contact import AgencyContact, ProvinceContact
from models.delivery import Delivery, LetterNotice, desk_of
from models.job import Job, Lane
from portal.core import clock, mail
from portal.core.access import Actor
from portal.core.access import Permission as P
from portal.core.database.session import privileged, writing
from portal.core.jobs import queue
from portal.core.jobs.kinds import JobContext, JobFailed, job_kind
from portal.core.texts import _

KIND = "letters.notices"
#: after so many mails in a row that did not leave, the server is not there
MOST_IN_A_ROW = 3
#: whose mailbox a desk's letters concern
_AT_DESKS = (Role.DLA, Role.PROVINCE, Role.AGENCY_ADMIN, Role.EXECUTIVE)


@dataclass(frozen=True)
class Letter:
    """What a mail about a letter needs."""

    delivery_id: int
    letter_id: int
    province_id: int | None
    address: str
    sender: str
    subject: str
    number: str


def order(number: str, whose: Mapping[str, int], *, actor: Actor) -> Job | None:
    """Queue the mails about letters that were just sent or passed on; None where no mail is sent from here.

    ``whose``: the dispatch, or the letter at a province's desk that was passed on, by its attribute's name.
    """
    if not mail.offered():
        return None
    title = _("E-mails about the letter %(number)s", number=number)
    return queue.enqueue(KIND, title=title, arguments=dict(whose), actor=actor)


@job_kind(KIND, permission=P.LETTERS_READ, lane=Lane.SHORT)
def run(context: JobContext) -> None:
    """Send the mails that have not left yet, each noted at once.

    Raises JobFailed where several in a row did not leave; started again, it goes on with the others.
    """
    with privileged("who is told of a letter") as session:
        told, waiting = _already(session, context.arguments), list(_waiting(session, context.arguments))
    todo = [one for one in waiting if (one.letter_id, one.address) not in told]
    failed = in_a_row = 0
    context.progress(0, len(todo))
    for place, one in enumerate(todo, 1):
        again = (one.letter_id, one.address) in told  # the same person sits at two desks
        fault = "" if again else _send(one)
        told |= set() if fault else {(one.letter_id, one.address)}
        _note(one, fault)
        failed, in_a_row = failed + bool(fault), in_a_row + 1 if fault else 0
        if in_a_row >= MOST_IN_A_ROW:
            raise JobFailed("The mail could not be sent (%(why)s): start again", why=fault)
        context.progress(place, len(todo))
    context.finish({"mails": len(todo) - failed, "failed": failed})


def _send(one: Letter) -> str:
    """Send one mail; why it did not leave, else ""."""
    try:
        mail.send(to=one.address, subject=_("Letter %(number)s", number=one.number), text=_text(one))
    except mail.NotSent as error:
        return str(error)[:120]
    return ""


def _text(one: Letter) -> str:
    public_url = current_app.settings.public_url  # type: ignore[attr-defined]
    lines = (
        _("A letter from %(sender)s waits at your desk", sender=one.sender),
        _("Number: %(number)s", number=one.number),
        _("Subject: %(subject)s", subject=one.subject),
    )
    where = _("Open it in the portal:") + f"\n{public_url}/inbox/{one.delivery_id}"
    return "\n".join(lines) + f"\n\n{where}\n\n" + _("This mail was sent by itself: do not answer it.")


def _note(one: Letter, fault: str) -> None:
    now = clock.now()
    with writing(), privileged("noting a mail about a letter") as session:
        mine = select(LetterNotice).where(
            LetterNotice.delivery_id == one.delivery_id, LetterNotice.address == one.address
        )
        notice = session.scalars(mine).one_or_none() or LetterNotice(
            delivery_id=one.delivery_id, province_id=one.province_id, address=one.address
        )
        notice.tried_at, notice.sent_at, notice.fault = now, None if fault else now, fault
        session.add(notice)


def _deliveries(session: Session, arguments: Mapping[str, Any]) -> list[Delivery]:
    """The letters of one act that hold."""
    query = select(Delivery).where(Delivery.void_at.is_(None))
    if "passed_from_id" in arguments:
        query = query.where(Delivery.passed_from_id == int(arguments["passed_from_id"]))
    else:
        query = query.where(
            Delivery.dispatch_id == int(arguments["dispatch_id"]), Delivery.passed_from_id.is_(None)
        )
    return list(session.scalars(query.order_by(Delivery.id)))


def _already(session: Session, arguments: Mapping[str, Any]) -> set[tuple[int, str]]:
    """The letters and addresses that were told, at whatever desk."""
    keys = {one.letter_id for one in _deliveries(session, arguments)}
    sent = select(Delivery.letter_id, LetterNotice.address).join(
        LetterNotice, LetterNotice.delivery_id == Delivery.id
    )
    sent = sent.where(Delivery.letter_id.in_(keys), LetterNotice.sent_at.is_not(None))
    return {(letter_id, address) for letter_id, address in session.execute(sent)}


def _waiting(session: Session, arguments: Mapping[str, Any]) -> Iterator[Letter]:
    deliveries = _deliveries(session, arguments)
    addresses = _addresses(session, deliveries)
    for one in deliveries:
        for address in sorted(addresses[one.desk]):
            yield Letter(
                delivery_id=one.id,
                letter_id=one.letter_id,
                province_id=one.province_id,
                address=address,
                sender=one.through or one.sender,
                subject=one.subject,
                number=one.number,
            )


def _addresses(session: Session, deliveries: Iterable[Delivery]) -> dict[str, set[str]]:
    """By the keys of desks: the office's own address, and those that people who sit there proved."""
    found: dict[str, set[str]] = defaultdict(set)
    desks = {one.desk for one in deliveries}
    agencies = {one.agency_id for one in deliveries if one.agency_id is not None}
    provinces = {one.province_id for one in deliveries if one.agency_id is None}
    offices = select(AgencyContact.agency_id, AgencyContact.email).where(
        AgencyContact.agency_id.in_(agencies)
    )
    for key, address in session.execute(offices):
        found[desk_of(None, key)].add(address)
    offices = select(ProvinceContact.province_id, ProvinceContact.email)
    for key, address in session.execute(offices.where(ProvinceContact.province_id.in_(provinces))):
        found[desk_of(key, None)].add(address)
    for grant, address, sector_id in session.execute(_people(agencies, provinces)):
        desk = desk_of(grant.province_id, grant.agency_id, sector_id)
        if desk in desks and grant.valid_at(clock.now()):
            found[desk].add(address)
    return defaultdict(set, {desk: some - {""} for desk, some in found.items()})


def _people(agencies: set[int], provinces: set[int | None]) -> Any:
    """Rights at these desks, with the address that their holder proved."""
    query = select(Grant, Account.email, Account.sector_id).join(Account, Account.id == Grant.account_id)
    here = Grant.agency_id.in_(agencies) | Grant.province_id.in_({key for key in provinces if key})
    if None in provinces:
        here |= Grant.role == Role.DLA
    return query.where(
        here,
        Grant.role.in_(_AT_DESKS),
        Account.active,
        Account.email != "",
        Account.email_proved_at.is_not(None),
    )
