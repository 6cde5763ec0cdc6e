"""Drafts of changes of agencies: written, looked at, changed, thrown away. The register stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, selectinload

from models.agency import Agency
from models.agency_change import AgencyChange, AgencyChangePart, ChangeSort, ChangeState, PartSide
from models.kinds import AgencyKind
from models.place import District
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.lookup import get_or_404, hold
from portal.core.sent.versions import require_version
from portal.register.agencies import names_of, tidy_code
from portal.register.workflow import where_it_stands

#: what a change may give an agency
COLUMNS = ("kind", "name", "full_name", "code", "district_id")


@dataclass(frozen=True)
class Given:
    """What a change gives an agency; ``field``: what a form puts before the names of its fields."""

    kind: AgencyKind
    name: str
    code: str | None
    district_id: int
    agency_id: int | None = None
    field: str = ""

    def row(self) -> dict[str, Any]:
        """As the draft keeps it. Raises Refused, with the field, for a name or a code that is none."""
        try:
            name, full_name = names_of(self.kind, self.name)
        except Refused as refused:
            raise Refused(refused.message_id, field=f"{self.field}name", **refused.values) from None
        try:
            code = tidy_code(self.code)
        except Refused as refused:
            raise Refused(refused.message_id, field=f"{self.field}code", **refused.values) from None
        values = {"kind": self.kind.value, "name": name, "full_name": full_name, "code": code}
        return {"agency": self.agency_id, **values, "district_id": self.district_id}


@dataclass(frozen=True)
class Wanted:
    """A change as somebody describes it."""

    sort: ChangeSort
    holds_from: date
    rests_on: str
    sides: Mapping[int, PartSide]
    given: Sequence[Given] = field(default_factory=tuple)


def change_or_404(change_id: int) -> AgencyChange:
    """A change in the actor's scope, with its agencies. Raises NotFound."""
    parts = selectinload(AgencyChange.parts).joinedload(AgencyChangePart.agency)
    return get_or_404(AgencyChange, change_id, parts)


def draft(agency: Agency, wanted: Wanted, *, actor: Actor) -> AgencyChange:
    """Begin the draft of a change of this agency; flushed.

    Raises Refused, with the field of the form, where it cannot be, and where an agency waits for another one.
    """
    planned = _checked(wanted, agency.province_id)
    change = AgencyChange(
        province_id=agency.province_id, sort=wanted.sort, made_at=clock.now(), made_by_id=actor.account_id
    )
    change.state = ChangeState.DRAFT
    _write(change, wanted, planned)
    db.session.add(change)
    db.session.flush()
    note(db.session(), change, "draft")
    return change


def redraft(change: AgencyChange, wanted: Wanted, *, seen_version: int | None) -> None:
    """Change a draft. Raises Refused, also where it is no draft any more, and Stale."""
    hold(change)
    require_version(change, seen_version)
    _require_draft(change)
    planned = _checked(wanted, change.province_id, change_id=change.id)
    _write(change, wanted, planned)
    change.touch()
    db.session.flush()
    note(db.session(), change, "draft")


def discard(change: AgencyChange) -> None:
    """Throw a draft away. Raises Refused where it is none any more."""
    hold(change)
    _require_draft(change)
    note(db.session(), change, "discard")
    db.session.delete(change)
    db.session.flush()


def note(session: Session, change: AgencyChange, act: str, **more: Any) -> None:
    """Write an act on a change into the record, in the chain of its province."""
    said = {
        "sort": change.sort.value,
        "holds_from": change.holds_from.isoformat(),
        "rests_on": change.rests_on,
        "agencies": {str(part.agency_id): part.side.value for part in change.parts},
        **more,
    }
    chain = f"province:{change.province_id}"
    act = f"agency_change.{act}"
    audit.record(session, act=act, thing="agency_change", row=change.id, chain=chain, after=said)


