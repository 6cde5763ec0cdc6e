"""Sealed rosters that lie between two acts of one person: read and not imported yet, or kept for undoing."""

from __future__ import annotations

from sqlalchemy import select

from models.letter import StoredFile
from portal.core.access import Actor
from portal.core.database.session import db
from portal.rosters.importing import KEPT_TYPE

#: content type of the rows as they were before an import, kept so that it can be taken back
BEFORE_TYPE = "application/x-roster-before-import"


def forget_kept(actor: Actor) -> None:
    """Drop both kinds of a person: other people's data are kept no longer than they are needed."""
    query = select(StoredFile).where(
        StoredFile.account_id == actor.account_id, StoredFile.content_type.in_((KEPT_TYPE, BEFORE_TYPE))
    )
    for file in db.session.scalars(query).all():
        db.session.delete(file)
    db.session.flush()
