"""What one word finds over everything that a person may read: one query for each kind of thing, capped.

The session's scope and the database's policies narrow each of them as on any page; a kind is asked for only
where the person may open what would be found. People of rosters are found on the roster of one named agency
and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from models.account import Account
from models.agency import Agency
from models.announcement import Announcement
from models.certificate import Certificate
from models.contact import AgencyContact
from models.delivery import Delivery
from models.dispatch import Dispatch
from models.instrument import Instrument, OitItem
from models.letter_office import LetterOffice
from models.participation import Participation
from models.place import Province
from models.round import Round
from models.search import words_of
from models.thai import normal_form
from portal.announcements import reading
from portal.core.access import ROLES, Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.search import matching
from portal.core.texts import _
from portal.help import shelf
from portal.letters.dispatches import WRITERS
from portal.letters.inbox.desk import InboxQuery, query_of

#: hits that are shown of one kind
MOST = 5
LONGEST = 100


@dataclass(frozen=True)
class Hit:
    """One thing that was found, and where it is opened (``values`` of the address)."""

    title: str
    detail: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """The first hits of one kind. ``more``: there are others, on the list ``whole`` with its word."""

    label: str
    endpoint: str
    hits: Sequence[Hit]
    more: bool = False
    whole: str = ""
    whole_values: Mapping[str, Any] = field(default_factory=dict)


def find(typed: str, actor: Actor, round: Round | None, rounds: Sequence[Round]) -> list[Found]:
    """What is found, kind by kind, only kinds with a hit; nothing for what holds no word."""
    typed = normal_form(typed).strip()[:LONGEST]
    if not any(word.key for word in words_of(typed)):
        return []
    kinds: list[Callable[[str, Actor, Round | None], Found | None]] = [
        _agencies,
        _accounts,
        _contacts,
        lambda word, _actor, _round: _rounds(word, rounds),
        _announcements,
        _inbox,
        _letters,
        _certificates,
        _oit_items,
        _help,
    ]
    found = (kind(typed, actor, round) for kind in kinds)
    return [one for one in found if one is not None and one.hits]


def _agencies(typed: str, actor: Actor, round: Round | None) -> Found | None:
    if can(actor, P.AGENCIES_READ):
        query = select(Agency, Province.name).join(Province, Province.id == Agency.province_id)
        query = query.where(matching(typed, Agency)).order_by(Agency.sort_key).limit(MOST + 1)
        named = db.session.execute(query).all()
        hits = [
            Hit(one.full_name, f"{place} {one.code or ''}", {"id": one.id}) for one, place in named[:MOST]
        ]
        more = len(named) > MOST
        return Found(
            _("Agencies"), "agencies.details_view", hits, more, "agencies.index_view", {"search": typed}
        )
    if round is None:
        return None
    taking_part = select(Participation).where(Participation.round_id == round.id)
    rows, more = _first(taking_part.where(matching(typed, Participation)).order_by(Participation.id))
    hits = [
        Hit(one.full_name, one.province_name, {"round_id": round.id, "participation_id": one.id})
        for one in rows
    ]
    in_round = {"round_id": round.id, "q": typed}
    return Found(_("Agencies"), "status.agency", hits, more, "status.stages", in_round)


def _accounts(typed: str, actor: Actor, _round: Round | None) -> Found | None:
    if not can(actor, P.ACCOUNTS_READ):
        return None
    rows, more = _first(select(Account).where(matching(typed, Account)).order_by(Account.name, Account.id))
    hits = [Hit(str(one), one.username, {"id": one.id}) for one in rows]
    return Found(_("Users"), "accounts.details_view", hits, more, "accounts.index_view", {"search": typed})


def _contacts(typed: str, actor: Actor, _round: Round | None) -> Found | None:
    if not can(actor, P.CONTACTS_READ):
        return None
    places = (AgencyContact.person, AgencyContact.phone, AgencyContact.email, AgencyContact.line)
    query = select(AgencyContact, Agency.full_name).join(Agency, Agency.id == AgencyContact.agency_id)
    query = query.where(matching(typed, *places, AgencyContact.website)).order_by(Agency.sort_key)
    rows = db.session.execute(query.limit(MOST + 1)).all()
    hits = [
        Hit(name, " · ".join(filter(None, (one.person, one.phone, one.email))), {"agency_id": one.agency_id})
        for one, name in rows[:MOST]
    ]
    return Found(_("Contacts"), "contacts.show", hits, len(rows) > MOST)


def _rounds(typed: str, rounds: Iterable[Round]) -> Found:
    words = [word.typed for word in words_of(typed)]
    fitting = [one for one in rounds if all(word in f"{one.name} {one.year_and_scheme}" for word in words)]
    hits = [Hit(one.name, str(one.year_and_scheme), {"round_id": one.id}) for one in fitting]
    return Found(_("Rounds"), "home.round_home", hits[:MOST], len(hits) > MOST)


def _announcements(typed: str, actor: Actor, _round: Round | None) -> Found | None:
    if not can(actor, P.ANNOUNCEMENTS_READ):
        return None
    query = reading.received(actor, typed).with_only_columns(Announcement, maintain_column_froms=True)
    rows, more = _first(query)
    hits = [Hit(one.heading, ROLES[one.office].office, {"announcement_id": one.id}) for one in rows]
    return Found(_("Announcements"), "announcements.show", hits, more, "announcements.index", {"q": typed})


def _inbox(typed: str, actor: Actor, _round: Round | None) -> Found | None:
    if not can(actor, P.INBOX_READ):
        return None
    rows, more = _first(query_of(actor, InboxQuery(typed)).order_by(Delivery.id.desc()))
    hits = [Hit(one.subject, one.number, {"delivery_id": one.id}) for one in rows]
    return Found(_("Incoming letters"), "inbox.show", hits, more, "inbox.index", {"q": typed})


def _letters(typed: str, actor: Actor, _round: Round | None) -> Found | None:
    """Letters that the actor's own office writes."""
    kinds = [kind for kind, permission in WRITERS.items() if can(actor, permission)]
    if not kinds or not can(actor, P.LETTERS_READ):
        return None
    query = select(Dispatch).where(Dispatch.office.has(LetterOffice.kind.in_(kinds)))
    rows, more = _first(query.where(matching(typed, Dispatch.subject)).order_by(Dispatch.id.desc()))
    hits = [Hit(one.subject, "", {"dispatch_id": one.id}) for one in rows]
    return Found(_("Letters"), "dispatches.show", hits, more)


