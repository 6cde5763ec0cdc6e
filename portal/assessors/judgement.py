"""The assessor's judgement whether a roster represents the agency's public (letter of 2561, 2.2)."""

from __future__ import annotations

from sqlalchemy import select

from models.participation import Participation
from models.roster import RosterJudgement, RosterVerdict, SampleDraw
from portal.assessors.workflow import stage_is_open
from portal.ballot.on_site import make_on_site_link, take_back_on_site_link
from portal.core import audit, clock
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.contributors import own_work
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.lookup import hold
from portal.core.sent.versions import require_version

#: verdicts after which a sample may be drawn
ENOUGH = frozenset({RosterVerdict.REPRESENTATIVE, RosterVerdict.COLLECT_ON_SITE})


def judgement_of(participation: Participation) -> RosterJudgement | None:
    """The judgement of a participation's roster, None before it."""
    return db.session.scalars(
        select(RosterJudgement).where(RosterJudgement.participation_id == participation.id)
    ).one_or_none()


def draw_of(participation: Participation) -> SampleDraw | None:
    """The sample that was drawn from a participation's roster, None before it."""
    return db.session.scalars(
        select(SampleDraw).where(SampleDraw.participation_id == participation.id)
    ).one_or_none()


def is_outdated(participation: Participation, judgement: RosterJudgement) -> bool:
    """True where the roster changed after it was judged."""
    return participation.roster_at is not None and participation.roster_at > judgement.judged_at


def require_confirmed(participation: Participation) -> None:
    """Raises Refused while the executive has not confirmed the data."""
    if not participation.is_confirmed:
        raise Refused("The executive of this agency has not confirmed the data yet")


def why_not_judge(participation: Participation) -> Refused | None:
    """Why the roster cannot be judged now, None where it can."""
    try:
        _require_judgeable(participation)
    except Refused as refused:
        return refused
    return own_work(P.ROSTER_JUDGE, participation)


def judge(
    participation: Participation,
    verdict: RosterVerdict,
    *,
    note: str,
    actor: Actor,
    seen_version: int | None = None,
) -> RosterJudgement:
    """Note the judgement, or change it as long as no sample was drawn.

    Raises NotFound where the actor may not judge, Closed outside the interview stage, Refused before the
    executive's confirmation, after the draw, or once answers were collected at the office, Stale where it was
    judged since the page was made.
    """
    if not can(actor, P.ROSTER_JUDGE, participation):
        raise NotFound
    hold(participation)
    _require_judgeable(participation)
    own = own_work(P.ROSTER_JUDGE, participation, actor)
    if own is not None:
        raise own
    stored = judgement_of(participation)
    require_version(stored, seen_version)
    judgement = stored or RosterJudgement(participation_id=participation.id)
    on_site = verdict is RosterVerdict.COLLECT_ON_SITE
    with audit.act("roster.judge"):
        if not on_site:
            take_back_on_site_link(participation)
        judgement.verdict = verdict
        judgement.note = note.strip()
        judgement.judged_at = clock.now()
        db.session.add(judgement)
        db.session.flush()
        if on_site:
            make_on_site_link(participation)
    return judgement


def _require_judgeable(participation: Participation) -> None:
    stage_is_open(participation)
    require_confirmed(participation)
    if draw_of(participation) is not None:
        raise Refused("A sample has been drawn: the judgement stands")
