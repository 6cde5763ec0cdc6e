"""Results of a round: totals, reasons for none, what is withheld, and doing it again."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import func, insert, select, update

from models.audit import AuditEvent
from models.ballot import OpenedAnswer
from models.disclosure import Disclosure, DisclosureAnswer, DisclosureState
from models.grading import stored
from models.instrument import InstrumentKind, OitItem
from models.participation import Participation, PreparationState
from models.result import Result, ResultNode
from models.survey import Channel
from portal.content import local
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.results import computing
from portal.rounds.setup import instruments_of, spec_of
from tests.support.checklists import ask_only
from tests.support.world import World

pytestmark = pytest.mark.postgres

IIT, EIT, OIT = InstrumentKind.IIT, InstrumentKind.EIT, InstrumentKind.OIT


@dataclass(frozen=True)
class Best:
    """For each survey the answer that scores 100, and the one that scores 0."""

    best: Mapping[InstrumentKind, bytes]
    worst: Mapping[InstrumentKind, bytes]


def extremes(world: World) -> Best:
    with privileged("a test reads the scales") as session:
        instruments = instruments_of(session, world.round_id)
        points = {
            kind: [[worth or 0 for worth in line.points] for line in spec_of(instruments[kind]).sub_items()]
            for kind in (IIT, EIT)
        }
    return Best(
        {kind: bytes(line.index(max(line)) + 1 for line in lines) for kind, lines in points.items()},
        {kind: bytes(line.index(min(line)) + 1 for line in lines) for kind, lines in points.items()},
    )


def answered(
    world: World, agency: str, kind: InstrumentKind, answers: list[bytes], *, channel: Channel
) -> None:
    rows = [
        {
            "participation_id": world.participation[agency],
            "instrument": kind,
            "key": os.urandom(16),
            "channel": channel,
            "answers": answer,
        }
        for answer in answers
    ]
    if not rows:
        return
    with writing(), privileged("a test opens answers") as session:
        session.connection().execute(insert(OpenedAnswer), rows)


def confirmed(world: World, *agencies: str) -> None:
    with writing(), privileged("a test confirms") as session:
        session.execute(
            update(Participation)
            .where(Participation.id.in_([world.participation[agency] for agency in agencies]))
            .values(state=PreparationState.CONFIRMED)
        )


def scored(world: World, agency: str, *, left_out: int = 0, disclosed: int = 48, failing: str = "") -> None:
    """Items that ask it scored 100 (the first ``disclosed`` but ``failing``) or 0, or not (the last ones)."""
    with writing(), privileged("a test scores items") as session:
        participation = session.get_one(Participation, world.participation[agency])
        sheet = Disclosure(participation=participation, state=DisclosureState.SCORED)
        every = session.scalars(select(OitItem).order_by(OitItem.position)).all()
        items = [item for item in every if item.asks(participation.kind)]
        sheet.answers = [
            DisclosureAnswer(
                participation_id=participation.id,
                item=item,
                score=None
                if place >= len(items) - left_out
                else Decimal(0 if place >= disclosed or item.code == failing else 100),
            )
            for place, item in enumerate(items)
        ]
        session.add(sheet)


def surveyed(world: World, agency: str, *, n: int = 12, eit: int | None = None) -> None:
    given = extremes(world)
    answered(world, agency, IIT, [given.best[IIT]] * n, channel=Channel.SELF)
    answered(world, agency, EIT, [given.best[EIT]] * (n if eit is None else eit), channel=Channel.SELF)


def computed(world: World) -> dict[str, int]:
    return computing.compute_results(world.round_id)


def result(world: World, agency: str) -> tuple[Decimal | None, str | None, str]:
    with privileged("a test looks") as session:
        row = session.scalars(
            select(Result).where(Result.participation_id == world.participation[agency])
        ).one()
        return row.total, row.grade, row.reason


def nodes(world: World, agency: str) -> dict[tuple[str, str], tuple[Decimal | None, int]]:
    with privileged("a test looks") as session:
        rows = session.scalars(
            select(ResultNode).where(ResultNode.participation_id == world.participation[agency])
        ).all()
        return {(row.level, row.code): (row.score, row.n) for row in rows}


def test_the_best_answers_and_all_items_make_a_hundred(app: Portal, world: World) -> None:
    with app.app_context():
        confirmed(world, "a1")
        surveyed(world, "a1")
        scored(world, "a1")
        assert computed(world) == {"AA": 1, "not_assessable": 3}
        assert result(world, "a1") == (Decimal(100), "AA", "")
        found = nodes(world, "a1")
        assert found["instrument", "iit"] == (Decimal(100), 12)
        assert found["sub_indicator", "9.1"] == (Decimal(100), 9)
        assert found["item", "O1"] == (Decimal(100), 1)
        levels = [level for level, _code in found]
        assert {level: levels.count(level) for level in sorted(set(levels))} == {
            "indicator": 10,
            "instrument": 3,
            "item": 48,
            "question": 45,
            "sub_indicator": 7,
        }


def test_a_mixed_agency_is_scored_as_worked_by_hand(app: Portal, world: World) -> None:
    """IIT: half of twelve at worst, 50. EIT: ten best alone and ten worst by interview, pooled, 50.
    OIT: only 9.1's nine items of 9.1–9.5 are disclosed: 9 = 20, 10 = 0, so 10. Total 15 + 15 + 4 = 34."""
    with app.app_context():
        confirmed(world, "a1")
        given = extremes(world)
        answered(world, "a1", IIT, [given.best[IIT], given.worst[IIT]] * 6, channel=Channel.SELF)
        answered(world, "a1", EIT, [given.best[EIT]] * 10, channel=Channel.SELF)
        answered(world, "a1", EIT, [given.worst[EIT]] * 10, channel=Channel.INTERVIEW)
        scored(world, "a1", disclosed=9)
        computed(world)
        found = nodes(world, "a1")
        assert found["instrument", "iit"] == (Decimal(50), 12)
        assert found["instrument", "eit"] == (Decimal(50), 20)
        assert found["instrument", "oit"] == (Decimal(10), 48)
        assert result(world, "a1") == (Decimal(34), "F", "")


