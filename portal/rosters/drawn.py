"""The draw of a roster's sample as anybody concerned may check it.

Seed and roster together tell who is called: while the interviews run an agency could speak to exactly those.
So its people see the draw once the interviews are over; who draws and NACC see it at once.
"""

from __future__ import annotations

from sqlalchemy import select

from models.participation import Participation
from models.roster import SampleDraw
from models.round import Stage
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.stages import stage_of


def checkable_draw(participation: Participation, actor: Actor) -> SampleDraw | None:
    """The draw with its seed, None before it and while this person may not see it."""
    at_once = can(actor, P.INTERVIEW_RECORD, participation) or can(actor, P.BOXES_CLOSE)
    if not at_once and not stage_of(participation, Stage.EIT_INTERVIEW).is_over:
        return None
    query = select(SampleDraw).where(SampleDraw.participation_id == participation.id)
    return db.session.scalars(query).one_or_none()
