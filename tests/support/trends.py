"""A round of an earlier year with results beside the test world's, laid side by side and confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agency import Agency
from models.instrument import InstrumentKind
from models.participation import Participation
from models.result import Result, ResultNode
from models.round import Round, RoundState
from models.year import Likeness, YearLink, YearMapping
from portal.content.year import YearContent, load_year
from portal.core.database.session import privileged, writing
from portal.rounds import setup
from portal.rounds.trends.reading import asked_in
from tests.support.world import NOW, World

#: by a place of an earlier score tree: its instrument, level and code
Scores = Mapping[tuple[InstrumentKind, str, str], Decimal]


def earlier_round(
    world: World,
    results: Mapping[str, Scores],
    *,
    content: YearContent | None = None,
    fiscal_year: int = 2560,
    totals: Mapping[str, Decimal] | None = None,
) -> int:
    """An opened round of an earlier year in which these agencies have results; its id."""
    made = replace(content or load_year(2561), fiscal_year=fiscal_year)
    with writing(), privileged("a test's earlier round") as session:
        round = setup.make_round(session, made, name=f"รอบปี {fiscal_year}")
        setup.snapshot_agencies(session, round)
        round.state = RoundState.OPENED
        session.flush()
        for agency, scores in results.items():
            _result(session, world, round, agency, scores, (totals or {}).get(agency))
        return round.id


def _result(
    session: Session, world: World, round: Round, agency: str, scores: Scores, total: Decimal | None
) -> None:
    query = select(Participation).where(Participation.round_id == round.id)
    query = query.join(Agency, Agency.id == Participation.agency_id).where(Agency.id == world.agency[agency])
    row = session.scalars(query).one()
    session.add(
        Result(
            participation=row, round_id=round.id, total=total, grade="B" if total else None, computed_at=NOW
        )
    )
    owner = {"participation_id": row.id, "agency_id": row.agency_id, "province_id": row.province_id}
    for (kind, level, code), score in scores.items():
        session.add(ResultNode(**owner, instrument=kind, level=level, code=code, score=score, n=20))


def laid_beside(
    round_id: int,
    earlier_id: int,
    *,
    changed: frozenset[str] = frozenset(),
    confirmed: bool = True,
) -> None:
    """Say of all that a round asks that it is as it was under its code, but for the codes ``changed``."""
    with writing(), privileged("a test lays two years side by side") as session:
        for kind, code in asked_in(session, [round_id])[round_id].things:
            what = Likeness.CHANGED if code in changed else Likeness.SAME
            session.add(
                YearLink(
                    round_id=round_id, earlier_id=earlier_id, instrument=kind, code=code,
                    earlier_code=code, likeness=what,
                )
            )  # fmt: skip
        if confirmed:
            session.add(YearMapping(round_id=round_id, earlier_id=earlier_id, confirmed_at=NOW))