def refuse_taken(session: Session, rows: Sequence[Mapping[str, Any]], fields: Sequence[str] = ()) -> None:
    """Raises Refused where another agency of the register, or of these rows, has a code or a name already.

    ``fields``: what the form puts before the names of each row's fields.
    """
    seen: set[Any] = set()
    for row, before in zip(rows, fields or [""] * len(rows), strict=True):
        names = [row["code"], (row["district_id"], row["full_name"])]
        for column, name in zip(("code", "name"), names, strict=True):
            if name is not None and (name in seen or _has(session, row, column)):
                raise Refused(_TAKEN[column], field=f"{before}{column}", name=row["full_name"])
        seen.update(names)


_TAKEN = {
    "code": "Another agency has this code",
    "name": "“%(name)s” is in the register of this district already",
}


def _has(session: Session, row: Mapping[str, Any], column: str) -> bool:
    same_name = and_(Agency.district_id == row["district_id"], Agency.full_name == row["full_name"])
    same = Agency.code == row["code"] if column == "code" else same_name
    query = select(Agency.id).where(same, Agency.id != (row["agency"] or 0)).limit(1)
    with session.no_autoflush:
        return session.scalar(query) is not None


def _require_draft(change: AgencyChange) -> None:
    if change.state is not ChangeState.DRAFT:
        raise where_it_stands(change)


def _checked(wanted: Wanted, province_id: int, *, change_id: int | None = None) -> list[dict[str, Any]]:
    """What the draft keeps of what is given. Raises Refused where the change cannot be."""
    session = db.session()
    keys = list(wanted.sides)
    found = session.scalars(
        select(Agency).where(Agency.id.in_(keys), Agency.province_id == province_id)
    ).all()
    if len(found) != len(keys):
        raise Refused("An agency of this change is not in the province any more: choose again")
    idle = [one.full_name for one in found if not one.active]
    if idle:
        raise Refused("Out of use, so nothing becomes of it: %(names)s", names=", ".join(idle))
    _refuse_waiting(session, found, change_id)
    rows = [one.row() for one in wanted.given]
    fields = [one.field for one in wanted.given]
    _require_district(session, rows, fields, province_id)
    refuse_taken(session, rows, fields)
    if wanted.sort is ChangeSort.RENEWED and all(
        value_of(found[0], name) == rows[0][name] for name in COLUMNS
    ):
        raise Refused("Nothing of the agency would become another: change its name, kind, code or district")
    return rows


def value_of(agency: Agency, name: str) -> Any:
    """A value of the register as a draft keeps it."""
    value = getattr(agency, name)
    return value.value if isinstance(value, AgencyKind) else value


def _require_district(
    session: Session, rows: Sequence[Mapping[str, Any]], fields: Sequence[str], province_id: int
) -> None:
    query = select(District.id).where(
        District.province_id == province_id, District.id.in_([row["district_id"] for row in rows])
    )
    here = set(session.scalars(query))
    for row, before in zip(rows, fields, strict=True):
        if row["district_id"] not in here:
            raise Refused("Choose a district of the province", field=f"{before}district")


def _refuse_waiting(session: Session, agencies: Sequence[Agency], change_id: int | None) -> None:
    """Name what waits already; who is as fast as another meets the rule of the database."""
    query = select(AgencyChangePart.agency_id).where(
        AgencyChangePart.agency_id.in_([one.id for one in agencies]),
        AgencyChangePart.state.in_([state for state in ChangeState if state.is_open]),
        AgencyChangePart.change_id != (change_id or 0),
    )
    waiting = set(session.scalars(query))
    if waiting:
        names = ", ".join(one.full_name for one in agencies if one.id in waiting)
        raise Refused("Another change of it waits already: %(names)s", names=names)


def _write(change: AgencyChange, wanted: Wanted, planned: list[dict[str, Any]]) -> None:
    change.holds_from, change.rests_on, change.planned = wanted.holds_from, wanted.rests_on, planned
    kept = {part.agency_id: part for part in change.parts}
    change.parts = [
        kept.get(key) or AgencyChangePart(agency_id=key, province_id=change.province_id, state=change.state)
        for key in wanted.sides
    ]
    for part in change.parts:
        part.side = wanted.sides[part.agency_id]
