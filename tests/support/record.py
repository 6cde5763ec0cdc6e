"""The record as a test reads it: events of an act, past every wall."""

from __future__ import annotations

from sqlalchemy import select

from models.audit import AuditEvent
from portal.core.database.session import privileged


def events_of(act: str) -> list[AuditEvent]:
    """The events of an act in their order, detached (needs an application context)."""
    with privileged("a test reads the record") as session:
        found = session.scalars(select(AuditEvent).where(AuditEvent.act == act).order_by(AuditEvent.id)).all()
        session.expunge_all()
        return list(found)
