"""Import of one agency's roster: a dry run row by row, then the good rows are sealed and added.

Works in the agency admin's scoped session. Whether the roster may be changed now is for
``portal.preparation.desk.require_editable`` to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import undefer

from models.letter import StoredFile
from models.participation import Participation
from models.roster import RosterEntry
from portal.core import audit, clock, vault
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.files import ROSTER_TO_IMPORT, forget, keep, name_about, stored_file
from portal.core.imports.notes import Wrong
from portal.core.imports.spreadsheet import Row, Table
from portal.rosters.file import Groups, Person, group_names, is_blank, parse

#: what is encrypted of a row
SEALED = ("name", "organisation", "phone", "email")


@dataclass(frozen=True)
class WrongRow:
    """A row that cannot be used, as it stands in the file, with everything that is wrong in it."""

    row: Row
    wrongs: tuple[Wrong, ...]


@dataclass
class RosterPlan:
    """What an import would do. ``known`` are good rows of people who stand on the roster already."""

    sha256: str
    good: list[Person] = field(default_factory=list)
    known: list[Person] = field(default_factory=list)
    wrong: list[WrongRow] = field(default_factory=list)

    def taken(self, *, replace: bool) -> list[Person]:
        """The rows that an import adds: when it replaces the roster, those already known too."""
        return sorted((*self.good, *self.known), key=lambda person: person.row) if replace else self.good


@dataclass(frozen=True)
class Contact:
    """A roster row in clear, for its own agency and assessor only."""

    number: int
    group_id: int
    name: str
    organisation: str
    phone: str
    email: str


def groups_of(participation: Participation) -> Groups:
    """The groups of the round's form, as a row may write them."""
    groups = participation.round.roster_groups
    return group_names([(group.id, group.position, group.name) for group in groups])


def plan_roster(participation: Participation, table: Table) -> RosterPlan:
    """Look at every row of a read file; writes nothing."""
    names = groups_of(participation)
    held = {
        bytes(fingerprint)
        for fingerprint in db.session.scalars(
            select(RosterEntry.fingerprint).where(RosterEntry.participation_id == participation.id)
        )
    }
    plan = RosterPlan(table.sha256)
    seen: dict[bytes, int] = {}
    for row in table.rows:
        if is_blank(row):
            continue
        person = parse(row, names)
        if not isinstance(person, Person):
            plan.wrong.append(WrongRow(row, person))
            continue
        fingerprint = _fingerprint(person, participation.id)
        if fingerprint in seen:
            again = Wrong("name", "The same person stands in row %(row)s", {"row": seen[fingerprint]})
            plan.wrong.append(WrongRow(row, (again,)))
            continue
        seen[fingerprint] = row.number
        (plan.known if fingerprint in held else plan.good).append(person)
    return plan


def apply_roster(participation: Participation, plan: RosterPlan, *, replace: bool) -> int:
    """Add the good rows, or put them in the roster's place; gives how many were written. Flushes.

    One event holds the counts and the file's digest, never a name.
    """
    people = plan.taken(replace=replace)
    mine = RosterEntry.participation_id == participation.id
    with audit.unrecorded(db.session()):
        if replace:
            db.session.execute(delete(RosterEntry).where(mine))
        last = db.session.scalar(select(func.max(RosterEntry.number)).where(mine)) or 0
        db.session.add_all(
            RosterEntry(
                participation=participation,
                number=number,
                **sealed_fields(participation.id, person),
            )
            for number, person in enumerate(people, start=last + 1)
        )
    before = participation.roster_count
    _note(participation)
    audit.record(
        db.session(),
        act="roster.import",
        thing="participation",
        row=participation.id,
        chain=f"agency:{participation.agency_id}",
        before={"rows": before},
        after={
            "rows": participation.roster_count,
            "added": len(people),
            "replaced": replace,
            "left_out": len(plan.wrong),
            "sha256": plan.sha256,
        },
    )
    return len(people)


def sealed_fields(participation_id: int, person: Person) -> dict[str, Any]:
    """The columns of a roster row for a person: group, sealed fields and fingerprint."""
    sealed = {
        f"{column}_sealed": vault.seal(
            getattr(person, column), row_context=vault.roster_context(participation_id, column)
        )
        for column in SEALED
    }
    return {"group_id": person.group_id, "fingerprint": _fingerprint(person, participation_id), **sealed}


def opened(entry: RosterEntry) -> Contact:
    """A roster row in clear. Only for the agency that it belongs to and its assessor."""
    return contacts([entry], entry.participation_id)[0]


def contacts(rows: Iterable[Any], participation_id: int) -> list[Contact]:
    """Rows of one roster in clear: entries, or their columns where thousands are looked through."""
    open_ = vault.vault().open
    places = [
        (column, f"{column}_sealed", vault.roster_context(participation_id, column)) for column in SEALED
    ]
    return [
        Contact(
            number=row.number,
            group_id=row.group_id,
            **{column: open_(getattr(row, sealed), row_context=place) for column, sealed, place in places},
        )
        for row in rows
    ]


def _fingerprint(person: Person, participation_id: int) -> bytes:
    return vault.fingerprint(
        person.name, person.phone, person.organisation, participation_id=participation_id
    )


def _note(participation: Participation) -> None:
    """Step 3 of preparation, counted from the rows."""
    query = select(func.count()).where(RosterEntry.participation_id == participation.id)
    with audit.act("roster.import"):
        participation.roster_count = db.session.scalar(query) or 0
        participation.roster_at = clock.now() if participation.roster_count else None
        db.session.flush()


# -- between the dry run and the import ------------------------------------------------------------------


def keep_roster(participation: Participation, table: Table, *, actor: Actor) -> StoredFile:
    """Keep a read roster, sealed, until it is imported; an earlier one of person and agency is dropped."""
    name = name_about(participation.id, "roster")
    forget(db.session(), ROSTER_TO_IMPORT, account_id=actor.account_id, about=name)
    sealed = vault.seal(table.to_json().decode(), row_context=_kept_context(participation))
    return keep(db.session(), stored_file(name, ROSTER_TO_IMPORT, sealed), account_id=actor.account_id)


def newest_kept(participation: Participation, *, actor: Actor) -> int | None:
    """The file of this person's last dry run for this participation that still waits; None without one."""
    query = select(func.max(StoredFile.id)).where(
        StoredFile.account_id == actor.account_id,
        StoredFile.content_type == ROSTER_TO_IMPORT,
        StoredFile.name == name_about(participation.id, "roster"),
    )
    return db.session.scalar(query)


def kept_roster(participation: Participation, file_id: int) -> Table | None:
    """The roster that this person kept for this participation; None where there is none."""
    query = select(StoredFile).where(StoredFile.id == file_id, StoredFile.content_type == ROSTER_TO_IMPORT)
    file = db.session.scalar(query.options(undefer(StoredFile.content)))
    if file is None:
        return None
    try:
        text = vault.open_(file.content, row_context=_kept_context(participation))
    except vault.Unreadable:
        return None
    return Table.from_json(text.encode())


def _kept_context(participation: Participation) -> bytes:
    return vault.roster_context(participation.id, "file")