@pytest.mark.usefixtures("thawed")
def test_oit_is_the_mean_of_what_the_kind_of_agency_was_asked(app: Portal, world: World) -> None:
    """By hand, of a1, a municipality, with 9.1's nine items for SAO only and its first item not disclosed:
    9.2 (seven of eight) = 87.5, 9.3, 9.4, 9.5 = 100, so 9 = 96.875; 10 = 100; OIT 98.4375; total 60 + 39.375.
    b1, an SAO, is asked all: 9.1 (eight of nine) = 800/9, and 9 is the mean of five."""
    with app.app_context():
        ask_only(world, {f"O{number}" for number in range(1, 10)}, local.SAO)
        confirmed(world, "a1", "b1")
        for agency in ("a1", "b1"):
            surveyed(world, agency)
            scored(world, agency, failing={"a1": "O10", "b1": "O1"}[agency])
        computed(world)
        of_town, of_sao = nodes(world, "a1"), nodes(world, "b1")
        assert ("sub_indicator", "9.1") not in of_town and ("item", "O1") not in of_town
        assert of_town["sub_indicator", "9.2"] == (Decimal("87.5"), 8)
        assert of_town["indicator", "9"] == (Decimal("96.875"), 24)
        assert of_town["instrument", "oit"] == (Decimal("98.4375"), 39)
        assert result(world, "a1") == (Decimal("99.375"), "AA", "")
        assert of_sao["sub_indicator", "9.1"] == (stored(Fraction(800, 9)), 9)
        assert of_sao["instrument", "oit"] == (stored((Fraction(400) + Fraction(800, 9)) / 5 / 2 + 50), 48)


@pytest.mark.usefixtures("thawed")
def test_an_indicator_that_asks_a_kind_nothing_is_not_in_the_mean_of_its_instrument(
    app: Portal, world: World
) -> None:
    with app.app_context():
        ask_only(world, {f"O{number}" for number in range(34, 49)}, local.PAO)
        confirmed(world, "a1")
        surveyed(world, "a1")
        scored(world, "a1", failing="O1")
        computed(world)
        found = nodes(world, "a1")
        assert not {code for level, code in found if level == "indicator"} & {"10"}
        assert found["instrument", "oit"] == found["indicator", "9"]


def test_an_agency_that_was_not_confirmed_has_no_result(app: Portal, world: World) -> None:
    with app.app_context():
        surveyed(world, "a1")
        scored(world, "a1")
        computed(world)
        assert result(world, "a1") == (None, None, "not_assessable")
        assert nodes(world, "a1") == {}


@pytest.mark.parametrize("missing", ["items", "one item", "answers"])
def test_a_missing_part_makes_it_incomplete(app: Portal, world: World, missing: str) -> None:
    with app.app_context():
        confirmed(world, "a1")
        surveyed(world, "a1", eit=0 if missing == "answers" else None)
        if missing != "items":
            scored(world, "a1", left_out=int(missing == "one item"))
        computed(world)
        assert result(world, "a1") == (None, None, "incomplete")
        assert nodes(world, "a1")["instrument", "iit"] == (Decimal(100), 12)


def test_a_survey_of_two_people_is_withheld_with_its_total(app: Portal, world: World) -> None:
    with app.app_context():
        confirmed(world, "a1")
        surveyed(world, "a1", eit=2)
        scored(world, "a1")
        computed(world)
        assert result(world, "a1") == (None, None, "withheld")
        found = nodes(world, "a1")
        assert found["instrument", "eit"] == (None, 2)
        assert found["instrument", "iit"] == (Decimal(100), 12)
        assert all(score is None for (_level, code), (score, _n) in found.items() if code.startswith("E"))


def test_questions_of_fewer_than_ten_people_are_withheld_and_the_indicator_shown(
    app: Portal, world: World
) -> None:
    with app.app_context():
        confirmed(world, "a1")
        surveyed(world, "a1", n=9)
        scored(world, "a1")
        computed(world)
        found = nodes(world, "a1")
        assert found["question", "I1"] == (None, 9)
        assert found["indicator", "1"] == (Decimal(100), 9)
        assert result(world, "a1")[1] == "AA"


def test_doing_it_again_gives_the_same_rows(app: Portal, world: World) -> None:
    with app.app_context():
        confirmed(world, "a1", "b1")
        surveyed(world, "a1")
        scored(world, "a1")
        first = computed(world)
        before = nodes(world, "a1")
        assert computed(world) == first == {"AA": 1, "incomplete": 1, "not_assessable": 2}
        assert nodes(world, "a1") == before
        with privileged("a test looks") as session:
            assert session.scalar(select(func.count()).select_from(Result)) == 4
            events = session.scalars(select(AuditEvent).where(AuditEvent.act == "results.compute")).all()
            assert [event.after for event in events] == [first, first]


def test_progress_is_told_and_a_stopped_run_goes_on(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(computing, "CHUNK", 1)
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        if done == 2:
            raise InterruptedError

    with app.app_context():
        with pytest.raises(InterruptedError):
            computing.compute_results(world.round_id, progress=progress)
        told.clear()
        counts = computing.compute_results(world.round_id, progress=lambda *said: told.append(said))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)], "it begins anew and gives the same"
    assert sum(counts.values()) == 4
