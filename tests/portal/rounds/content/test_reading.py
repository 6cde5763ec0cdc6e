"""A round's content read from its rows is what was written; from it a new year begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy.orm import Session

from models.round import Round, Stage, WindowKind
from models.zone import BANGKOK
from portal.content.year import (
    ContentScale,
    ContentText,
    ContentTranslation,
    ContentWindow,
    YearContent,
    load_year,
)
from portal.core.database.session import privileged, writing
from portal.core.errors import NotFound
from portal.core.web import Portal
from portal.rounds import setup
from portal.rounds.content.reading import content_of
from portal.rounds.content.start import content_from, moved, nothing
from portal.rounds.content.writing import write_content
from tests.support.statements import asked
from tests.support.world import World
from tests.support.years import contents

pytestmark = pytest.mark.postgres


@pytest.fixture
def session(app: Portal) -> Iterator[Session]:
    with app.app_context(), writing(), privileged("a test makes rounds") as session:
        yield session


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BANGKOK)


def window(opens: str, closes: str) -> ContentWindow:
    return ContentWindow(Stage.IIT, WindowKind.MAIN, day(opens), day(closes))


def unlike_the_usual(fiscal_year: int) -> YearContent:
    """The shipped content with every setting at another value than it begins with."""
    return replace(
        load_year(2561),
        fiscal_year=fiscal_year,
        first_digits="1234567",
        detail_threshold=12,
        total_threshold=5,
        eit_combine="halves",
        grace_seconds=60,
        office_grace_seconds=120,
        demo_wording=False,
        windows=(window("2019-01-01", "2019-02-01"),),
        texts=(ContentText("survey.thanks", "ขอบคุณ"),),
        translations=(
            ContentTranslation("en", "question", "iit:I1", "text", "How well is the work done?"),
            ContentTranslation("en", "line", "iit:I1.2", "text", "In time"),
        ),
        **with_more(load_year(2561)),
    )


def with_more(content: YearContent) -> dict[str, Any]:
    """Parts of a content that 2561 does not have: a choice without points, items for some kinds only."""
    aside = ContentScale("ASIDE", ("ใช่", "ไม่ใช่", "ไม่เกี่ยวข้อง"), (Decimal(100), Decimal(0), None), "ใช่หรือไม่")
    (*surveys, checklist) = content.instruments
    first, *others = checklist.items
    mine = replace(first, kinds=("pao", "city"), example="แผนผังที่มีตำแหน่งทุกตำแหน่ง")
    rule = replace(content.sample_rows[0], province_size="M", agency_kind="sao")
    return {
        "scales": (*content.scales, aside),
        "instruments": (*surveys, replace(checklist, items=(mine, *others))),
        "sample_rows": (rule, *content.sample_rows[1:]),
    }


def test_what_is_read_is_what_was_written(session: Session) -> None:
    for content in (replace(load_year(2561), fiscal_year=2570), unlike_the_usual(2571), nothing(2572)):
        made = setup.make_round(session, content, name=f"รอบ {content.fiscal_year}")
        session.expire_all()
        assert content_of(session, made) == content


@pytest.mark.long
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(contents(), contents())
def test_what_is_written_over_another_content_leaves_nothing_of_it(
    session: Session, before: YearContent, after: YearContent
) -> None:
    made = setup.make_round(session, before, name="รอบทดลอง")
    try:
        for content in (after, nothing(before.fiscal_year), before):
            write_content(session, made, content)
            session.expire_all()
            assert content_of(session, made) == content
    finally:
        session.rollback()


def test_reading_asks_no_more_for_more_questions(app: Portal, session: Session) -> None:
    small, large = (
        setup.make_round(session, content, name=content.eit_combine)
        for content in (nothing(2571), unlike_the_usual(2572))
    )
    counts = []
    for round in (large, small):
        session.expire_all()
        with asked(app) as statements:
            content_of(session, round)
        counts.append(len(statements))
    assert counts[0] <= counts[1] + 6, "those that nothing leads to are not asked where there is nothing"


@pytest.mark.parametrize(
    ("opens", "years", "wanted"),
    [
        ("2018-11-01", 1, "2019-11-01"),
        ("2020-02-29", 1, "2021-03-01"),
        ("2020-02-29", 4, "2024-02-29"),
        ("2019-03-01", -1, "2018-03-01"),
    ],
)
def test_windows_move_by_the_years_between(opens: str, years: int, wanted: str) -> None:
    content = replace(load_year(2561), windows=(window(opens, "2030-01-01"),))
    after = moved(content, 2561 + years)
    assert after.fiscal_year == 2561 + years
    assert [one.opens_at for one in after.windows] == [day(wanted)]


def test_a_round_begins_from_an_earlier_one_with_all_but_its_answers(session: Session, world: World) -> None:
    earlier = content_of(session, session.get_one(Round, world.round_id))
    after = content_from(session, f"round:{world.round_id}", fiscal_year=earlier.fiscal_year + 1)
    assert replace(after, fiscal_year=earlier.fiscal_year, windows=earlier.windows) == earlier
    assert len(after.windows) == len(earlier.windows) > 0


@pytest.mark.parametrize("start", ["", "round:", "round:99999", "round:x", "shipped:2499", "shipped", "all"])
def test_a_start_that_there_is_not_gives_nothing(session: Session, start: Any) -> None:
    with pytest.raises(NotFound):
        content_from(session, start, fiscal_year=2570)
