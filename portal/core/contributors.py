"""Nobody judges what they entered themselves, whatever right they hold now.

Who changes a row of a part under the permission by which it is entered (``SEPARATED`` in core/access) is
noted by the flush itself, so that no service can forget it. Who judges asks ``own_work`` first.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from models.contributor import Contributor, Part
from models.correction import HeadcountCorrection
from models.disclosure import Disclosure, DisclosureAnswer, DisclosureLink
from models.participation import Participation
from models.roster import RosterEntry
from portal.core import clock
from portal.core.access import GRANTS, SEPARATED, Actor, Permission, current_actor
from portal.core.database.inserting import insert_into
from portal.core.database.session import ScopedSession, db
from portal.core.errors import Refused

#: whose rows make up a part; an import that writes rosters in bulk changes the participation with them
PART_OF: dict[type[Any], Part] = {
    Participation: Part.PREPARATION,
    RosterEntry: Part.PREPARATION,
    HeadcountCorrection: Part.PREPARATION,
    Disclosure: Part.DISCLOSURE,
    DisclosureAnswer: Part.DISCLOSURE,
    DisclosureLink: Part.DISCLOSURE,
}


def own_work(
    permission: Permission, row: Participation | Disclosure | HeadcountCorrection, actor: Actor | None = None
) -> Refused | None:
    """Why the actor (else who sits here) may not use a judging permission on a row; None where they may."""
    actor = actor or current_actor()
    parts = [part for part, rule in SEPARATED.items() if permission in rule.judged_by]
    if actor is None or not parts:
        return None
    key = row.id if isinstance(row, Participation) else row.participation_id
    entered = select(Contributor.id).where(
        Contributor.participation_id == key,
        Contributor.account_id == actor.account_id,
        Contributor.part.in_(parts),
    )
    with db.session.no_autoflush:
        if db.session.scalar(entered.limit(1)) is None:
            return None
    return Refused("You entered or sent a part of these data yourself: somebody else has to judge them")


@event.listens_for(ScopedSession, "after_flush")
def _note(session: Session, _context: Any) -> None:
    actor = current_actor()
    if actor is None or actor.role is None or actor.account_id is None:
        return
    mine = {part for part, rule in SEPARATED.items() if rule.entered_by in GRANTS[actor.role]}
    if not mine:
        return
    touched: dict[tuple[int, Part], Any] = {}
    for obj in (*session.new, *session.dirty, *session.deleted):
        part = PART_OF.get(type(obj))
        if part in mine and part is not None and (obj not in session.dirty or session.is_modified(obj)):
            touched[obj.id if isinstance(obj, Participation) else obj.participation_id, part] = obj
    for (participation_id, part), obj in touched.items():
        _insert(
            session,
            participation_id=participation_id,
            agency_id=obj.agency_id,
            province_id=obj.province_id,
            part=part,
            account_id=actor.account_id,
            first_at=clock.now(),
        )


def _insert(session: Session, **values: Any) -> None:
    """Once per person and part, also where two of the person's windows act at the same moment."""
    row = insert_into(session, Contributor).values(**values).on_conflict_do_nothing()
    session.connection().execute(row.inline())
