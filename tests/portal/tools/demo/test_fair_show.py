"""The demonstration is a fair show: every grade, nearly all at their minimum, and somebody at each desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.disclosure import Disclosure, DisclosureState
from models.result import Result
from models.roster import RosterJudgement, RosterVerdict
from portal.core.database import migrate
from portal.core.database.session import db, privileged
from portal.tools.demo import people
from portal.tools.demo.load import load
from run import create_app
from tests.conftest import settings_for

pytestmark = pytest.mark.proof


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder = Path(tmp_path_factory.mktemp("demonstration"))
    url = f"sqlite:///{folder / 'portal.db'}"
    migrate.upgrade(url)
    app = create_app(settings_for(url, url, folder))
    assert load(app)
    assert not load(app)
    with app.app_context(), privileged("a test looks at the demonstration") as session:
        yield session
    with app.app_context():
        db.engine.dispose()


def test_the_grades_spread_over_the_scale_and_most_agencies_reached_their_minimum(shown: Session) -> None:
    grades = dict(
        shown.execute(
            select(Result.grade, func.count()).where(Result.grade.is_not(None)).group_by(Result.grade)
        ).all()
    )
    assert len(grades) == 7
    assert min(grades.values()) >= 10
    below = shown.scalar(select(func.count()).where(Result.grade.is_not(None), Result.below != "")) or 0
    assert 0 < below < sum(grades.values()) / 10


def test_one_checklist_waits_one_was_returned_and_one_roster_wants_names(shown: Session) -> None:
    mine = [agency.id for agency in people.demo_agencies(shown).worked_for]
    states = dict(
        shown.execute(
            select(Disclosure.agency_id, Disclosure.state).where(Disclosure.agency_id.in_(mine))
        ).all()
    )
    assert sorted(state.name for state in states.values() if state is not DisclosureState.SCORED) == [
        "RETURNED",
        "SUBMITTED",
    ]
    asked = shown.scalars(
        select(RosterJudgement.agency_id).where(RosterJudgement.verdict == RosterVerdict.MORE_NAMES)
    ).all()
    assert len(asked) == 1
    assert asked[0] in mine
