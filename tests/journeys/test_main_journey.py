"""The main job, end to end: one agency through a whole round, every role signing in for its part.

NACC's new round, the four steps of preparation, both surveys, OIT, the interviews of EIT part 2, the status
of the province, DLA's letter, the closing, the opened boxes and the result. What takes a hundred clicks is
begun on screen and ended by the services that the screens use. The acts lie in tests/journeys/main.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from models.account import Account
from models.instrument import InstrumentKind
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from survey_forms import context
from tests.journeys.main import (
    account_acts,
    assessor_acts,
    certificate_acts,
    closing_acts,
    disclosure_acts,
    office_acts,
    preparation_acts,
    round_acts,
    stage,
    survey_acts,
)
from tests.journeys.main.preparation_acts import HEADCOUNT, PEOPLE
from tests.support.live import Screens, served, working
from tests.support.passwords import set_password
from tests.support.world import PASSWORD, World

# without the mark "postgres": `make test` walks it on SQLite, `make proof` on both databases
pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
IIT, EIT = InstrumentKind.IIT, InstrumentKind.EIT
#: people who have signed in before; the agency's admin and the assessor get codes in the journey
KNOWN = ("nacc", "dla", "province", "executive")


@pytest.fixture
def journey(
    app: Portal, world: World, browser: Browser, clock: Callable[[object], None]
) -> Iterator[stage.Journey]:
    """A live site with its worker, and people with passwords."""
    with app.app_context(), writing(), privileged("passwords of the journey's people") as session:
        session.info["unrecorded"] = True
        for person in KNOWN:
            set_password(session.get_one(Account, world.account[person]), PASSWORD)
    with served(app) as url, working(app):
        screens = Screens(browser, url)
        yield stage.Journey(app, world, screens, clock)
        screens.close()
    context.clear()


def test_an_agency_goes_through_the_whole_round(journey: stage.Journey, tmp_path: Path) -> None:
    journey.set_clock(stage.PREPARING)
    round_acts.make_and_open(journey)
    round_acts.appoint_assessors(journey)
    codes = account_acts.give_codes(journey)
    admin = account_acts.activate(journey, codes["agency_admin"])
    preparation_acts.fill_in(journey, admin)
    preparation_acts.confirm(journey)
    preparation_acts.take_links(journey, admin)
    survey_acts.come_too_early(journey)

    journey.set_clock(stage.ANSWERING)
    survey_acts.answer_section_by_section(journey, IIT, 0)
    survey_acts.answer_without_script(journey, IIT, 1)
    survey_acts.send_the_rest(journey, IIT, range(2, HEADCOUNT))
    survey_acts.answer_section_by_section(journey, EIT, 0)
    survey_acts.send_the_rest(journey, EIT, range(1, PEOPLE - 1))
    admin = journey.at_desk("agency_admin")
    survey_acts.see_counts(journey, admin)
    disclosure_acts.answer(journey, admin)
    disclosure_acts.fail_one(journey)
    disclosure_acts.mend(journey, admin)
    disclosure_acts.approve(journey)
    assessor = account_acts.activate(journey, codes[account_acts.ASSESSOR])
    assessor_acts.judge_and_draw(journey, assessor)
    assessor_acts.interview(journey, assessor, PEOPLE - 1)
    points = disclosure_acts.score(journey, assessor)
    office_acts.follow_status(journey)
    office_acts.write_letter(journey, tmp_path)

    journey.set_clock(stage.OVER)
    closing_acts.close(journey)
    closing_acts.open_the_boxes(journey)
    closing_acts.see_result(journey, points)
    certificate_acts.certify(journey)
    closing_acts.read_the_record(journey)
