"""The world before its first round."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Base

#: the tables that have rows before there is a round, and the one from which nothing is ever taken away
KEPT = {
    "account",
    "grant",
    "province",
    "district",
    "agency",
    "agency_kind",
    "agency_size",
    "sector",
    "assessor_body",
    "audit_event",
    "audit_head",
    "wording_correction",
}


def forget_rounds(session: Session) -> None:
    """Empty every table that has no rows before there is a round; in a database that is ``thawed``.

    From a table of the record nobody may delete: in these the world of tests has no rows.
    """
    for table in reversed(Base.metadata.sorted_tables):
        if table.name not in KEPT and session.execute(select(table).limit(1)).first() is not None:
            session.execute(table.delete())
