"""An agency's year by the services that its screens use: prepared, disclosed, reviewed, scored."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from models.instrument import OitItem
from portal.ballot import links
from portal.disclosure import answering, review, scoring
from portal.disclosure.state import ensure_disclosure
from portal.preparation import desk
from portal.rosters import importing
from portal.rosters.file import read_roster
from portal.tools.drill import checklists
from survey_forms import context
from tests.journeys.main.preparation_acts import HEADCOUNT, roster_file
from tests.journeys.main.stage import Journey


def prepare(journey: Journey, admin: str, executive: str) -> None:
    """The four steps; the paths of both survey links go into the journey."""
    with journey.acting(admin) as (actor, mine):
        desk.set_headcount(mine, HEADCOUNT, actor=actor)
        table = read_roster(roster_file(faulty=False)["buffer"], "roster.csv")
        importing.apply_roster(mine, importing.plan_roster(mine, table), replace=True)
    with journey.acting(admin) as (actor, mine):
        desk.submit(mine, actor=actor)
    with journey.acting(executive) as (actor, mine):
        desk.confirm(mine, actor=actor)
    with journey.acting(admin) as (_actor, mine):
        journey.links = {kind: f"/s/{link.code}" for kind, link in links.living_links(mine).items()}
    context.clear()


def disclose(journey: Journey, admin: str, executive: str) -> int:
    """Every item answered with a link, submitted, passed; gives how many were asked."""
    with journey.acting(admin) as (actor, mine):
        asked = checklists.answer_all(
            mine, actor=actor, link=lambda item: f"https://example.go.th/{item.code}"
        )
        answering.submit(mine, version=ensure_disclosure(mine).version, actor=actor)
    with journey.acting(executive) as (actor, mine):
        checklists.pass_all(mine, actor=actor)
        review.confirm_review(mine, version=ensure_disclosure(mine).version, actor=actor)
    return asked


def score(journey: Journey, assessor: str, points: Callable[[OitItem], Decimal]) -> dict[str, int]:
    """Every item scored, and the scoring finished; gives the points by code."""
    given: dict[str, int] = {}

    def noted(item: OitItem) -> Decimal:
        worth = points(item)
        given[item.code] = int(worth)
        return worth

    with journey.acting(assessor) as (actor, theirs):
        checklists.score_all(theirs, actor=actor, points=noted)
        scoring.finish_scoring(theirs, version=ensure_disclosure(theirs).version, actor=actor)
    return given
