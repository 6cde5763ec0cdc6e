"""The check of the record's chains, as a job that its reader starts."""

from __future__ import annotations

from sqlalchemy import func, select

from models.audit import AuditEvent, AuditHead
from portal.core import audit
from portal.core.access import Permission as P
from portal.core.database.session import privileged
from portal.core.jobs.kinds import JobContext, JobFailed, job_kind
from portal.core.texts import _

VERIFY = "record.verify"


@job_kind(VERIFY, permission=P.RECORD_READ)
def verify(context: JobContext) -> None:
    """Walk every chain. Fails with the first event that does not fit its chain."""
    with privileged("verifying the record") as session:
        events = session.scalar(select(func.count(AuditEvent.id))) or 0
        chains = session.scalar(select(func.count(AuditHead.chain))) or 0
        broken = audit.first_broken(session)
    if broken is not None:
        raise JobFailed(
            "The record is broken in chain %(chain)s at event %(number)s: keep a copy of the database and "
            "tell the NACC",
            chain=broken[0],
            number=broken[1],
        )
    words = _("All %(chains)s chains fit, with %(events)s events", chains=f"{chains:,}", events=f"{events:,}")
    context.finish({"words": words})
