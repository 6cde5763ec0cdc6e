"""A headcount found wrong after the confirmation: the admin asks, the executive confirms anew or declines.

Until then the old number stands. After it minima, targets and status follow by themselves: they read the
number. Letters that were issued keep what they said. Nothing is corrected once the agency's boxes were
opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, select

from models.correction import CorrectionState, HeadcountCorrection
from models.participation import Participation
from portal.ballot.closed_boxes import boxes_are_closed
from portal.core import audit, clock
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused, Stale
from portal.core.holders import require_executive
from portal.core.lookup import hold, one_or_404
from portal.core.sent.versions import require_version
from portal.core.workflow import fire, why_not
from portal.preparation.desk import LONGEST_REASON, headcount_version, require_headcount
from portal.preparation.workflow import CORRECTION, require_closed_boxes

NO_REASON = "Write why the number is corrected"


def open_correction(participation: Participation) -> HeadcountCorrection | None:
    """The correction that waits for the executive; None where none does."""
    return db.session.scalars(_of(participation).where(_IS_ASKED)).one_or_none()


def corrections_of(participation: Participation) -> Sequence[HeadcountCorrection]:
    """Every correction of an agency's headcount in its round, the newest first."""
    return db.session.scalars(_of(participation).order_by(HeadcountCorrection.id.desc())).all()


def correction_or_404(participation: Participation) -> HeadcountCorrection:
    """The correction that waits, else the newest that was decided. Raises NotFound where there was none."""
    newest = _of(participation).order_by(_IS_ASKED.desc(), HeadcountCorrection.id.desc())
    found: HeadcountCorrection = one_or_404(newest.limit(1))
    return found


def why_not_ask(participation: Participation) -> Refused | None:
    """Why the headcount is not corrected now; None where it can be."""
    try:
        _require_confirmed(participation)
        if open_correction(participation) is not None:
            raise Refused("A correction waits for the executive already: take it back before you ask anew")
        require_executive(participation)
    except Refused as refused:
        return refused
    return None


def ask(
    participation: Participation,
    headcount: int,
    reason: str,
    *,
    parts: Mapping[str, int] | None = None,
    seen: int | None = None,
    actor: Actor,
) -> HeadcountCorrection:
    """Ask the executive for another headcount. ``seen`` is the ``headcount_version`` of the page.

    Raises NotFound for another person's data, Stale, Refused where nothing is to be corrected or no more.
    """
    if not can(actor, P.PREPARATION_ENTER, participation):
        raise NotFound
    hold(participation)
    boxes_are_closed(participation, hold=True)
    refused = why_not_ask(participation)
    if refused is not None:
        raise refused
    if seen is not None and seen != headcount_version(participation):
        raise Stale
    require_headcount(headcount)
    if headcount == participation.headcount and parts == participation.headcount_parts:
        raise Refused("This is the number that stands already", field="headcount")
    if not reason.strip():
        raise Refused(NO_REASON, field="reason")
    correction = HeadcountCorrection(
        participation=participation,
        state=CorrectionState.ASKED,
        before=participation.headcount,
        after=headcount,
        parts_before=participation.headcount_parts,
        parts_after=dict(parts) if parts else None,
        reason=reason.strip()[:LONGEST_REASON],
        asked_at=clock.now(),
        asked_by=actor.name,
    )
    with audit.act("headcount.ask"):
        db.session.add(correction)
        db.session.flush()
    return correction


def withdraw(correction: HeadcountCorrection, *, actor: Actor) -> None:
    """The admin takes a correction back before it is decided. Raises Refused, NotFound."""
    _hold(correction, P.PREPARATION_ENTER, actor)
    fire(CORRECTION, correction, "withdraw", actor=actor, decided_at=clock.now(), decided_by=actor.name)


def confirm(correction: HeadcountCorrection, *, seen: int | None, actor: Actor) -> None:
    """The executive confirms: from now on the new number stands. ``seen``: the version of the page.

    Raises Refused once it was decided or the boxes were opened, Stale, NotFound.
    """
    participation = correction.participation
    _hold(correction, P.PREPARATION_CONFIRM, actor)
    boxes_are_closed(participation, hold=True)
    _require_seen(correction, seen)
    fire(CORRECTION, correction, "confirm", actor=actor, decided_at=clock.now(), decided_by=actor.name)
    with audit.act("headcount.confirm"):
        participation.headcount, participation.headcount_at = correction.after, correction.decided_at
        participation.headcount_parts = correction.parts_after


def decline(correction: HeadcountCorrection, reason: str, *, seen: int | None, actor: Actor) -> None:
    """The executive keeps the old number and says why. Raises Refused, Stale, NotFound."""
    if not reason.strip():
        raise Refused("Write why the old number stays", field="reason")
    _hold(correction, P.PREPARATION_CONFIRM, actor)
    _require_seen(correction, seen)
    fire(
        CORRECTION,
        correction,
        "decline",
        actor=actor,
        decided_at=clock.now(),
        decided_by=actor.name,
        decline_reason=reason.strip()[:LONGEST_REASON],
    )


def why_not_decide(correction: HeadcountCorrection, name: str, *, actor: Actor) -> Refused | None:
    """The reason why a step is not possible now; None where it is. Raises NotFound."""
    return why_not(CORRECTION, correction, name, actor=actor)


_IS_ASKED = HeadcountCorrection.state == CorrectionState.ASKED


def _of(participation: Participation) -> Select[HeadcountCorrection]:
    return select(HeadcountCorrection).where(HeadcountCorrection.participation_id == participation.id)


def _hold(correction: HeadcountCorrection, permission: P, actor: Actor) -> None:
    """Let acts on a correction and its number wait for one another. Raises NotFound for who may not act."""
    if not can(actor, permission, correction):
        raise NotFound
    hold(correction.participation)
    hold(correction)


def _require_confirmed(participation: Participation) -> None:
    if not participation.is_confirmed:
        raise Refused("The executive has not confirmed the data yet: change the number itself")
    require_closed_boxes(participation)


def _require_seen(correction: HeadcountCorrection, seen: int | None) -> None:
    if correction.state is CorrectionState.ASKED:
        require_version(correction, seen)
