"""Changes of agencies made in the register: at once, on their day by the worker, and undone as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.account import Grant
from models.agency import Agency
from models.agency_change import AgencyChange, AgencyChangePart, ChangeState, PartSide
from models.delivery import Delivery, ReceiptBook
from models.dispatch import Dispatch
from models.granting import GrantRequest
from models.kinds import AGENCY_KINDS
from models.participation import Participation
from models.thai import local_day, sort_key
from portal.core import audit, clock
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db, privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.lookup import hold
from portal.core.sent.versions import require_version
from portal.core.workflow import fire, fire_by_clock, why_not
from portal.register.changes import COLUMNS, note, refuse_taken, value_of
from portal.register.workflow import AGENCY_CHANGE
from portal.register.writing import one_after_the_other

Values = dict[str, Any]
#: agencies that a refusal names
MOST_NAMED = 5


def confirm(change: AgencyChange, *, actor: Actor, seen_version: int | None = None) -> bool:
    """Make a change in the register, or set it for its day where that lies ahead; True where it is made.

    Raises NotFound, Refused where it stands elsewhere or the register does not allow it any more, and Stale.
    """
    _require_right(change, actor)
    session = db.session()
    one_after_the_other(session)
    hold(change)
    require_version(change, seen_version)
    refuse_impossible(session, change)
    now = clock.now()
    if change.holds_from > local_day(now):
        fire(AGENCY_CHANGE, change, "set", actor=actor, set_at=now, set_by_id=actor.account_id)
        note(session, change, "set")
        return False
    fire(AGENCY_CHANGE, change, "apply", actor=actor, set_at=now, set_by_id=actor.account_id, applied_at=now)
    _make(session, change)
    return True


def take_back(change: AgencyChange, *, actor: Actor) -> None:
    """Make a confirmed change, whose day lies ahead, a draft again. Raises NotFound, Refused."""
    _require_right(change, actor)
    hold(change)
    fire(AGENCY_CHANGE, change, "redraft", actor=actor, set_at=None, set_by_id=None)
    note(db.session(), change, "redraft")


def apply_due() -> None:
    """Make every confirmed change whose day has come: each once in the cluster, in one transaction.

    What the register does not allow any more stays as it is; its page says why.
    """
    with privileged("changes of agencies whose day has come") as session:
        keys = list(session.scalars(_due().order_by(AgencyChange.holds_from, AgencyChange.id)))
    for key in keys:
        with suppress(Refused), writing(), privileged("a change of agencies on its day") as session:
            one_after_the_other(session)
            found = select(AgencyChange).where(AgencyChange.id == key, AgencyChange.id.in_(_due()))
            change = session.scalar(found.with_for_update())
            if change is not None:
                refuse_impossible(session, change)
                fire_by_clock(session, AGENCY_CHANGE, change, "apply", applied_at=clock.now())
                _make(session, change)


def refuse_impossible(session: Session, change: AgencyChange) -> None:
    """Raises Refused where the register, as it is now, does not allow a change."""
    agencies = _agencies(session, [part.agency_id for part in change.parts])
    idle = [one.full_name for one in agencies.values() if not one.active]
    if idle:
        raise Refused("Taken out of use since: %(names)s", names=_named(idle))
    moved = [one.full_name for one in agencies.values() if one.province_id != change.province_id]
    if moved:
        raise Refused("Lies in another province since: %(names)s", names=_named(moved))
    refuse_taken(session, change.planned)


def undo(change: AgencyChange, *, reason: str, actor: Actor, seen_version: int | None = None) -> list[str]:
    """Take a change back as a whole; gives the names of agencies it made that are used, so only out of use.

    Raises NotFound, Refused where it is not made or where something of it was changed since, and Stale.
    """
    _require_right(change, actor)
    session = db.session()
    one_after_the_other(session)
    hold(change)
    require_version(change, seen_version)
    if (refused := why_not(AGENCY_CHANGE, change, "undo", actor=actor)) is not None:
        raise refused
    if not reason.strip():
        raise Refused("Say why", field="reason")
    agencies = _agencies(session, [part.agency_id for part in change.parts], held=True)
    _refuse_changed_since(session, change, agencies)
    now, keeps = clock.now(), {"undone_by_id": actor.account_id, "undo_reason": reason.strip()}
    fire(AGENCY_CHANGE, change, "undo", actor=actor, undone_at=now, **keeps)
    note(session, change, "undo", reason=reason.strip(), back={str(one["id"]): one for one in change.changes})
    with audit.act("agency_change.undo"):
        kept = _unmake(session, change, agencies)
        for done in change.changes:
            if done["before"]:
                _give(agencies[done["id"]], done["before"])
        session.flush()
    return kept


def _require_right(change: AgencyChange, actor: Actor) -> None:
    """Before anything is locked: PostgreSQL lets others than the country's offices lock nothing here."""
    if not can(actor, P.AGENCIES_WRITE, change):
        raise NotFound


# -- making ------------------------------------------------------------------------------------------------


