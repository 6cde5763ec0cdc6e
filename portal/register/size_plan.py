"""Size classes from a file, between their reading and taking them: what would change, and the way back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.letter import StoredFile
from models.place import Province
from portal.core import audit
from portal.core.access import Actor
from portal.core.errors import NotFound, Refused
from portal.core.files import SIZES_BEFORE_FILE, SIZES_TO_TAKE, keep, stored_file

LONGEST_NAME = 150


@dataclass(frozen=True)
class SizeChange:
    """A province that a file gives another size class."""

    province: Province
    before: str | None
    after: str | None


@dataclass(frozen=True)
class SizePlan:
    """What taking a file would do: provinces that change, and how many it names in all."""

    name: str
    changes: tuple[SizeChange, ...]
    named: int

    @property
    def seen(self) -> str:
        """What somebody saw who looked at the differences: the same for the same differences only."""
        return ",".join(f"{one.province.code}{one.before or '-'}{one.after or '-'}" for one in self.changes)


@dataclass(frozen=True)
class TakenFile:
    """A file that was taken and can be taken back."""

    file_id: int
    name: str
    taken_at: datetime
    number: int


def keep_sizes(session: Session, name: str, sizes: Mapping[int, str], *, actor: Actor) -> StoredFile:
    """Keep what a file says until it is taken or a day has passed; flushed."""
    said = {str(key): size for key, size in sizes.items()}
    return _keep(session, SIZES_TO_TAKE, name, said, actor)


def plan_of(session: Session, file_id: int, *, actor: Actor) -> SizePlan:
    """What the kept file would change now. Raises NotFound, also where a day has passed."""
    file = _kept(session, file_id, SIZES_TO_TAKE, actor)
    said = {int(key): size for key, size in json.loads(file.content).items()}
    query = select(Province).where(Province.id.in_(said)).order_by(Province.sort_key, Province.id)
    rows = session.scalars(query).all()
    changes = (SizeChange(row, row.size, said[row.id]) for row in rows if row.size != said[row.id])
    return SizePlan(file.name, tuple(changes), len(said))


def take(session: Session, file_id: int, *, seen: str, actor: Actor) -> int:
    """Give the provinces the size classes of the kept file; gives how many changed.

    Raises NotFound, Refused where the differences are no more those that were ``seen``.
    """
    plan = plan_of(session, file_id, actor=actor)
    if plan.seen != seen:
        raise Refused("The register was changed meanwhile: look at the differences again")
    if plan.changes:  # a file that changes nothing leaves the way back of the one before
        for old in session.scalars(_of(SIZES_BEFORE_FILE, actor)).all():
            session.delete(old)
        before = {str(one.province.id): [one.before, one.after] for one in plan.changes}
        _keep(session, SIZES_BEFORE_FILE, plan.name, before, actor)
    _give(session, "provinces.size", {one.province: one.after for one in plan.changes})
    session.delete(_kept(session, file_id, SIZES_TO_TAKE, actor))
    session.flush()
    return len(plan.changes)


def last_taken(session: Session, *, actor: Actor) -> TakenFile | None:
    """The last file that this person took, where it can be taken back."""
    file = session.scalars(_of(SIZES_BEFORE_FILE, actor).order_by(StoredFile.id.desc())).first()
    if file is None:
        return None
    return TakenFile(file.id, file.name, file.created_at, len(json.loads(file.content)))


def take_back(session: Session, file_id: int, *, actor: Actor) -> tuple[int, list[str]]:
    """Give the provinces their size classes of before the file; those that were changed since are left.

    Gives how many changed, and the names of those left. Raises Refused where it was taken back already.
    """
    try:
        file = _kept(session, file_id, SIZES_BEFORE_FILE, actor)
    except NotFound:
        raise Refused("This file was taken back already, or another one was taken after it") from None
    kept = {int(key): pair for key, pair in json.loads(file.content).items()}
    rows = session.scalars(select(Province).where(Province.id.in_(kept)).order_by(Province.sort_key)).all()
    back = {row: kept[row.id][0] for row in rows if row.size == kept[row.id][1]}
    _give(session, "provinces.size_back", back)
    session.delete(file)
    session.flush()
    return len(back), [row.name for row in rows if row not in back]


def _give(session: Session, act: str, sizes: Mapping[Province, str | None]) -> None:
    with audit.act(act):
        for province, size in sizes.items():
            province.size = size
        session.flush()


def _keep(session: Session, kind: str, name: str, said: Mapping[str, Any], actor: Actor) -> StoredFile:
    file = stored_file(name[:LONGEST_NAME], kind, json.dumps(said).encode())
    return keep(session, file, account_id=actor.account_id)


def _of(kind: str, actor: Actor) -> Any:
    return select(StoredFile).where(
        StoredFile.content_type == kind, StoredFile.account_id == actor.account_id
    )


def _kept(session: Session, file_id: int, kind: str, actor: Actor) -> StoredFile:
    file: StoredFile | None = session.scalar(_of(kind, actor).where(StoredFile.id == file_id))
    if file is None:
        raise NotFound
    return file
