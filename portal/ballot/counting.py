"""Which counts of answers a desk reads: its agency's own people those of the last quarter of an hour.

Whoever watches a counter move at an office of forty people sees who has just answered. So the worker copies
the counters once a quarter of an hour, at its beginning, and an agency's desks read the copies; the counters
themselves are in no scope of theirs (``portal/core/scopes.py``). Where the worker is away the copies grow
old, and say so: nobody at a desk can bring a copy about. ADR 53.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from models.survey import AnswerCount, CountedMoment, QuarterCount
from portal.core import clock
from portal.core.database.inserting import insert_into
from portal.core.database.session import db, privileged, writing
from portal.core.scopes import Reach

QUARTER = timedelta(minutes=15)
#: a worker that comes later waits for the next quarter: two copies are never close to one another
AT_ITS_BEGINNING = timedelta(minutes=2)

#: counters of one transaction: who answers meanwhile waits for no more of them
PIECE = 500
_KEY = ["participation_id", "instrument", "channel"]

Counts = type[AnswerCount] | type[QuarterCount]


def counts_seen(session: Session) -> Counts:
    """The counters that a session reads: an agency's own desk the copies, all others what is true now."""
    scope = session.info.get("scope")
    return QuarterCount if scope is not None and scope.reach is Reach.AGENCY else AnswerCount


def counted_at() -> datetime | None:
    """Since when the copies stand; None before the first."""
    return db.session.scalar(select(CountedMoment.at))


def quarter_of(moment: datetime) -> datetime:
    """The quarter of an hour that a moment lies in, by its beginning."""
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)


def copy_counts(machine: datetime | None = None) -> int | None:
    """Copy what has changed since the last quarter of an hour; gives how many counters.

    None, and nothing is done, when the quarter has begun a while ago (by the machine's time, which may be
    given): the next one is waited for. The first copy of all is made at once.
    """
    machine = machine or clock.machine()
    late = machine - quarter_of(machine)
    with privileged("counters that have moved in a quarter of an hour") as session:
        if late > AT_ITS_BEGINNING and session.scalar(select(CountedMoment.id)) is not None:
            return None
        rows = [dict(row) for row in session.execute(_moved()).mappings()]
    for start in range(0, len(rows), PIECE):
        with writing(), privileged("counts of a quarter of an hour") as session:
            put = insert_into(session, QuarterCount.__table__)
            put = put.on_conflict_do_update(index_elements=_KEY, set_={"count": put.excluded.count})
            session.connection().execute(put, rows[start : start + PIECE])
    with writing(), privileged("the quarter of an hour that was counted") as session:
        moment = insert_into(session, CountedMoment).values(id=1, at=quarter_of(clock.now()))
        session.execute(
            moment.on_conflict_do_update(index_elements=[CountedMoment.id], set_={"at": moment.excluded.at})
        )
    return len(rows)


def _moved() -> Select[Any]:
    """The counters that differ from their copies, by the columns of a copy."""
    names = ("participation_id", "instrument", "channel", "agency_id", "province_id", "count")
    same = and_(
        QuarterCount.participation_id == AnswerCount.participation_id,
        QuarterCount.instrument == AnswerCount.instrument,
        QuarterCount.channel == AnswerCount.channel,
    )
    differs = or_(QuarterCount.participation_id.is_(None), QuarterCount.count != AnswerCount.count)
    return (
        select(*(getattr(AnswerCount, name) for name in names)).outerjoin(QuarterCount, same).where(differs)
    )
