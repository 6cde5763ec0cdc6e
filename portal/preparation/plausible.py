"""What is strange about a headcount, in words: beside last year's of the same agency, and beside its peers.

Last year's of a merged agency is the sum of those that it came from; one that was split has none.

It is asked once more and never refused. Peers are the agencies of the same kind in the round; while too few
have entered a number, those of the earlier round, and before there was one, a range by kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from models.participation import Participation
from models.plausible import jumps, usual
from models.round import Round
from models.thai import thai_date
from portal.core.database.session import db, privileged, reading
from portal.core.texts import _
from portal.register import lineage
from portal.register.lineage import Origin

#: of a kind of which nothing is known
ANY_NUMBER = (0, 10**9)


def strange_words(participation: Participation, number: int) -> str:
    """Why a number is asked once more; "" for one that is not strange."""
    least, most = usual_here(participation)
    among_peers = least <= number <= most
    before = earlier(participation)
    jumped = before is not None and before.headcount is not None and jumps(number, before.headcount)
    if among_peers and not jumped:
        return ""
    values = {"now": f"{number:,}", "least": f"{least:,}", "most": f"{most:,}"}
    if before is None or not jumped:
        return _(
            "%(now)s people is unusual for this kind of agency, which has %(least)s to %(most)s: mend the"
            " number, or tick if it is right",
            **values,
        )
    values |= {"year": before.year, "before": f"{before.headcount:,}"}
    if before.origin is not None:
        return _far_from_merged(values, among_peers=among_peers)
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


def _far_from_merged(values: Mapping[str, str], *, among_peers: bool) -> str:
    if among_peers:
        return _(
            "%(now)s people is far from the %(before)s that the agencies merged into this one had together in"
            " the year %(year)s: mend the number, or tick if it is right",
            **values,
        )
    return _(
        "%(now)s people is far from the %(before)s that the agencies merged into this one had together in"
        " the year %(year)s, and unusual for this kind of agency, which has %(least)s to %(most)s: mend the"
        " number, or tick if it is right",
        **values,
    )


@dataclass(frozen=True)
class Before:
    """The headcount of an earlier year; ``origin`` where the agency was merged or split since.

    None of a split agency, and where one of those that were merged has none.
    """

    year: str
    headcount: int | None
    origin: Origin | None = None


def earlier(participation: Participation) -> Before | None:
    """What the agency, or those that it came from, had in the last earlier round of the scheme that knows it.

    None without one. Of other agencies only the sum leaves.
    """
    round = participation.round
    query = (
        select(Round)
        .where(Round.scheme == round.scheme, Round.fiscal_year < round.fiscal_year)
        .order_by(Round.fiscal_year.desc())
    )
    rounds = db.session.scalars(query).all()
    came = lineage.origins(round.id, [one.id for one in rounds])
    mine = participation.agency_id
    before = {one.id: came[one.id].get(mine) for one in rounds}
    counts = _headcounts({key: origin.agency_ids if origin else {mine} for key, origin in before.items()})
    for one in rounds:
        origin, numbers = before[one.id], counts.get(one.id, [])
        known = [number for number in numbers if number is not None]
        if origin is not None:
            complete = not origin.divided and len(known) == len(origin.agency_ids)
            return Before(one.year_and_scheme, sum(known) if complete else None, origin)
        if known:
            return Before(one.year_and_scheme, known[0])
    return None


def changed_words(participation: Participation) -> str:
    """What a merged or split agency's number is compared with; "" for any other."""
    before = earlier(participation)
    if before is None or before.origin is None:
        return ""
    if before.headcount is not None:
        return _(
            "In the year %(year)s the agencies merged into this one had %(before)s people together",
            year=before.year,
            before=f"{before.headcount:,}",
        )
    values = {"year": before.year, "day": thai_date(before.origin.holds_from)}
    if before.origin.divided:
        return _("Not compared with the year %(year)s: the agency was split from %(day)s on", **values)
    return _(
        "Not compared with the year %(year)s: of the agencies merged into this one from %(day)s on not all"
        " entered a number",
        **values,
    )


def _headcounts(wanted: Mapping[int, Collection[int]]) -> dict[int, list[int | None]]:
    """The numbers of these agencies, by round."""
    found: dict[int, list[int | None]] = defaultdict(list)
    if not wanted:
        return found
    agencies = set().union(*wanted.values())
    with reading(), privileged("headcounts of agencies that became one, of which the sum is told") as session:
        query = select(Participation.round_id, Participation.agency_id, Participation.headcount).where(
            Participation.round_id.in_(wanted), Participation.agency_id.in_(agencies)
        )
        for round_id, agency_id, number in session.execute(query):
            if agency_id in wanted[round_id]:
                found[round_id].append(number)
    return found


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
    # before anybody's numbers are known: what the back office wrote beside the kind
    return participation.kind.usual_headcount or ANY_NUMBER


def _rounds(round: Round) -> list[int]:
    """The round, and the last one of its scheme before it."""
    before = (
        select(Round.id)
        .where(Round.scheme == round.scheme, Round.fiscal_year < round.fiscal_year)
        .order_by(Round.fiscal_year.desc())
    )
    return [round.id, *db.session.scalars(before.limit(1))]
