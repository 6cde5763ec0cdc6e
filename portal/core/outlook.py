"""What the night's forecast said of agencies: for offices of the country and of provinces alone (ADR 55).

On PostgreSQL others have no right to the table: who asks here is one of these offices. The forecast is of
this morning; whether an agency lacks it still is for the asking subject to say.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, select

from models.outlook import Outlook, Why
from models.participation import Participation
from models.round import Stage
from models.thai import thai_date_short
from portal.core.database.session import db
from portal.core.texts import _


def named(stage: Stage) -> ColumnElement[bool]:
    """The condition on Participation that the forecast named it for a stage."""
    here = (Outlook.participation_id == Participation.id, Outlook.stage == stage, Outlook.why.is_not(None))
    return exists().where(*here).correlate(Participation)


def outlooks_of(participation_ids: Sequence[int]) -> dict[int, list[Outlook]]:
    """What was said of these agencies, of what they are likely to miss; one query."""
    query = select(Outlook).where(Outlook.participation_id.in_(participation_ids), Outlook.why.is_not(None))
    found: dict[int, list[Outlook]] = {}
    for row in db.session.scalars(query):
        found.setdefault(row.participation_id, []).append(row)
    return found


def why_words(outlook: Outlook) -> str:
    """Why an agency is likely to miss, in words."""
    if outlook.why is Why.NOT_BEGUN:
        return _("not begun yet")
    if outlook.why is Why.STALLED and outlook.moved_on is not None:
        return _(
            "nothing new since %(day)s, %(done)s of %(needed)s",
            day=thai_date_short(outlook.moved_on),
            done=outlook.done,
            needed=outlook.needed,
        )
    if outlook.expected >= outlook.needed:
        # the middle of what is expected is enough, the chance that it is not is too large
        return _(
            "%(done)s of %(needed)s, which may just not be enough by the last day",
            done=outlook.done,
            needed=outlook.needed,
        )
    return _(
        "at its pace %(expected)s of %(needed)s by the last day",
        expected=outlook.expected,
        needed=outlook.needed,
    )
