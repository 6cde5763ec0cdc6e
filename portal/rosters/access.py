"""Reading a roster: other people's personal data, decrypted for one agency at a time, and each reading noted.

The assigned assessor opens the roster of an agency, once a day per person and agency; the back office sees
rows masked and unmasks one row at a time with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.participation import Participation
from models.roster import RosterEntry
from portal.core import audit, vault
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.rosters.importing import opened

LONGEST_REASON = 300
SHORTEST_REASON = 10


@dataclass(frozen=True)
class Person:
    """One row of a roster in the clear, or masked."""

    entry_id: int
    number: int
    group: str
    name: str
    organisation: str
    phone: str
    email: str


def entries_of(participation: Participation, *, group_id: int | None = None) -> list[RosterEntry]:
    """The rows of a roster in the order of their numbers."""
    query = (
        select(RosterEntry)
        .where(RosterEntry.participation_id == participation.id)
        .order_by(RosterEntry.number)
        .options(joinedload(RosterEntry.group))
    )
    return list(
        db.session.scalars(query if group_id is None else query.where(RosterEntry.group_id == group_id))
    )


def open_roster(participation: Participation, *, actor: Actor) -> None:
    """Note that the actor opens this roster. Raises NotFound where that is not the actor's to do."""
    if not can(actor, P.ROSTER_READ, participation):
        raise NotFound
    audit.record(
        db.session(),
        act="roster.open",
        thing="participation",
        row=participation.id,
        chain=audit.chain_of(participation),
        after={"people": participation.roster_count},
    )


def in_the_clear(entries: Iterable[RosterEntry]) -> list[Person]:
    """The people behind rows. The caller has asked that the roster was opened."""
    return [_person(entry) for entry in entries]


def masked(entries: Iterable[RosterEntry]) -> list[Person]:
    """The same with names and organisations cut to a few letters, and nothing of phones and addresses."""
    people = (_person(entry) for entry in entries)
    return [
        Person(
            person.entry_id,
            person.number,
            person.group,
            vault.masked(person.name),
            vault.masked(person.organisation),
            _kept_end(person.phone),
            "•••" if person.email else "",
        )
        for person in people
    ]


def unmask(entry: RosterEntry, *, reason: str, actor: Actor) -> Person:
    """One row in the clear for the back office; who, which row and why are recorded.

    Raises NotFound where the actor may not, Refused for a reason that says too little.
    """
    if not can(actor, P.ROSTERS_MASKED, entry):
        raise NotFound
    reason = reason.strip()[:LONGEST_REASON]
    if len(reason) < SHORTEST_REASON:
        raise Refused("Write why you need this row, in at least %(least)s letters", least=SHORTEST_REASON)
    audit.record(
        db.session(),
        act="roster.unmask",
        thing="roster_entry",
        row=entry.id,
        chain=audit.chain_of(entry),
        after={"reason": reason, "number": entry.number},
    )
    return _person(entry)


def _person(entry: RosterEntry) -> Person:
    contact = opened(entry)
    return Person(
        entry.id,
        contact.number,
        entry.group.name,
        contact.name,
        contact.organisation,
        contact.phone,
        contact.email,
    )


def _kept_end(phone: str) -> str:
    """The last two digits, enough to tell two rows apart on the telephone."""
    return f"•••{phone[-2:]}" if len(phone) > 4 else ("•••" if phone else "")
