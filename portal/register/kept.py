"""Imports of the register that were made: what each changed, and taking one back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session, undefer

from models.account import Grant
from models.agency import Agency
from models.agency_change import AgencyChangePart
from models.descriptive import FieldOwner
from models.kinds import AGENCY_KINDS, AGENCY_SIZES, AgencyKind, AgencySize
from models.participation import Participation
from models.register_import import RegisterImport
from portal.core import audit, clock, described_files
from portal.core.described import PREFIX
from portal.core.errors import NotFound, Refused
from portal.register import contact_columns
from portal.register.plan import FIELDS, NewAgency, RegistryPlan
from portal.register.writing import one_after_the_other, rewrite

Values = dict[str, Any]
#: contacts by agency, and of a new one: its id, its province, what its row says
Contacts = Mapping[int, Mapping[str, str]]
NewContacts = tuple[int, int, Mapping[str, str]]


@dataclass
class Undone:
    """What taking back did: agencies restored, removed, and the names of those that were left as they are."""

    restored: int = 0
    removed: int = 0
    left: list[str] = field(default_factory=list)


def highest_agency(session: Session) -> int:
    """The largest id of an agency so far; no id is ever given out twice."""
    return session.scalar(select(func.max(Agency.id))) or 0


def keep_import(
    session: Session, plan: RegistryPlan, *, after_id: int, account_id: int | None
) -> RegisterImport:
    """Keep what an applied plan changed; agencies with ids above ``after_id`` were made by it. Flushed."""
    made = {_name_of(row.parsed.code, row.place.district_id, row.parsed.full_name) for row in plan.new}
    columns = [Agency.id, Agency.described, *(getattr(Agency, name) for name in FIELDS)]
    rows = session.execute(select(*columns).where(Agency.id > after_id).order_by(Agency.id)).all()
    new = [
        {"id": row.id, "before": None, "after": _whole(row)}
        for row in rows
        if _name_of(row.code, row.district_id, row.full_name) in made
    ]
    changed = [
        {
            "id": row.agency_id,
            "before": {name: plain(pair[0]) for name, pair in row.changes.items()},
            "after": {name: plain(pair[1]) for name, pair in row.changes.items()},
        }
        for row in plan.changed
    ]
    kept = RegisterImport(
        file_name=plan.name[:200],
        sha256=plan.sha256,
        imported_at=clock.now(),
        account_id=account_id,
        counts=plan.counts,
        changes=[*new, *changed],
    )
    session.add(kept)
    session.flush()
    return kept


def new_agencies(session: Session, plan: RegistryPlan, *, after_id: int) -> Iterator[tuple[int, NewAgency]]:
    """The rows that say something of descriptive fields and made an agency, each with its agency's id."""
    said = {
        _name_of(row.parsed.code, row.place.district_id, row.parsed.full_name): row
        for row in plan.new
        if row.parsed.described
    }
    if not said:
        return
    query = select(Agency.id, Agency.code, Agency.district_id, Agency.full_name).where(Agency.id > after_id)
    for one in session.execute(query).all():
        if (row := said.get(_name_of(one.code, one.district_id, one.full_name))) is not None:
            yield one.id, row


def contacts_of_new(session: Session, plan: RegistryPlan, *, after_id: int) -> Iterator[NewContacts]:
    """The contacts that the rows of new agencies say, each with its agency's id and province."""
    said = {
        _name_of(row.parsed.code, row.place.district_id, row.parsed.full_name): row.parsed.contacts
        for row in plan.new
        if row.parsed.contacts
    }
    if not said:
        return
    query = select(Agency.id, Agency.province_id, Agency.code, Agency.district_id, Agency.full_name)
    for row in session.execute(query.where(Agency.id > after_id)):
        if (contacts := said.get(_name_of(row.code, row.district_id, row.full_name))) is not None:
            yield row.id, row.province_id, contacts


