"""Results of earlier years: only of opened rounds laid side by side, inside the scope, where comparable."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from models.instrument import InstrumentKind
from models.participation import Participation
from models.result import ResultNode
from models.round import Round, RoundState
from models.scoring import Level
from portal.content import local
from portal.content.year import load_year
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.results import means, tree, trends
from portal.results.lists import ResultQuery
from portal.results.means import MeanRow
from portal.results.trends import AgencyPast
from portal.rounds.trends.comparing import Why
from tests.factories.base import Make
from tests.portal.results.test_lists import opened, prepared
from tests.support.changes import made, merged, named, neighbour
from tests.support.statements import asked
from tests.support.trends import earlier_round, laid_beside
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres
IIT, OIT = InstrumentKind.IIT, InstrumentKind.OIT
SCORES = {
    (IIT, "instrument", "iit"): Decimal(70), (IIT, "indicator", "1"): Decimal(75),
    (IIT, "indicator", "2"): Decimal(60), (IIT, "question", "I1"): Decimal(40),
    (OIT, "instrument", "oit"): Decimal(50), (OIT, "indicator", "9"): Decimal(45),
}  # fmt: skip


def years(app: Portal, world: World, **more: Any) -> int:
    """a1 and a2 have results in 2560 and 2561."""
    with app.app_context():
        prepared(world)
        totals = {"a1": Decimal(66), "a2": Decimal(80)}
        other = {**SCORES, (IIT, "indicator", "2"): Decimal(80)}
        earlier = earlier_round(world, {"a1": SCORES, "a2": other}, totals=totals, **more)
        opened(world)
    return earlier


def past(world: World, agency: str) -> list[AgencyPast]:
    one = db.session.get_one(Participation, world.participation[agency])
    result = tree.result_of(one)
    assert result is not None
    return trends.past_of(one, result.total)


def beside(found: AgencyPast, level: Level, code: str, kind: InstrumentKind, now: Decimal) -> trends.Past:
    return found.beside(tree.ResultLine(level, code, "", now, 20), kind)


def test_an_agency_s_earlier_scores_stand_beside_with_their_change(app: Portal, world: World) -> None:
    laid_beside_after(app, world, years(app, world))
    with app.app_context(), acting_as(world.actor("executive")):
        (one,) = past(world, "a1")
        assert (one.took_part, one.grade, one.total.score) == (True, "B", Decimal(66))
        assert one.total.change == Decimal("34.00")
        found = beside(one, Level.INDICATOR, "2", IIT, Decimal("59.994"))
        assert (found.score, found.change, found.why) == (Decimal(60), Decimal("-0.01"), None)
        assert beside(one, Level.INDICATOR, "3", IIT, Decimal(1)).score is None
        assert beside(one, Level.INDICATOR, "9", OIT, Decimal(100)).change == 55


def laid_beside_after(app: Portal, world: World, earlier: int, **more: Any) -> None:
    with app.app_context():
        laid_beside(world.round_id, earlier, **more)


def test_what_changed_says_why_and_shows_no_score(app: Portal, world: World) -> None:
    laid_beside_after(app, world, years(app, world), changed=frozenset({"I1"}))
    with app.app_context(), acting_as(world.actor("executive")):
        (one,) = past(world, "a1")
        for level, code, why in (
            (Level.QUESTION, "I1", Why.CHANGED),
            (Level.INDICATOR, "1", Why.PARTS),
            (Level.INSTRUMENT, "iit", Why.INDICATORS),
        ):
            found = beside(one, level, code, IIT, Decimal(80))
            assert (found.score, found.change, found.why) == (None, None, why)
        assert beside(one, Level.INDICATOR, "2", IIT, Decimal(80)).change == 20
        assert (one.total.score, one.total.change, one.total.why) == (Decimal(66), None, Why.INSTRUMENTS)


def test_other_weights_leave_the_total_with_a_caution(app: Portal, world: World) -> None:
    content = load_year(2561)
    iit, eit, oit = content.instruments
    weighed = (replace(iit, weight=iit.weight - 5), replace(eit, weight=eit.weight + 5), oit)
    laid_beside_after(app, world, years(app, world, content=replace(content, instruments=weighed)))
    with app.app_context(), acting_as(world.actor("executive")):
        (one,) = past(world, "a1")
        assert (one.total.score, one.total.change, one.total.why) == (Decimal(66), None, Why.WEIGHTS)
        assert beside(one, Level.INSTRUMENT, "iit", IIT, Decimal(80)).change == 10


@pytest.mark.usefixtures("thawed")
def test_few_answers_of_the_earlier_year_are_held_back_by_its_own_thresholds(
    app: Portal, world: World
) -> None:
    earlier = years(app, world)
    laid_beside_after(app, world, earlier)
    with app.app_context(), writing(), privileged("a test") as session:
        session.execute(update(Round).where(Round.id == earlier).values(detail_threshold=30))
    with app.app_context(), acting_as(world.actor("executive")):
        (one,) = past(world, "a1")
        assert beside(one, Level.QUESTION, "I1", IIT, Decimal(80)).score is None
        assert beside(one, Level.INDICATOR, "1", IIT, Decimal(80)).score == 75
    with app.app_context(), writing(), privileged("a test") as session:
        session.execute(update(Round).where(Round.id == earlier).values(total_threshold=21))
    with app.app_context(), acting_as(world.actor("nacc")):
        (one,) = past(world, "a1")
        assert beside(one, Level.INDICATOR, "1", IIT, Decimal(80)).score is None
        assert beside(one, Level.INDICATOR, "9", OIT, Decimal(80)).score == 45, "a checklist has no people"
        (found,) = means.means_of(db.session.get_one(Round, world.round_id), ResultQuery())
        assert row(found.rows, "1").before is None
        assert row(found.rows, "9").before == 45


def test_an_agency_that_was_not_there_says_so(app: Portal, world: World) -> None:
    laid_beside_after(app, world, years(app, world))
    with app.app_context(), acting_as(world.actor("nacc")):
        (one,) = past(world, "b1")
        assert not one.took_part
        assert one.total.score is None


@pytest.mark.parametrize("state", [RoundState.OPEN, RoundState.CLOSED])
def test_a_round_whose_boxes_are_closed_shows_nothing_beside(
    app: Portal, world: World, state: RoundState
) -> None:
    earlier = years(app, world)
    laid_beside_after(app, world, earlier)
    with app.app_context(), writing(), privileged("a test") as session:
        session.execute(update(Round).where(Round.id == earlier).values(state=state))
    with app.app_context(), acting_as(world.actor("nacc")):
        assert past(world, "a1") == []
        assert means.means_of(db.session.get_one(Round, world.round_id), ResultQuery()) == []


def test_nothing_stands_beside_before_it_is_confirmed_or_opened(app: Portal, world: World) -> None:
    laid_beside_after(app, world, years(app, world), confirmed=False)
    with app.app_context(), acting_as(world.actor("nacc")):
        assert past(world, "a1") == []
    with app.app_context():
        opened(world, RoundState.CLOSED)
        round = db.session.get_one(Round, world.round_id)
        for read in (
            lambda: trends.earlier_years(round),
            lambda: means.means_of(round, ResultQuery()),
            lambda: trends.totals_of(round),
        ):
            with pytest.raises(Refused):
                read()


def test_a_year_before_the_year_before_is_reached_over_it(app: Portal, world: World) -> None:
    earlier = years(app, world)
    with app.app_context():
        first = earlier_round(world, {"a1": SCORES}, totals={"a1": Decimal(50)}, fiscal_year=2559)
        laid_beside(world.round_id, earlier, changed=frozenset({"I1"}))
        laid_beside(earlier, first, changed=frozenset({"O1"}))
    with app.app_context(), acting_as(world.actor("executive")):
        near, far = past(world, "a1")
        assert (near.total.year, far.total.year) == (2560, 2559)
        assert beside(near, Level.INDICATOR, "9", OIT, Decimal(50)).change == 5
        assert beside(far, Level.INDICATOR, "9", OIT, Decimal(50)).why is Why.PARTS
        assert beside(far, Level.INDICATOR, "1", IIT, Decimal(50)).why is Why.PARTS
        assert beside(far, Level.INDICATOR, "2", IIT, Decimal(50)).change == -10


def row(rows: tuple[MeanRow, ...], code: str) -> MeanRow:
    return next(one for one in rows if one.code == code)


def test_means_are_of_the_agencies_with_a_score_in_both_years(app: Portal, world: World) -> None:
    laid_beside_after(app, world, years(app, world), changed=frozenset({"I1"}))
    with app.app_context(), acting_as(world.actor("nacc")):
        round = db.session.get_one(Round, world.round_id)
        (found,) = means.means_of(round, ResultQuery())
        assert found.agencies == 4
        two = row(found.rows, "2")
        assert (two.before, two.now, two.agencies, two.change) == (Decimal(70), Decimal(100), 2, Decimal(30))
        one = row(found.rows, "1")
        assert (one.before, one.agencies, one.change, one.why) == (None, 0, None, Why.PARTS)
        total = found.rows[0]
        assert (total.before, total.now, total.agencies) == (Decimal(73), Decimal(80), 2)
        assert (total.change, total.why) == (None, Why.INSTRUMENTS)
        (narrowed,) = means.means_of(round, ResultQuery(kind=local.SAO))
        assert row(narrowed.rows, "2").before == 80
        assert row(narrowed.rows, "2").agencies == 1


def test_means_keep_to_the_scope_and_ask_no_more_for_more_agencies(app: Portal, world: World) -> None:
    earlier = years(app, world)
    laid_beside_after(app, world, earlier)
    with app.app_context(), writing(), privileged("a test moves a2 away") as session:
        other = session.get_one(Participation, world.participation["b1"])
        for model in (Participation, ResultNode):
            session.execute(
                update(model)
                .where(model.agency_id == world.agency["a2"])
                .values(province_id=other.province_id)
            )
    with app.app_context(), acting_as(world.actor("province")), asked(app) as statements:
        round = db.session.get_one(Round, world.round_id)
        (found,) = means.means_of(round, ResultQuery())
        assert row(found.rows, "2").before == 60, "a2 belongs to another province now"
        assert len([one for one in statements if one.startswith("SELECT")]) <= 20


def merged_since(app: Portal, world: World, make: Make) -> None:
    """a1, a2 and z have results in 2560; z ended in a1 before the world's round was made."""
    with app.app_context():
        prepared(world)
        world = named(world, z=neighbour(make).id)
        scores = {"a1": SCORES, "a2": SCORES, "z": SCORES}
        totals = {"a1": Decimal(66), "a2": Decimal(60), "z": Decimal(80)}
        earlier = earlier_round(world, scores, totals=totals)
        made(world, "z", merged(world, "z", into="a1"))
        opened(world)
        laid_beside(world.round_id, earlier)