def _make(session: Session, change: AgencyChange) -> None:
    """Write the change into the register, and keep what was written; flushed."""
    agencies = _agencies(session, [part.agency_id for part in change.parts], held=True)
    done: list[Values] = []
    with audit.act("agency_change.apply"):
        for part in change.on(PartSide.ENDS):
            agencies[part.agency_id].active = False
            done.append({"id": part.agency_id, "before": {"active": True}, "after": {"active": False}})
        for row in change.planned:
            wanted = {name: row[name] for name in COLUMNS}
            if row["agency"] is None:
                done.append({"id": _new(session, change, wanted), "before": None, "after": _in_use(wanted)})
            else:
                done.append(_renewed(agencies[row["agency"]], wanted))
        change.changes = done
        session.flush()
    note(session, change, "apply", changes=done)


def _new(session: Session, change: AgencyChange, wanted: Mapping[str, Any]) -> int:
    agency = Agency(active=True, province_id=change.province_id)
    session.add(agency)
    _give(agency, wanted)
    session.flush()
    part = AgencyChangePart(
        agency_id=agency.id, province_id=change.province_id, side=PartSide.MADE, state=change.state
    )
    change.parts.append(part)
    return agency.id


def _in_use(wanted: Mapping[str, Any]) -> Values:
    return {**wanted, "active": True}


def _renewed(agency: Agency, wanted: Mapping[str, Any]) -> Values:
    before = {name: value_of(agency, name) for name in COLUMNS}
    changed = [name for name in COLUMNS if before[name] != wanted[name]]
    _give(agency, {name: wanted[name] for name in changed})
    sides = ({name: values[name] for name in changed} for values in (before, wanted))
    return {"id": agency.id, **dict(zip(("before", "after"), sides, strict=True))}


def _give(agency: Agency, values: Mapping[str, Any]) -> None:
    """Give an agency these columns, with what is derived from them."""
    for name, value in values.items():
        setattr(agency, name, AGENCY_KINDS(value) if name == "kind" else value)
    agency.sort_key = sort_key(agency.name)


def _agencies(session: Session, keys: Sequence[int], *, held: bool = False) -> dict[int, Agency]:
    query = select(Agency).where(Agency.id.in_(keys)).order_by(Agency.id)
    if held:
        query = query.with_for_update().execution_options(populate_existing=True)
    return {row.id: row for row in session.scalars(query)}


def _due() -> Any:
    today = local_day(clock.now())
    return select(AgencyChange.id).where(
        AgencyChange.state == ChangeState.SET, AgencyChange.holds_from <= today
    )


def _named(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")


# -- undoing -----------------------------------------------------------------------------------------------


def _refuse_changed_since(session: Session, change: AgencyChange, agencies: Mapping[int, Agency]) -> None:
    """Raises Refused, with names, where an agency is no more as the change left it, or another followed."""
    later = set(session.scalars(_followed_by(change, agencies)))
    after = {done["id"]: done["after"] for done in change.changes}
    names = [
        agency.full_name
        for key, agency in agencies.items()
        if key in later or any(value_of(agency, name) != value for name, value in after.get(key, {}).items())
    ]
    if names:
        raise Refused("Changed since, so that nothing can be taken back: %(names)s", names=_named(names))


def _followed_by(change: AgencyChange, keys: Iterable[int]) -> Any:
    """Which of these agencies are in another change that waits, or was made later."""
    later = (AgencyChange.state == ChangeState.APPLIED) & (AgencyChange.applied_at > change.applied_at)
    waits = AgencyChange.state.in_([state for state in ChangeState if state.is_open])
    return (
        select(AgencyChangePart.agency_id)
        .join(AgencyChangePart.change)
        .where(AgencyChangePart.agency_id.in_(list(keys)), AgencyChange.id != change.id, or_(waits, later))
    )


def _unmake(session: Session, change: AgencyChange, agencies: Mapping[int, Agency]) -> list[str]:
    """Remove what the change made; what is used goes out of use instead, and is named."""
    made = [part for part in change.on(PartSide.MADE) if part.agency_id in agencies]
    used = used_agencies(session, [part.agency_id for part in made], change_id=change.id)
    for part in made:
        agency = agencies[part.agency_id]
        if agency.id in used:
            agency.active = False
        else:
            change.parts.remove(part)
            session.flush()
            session.delete(agency)
    session.flush()
    return [agencies[key].full_name for key in sorted(used)]


def used_agencies(session: Session, keys: Sequence[int], *, change_id: int = 0) -> set[int]:
    """Which of these agencies something hangs on: rounds, people, letters, other changes."""
    if not keys:
        return set()
    columns: tuple[Any, ...] = (
        Participation.agency_id,
        Grant.agency_id,
        GrantRequest.agency_id,
        Delivery.agency_id,
        ReceiptBook.agency_id,
        Dispatch.to_agency_id,
    )
    used: set[int] = set()
    for column in columns:
        used.update(session.scalars(select(column).where(column.in_(keys))))
    others = select(AgencyChangePart.agency_id).where(
        AgencyChangePart.agency_id.in_(keys), AgencyChangePart.change_id != change_id
    )
    return used | set(session.scalars(others))
