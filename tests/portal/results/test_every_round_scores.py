"""Whatever the content of a round, its stored results are those of a slow calculation in plain fractions."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from models.ballot import OpenedAnswer
from models.disclosure import Disclosure, DisclosureAnswer, DisclosureState
from models.grading import shown, stored
from models.instrument import Instrument, InstrumentKind, OitItem
from models.participation import Participation, PreparationState
from models.result import Result, ResultNode
from models.survey import Channel
from portal.content.year import ContentInstrument, YearContent
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.results.computing import INCOMPLETE, WITHHELD, compute_results
from portal.rounds import setup
from tests.support import slow_scores
from tests.support.slow_scores import Answer, Scores
from tests.support.world import World
from tests.support.years import contents

pytestmark = pytest.mark.postgres

FEW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
IIT, EIT = InstrumentKind.IIT, InstrumentKind.EIT
#: each example makes a round, and a fiscal year has one
YEARS = count(2591)
#: how a level is called in the slow calculation
ABOVE = {"indicator": "@", "sub_indicator": "@"}


@dataclass(frozen=True)
class Filled:
    """What one agency's respondents said and its assessor gave."""

    answers: Mapping[tuple[InstrumentKind, Channel], Sequence[Answer]]
    points: Mapping[str, Decimal | None]


@st.composite
def answers(draw: Any, content: YearContent, one: ContentInstrument, least: int) -> list[Answer]:
    """Respondents of a survey, one choice a line; some leave lines out."""
    sizes = {scale.code: len(scale.points) for scale in content.scales}
    lines = [sizes[line.scale] for question in one.questions for line in question.lines]
    whole = [st.integers(0, size) for size in lines]
    return draw(st.lists(st.tuples(*whole), min_size=least, max_size=5))


@st.composite
def filled(draw: Any, content: YearContent) -> Filled:
    """Both surveys, EIT by both ways, and points of every item, some of which are missing."""
    worth = st.sampled_from([Decimal(0), Decimal(50), Decimal(100)])
    missing = draw(st.booleans())
    return Filled(
        {
            (IIT, Channel.SELF): draw(answers(content, content.instrument("iit"), 0)),
            (EIT, Channel.SELF): draw(answers(content, content.instrument("eit"), 1)),
            (EIT, Channel.INTERVIEW): draw(answers(content, content.instrument("eit"), 0)),
        },
        {
            item.code: draw(st.one_of(st.none(), worth) if missing else worth)
            for item in content.instrument("oit").items
        },
    )


@FEW
@given(contents(), st.data())
def test_a_round_is_scored_as_its_content_says(
    app: Portal, world: World, content: YearContent, data: Any
) -> None:
    content = replace(content, fiscal_year=next(YEARS))
    with app.app_context():
        with writing(), privileged("a test makes a round") as session:
            made = setup.make_round(session, content, name=f"รอบ {content.fiscal_year}")
            setup.snapshot_agencies(session, made)
            round_id = made.id
        agencies = [data.draw(filled(content)) for _agency in range(2)]
        kinds = fill(round_id, agencies)
        compute_results(round_id)
        for (key, kind), one in zip(kinds.items(), agencies, strict=True):
            is_scored(key, content, one, kind)


def fill(round_id: int, agencies: Sequence[Filled]) -> dict[int, str]:
    """Confirm the first agencies of the round and store what there is of them; gives their kinds by id."""
    kinds: dict[int, str] = {}
    with writing(), privileged("a test fills a round") as session:
        session.info["unrecorded"] = True
        query = select(Participation).where(Participation.round_id == round_id).order_by(Participation.id)
        items = session.scalars(select(OitItem).join(Instrument).where(Instrument.round_id == round_id)).all()
        for row, one in zip(session.scalars(query), agencies, strict=False):
            row.state, kinds[row.id] = PreparationState.CONFIRMED, row.kind.value
            sheet = Disclosure(participation=row, state=DisclosureState.SCORED)
            sheet.answers = [
                DisclosureAnswer(participation_id=row.id, item=item, score=one.points[item.code])
                for item in items
                if item.asks(row.kind)
            ]
            session.add(sheet)
            opened = [
                {
                    "participation_id": row.id, "instrument": kind, "channel": channel,
                    "key": os.urandom(16), "answers": bytes(answer),
                }
                for (kind, channel), given in one.answers.items()
                for answer in given
            ]  # fmt: skip
            session.connection().execute(insert(OpenedAnswer), opened)
    return kinds


def is_scored(key: int, content: YearContent, one: Filled, kind: str) -> None:
    """The stored figures of an agency are the slow ones, but for those that small numbers forbid to show."""
    slow = {code: _slow(content, code, one, kind) for code in ("iit", "eit", "oit")}
    with privileged("a test looks") as session:
        result = session.scalars(select(Result).where(Result.participation_id == key)).one()
        nodes = session.scalars(select(ResultNode).where(ResultNode.participation_id == key)).all()
        for node in nodes:
            code = "" if node.level == "instrument" else ABOVE.get(node.level, "") + node.code
            wanted = stored(slow[node.instrument.value][code])
            if node.instrument is InstrumentKind.OIT or may_be_shown(content, one, node):
                assert node.score == wanted, (node.instrument, code)
            else:
                assert node.score in (wanted, None)
        is_summed(result, content, {code: scores[""] for code, scores in slow.items()})


def is_summed(result: Result, content: YearContent, tops: Scores) -> None:
    """Total and grade are those of the instruments' slow scores."""
    if None in tops.values():
        assert (result.total, result.grade, result.reason) == (None, None, INCOMPLETE)
    elif result.reason == WITHHELD:
        assert content.total_threshold > 1 and result.total is None
    else:
        parts = (_known(tops[row.code]) * Fraction(row.weight) for row in content.instruments)
        total = sum(parts, Fraction(0))
        assert result.total == stored(total / 100)
        assert result.grade == ("A" if shown(total / 100) >= 85 else "F")


def may_be_shown(content: YearContent, one: Filled, node: ResultNode) -> bool:
    """Indicators and the instrument, where enough people stand behind each line; questions ask for more."""
    worths = {scale.code: scale.points for scale in content.scales}
    given = [
        answer for (kind, _channel), every in one.answers.items() if kind is node.instrument
        for answer in every
    ]  # fmt: skip
    behind = [
        sum(
            1
            for answer in given
            if answer[line.slot] and worths[line.scale][answer[line.slot] - 1] is not None
        )
        for question in content.instrument(node.instrument.value).questions
        for line in question.lines
    ]
    return node.level != "question" and min(behind) >= content.total_threshold


def _slow(content: YearContent, code: str, one: Filled, kind: str) -> Scores:
    if code == "oit":
        points = {name: None if worth is None else Fraction(worth) for name, worth in one.points.items()}
        return slow_scores.checklist(content, points, kind)
    ways = [given for (which, _channel), given in one.answers.items() if which.value == code]
    together = ways if content.eit_combine == "halves" else [[answer for given in ways for answer in given]]
    return slow_scores.survey(content, code, together)


def _known(score: Fraction | None) -> Fraction:
    assert score is not None
    return score
