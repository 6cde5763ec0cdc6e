"""Years compared: two rounds laid side by side, and a country's means beside those of an earlier year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Integer, Numeric, cast, func, insert, literal, select
from sqlalchemy.orm import Session

from models.instrument import InstrumentKind
from models.participation import Participation
from models.result import Result, ResultNode
from models.round import Round, RoundState
from models.scoring import Level
from portal.content.year import YearContent, load_year
from portal.core import audit, clock
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.rounds import setup
from portal.tools.bench.office import page
from portal.tools.bench.table import Table
from portal.tools.bench.years import CONTENT, of_sixty
from portal.tools.demo.years import lay_beside

#: rounds that are over, before the years of the drafts
EARLIER, LATER = 2569, 2570
#: respondents behind each figure
PEOPLE = 20
OWNERS = (Participation.id, Participation.agency_id, Participation.province_id)
TREES = "SELECT * FROM question UNION ALL SELECT * FROM question"
MEANS = (
    "SELECT instrument, code, avg(score), count(*) FROM result_node"
    " WHERE level IN ('instrument', 'indicator') GROUP BY instrument, code"
)


def made(agencies: int) -> tuple[int, int]:
    """Two rounds of sixty questions that are over, with results of so many agencies in both; the ids, the
    later one's first. Needs an application context."""
    content = of_sixty(load_year(CONTENT))
    with writing(), privileged("bench: years that are over") as session, audit.unrecorded(session):
        earlier, later = (_round(session, replace(content, fiscal_year=year)) for year in (EARLIER, LATER))
        for round in (earlier, later):
            _results(session, round, content, agencies)
        lay_beside(session, later, earlier, clock.now())
        return later.id, earlier.id


def _round(session: Session, content: YearContent) -> Round:
    name = f"รอบสมมุติ {content.fiscal_year}"
    round = setup.make_round(session, content, name=name, state=RoundState.OPENED)
    setup.snapshot_agencies(session, round)
    return round


def _results(session: Session, round: Round, content: YearContent, agencies: int) -> None:
    """A result and its whole tree for each of the first agencies; every place has scores of its own."""
    of = Participation.round_id == round.id
    last = select(Participation.id).where(of).order_by(Participation.id).offset(agencies - 1).limit(1)
    whose = of & (Participation.id <= func.coalesce(last.scalar_subquery(), Participation.id))
    named = ["participation_id", "agency_id", "province_id"]
    own = {"round_id": literal(round.id), "total": _score(7), "grade": literal("B"), "reason": literal("")}
    own |= {"below": literal(""), "computed_at": literal(clock.now(), Result.computed_at.type)}
    source = select(*OWNERS, *own.values()).where(whose)
    session.connection().execute(insert(Result).from_select([*named, *own], source))
    for number, (kind, level, code) in enumerate(_places(content)):
        node = {"instrument": literal(kind, ResultNode.instrument.type), "level": literal(level.value)}
        node |= {"code": literal(code), "score": _score(number), "n": literal(PEOPLE)}
        source = select(*OWNERS, *node.values()).where(whose)
        session.connection().execute(insert(ResultNode).from_select([*named, *node], source))


def _score(number: int) -> Any:
    """Some score from 0 to 99.9, another one for each agency and place."""
    tenths = cast((Participation.id * 37 + number * 101) % 1000, Integer)
    return cast(tenths, Numeric(18, 12)) / Decimal(10)


def _places(content: YearContent) -> Iterator[tuple[InstrumentKind, Level, str]]:
    for one in content.instruments:
        kind = InstrumentKind(one.code)
        yield kind, Level.INSTRUMENT, one.code
        for row in one.indicators:
            yield kind, Level.SUB_INDICATOR if row.parent else Level.INDICATOR, row.code
        for question in one.questions:
            yield kind, Level.QUESTION, question.code
        for item in one.items:
            yield kind, Level.ITEM, item.code


def pages(
    app: Portal, table: Table, client: Any, draft: int, over: tuple[int, int], agencies: int, *, times: int
) -> None:
    """The pages that compare years: a draft beside a round that is over, and that one's results."""
    later, _earlier = over
    for name, path, query in (
        ("a draft beside earlier rounds", f"{draft}/trends", TREES),
        ("a draft beside an earlier round, all rows", f"{draft}/trends/{later}?show=all", TREES),
        ("a question beside an earlier one", f"{draft}/trends/{later}/iit/I1", TREES),
        (f"means of {agencies:,} agencies, two years", f"{later}/results/trends", MEANS),
        ("means of a kind of agency, two years", f"{later}/results/trends?kind=sao", MEANS),
    ):
        page(app, table, name, client, f"/rounds/{path}", query, times=times)
