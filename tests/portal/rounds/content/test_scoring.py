"""Every round that can be opened is scored, with the figures of a slow calculation in plain fractions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models.instrument import InstrumentKind
from models.scoring import (
    Combine,
    IndicatorSpec,
    InstrumentSpec,
    Level,
    Node,
    QuestionSpec,
    SubItemSpec,
    score_checklist,
    score_survey,
    tally,
    weighted_total,
)
from portal.content.year import YearContent
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.results.computing import rules_of
from portal.rounds import setup
from tests.support import slow_scores
from tests.support.years import contents

SOME = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
SURVEYS = (InstrumentKind.IIT, InstrumentKind.EIT)


@pytest.fixture
def session(app: Portal) -> Iterator[Session]:
    with app.app_context(), writing(), privileged("a test makes rounds") as session:
        yield session


def by_code(nodes: tuple[Node, ...]) -> dict[str, Fraction | None]:
    """The scores under the names of the slow calculation."""
    above = {Level.INDICATOR: "@", Level.SUB_INDICATOR: "@"}
    return {
        "" if node.level is Level.INSTRUMENT else above.get(node.level, "") + node.code: node.score
        for node in nodes
    }


@st.composite
def answers(draw: Any, spec: InstrumentSpec) -> list[bytes]:
    """Some respondents' answers, with lines left out."""
    lines = [st.integers(0, len(line.points)) for line in spec.sub_items()]
    return draw(st.lists(st.tuples(*lines).map(bytes), max_size=6))


@pytest.mark.long
@SOME
@given(contents(), st.data())
def test_a_round_is_scored_as_its_content_says(session: Session, content: YearContent, data: Any) -> None:
    round = setup.make_round(session, content, name="รอบทดลอง")
    try:
        instruments = setup.instruments_of(session, round.id)
        specs = {kind: setup.spec_of(row) for kind, row in instruments.items()}
        rules = rules_of(session, round)
    finally:
        session.rollback()
    totals: dict[str, Fraction | None] = {}
    for kind in SURVEYS:
        parts = [data.draw(answers(specs[kind])) for _part in range(2)]
        counts = {
            channel: tally(part, specs[kind])
            for channel, part in zip(("self", "interview"), parts, strict=True)
        }
        for combine, together in (
            (Combine.POOLED, [[*parts[0], *parts[1]]]),
            (Combine.HALVES, parts),
        ):
            nodes = score_survey(specs[kind], counts, combine=combine)
            assert by_code(nodes) == slow_scores.survey(content, kind.value, together)
        totals[kind.value] = nodes[0].score
    points: dict[str, Decimal | None] = {
        item.code: data.draw(st.sampled_from([Decimal(0), Decimal(50), Decimal(100), None]))
        for item in content.instrument("oit").items
    }
    slow = {code: None if one is None else Fraction(one) for code, one in points.items()}
    for agency_kind, checklist in rules.checklists.items():
        nodes = score_checklist(checklist, points)
        assert by_code(nodes) == slow_scores.checklist(content, slow, agency_kind.value)
    totals["oit"] = nodes[0].score
    total = weighted_total(totals, specs.values())
    if None in totals.values():
        assert total is None
    else:
        weights = {one.code: Fraction(one.weight) for one in content.instruments}
        assert total == sum((totals[code] or 0) * weight for code, weight in weights.items()) / 100


def test_who_says_not_applicable_counts_neither_in_the_mean_nor_in_n() -> None:
    points = (Decimal(0), Decimal(100), None)
    line = SubItemSpec("I1.1", 0, points)
    spec = InstrumentSpec("iit", Decimal(30), (IndicatorSpec("1", questions=(QuestionSpec("I1", (line,)),)),))
    nodes = score_survey(spec, {"self": tally([b"\x01", b"\x02", b"\x02", b"\x03", b"\x03", b"\x00"], spec)})
    found = {node.level: node for node in nodes}
    assert (found[Level.SUB_ITEM].score, found[Level.SUB_ITEM].n) == (Fraction(200, 3), 3)
    assert found[Level.QUESTION].n == 3 and found[Level.INSTRUMENT].n == 6
    nobody = score_survey(spec, {"self": tally([b"\x03"], spec)})
    assert {node.score for node in nobody} == {None}