def test_what_a_merged_agency_was_stands_beside_it_and_is_compared_with_nothing(
    app: Portal, world: World, make: Make
) -> None:
    merged_since(app, world, make)
    with app.app_context():
        for person, seen in (("nacc", {"a1", "z"}), ("province", {"a1", "z"}), ("executive", {"a1"})):
            with acting_as(world.actor(person)):
                (one,) = past(world, "a1")
                assert (one.took_part, one.total.score, one.total.change) == (False, None, None)
                assert one.origin is not None and not one.origin.divided
                assert len(one.forebears) == 2 and all(each.name for each in one.forebears)
                figures = {each.total for each in one.forebears if each.participation_id}
                assert figures == {{"a1": Decimal(66), "z": Decimal(80)}[key] for key in seen}, person


def test_merged_agencies_are_in_no_mean_and_have_no_total_of_the_year_before(
    app: Portal, world: World, make: Make
) -> None:
    merged_since(app, world, make)
    with app.app_context(), acting_as(world.actor("nacc")):
        round = db.session.get_one(Round, world.round_id)
        (found,) = means.means_of(round, ResultQuery())
        assert (found.agencies, found.changed) == (3, 1)
        assert row(found.rows, "2").agencies == 1
        assert found.rows[0].before == 60
        (totals,) = trends.totals_of(round)
        assert totals.totals == {world.participation["a2"]: Decimal(60)}
        assert set(totals.origins) == {world.participation["a1"]}
    with app.app_context(), acting_as(world.actor("province_other")):
        (found,) = means.means_of(db.session.get_one(Round, world.round_id), ResultQuery())
        assert found.changed == 0, "nothing of it lies in this province"


def test_a_renewed_agency_goes_on_under_the_name_that_it_had(app: Portal, world: World) -> None:
    laid_beside_after(app, world, years(app, world))
    with app.app_context():
        then = setting_name(world, "a1", "เทศบาลตำบลชื่อเดิม")
        with acting_as(world.actor("executive")):
            (one,) = past(world, "a1")
            assert (one.took_part, one.name_then, one.origin) == (True, then, None)
            assert one.total.change == 34


def setting_name(world: World, key: str, name: str) -> str:
    """The agency was called so in the earlier round."""
    with writing(), privileged("a test's agency had another name") as session:
        session.execute(
            update(Participation)
            .where(Participation.agency_id == world.agency[key], Participation.round_id != world.round_id)
            .values(full_name=name)
        )
    return name