def undo_import(session: Session, import_id: int, *, account_id: int | None) -> Undone:
    """Take an import back: what it changed and made becomes as it was before it.

    An agency that was changed since, or that is in a round, has people or is in a change, is left and named.
    Needs a session of the whole country. Raises NotFound, Refused where it was taken back already.
    """
    one_after_the_other(session)
    query = select(RegisterImport).where(RegisterImport.id == import_id).with_for_update()
    kept = session.scalar(query.options(undefer(RegisterImport.changes)))
    if kept is None:
        raise NotFound
    if kept.undone_at is not None:
        raise Refused("This import was taken back already")
    keys = [change["id"] for change in kept.changes]
    agencies = {
        row.id: row
        for some in _portions(keys)
        for row in session.scalars(select(Agency).where(Agency.id.in_(some)).with_for_update())
    }
    contacts = contact_columns.kept(session, agencies)
    used = _in_use(session, [change["id"] for change in kept.changes if change["before"] is None])
    undone, restored, removed = Undone(), [], []
    for change in kept.changes:
        agency = agencies.get(change["id"])
        if agency is None:
            continue
        if not _is_as_imported(agency, contacts, change["after"]) or agency.id in used:
            undone.left.append(agency.full_name)
        elif change["before"] is None:
            removed.append(agency)
        else:
            restored.append((agency, change["before"]))
    undone.restored, undone.removed = len(restored), len(removed)
    audit.write(session, list(_events(kept, restored, removed)))
    with audit.unrecorded(session):
        for some in _portions([agency.id for agency in removed]):
            session.execute(delete(Agency).where(Agency.id.in_(some)))
        rewrite(session, ((agency.id, {**_values(agency), **_real(before)}) for agency, before in restored))
        contact_columns.write(
            session, ((agency.id, agency.province_id, before) for agency, before in restored)
        )
        described_files.write(
            session, FieldOwner.AGENCY, ((agency.id, before) for agency, before in restored)
        )
        session.expire_all()
    kept.undone_at, kept.undone_by_id = clock.now(), account_id
    session.flush()
    return undone


def plain(value: Any) -> Any:
    """A value of the register as it is kept and recorded."""
    return value.value if isinstance(value, AgencyKind | AgencySize) else value


def _real(values: Mapping[str, Any]) -> Values:
    """Kept values as the register's columns take them."""
    typed, _contacts = contact_columns.apart(values)
    if "kind" in typed:
        typed["kind"] = AGENCY_KINDS(typed["kind"])
    if typed.get("size") is not None:
        typed["size"] = AGENCY_SIZES(typed["size"])
    return typed


def _whole(row: Any) -> Values:
    """All that a new agency has, as it is kept."""
    described = {f"{PREFIX}{key}": value for key, value in (row.described or {}).items()}
    return {**{name: plain(getattr(row, name)) for name in FIELDS}, **described}


def _values(agency: Agency) -> Values:
    return {name: getattr(agency, name) for name in FIELDS}


def _is_as_imported(agency: Agency, contacts: Contacts, after: Mapping[str, Any]) -> bool:
    register, said = contact_columns.apart(after)
    kept = contacts.get(agency.id, {})
    described = described_files.apart(after)[1]
    if any((agency.described or {}).get(key) != value for key, value in described.items()):
        return False
    return all(plain(getattr(agency, name)) == value for name, value in register.items()) and all(
        kept.get(name, "") == value for name, value in said.items()
    )


def _name_of(code: str | None, district_id: int, full_name: str) -> object:
    return code or (district_id, full_name)


def _in_use(session: Session, keys: list[int]) -> set[int]:
    ids: set[int] = set()
    for some in _portions(keys):
        in_round = select(Participation.id).where(Participation.agency_id == Agency.id)
        has_people = select(Grant.id).where(Grant.agency_id == Agency.id)
        changes = select(AgencyChangePart.change_id).where(AgencyChangePart.agency_id == Agency.id)
        used = or_(in_round.exists(), has_people.exists(), changes.exists())
        query = select(Agency.id).where(Agency.id.in_(some), used)
        ids.update(session.scalars(query))
    return ids


def _portions(keys: list[int], size: int = 500) -> Iterator[list[int]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


def _events(
    kept: RegisterImport, restored: Iterable[tuple[Agency, Mapping[str, Any]]], removed: Iterable[Agency]
) -> Iterator[audit.Entry]:
    """One event per province that the agencies lie in now."""
    provinces: dict[int, dict[str, Any]] = {}

    def place(agency: Agency) -> dict[str, Any]:
        return provinces.setdefault(agency.province_id, {"changed": {}, "before": {}, "removed": {}})

    for agency, before in restored:
        now = contact_columns.apart(before)[0]
        said = described_files.apart(before)[1]
        held = {f"{PREFIX}{key}": (agency.described or {}).get(key) for key in said}
        plain_now = {name: plain(getattr(agency, name)) for name in now}
        place(agency)["before"][str(agency.id)] = {**plain_now, **held}
        place(agency)["changed"][str(agency.id)] = dict(before)
    for agency in removed:
        place(agency)["removed"][str(agency.id)] = agency.full_name
    for province_id, one in sorted(provinces.items()):
        yield audit.Entry(
            chain=f"province:{province_id}",
            act="registry.undo",
            thing="agency",
            row="",
            before={**one["before"], **one["removed"]},
            after={"changed": one["changed"], "removed": len(one["removed"]), "file": kept.file_name},
        )
