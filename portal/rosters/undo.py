"""Taking back the last import of a roster: the rows as they were before are kept, as sealed as they lay.

They are kept for the person who imported, until the next import or until the data are sent on.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from models.letter import StoredFile
from models.participation import Participation
from models.roster import CIPHERED, RosterEntry
from portal.core import audit, clock, vault
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.files import ROSTER_BEFORE_IMPORT, ROSTER_TO_IMPORT, forget, keep, name_about, stored_file
from portal.core.lookup import hold
from portal.preparation.desk import note_presence, require_editable
from portal.rosters.importing import RosterPlan, apply_roster
from portal.rosters.rows import require_addable


def import_plan(participation: Participation, plan: RosterPlan, *, replace: bool, actor: Actor) -> int:
    """Import a plan's good rows and keep what was before; gives how many rows were written.

    Raises NotFound, Closed, Refused. Replacing needs data that are being entered; adding also goes when the
    assessor asked for more names.
    """
    hold(participation)
    (require_editable if replace else require_addable)(participation, actor)
    if not plan.taken(replace=replace):
        raise Refused("The file has no row that can be imported")
    before = _rows_now(participation)
    count = apply_roster(participation, plan, replace=replace)
    with audit.act("roster.import"):
        note_presence(participation)
        db.session.flush()
    kinds = (ROSTER_TO_IMPORT, ROSTER_BEFORE_IMPORT)
    forget(db.session(), *kinds, account_id=actor.account_id, about=name_about(participation.id, ""))
    _keep(participation, before, actor)
    return count


def can_undo(participation: Participation, actor: Actor) -> bool:
    """True while nothing of the roster has changed since this person's last import."""
    return _kept(participation, actor) is not None


def undo_import(participation: Participation, *, actor: Actor) -> int:
    """Put the rows back that were there before the last import; gives how many.

    Raises NotFound, Closed, Refused where the roster was changed since, or the data were sent on.
    """
    hold(participation)
    require_editable(participation, actor)
    file = _kept(participation, actor)
    if file is None:
        raise Refused("The last import can no longer be taken back, because the roster was changed since")
    kept = json.loads(vault.open_(file.content, row_context=_context(participation)))
    with audit.unrecorded(db.session()):
        db.session.execute(delete(RosterEntry).where(RosterEntry.participation_id == participation.id))
        db.session.add_all(RosterEntry(participation=participation, **_unpacked(row)) for row in kept["rows"])
        participation.roster_count = len(kept["rows"])
        participation.roster_at = datetime.fromisoformat(kept["at"]) if kept["at"] else None
        db.session.delete(file)
    audit.record(
        db.session(),
        act="roster.undo",
        thing="participation",
        row=participation.id,
        chain=f"agency:{participation.agency_id}",
        after={"rows": participation.roster_count},
    )
    return participation.roster_count


def _rows_now(participation: Participation) -> dict[str, Any]:
    query = select(RosterEntry).where(RosterEntry.participation_id == participation.id)
    rows = [_packed(row) for row in db.session.scalars(query.order_by(RosterEntry.number))]
    at = participation.roster_at
    return {"at": at.isoformat() if at else None, "rows": rows}


def _keep(participation: Participation, before: dict[str, Any], actor: Actor) -> None:
    sealed = vault.seal(json.dumps(before), row_context=_context(participation))
    file = stored_file(_stamp(participation), ROSTER_BEFORE_IMPORT, sealed)
    keep(db.session(), file, account_id=actor.account_id)


def _kept(participation: Participation, actor: Actor) -> StoredFile | None:
    query = select(StoredFile).where(
        StoredFile.account_id == actor.account_id,
        StoredFile.content_type == ROSTER_BEFORE_IMPORT,
        StoredFile.name == _stamp(participation),
    )
    return db.session.scalar(query)


def _stamp(participation: Participation) -> str:
    """The roster that an import left: another count or moment means that it was changed since."""
    at = participation.roster_at or clock.now()
    moment = at.astimezone(clock.UTC).isoformat(timespec="microseconds")
    return name_about(participation.id, f"{participation.roster_count}|{moment}")


def _packed(row: RosterEntry) -> dict[str, Any]:
    sealed = {column: b64encode(getattr(row, column)).decode() for column in CIPHERED}
    return {"number": row.number, "group_id": row.group_id, **sealed}


def _unpacked(row: dict[str, Any]) -> dict[str, Any]:
    return {key: b64decode(value) if key in CIPHERED else value for key, value in row.items()}


def _context(participation: Participation) -> bytes:
    return vault.roster_context(participation.id, "before")
