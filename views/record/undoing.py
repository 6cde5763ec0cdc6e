"""One's own last change of a row, taken back where nothing depends on it: a new act, told as such.

Only changes of a form's fields are listed. What moves on in steps has its own way back, in its own rules.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import MANYTOONE

from portal.core import audit, list_acts
from portal.core.access import Permission as P
from portal.core.access import can, the_actor
from portal.core.audit import MASK
from portal.core.database.session import db
from portal.core.described import DESCRIBED
from portal.core.errors import Refused, Stale
from portal.core.lookup import hold
from portal.core.texts import _
from portal.people import keeping
from portal.record import history, values
from portal.record.history import Event
from portal.register import agencies


def _as_it_is(_row: Any) -> None:
    """Nothing follows from the fields."""


@dataclass(frozen=True)
class Undoable:
    """A kind of change: who may make it, which columns a form gave, what follows, and what makes it final."""

    permission: P
    fields: Collection[str]
    settle: Callable[[Any], None] = _as_it_is
    spent_by: Collection[str] = ()


#: rounds and imports take the register as it is: what they took up is not taken back from under them
_TAKEN_UP = ("round.snapshot", "registry.import", "job:registry.import", "registry.undo")
_CONTACT = ("phone", "email", "website", "address", "line", "person", "reviewed_at", "reviewed_by_id")
_AGENCY = ("name", "kind", "code", "size", "district_id", "active")

#: by the act; all that stands nowhere here cannot be taken back from the history
UNDOABLE: dict[str, Undoable] = {
    "agencies.edit": Undoable(P.AGENCIES_WRITE, _AGENCY, agencies.settle_agency, _TAKEN_UP),
    "agency.activate": Undoable(P.AGENCIES_WRITE, ("active",), _as_it_is, _TAKEN_UP),
    "agency.deactivate": Undoable(P.AGENCIES_WRITE, ("active",), _as_it_is, _TAKEN_UP),
    "provinces.edit": Undoable(
        P.PLACES_WRITE, ("code", "name", "name_en", "region", "size"), agencies.settle_province, _TAKEN_UP
    ),
    "provinces.size": Undoable(P.PLACES_WRITE, ("size",), _as_it_is, _TAKEN_UP),
    "districts.edit": Undoable(
        P.PLACES_WRITE, ("code", "name", "province_id"), agencies.settle_district, _TAKEN_UP
    ),
    "accounts.edit": Undoable(P.ACCOUNTS_WRITE, ("name", "position", "email", "phone"), keeping.refuse_nacc),
    "assessor_bodies.edit": Undoable(P.ASSESSORS_WRITE, ("name",)),
    "contacts.save": Undoable(P.CONTACTS_WRITE, _CONTACT),
}


def is_mine(event: Event) -> bool:
    """True for a change of the reader's own, of a kind that can be taken back."""
    return event.account_id == the_actor().account_id and event.act in UNDOABLE and bool(event.before)


def obstacle(thing: str, row: Any, event: Event | None) -> str:
    """Why the last change of a row cannot be taken back by the reader, in words; "" where it can."""
    if event is None or not is_mine(event):
        return _("The last change of this is not one of yours that can be taken back here")
    rule = UNDOABLE[event.act]
    if not can(the_actor(), rule.permission):
        return _("This change cannot be taken back at the desk where you sit now")
    if rule.spent_by and history.happened_after(event.id, rule.spent_by):
        return _("A round or an import has taken this up since: change it on its own page instead")
    if DESCRIBED in event.before or DESCRIBED in event.after:
        return _("Descriptive fields were changed with it: change them on its own page instead")
    if MASK in event.before.values() or not _is_as_left(row, event, rule):
        return _("It was changed in another way since: change it on its own page instead")
    return ""


def undo(thing: str, row: Any, *, seen: int) -> None:
    """Put back what stood in the row before the change that its page showed (``seen``), as a new act.

    Raises Refused where something depends on it, and Stale where somebody changed the row meanwhile.
    """
    _undoable(thing, row, seen)  # who may not change such rows may not hold one either
    hold(row)
    event = _undoable(thing, row, seen)
    rule = UNDOABLE[event.act]
    before = {name: event.before[name] for name in rule.fields if name in event.before}
    try:
        with audit.act("history.undo"):
            with db.session.no_autoflush:
                _put_back(row, before)
                rule.settle(row)
            db.session.flush()
    except IntegrityError as error:
        raise Refused("This does not fit with other data any more") from error


def _undoable(thing: str, row: Any, seen: int) -> Event:
    event = history.newest(thing, row.id)
    if event is None or event.id != seen:
        raise Stale
    reason = obstacle(thing, row, event)
    if reason:
        raise Refused(reason)
    return event


def _newest_of(thing: str) -> Callable[[Any], None]:
    def undo_newest(row: Any) -> None:
        event = history.newest(thing, row.id)
        if event is None:
            raise Refused(obstacle(thing, row, event))
        undo(thing, row, seen=event.id)

    return undo_newest


#: lists in which a field is set in many rows at once
list_acts.UNDOERS.update(agencies=_newest_of("agency"), accounts=_newest_of("account"))


def _is_as_left(row: Any, event: Event, rule: Undoable) -> bool:
    """True where the fields still hold what the change put there, whoever writes without an event."""
    return all(
        getattr(row, name) == values.stored(type(row), name, value)
        for name, value in event.after.items()
        if name in rule.fields
    )


def _put_back(row: Any, before: dict[str, Any]) -> None:
    for name, value in before.items():
        setattr(row, name, values.stored(type(row), name, value))
    for relation in inspect(type(row)).relationships:
        (column, *more) = relation.local_columns
        name = inspect(type(row)).get_property_by_column(column).key
        if relation.direction is not MANYTOONE or more or name not in before:
            continue
        other = None if before[name] is None else db.session.get(relation.mapper.class_, before[name])
        if other is None and before[name] is not None:
            raise Refused("What it referred to before is gone")
        setattr(row, relation.key, other)
