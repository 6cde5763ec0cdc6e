"""A lost password is answered by the code with which its person comes back, or by a newer one."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.onboarding import LostPassword, LostState
from portal.core import audit, clock
from portal.people.workflow import LOST


def close(session: Session, account_id: int, *, by: int | None = None) -> None:
    """Say that what an account asked for is answered; nothing where it asked for nothing.

    Done by the system, in its session: the code of an officer was used, or lies with the person.
    """
    query = select(LostPassword).where(
        LostPassword.account_id == account_id, LostPassword.state == LostState.WAITING
    )
    with audit.act("lost_password.answer"):
        for row in session.scalars(query.with_for_update(of=LostPassword)):
            target = LOST.transition("answer").target
            facts = {LOST.field: target, "decided_at": clock.now(), "decided_by_id": by}
            for field, value in facts.items():
                setattr(row, field, value)
        session.flush()
