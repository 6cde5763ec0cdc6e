"""A new year without a programmer: NACC makes it from the old round, and it is assessed beside it.

The old round of 2561 is nearly over. From it a round of 2568 with a shorter checklist by workbook, mended
where the checks say so, opened beside the old one, filled by two agencies, closed, scored, and compared with
the old one where it may be. There is no command line in it. The acts lie in tests/journeys/year; what takes a
hundred clicks and is walked elsewhere (tests/journeys/test_main_journey.py) is done by the services that the
screens use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from models.account import Account
from models.instrument import InstrumentKind, OitItem
from models.participation import Participation
from models.zone import BANGKOK
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from survey_forms import context
from tests.journeys.main import survey_acts
from tests.journeys.main.preparation_acts import HEADCOUNT, PEOPLE
from tests.journeys.main.stage import Journey
from tests.journeys.year import ending_acts, filling_acts, making_acts, trend_acts
from tests.support.live import Screens, served, working
from tests.support.passwords import set_password
from tests.support.world import PASSWORD, World

# without the mark "postgres": `make test` walks it on SQLite, `make proof` on both databases
pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
IIT, EIT = InstrumentKind.IIT, InstrumentKind.EIT
#: the new year is made; every stage is open; everything is over
MAKING, FILLING = datetime(2025, 10, 6, 9, 0, tzinfo=BANGKOK), datetime(2025, 11, 9, 10, 0, tzinfo=BANGKOK)
OVER = datetime(2026, 2, 2, 9, 0, tzinfo=BANGKOK)
FIRST, OTHER = ("agency_admin", "executive"), ("agency_admin_other", "executive_other")


@pytest.fixture
def old(app: Portal, world: World, browser: Browser, clock: Callable[[object], None]) -> Iterator[Journey]:
    """The round of 2561 at a live site with its worker, for the first agency; people have passwords."""
    with app.app_context(), writing(), privileged("passwords of the journey's people") as session:
        session.info["unrecorded"] = True
        for person in ("nacc", *FIRST, *OTHER):
            set_password(session.get_one(Account, world.account[person]), PASSWORD)
    with served(app) as url, working(app):
        screens = Screens(browser, url)
        yield Journey(app, world, screens, clock, world.round_id, world.participation["a1"])
        screens.close()
    context.clear()


def of_agency(journey: Journey, agency: str) -> Journey:
    """The same round for an agency of the world."""
    with journey.app.app_context(), privileged("a test looks for an agency in a round") as session:
        query = select(Participation.id).where(
            Participation.round_id == journey.round_id,
            Participation.agency_id == journey.world.agency[agency],
        )
        found = session.scalars(query).one()
    return Journey(journey.app, journey.world, journey.screens, journey.set_clock, journey.round_id, found)


def half_of_some(item: OitItem) -> Decimal:
    return Decimal(50 if item.position % 3 == 0 else 100)


def test_a_year_is_made_from_the_one_before_and_assessed_beside_it(old: Journey) -> None:
    filling_acts.prepare(old, *FIRST)
    survey_acts.send_the_rest(old, IIT, range(HEADCOUNT))
    survey_acts.send_the_rest(old, EIT, range(PEOPLE))
    filling_acts.disclose(old, *FIRST)
    filling_acts.score(old, "assessor", half_of_some)

    old.set_clock(MAKING)
    new = Journey(old.app, old.world, old.screens, old.set_clock)
    page = making_acts.begin_from_the_old(new)
    items = making_acts.shorten_by_workbook(new, page)
    making_acts.mend_what_is_said(new, page)
    making_acts.open_beside_the_old(new, old, page)
    making_acts.assign(new, page)
    assert trend_acts.lay_side_by_side(new, page) == 7, "the items in other words"

    new.set_clock(FILLING)
    first, other = of_agency(new, "a1"), of_agency(new, "b1")
    filling_acts.prepare(first, *FIRST)
    filling_acts.prepare(other, *OTHER)
    survey_acts.answer_section_by_section(first, IIT, 0)
    survey_acts.send_the_rest(first, IIT, range(HEADCOUNT + 3, 2 * HEADCOUNT + 2))
    survey_acts.answer_without_script(first, EIT, 0)
    survey_acts.send_the_rest(first, EIT, range(PEOPLE + 1, 2 * PEOPLE))
    survey_acts.send_the_rest(other, IIT, range(HEADCOUNT))
    survey_acts.send_the_rest(other, EIT, range(PEOPLE))
    asked = items[:-1]
    assert filling_acts.disclose(first, *FIRST) == len(asked), "the last item asks another kind of agency"
    assert filling_acts.disclose(other, *OTHER) == len(items)
    points = filling_acts.score(first, "assessor", half_of_some)

    new.set_clock(OVER)
    ending_acts.close(old, making_acts.OLD_YEAR)
    ending_acts.close(first, making_acts.YEAR)
    ending_acts.see_scores(first, asked, points)
    trend_acts.see_trend(first, old)
