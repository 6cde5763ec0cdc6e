"""Since when the counts of answers stand that a desk reads, in words."""

from __future__ import annotations

from models.survey import AnswerCount
from models.thai import local_day, thai_datetime, thai_time
from portal.ballot.counting import counted_at, counts_seen
from portal.core import clock
from portal.core.database.session import db
from portal.core.texts import _


def counted_words() -> str:
    """What stands beside counts on an agency's own screens; "" where they are those of now."""
    if counts_seen(db.session()) is AnswerCount:
        return ""
    at = counted_at()
    if at is None:
        return _("The first count of answers comes within a quarter of an hour")
    if local_day(at) == local_day(clock.now()):
        return _("as of %(time)s", time=thai_time(at))
    return _("as of %(day)s", day=thai_datetime(at))
