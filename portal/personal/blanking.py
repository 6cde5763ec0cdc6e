"""What is left of a row of a roster without its person, and the copies of rosters that go with it.

A blank text is sealed as any other: readers, those of an earlier programme too, find no letters in it. Who
looks at the database alone sees it by its length, which the rule of migration 0035 asks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import LargeBinary, String, cast, delete, or_, select, update
from sqlalchemy.orm import Session, joinedload

from models.account import Grant
from models.kept_form import KeptForm
from models.letter import StoredFile
from models.participation import Participation
from models.personal import DataRequest, RequestKind, RequestOutcome
from models.roster import RosterEntry, RosterJudgement
from portal.core import clock, vault
from portal.core.database.session import privileged, writing
from portal.core.files import ROSTER_BEFORE_IMPORT, ROSTER_TO_IMPORT, name_about
from portal.core.sent import kept
from portal.rosters.importing import SEALED

COPIES = (ROSTER_TO_IMPORT, ROSTER_BEFORE_IMPORT)
#: so long ago an answer is looked at once more: longer than a worker is away
LOOKED_BACK = timedelta(days=14)


def blank_row(entry: RosterEntry) -> None:
    """Take the person out of one row; nothing where that was done. Group and number stay."""
    if entry.erased_at is not None:
        return
    for column, value in _empty(entry.participation_id).items():
        setattr(entry, column, value)
    entry.fingerprint, entry.erased_at = str(entry.number).encode(), clock.now()


def blank_all(session: Session, participation_id: int) -> int:
    """Take everybody out of the rows of a roster; gives how many still had a person."""
    rows = update(RosterEntry).where(
        RosterEntry.participation_id == participation_id, RosterEntry.erased_at.is_(None)
    )
    result: Any = session.execute(
        rows.values(
            **_empty(participation_id),
            # it differs from row to row, and says nothing of anybody
            fingerprint=cast(cast(RosterEntry.number, String(12)), LargeBinary),
            erased_at=clock.now(),
            version=RosterEntry.version + 1,
        ),
        execution_options={"synchronize_session": False},
    )
    return int(result.rowcount)


def blank_notes(session: Session, participation_ids: Sequence[int]) -> None:
    """Take away what assessors wrote about these rosters: which names are missing, and the like."""
    notes = update(RosterJudgement).where(
        RosterJudgement.participation_id.in_(participation_ids), RosterJudgement.note != ""
    )
    session.execute(
        notes.values(note="", version=RosterJudgement.version + 1),
        execution_options={"synchronize_session": False},
    )


def _empty(participation_id: int) -> dict[str, bytes]:
    return {
        f"{column}_sealed": vault.seal("", row_context=vault.roster_context(participation_id, column))
        for column in SEALED
    }


def drop_copies(
    session: Session, participations: Sequence[Participation], *, before: datetime | None = None
) -> int:
    """Delete what is kept of these rosters besides their rows; gives how many files and forms.

    Files between a dry run and its import, rosters as they were before one, and forms that came after their
    session had ended; with ``before`` those made until then. Needs a privileged session: they are other
    people's.
    """
    about = [StoredFile.name.startswith(name_about(one.id, ""), autoescape=True) for one in participations]
    old = delete(StoredFile).where(StoredFile.content_type.in_(COPIES), or_(*about))
    if before is not None:
        old = old.where(StoredFile.created_at <= before)
    files: Any = session.execute(old, execution_options={"synchronize_session": False})
    return int(files.rowcount) + _drop_kept_forms(session, participations, before)


def drop_answered() -> int:
    """Delete copies of rosters from before a correction or removal that was answered of late; gives how many.

    The agency itself cannot: they are other people's. It is done again until nothing from before can be left.
    """
    with writing(), privileged("copies of rosters from before a correction") as session:
        answered = select(DataRequest).where(
            DataRequest.outcome == RequestOutcome.DONE,
            DataRequest.kind.in_((RequestKind.CORRECT, RequestKind.REMOVE)),
            DataRequest.answered_at > clock.now() - LOOKED_BACK,
        )
        requests = session.scalars(answered.options(joinedload(DataRequest.participation))).all()
        return sum(drop_copies(session, [one.participation], before=one.answered_at) for one in requests)


def _drop_kept_forms(
    session: Session, participations: Sequence[Participation], before: datetime | None
) -> int:
    """Forms kept over the end of a session on pages where people of these rosters are typed."""
    query = (
        select(KeptForm, Grant.agency_id)
        .join(Grant, Grant.id == KeptForm.grant_id)
        .where(Grant.agency_id.in_([one.agency_id for one in participations]))
    )
    if before is not None:
        query = query.where(KeptForm.created_at <= before)
    held = session.execute(query).all()
    if not held:
        return 0
    addresses = _addresses(session, participations)
    dropped = 0
    for form, agency_id in held:
        if kept.is_of(form, addresses.get(agency_id or 0, [])):
            session.delete(form)
            dropped += 1
    session.flush()
    return dropped


def _addresses(session: Session, participations: Iterable[Participation]) -> dict[int, list[str]]:
    """The pages with a form for one person of the roster, by agency."""
    found: dict[int, list[str]] = defaultdict(list)
    for one in participations:
        roster = f"/rounds/{one.round_id}/preparation/roster"
        entries = session.scalars(select(RosterEntry.id).where(RosterEntry.participation_id == one.id))
        asked = session.scalars(select(DataRequest.id).where(DataRequest.participation_id == one.id))
        found[one.agency_id] += [
            f"{roster}/new",
            *(f"{roster}/{entry_id}" for entry_id in entries),
            *(f"/rounds/{one.round_id}/personal/requests/{key}/correct" for key in asked),
        ]
    return found