def _certificates(typed: str, actor: Actor, _round: Round | None) -> Found | None:
    if not can(actor, P.RESULTS_READ):
        return None
    certified = select(Certificate.participation_id)
    query = select(Participation).where(Participation.id.in_(certified), matching(typed, Participation))
    rows, more = _first(query.order_by(Participation.id.desc()))
    hits = [
        Hit(one.full_name, one.province_name, {"round_id": one.round_id, "participation_id": one.id})
        for one in rows
    ]
    return Found(_("Certificates of results"), "results.agency", hits, more)


def _oit_items(typed: str, actor: Actor, round: Round | None) -> Found | None:
    if round is None or not can(actor, P.OIT_ITEMS_READ):
        return None
    query = select(OitItem).join(Instrument, Instrument.id == OitItem.instrument_id)
    query = query.where(Instrument.round_id == round.id, matching(typed, OitItem.code, OitItem.title))
    rows, more = _first(query.order_by(OitItem.id))
    hits = [Hit(one.title, one.code, {"round_id": round.id, "id": one.id}) for one in rows]
    whole = {"round_id": round.id, "search": typed}
    return Found(_("OIT items"), "oit_items.details_view", hits, more, "oit_items.index_view", whole)


def _help(typed: str, actor: Actor, _round: Round | None) -> Found:
    words = [word.typed.casefold() for word in words_of(typed)]
    hits = [hit for hit in _chapters(actor) if all(word in hit.title.casefold() for word in words)]
    return Found(_("Guides"), "help.guide", hits[:MOST], len(hits) > MOST, "help.index")


def _chapters(actor: Actor) -> Iterator[Hit]:
    for guide in shelf.for_role(actor.role):
        for chapter in guide.chapters:
            yield Hit(chapter.title, guide.title, {"name": guide.name, "_anchor": chapter.place})


def _first(query: Any) -> tuple[Sequence[Any], bool]:
    rows = db.session.scalars(query.limit(MOST + 1)).all()
    return rows[:MOST], len(rows) > MOST
