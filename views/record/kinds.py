"""Which rows have a history on screen: who may read it, where the row's page is, and which columns are told.

A column that stands nowhere here is never told: what a reader may not see on the row's own page is not seen
in its history either. Only the record's own screen, for the country's offices, shows everything.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select

from models.account import Account, Grant
from models.agency import Agency
from models.assessor import AssessorBody, Assignment
from models.base import Base
from models.contact import AgencyContact, ProvinceContact
from models.disclosure import DisclosureAnswer, DisclosureLink
from models.dispatch import Dispatch
from models.participation import Participation
from models.place import District, Province
from models.round import Round, Window
from portal.core.access import Permission as P
from portal.core.access import can, current_actor
from portal.core.database.session import db
from portal.core.errors import NotFound
from portal.core.lookup import get_or_404
from portal.core.texts import lazy
from portal.record.history import Rows


@dataclass(frozen=True)
class Kind:
    """Rows of one table. ``below``: rows that are told of together with it; ``unsaid``: acts never told."""

    model: type[Any]
    permission: P
    page: Callable[[Any], str]
    fields: dict[str, Any]
    below: Callable[[Any], dict[str, list[str]]] = lambda row: {}
    unsaid: Collection[str] = ()


def _generated(endpoint: str) -> Callable[[Any], str]:
    return lambda row: url_for(f"{endpoint}.details_view", id=row.id)


def _of_round(endpoint: str) -> Callable[[Any], str]:
    return lambda row: url_for(f"{endpoint}.details_view", id=row.id, round_id=row.round_id)


def _keys(model: type[Base], column: Any, row: Any) -> list[str]:
    key: Any = model.__mapper__.primary_key[0].key
    return [str(one) for one in db.session.scalars(select(getattr(model, key)).where(column == row.id))]


def _with_contacts(agency: Agency) -> dict[str, list[str]]:
    may = can(current_actor(), P.CONTACTS_WRITE) or can(current_actor(), P.RECORD_READ)
    return {"agency_contact": _keys(AgencyContact, AgencyContact.agency_id, agency)} if may else {}


def _with_rights(account: Account) -> dict[str, list[str]]:
    return {"grant": _keys(Grant, Grant.account_id, account)}


def _with_windows(round: Round) -> dict[str, list[str]]:
    return {"window": _keys(Window, Window.round_id, round)}


def _with_links(answer: DisclosureAnswer) -> dict[str, list[str]]:
    return {"disclosure_link": _keys(DisclosureLink, DisclosureLink.answer_id, answer)}


#: points are the assessors' until results are there; whoever may see them reads them on the checklist
_SCORING = ("disclosure.score", "disclosure.score_all", "disclosure.unscore")
_CONTACT = {
    "phone": lazy("Telephone"),
    "email": lazy("E-mail"),
    "website": lazy("Web site"),
    "address": lazy("Postal address"),
    "line": lazy("LINE ID"),
    "person": lazy("Contact person"),
    "reviewed_at": lazy("Looked through"),
}
_AGENCY = {
    "code": lazy("Code"),
    "full_name": lazy("Name of the agency"),
    "kind": lazy("Kind"),
    "district_id": lazy("District"),
    "province_id": lazy("Province"),
    "size": lazy("Size"),
    "active": lazy("In use"),
}

#: what one row is called in the record, and how its history is told
KINDS: dict[str, Kind] = {
    "agency": Kind(Agency, P.AGENCIES_READ, _generated("agencies"), _AGENCY, _with_contacts),
    "agency_contact": Kind(
        AgencyContact,
        P.CONTACTS_WRITE,
        lambda row: url_for("contacts.show", agency_id=row.agency_id),
        _CONTACT,
    ),
    "province_contact": Kind(
        ProvinceContact,
        P.PROVINCE_CONTACTS_WRITE,
        lambda row: url_for("contacts.office", province_id=row.province_id),
        _CONTACT,
    ),
    "province": Kind(
        Province,
        P.PLACES_READ,
        _generated("provinces"),
        {
            "code": lazy("Code"),
            "name": lazy("Province"),
            "name_en": lazy("Name in English"),
            "region": lazy("Region"),
            "size": lazy("Size class"),
        },
    ),
    "district": Kind(
        District,
        P.PLACES_READ,
        _generated("districts"),
        {"code": lazy("Code"), "name": lazy("District"), "province_id": lazy("Province")},
    ),
    "account": Kind(
        Account,
        P.ACCOUNTS_READ,
        _generated("accounts"),
        {
            "name": lazy("Name and surname"),
            "position": lazy("Position"),
            "username": lazy("User name"),
            "email": lazy("E-mail"),
            "email_proved_at": lazy("E-mail proved"),
            "phone": lazy("Telephone"),
            "active": lazy("In use"),
            "activated_at": lazy("Activated"),
        },
        _with_rights,
    ),
    "assessor_body": Kind(
        AssessorBody, P.ASSESSORS_WRITE, _generated("assessor_bodies"), {"name": lazy("Assessor body")}
    ),
    "assignment": Kind(
        Assignment,
        P.ASSESSORS_WRITE,
        lambda row: url_for("assignments.details_view", id=row.id, round_id=row.participation.round_id),
        {"body_id": lazy("Assessor body"), "participation_id": lazy("Agency of a round")},
    ),
    "participation": Kind(
        Participation,
        P.PREPARATION_READ,
        _of_round("participations"),
        {
            "full_name": lazy("Name of the agency"),
            "size": lazy("Size"),
            "state": lazy("Preparation"),
            "activated_at": lazy("Activated"),
            "headcount": lazy("Internal stakeholders"),
            "roster_count": lazy("External roster"),
            "submitted_at": lazy("Sent to the executive"),
            "confirmed_at": lazy("Confirmed"),
            "return_reason": lazy("Reason of the return"),
        },
    ),
    "round": Kind(
        Round,
        P.RECORD_READ,
        lambda row: url_for("rounds.show", round_id=row.id),
        {
            "name": lazy("Name"),
            "fiscal_year": lazy("Fiscal year"),
            "scheme": lazy("Scheme of assessment"),
            "state": lazy("State"),
            "detail_threshold": lazy(
                "Smallest number of answers for questions, distributions and single channels"
            ),
            "total_threshold": lazy("Smallest number of answers for indicators and totals"),
            "opened_at": lazy("Boxes opened"),
            "closed_at": lazy("Round closed"),
            "rosters_until": lazy("Rosters keep personal data until"),
        },
        _with_windows,
    ),
    "dispatch": Kind(
        Dispatch,
        P.LETTERS_READ,
        lambda row: url_for("dispatches.show", dispatch_id=row.id),
        {
            "state": lazy("State"),
            "subject": lazy("Subject"),
            "urgency": lazy("Urgency"),
            "to_agency_id": lazy("To"),
            "number": lazy("Number of the letter"),
            "dated": lazy("Date"),
            "reason": lazy("Reason"),
        },
    ),
    "disclosure_answer": Kind(
        DisclosureAnswer,
        P.DISCLOSURE_READ,
        lambda row: url_for(
            "disclosure.show",
            round_id=row.disclosure.participation.round_id,
            participation_id=row.participation_id,
        ),
        {
            "disclosed": lazy("Information is disclosed"),
            "explanation": lazy("Explanation"),
            "review": lazy("Judgement of the executive"),
            "review_reason": lazy("Reason"),
        },
        _with_links,
        _SCORING,
    ),
}
#: columns of rows that are told of below others only
_BELOW: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "grant": (
        Grant,
        {
            "role": lazy("Right"),
            "agency_id": lazy("Agency"),
            "province_id": lazy("Province"),
            "body_id": lazy("Assessor body"),
            "valid_from": lazy("From"),
            "valid_until": lazy("Until"),
            "capacity": lazy("Capacity"),
        },
    ),
    "window": (
        Window,
        {
            "stage": lazy("Stage"),
            "kind": lazy("Kind of dates"),
            "opens_at": lazy("Opens"),
            "closes_at": lazy("Closes"),
        },
    ),
    "disclosure_link": (DisclosureLink, {"url": lazy("Address of the evidence")}),
}


def found(thing: str, key: int) -> tuple[Kind, Any]:
    """The kind and the row, where the person may read its history. Raises NotFound."""
    kind = KINDS.get(thing)
    actor = current_actor()
    if kind is None or actor is None:
        raise NotFound
    own = kind.model is Account and key == actor.account_id
    if not (own or can(actor, kind.permission)):
        raise NotFound
    return kind, get_or_404(kind.model, key)


def may_read(thing: str) -> bool:
    """True where the person may read histories of this kind, each where its row is in reach."""
    return thing in KINDS and can(current_actor(), KINDS[thing].permission)


def url_of(row: Any) -> str:
    """The address of a row's history, for pages that show the row; "" where it is not the reader's."""
    thing = getattr(type(row), "__tablename__", "")
    return url_for("history.of_row", thing=thing, thing_id=row.id) if may_read(thing) else ""


def rows_of(thing: str, kind: Kind, row: Any) -> Rows:
    """The row and those that are told of with it, as the record names them."""
    return {thing: [str(row.id)], **{name: keys for name, keys in kind.below(row).items() if keys}}


def told(thing: str) -> tuple[type[Any], dict[str, Any]]:
    """The class of a row and the columns that are told of it, with their labels."""
    if thing in _BELOW:
        return _BELOW[thing]
    return KINDS[thing].model, KINDS[thing].fields
