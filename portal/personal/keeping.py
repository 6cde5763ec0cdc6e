"""Until when a round's rosters keep personal data, and what has to be over before they are erased."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from models.personal import RosterErasure
from models.round import Round, RoundState, Stage
from models.thai import local_day, thai_date
from models.windows import A_MOMENT
from portal.core import audit, clock
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.lookup import hold
from portal.core.sent.versions import require_version
from portal.core.stages import last_close

#: kept for so long after the last day of the round, where the NACC sets no day: complaints about the
#: interviews and about the result can still be looked into
USUALLY = timedelta(days=180)
#: a day further away is a slip of the year
FARTHEST = timedelta(days=5 * 366)
BEGUN = "The personal data of this round are being erased or were: the day cannot be changed any more"


def last_day_of(round: Round) -> date | None:
    """The last day of a round's calendar, None while it has no dates."""
    end = last_close(round, Stage)
    return local_day(end - A_MOMENT) if end else None


def usual_day(round: Round) -> date | None:
    """The last day on which data are kept by rule."""
    last = last_day_of(round)
    return last + USUALLY if last else None


def kept_until(round: Round) -> date | None:
    """The last day on which a round's rosters keep personal data; None while the round has no dates."""
    return round.rosters_until or usual_day(round)


def erasure_of(round: Round) -> RosterErasure | None:
    """That the data of a round are being erased or were; only for the country's offices and the system."""
    return db.session.scalar(select(RosterErasure).where(RosterErasure.round_id == round.id))


def why_not_erase(round: Round) -> Refused | None:
    """Why a round's rosters may not be erased now; None where they may.

    Never before the boxes were opened: until then people are drawn, called, and answers taken back.
    """
    if round.state is not RoundState.OPENED:
        return Refused(
            "Rosters are erased once the boxes were opened: until then people are drawn from them and called"
        )
    until = kept_until(round)
    if until is None:
        return Refused("This round has no dates: set until when its rosters are kept")
    if local_day(clock.now()) <= until:
        return Refused("The rosters of this round are kept until %(day)s", day=thai_date(until))
    return None


def set_until(round: Round, day: date | None, *, seen_version: int | None = None, actor: Actor) -> None:
    """Keep a round's rosters until this day (its last one); None: as long as the rule says.

    Raises NotFound for who may not, Stale, Refused for a day before the round's end, one that is over, one
    years away, and once erasing has begun.
    """
    if not can(actor, P.ROSTERS_KEEP):
        raise NotFound
    hold(round)
    require_version(round, seen_version)
    require_settable(round, day)
    with audit.act("rosters.keep"):
        round.rosters_until = day


def require_settable(round: Round, day: date | None) -> None:
    """Raise Refused as ``set_until`` does."""
    if erasure_of(round) is not None:
        raise Refused(BEGUN)
    if day is None:
        return
    last, today = last_day_of(round), local_day(clock.now())
    if last is not None and day < last:
        raise Refused(
            "The round lasts until %(day)s: rosters are kept at least as long",
            field="day",
            day=thai_date(last),
        )
    if day < today:
        raise Refused("This day is over: write a day from today on", field="day")
    if day > max(today, last or today) + FARTHEST:
        raise Refused("This day is more than five years away: look at the year", field="day")
