"""An agency's own roster in its hands: read, search, add, change and delete rows.

Rows are decrypted here for the agency that they belong to; nothing of them enters the record but that a row
was added, changed or deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from sqlalchemy import Select, func, select

from models.participation import Participation
from models.roster import RosterEntry, RosterJudgement, RosterVerdict, SampleDraw
from models.round import RosterGroup, Stage
from models.thai import arabic_digits, normal_form
from portal.core import audit, clock
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.imports.notes import Wrong
from portal.core.imports.spreadsheet import Row
from portal.core.lookup import hold
from portal.core.sent.versions import require_version
from portal.core.stages import stage_of
from portal.preparation.desk import note_presence, require_editable
from portal.rosters.file import COLUMNS, Person, is_reached, parse
from portal.rosters.importing import SEALED, Contact, contacts, groups_of, sealed_fields

PAGE = 50
SAME_PERSON = Wrong("name", "The same person stands on the roster already, as number %(number)s", {})


@dataclass(frozen=True)
class RosterRow:
    """One row in clear."""

    entry_id: int
    group: RosterGroup
    contact: Contact
    version: int = 1

    @property
    def is_reached(self) -> bool:
        """False where nobody can ask this person."""
        return is_reached(self.contact.phone, self.contact.email)


@dataclass(frozen=True)
class RosterPage:
    """A page of the roster, what it was searched for and how many rows fit."""

    rows: list[RosterRow]
    page: int
    pages: int
    total: int

    @property
    def first(self) -> int:
        """Number of the page's first row, from 1."""
        return (self.page - 1) * PAGE + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Number of the page's last row."""
        return (self.page - 1) * PAGE + len(self.rows)


# -- reading ---------------------------------------------------------------------------------------------


def roster_page(
    participation: Participation,
    *,
    search: str = "",
    group_id: int | None = None,
    unreached: bool = False,
    page: int = 1,
) -> RosterPage:
    """One page of the agency's roster. A search looks in every field; it decrypts this agency's rows only.

    ``unreached``: only rows without telephone and e-mail.
    """
    query = select(RosterEntry).where(RosterEntry.participation_id == participation.id)
    if group_id is not None:
        query = query.where(RosterEntry.group_id == group_id)
    query = query.order_by(RosterEntry.number)
    words = [word for word in map(_plain, search.split()) if word]
    if words or unreached:
        found = (row for row in _rows(participation, query) if _fits(row, words))
        fitting = [row for row in found if not (unreached and row.is_reached)]
        total, page = len(fitting), _inside(page, len(fitting))
        return RosterPage(fitting[(page - 1) * PAGE : page * PAGE], page, _pages(total), total)
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    page = _inside(page, total)
    rows = _rows(participation, query.limit(PAGE).offset((page - 1) * PAGE))
    return RosterPage(rows, page, _pages(total), total)


def fitting(rows: Iterable[RosterRow], search: str) -> list[int]:
    """The ids of the rows in which every word of a search stands."""
    words = [word for word in map(_plain, search.split()) if word]
    return [row.entry_id for row in rows if _fits(row, words)]


def whole_roster(participation: Participation) -> list[RosterRow]:
    """Every row in clear, for the agency's own export and its executive's look."""
    query = select(RosterEntry).where(RosterEntry.participation_id == participation.id)
    return _rows(participation, query.order_by(RosterEntry.number))


def roster_row(participation: Participation, entry_id: int) -> RosterRow:
    """One row in clear. Raises NotFound."""
    query = select(RosterEntry).where(
        RosterEntry.participation_id == participation.id, RosterEntry.id == entry_id
    )
    rows = _rows(participation, query)
    if not rows:
        raise NotFound
    return rows[0]


# -- changing --------------------------------------------------------------------------------------------


def request_for_names(participation: Participation) -> RosterJudgement | None:
    """The assessor's judgement that asks for more names, until the sample is drawn: names may be added."""
    asked = _judged(participation, RosterVerdict.MORE_NAMES)
    drawn = select(SampleDraw.id).where(SampleDraw.participation_id == participation.id)
    return None if asked is None or db.session.scalar(drawn) is not None else asked


def visit_announced(participation: Participation) -> RosterJudgement | None:
    """The assessor's judgement that answers are collected at the agency's office, while the stage is open."""
    return _judged(participation, RosterVerdict.COLLECT_ON_SITE)


def _judged(participation: Participation, verdict: RosterVerdict) -> RosterJudgement | None:
    """The assessor's judgement where it is this one, in the stage of the interviews."""
    if not participation.is_confirmed or not stage_of(participation, Stage.EIT_INTERVIEW).is_open:
        return None
    return db.session.scalar(
        select(RosterJudgement).where(
            RosterJudgement.participation_id == participation.id, RosterJudgement.verdict == verdict
        )
    )


def require_addable(participation: Participation, actor: Actor) -> None:
    """Names may be added now: while the data are being entered, or when the assessor asked for more.

    Raises NotFound, Closed, Refused.
    """
    if can(actor, P.PREPARATION_ENTER, participation) and request_for_names(participation):
        return
    require_editable(participation, actor)


