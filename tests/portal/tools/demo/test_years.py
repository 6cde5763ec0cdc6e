"""The demonstration's years stand beside each other: a trend is seen, and why there is none elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.account import Account, Grant
from models.instrument import InstrumentKind
from models.participation import Participation
from models.result import Result
from models.round import Round, RoundState
from models.scoring import Level
from models.year import Likeness, YearLink, YearMapping
from portal.content.year import load_year
from portal.core.database.session import db
from portal.results import means
from portal.results.lists import ResultQuery
from portal.results.means import MeanRow, Means
from portal.rounds.trends.comparing import Why
from portal.tools.demo import years
from portal.tools.demo.load import FISCAL_YEAR
from portal.tools.drill.cast import acting

IIT, EIT, OIT = InstrumentKind.IIT, InstrumentKind.EIT, InstrumentKind.OIT


def round_of(session: Session, fiscal_year: int) -> Round:
    return session.scalars(select(Round).where(Round.fiscal_year == fiscal_year)).one()


@pytest.fixture
def found(shown: Session) -> Iterator[Means]:
    """The year that is over beside the one before it, as the results' page has it."""
    by = select(Grant.id).join(Account, Account.id == Grant.account_id)
    grant = shown.scalars(by.where(Account.username == "demo-nacc")).one()
    before = round_of(shown, FISCAL_YEAR - 1).id
    with acting(grant):
        one, *more = means.means_of(db.session.get_one(Round, before), ResultQuery())
        assert not more
        yield one


def row_of(found: Means, kind: InstrumentKind, level: Level, code: str) -> MeanRow:
    return next(row for row in found.rows if (row.kind, row.level, row.code) == (kind, level, code))


@pytest.mark.long
def test_each_year_is_laid_beside_the_one_before_and_confirmed_by_the_nacc(shown: Session) -> None:
    first, before, today = (round_of(shown, FISCAL_YEAR - back) for back in (2, 1, 0))
    query = select(YearMapping.round_id, YearMapping.earlier_id, Account.username).join(
        Account, Account.id == YearMapping.account_id
    )
    assert set(shown.execute(query).all()) == {
        (before.id, first.id, "demo-nacc"),
        (today.id, before.id, "demo-nacc"),
    }


def test_one_question_was_another_and_one_item_is_new(shown: Session) -> None:
    first = round_of(shown, FISCAL_YEAR - 2)
    query = select(YearLink.code, YearLink.likeness).where(YearLink.earlier_id == first.id)
    said = dict(shown.execute(query.where(YearLink.likeness != Likeness.SAME)).all())
    assert said == {"E5": Likeness.CHANGED, "O48": Likeness.NEW}


def test_the_open_round_asks_all_that_was_asked_a_year_ago(shown: Session) -> None:
    before = round_of(shown, FISCAL_YEAR - 1)
    query = select(YearLink.likeness).where(YearLink.earlier_id == before.id).distinct()
    assert shown.scalars(query).all() == [Likeness.SAME]


def test_the_results_show_a_trend_where_both_years_may_be_compared(found: Means) -> None:
    assert found.agencies > 50
    for kind, level, code in ((IIT, Level.INSTRUMENT, "iit"), (EIT, Level.INDICATOR, "7")):
        row = row_of(found, kind, level, code)
        assert row.has_figures
        assert row.change is not None
        assert Decimal(0) < row.change < Decimal(15)


def test_the_results_say_why_where_they_may_not(found: Means) -> None:
    assert row_of(found, EIT, Level.INDICATOR, "6").why is Why.PARTS
    assert row_of(found, OIT, Level.INDICATOR, "10").why is Why.PARTS
    assert row_of(found, OIT, Level.INSTRUMENT, "oit").why is Why.INDICATORS
    assert found.rows[0].why is Why.INSTRUMENTS


def test_the_first_year_is_over_and_agencies_of_two_provinces_took_part(shown: Session) -> None:
    first = round_of(shown, FISCAL_YEAR - 2)
    assert first.state is RoundState.OPENED
    provinces = select(Participation.province_name).where(Participation.round_id == first.id).distinct()
    assert shown.scalars(provinces).all() == ["ลำปาง"], "the tests' register has one of both"
    lacking = select(func.count()).where(Result.round_id == first.id, Result.reason == "not_assessable")
    assert shown.scalar(lacking) == 0


def test_an_agency_is_about_as_good_as_in_the_year_after(shown: Session) -> None:
    totals: list[dict[int, Decimal]] = []
    for back in (2, 1):
        query = select(Participation.agency_id, Result.total).join(Result.participation)
        query = query.where(Result.round_id == round_of(shown, FISCAL_YEAR - back).id)
        totals.append({key: total for key, total in shown.execute(query) if total is not None})
    first, after = totals
    moved = [abs(after[key] - first[key]) for key in first.keys() & after.keys()]
    assert len(moved) > 50
    assert max(moved) < 30


def test_the_first_years_content_is_todays_but_for_both(shown: Session) -> None:
    today = load_year(FISCAL_YEAR)
    first = years.first_content(today)
    assert len(first.instrument("oit").items) == len(today.instrument("oit").items) - 1
    pairs = zip(first.instrument("eit").questions, today.instrument("eit").questions, strict=True)
    assert [one.code for one, other in pairs if one != other] == ["E5"]
