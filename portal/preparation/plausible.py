"""What is strange about a headcount, in words: beside last year's of the same agency, and beside its peers.

It is asked once more and never refused. Peers are the agencies of the same kind in the round; while too few
have entered a number, those of the earlier round, and before there was one, a range by kind.
"""

from __future__ import annotations

from sqlalchemy import select

from models.agency import AgencyKind
from models.participation import Participation
from models.plausible import jumps, usual
from models.round import Round
from portal.core.database.session import db, privileged, reading
from portal.core.texts import _

#: before anybody's numbers are known: judged from the sizes of staff that the budget ceilings of each kind
#: allow, with room to both sides
USUAL_HEADCOUNT: dict[AgencyKind, tuple[int, int]] = {
    AgencyKind.PAO: (50, 3000),
    AgencyKind.CITY: (150, 4000),
    AgencyKind.TOWN: (40, 1500),
    AgencyKind.SUBDISTRICT: (15, 500),
    AgencyKind.SAO: (10, 300),
    AgencyKind.SPECIAL: (150, 4000),
}


def strange_words(participation: Participation, number: int) -> str:
    """Why a number is asked once more; "" for one that is not strange."""
    least, most = usual_here(participation)
    among_peers = least <= number <= most
    before = earlier(participation)
    jumped = before is not None and jumps(number, before[1])
    if among_peers and not jumped:
        return ""
    values = {"now": f"{number:,}", "least": f"{least:,}", "most": f"{most:,}"}
    if before is not None:
        values |= {"year": before[0], "before": f"{before[1]:,}"}
    if not jumped:
        return _(
            "%(now)s people is unusual for this kind of agency, which has %(least)s to %(most)s: mend the"
            " number, or tick if it is right",
            **values,
        )
    if among_peers:
        return _(
            "%(now)s people is far from the %(before)s of the year %(year)s: mend the number, or tick if"
            " it is right",
            **values,
        )
    return _(
        "%(now)s people is far from the %(before)s of the year %(year)s, and unusual for this kind of agency,"
        " which has %(least)s to %(most)s: mend the number, or tick if it is right",
        **values,
    )


def earlier(participation: Participation) -> tuple[str, int] | None:
    """Year and headcount of the same agency in the last earlier round of the scheme; None without one."""
    round = participation.round
    query = (
        select(Round, Participation.headcount)
        .join(Participation, Participation.round_id == Round.id)
        .where(Participation.agency_id == participation.agency_id, Participation.headcount.is_not(None))
        .where(Round.scheme == round.scheme, Round.fiscal_year < round.fiscal_year)
        .order_by(Round.fiscal_year.desc())
    )
    found = db.session.execute(query.limit(1)).first()
    return None if found is None else (found[0].year_and_scheme, int(found[1] or 0))


def usual_here(participation: Participation) -> tuple[int, int]:
    """The least and the most that agencies of this kind have without being strange."""
    with reading(), privileged("headcounts of agencies of one kind, of which two bounds are told") as session:
        for round_id in _rounds(participation.round):
            others = select(Participation.headcount).where(
                Participation.round_id == round_id,
                Participation.kind == participation.kind,
                Participation.agency_id != participation.agency_id,
                Participation.headcount.is_not(None),
            )
            bounds = usual([number for number in session.scalars(others) if number is not None])
            if bounds is not None:
                return bounds
    return USUAL_HEADCOUNT[participation.kind]


def _rounds(round: Round) -> list[int]:
    """The round, and the last one of its scheme before it."""
    before = (
        select(Round.id)
        .where(Round.scheme == round.scheme, Round.fiscal_year < round.fiscal_year)
        .order_by(Round.fiscal_year.desc())
    )
    return [round.id, *db.session.scalars(before.limit(1))]