def may_add(participation: Participation, actor: Actor) -> bool:
    """True where ``require_addable`` lets the actor pass."""
    try:
        require_addable(participation, actor)
    except Refused:
        return False
    return True


def read_fields(participation: Participation, fields: Mapping[str, str]) -> Person | tuple[Wrong, ...]:
    """A row typed into the form, checked by the same rules as an imported one."""
    return parse(
        Row(0, {column: fields.get(column, "").strip() for column in COLUMNS}), groups_of(participation)
    )


def add_row(participation: Participation, person: Person, *, actor: Actor) -> RosterEntry | Wrong:
    """Add one person; gives what is wrong where the person stands on the roster already.

    Raises NotFound, Closed, Refused.
    """
    hold(participation)
    require_addable(participation, actor)
    sealed = sealed_fields(participation.id, person)
    if same := same_person(participation, sealed["fingerprint"]):
        return same
    highest = select(func.max(RosterEntry.number)).where(RosterEntry.participation_id == participation.id)
    entry = RosterEntry(participation=participation, number=(db.session.scalar(highest) or 0) + 1, **sealed)
    with audit.act("roster.add"):
        db.session.add(entry)
        _note(participation)
    return entry


def change_row(
    participation: Participation,
    entry_id: int,
    person: Person,
    *,
    seen_version: int | None = None,
    actor: Actor,
) -> RosterEntry | Wrong:
    """Change one person; gives what is wrong where another row has the same one.

    Raises as ``add_row``, and Stale where the row was saved since the page with ``seen_version`` was made.
    """
    hold(participation)
    require_editable(participation, actor)
    entry = _entry(participation, entry_id)
    require_version(entry, seen_version)
    sealed = sealed_fields(participation.id, person)
    if same := same_person(participation, sealed["fingerprint"], but=entry_id):
        return same
    with audit.act("roster.change"):
        for column, value in sealed.items():
            setattr(entry, column, value)
        # the sealed columns leave no event of their own: the record still says that the row was touched
        audit.record(
            db.session(),
            act="roster.change",
            thing="roster_entry",
            row=entry.id,
            chain=f"agency:{participation.agency_id}",
        )
        _note(participation)
    return entry


def delete_row(
    participation: Participation, entry_id: int, *, seen_version: int | None = None, actor: Actor
) -> None:
    """Take one person off the roster. Raises NotFound, Closed, Refused, Stale."""
    hold(participation)
    require_editable(participation, actor)
    entry = _entry(participation, entry_id)
    require_version(entry, seen_version)
    with audit.act("roster.delete"):
        db.session.delete(entry)
        _note(participation)


def _note(participation: Participation) -> None:
    """Count the rows anew; each change also moves the participation's version, which approvals watch."""
    db.session.flush()
    count = select(func.count()).where(RosterEntry.participation_id == participation.id)
    participation.roster_count = db.session.scalar(count) or 0
    participation.roster_at = clock.now() if participation.roster_count else None
    note_presence(participation)
    db.session.flush()


def _entry(participation: Participation, entry_id: int) -> RosterEntry:
    query = select(RosterEntry).where(
        RosterEntry.participation_id == participation.id, RosterEntry.id == entry_id
    )
    entry = db.session.scalar(query)
    if entry is None:
        raise NotFound
    return entry


def same_person(participation: Participation, fingerprint: bytes, *, but: int | None = None) -> Wrong | None:
    """What is wrong where another row than ``but`` has this person; None where none has."""
    query = select(RosterEntry.id, RosterEntry.number).where(
        RosterEntry.participation_id == participation.id, RosterEntry.fingerprint == fingerprint
    )
    row = db.session.execute(query).first()
    if row is None or row.id == but:
        return None
    return Wrong(SAME_PERSON.column, SAME_PERSON.reason, {"number": row.number})


def _rows(participation: Participation, query: Select[RosterEntry]) -> list[RosterRow]:
    """Rows in clear, from their columns: thousands of them are looked through for one word."""
    groups = {group.id: group for group in participation.round.roster_groups}
    sealed = (getattr(RosterEntry, f"{column}_sealed") for column in SEALED)
    columns = query.with_only_columns(
        RosterEntry.id, RosterEntry.number, RosterEntry.group_id, RosterEntry.version, *sealed
    )
    rows = db.session.execute(columns).all()
    pairs = zip(rows, contacts(rows, participation.id), strict=True)
    return [RosterRow(row.id, groups[row.group_id], contact, row.version) for row, contact in pairs]


def _fits(row: RosterRow, words: list[str]) -> bool:
    """True where every word stands in one of the fields; a telephone number is found with its signs too."""
    contact = row.contact
    fields = _plain(" ".join((contact.name, contact.organisation, contact.phone, contact.email)))
    return all(word in fields or word.replace("-", "") in fields for word in words)


def _plain(text: str) -> str:
    return arabic_digits(normal_form(text)).casefold().replace(" ", "")


def _pages(total: int) -> int:
    return max(1, ceil(total / PAGE))


def _inside(page: int, total: int) -> int:
    return min(max(1, page), _pages(total))
