"""One form sent several times at the same moment: one act, and every sending has the answer of the first."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from models.account import Account
from models.assessor import AssessorBody
from models.job import Job
from models.roster import Interview, RosterEntry
from models.survey import SurveyLink
from portal.core.database.session import privileged
from portal.core.web import Portal
from tests.support.client import PortalClient, client_of
from tests.support.furniture import furnish
from tests.support.rosters import draw
from tests.support.world import World

AT_ONCE = 4
ClientAs = Callable[[str], PortalClient]


def sent_at_once(app: Portal, client: PortalClient, url: str, form: dict[str, str]) -> list[tuple[int, str]]:
    """One page's form, sent several times at once by its browser; status and address of each answer."""
    form = {**form, "csrf_token": client.csrf_token(), "sent_from": client.sent_from()}
    cookie = client.get_cookie("portal")
    assert cookie is not None
    begin = threading.Barrier(AT_ONCE)

    def one() -> tuple[int, str]:
        twin = client_of(app)
        twin.set_cookie("portal", cookie.value)
        begin.wait(timeout=30)
        answer = twin.post(url, data=form)
        return answer.status_code, answer.headers.get("Location", "")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [future.result(timeout=60) for future in [pool.submit(one) for _ in range(AT_ONCE)]]


def rows(app: Portal, model: Any) -> int:
    with app.app_context(), privileged("a test counts") as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


ACTS: dict[str, tuple[str, str, dict[str, str], Any]] = {
    "body": ("nacc", "/admin/assessor-bodies/new/", {"name": "คณะใหม่"}, AssessorBody),
    "roster row": (
        "agency_admin",
        "/rounds/{round}/preparation/roster/new",
        {"name": "นายใหม่", "group": "1"},
        RosterEntry,
    ),
    "account": (
        "dla",
        "/admin/accounts/new/",
        {"username": "new.person", "name": "นางใหม่", "role": "province", "province": "1"},
        Account,
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_one_row_and_one_answer(app: Portal, world: World, client_as: ClientAs, act: str) -> None:
    person, url, form, model = ACTS[act]
    before = rows(app, model)
    answers = sent_at_once(app, client_as(person), url.format(round=world.round_id), form)
    assert rows(app, model) == before + 1, answers
    assert len(set(answers)) == 1 and answers[0][0] == 302, answers


def test_the_next_people_are_drawn_once(app: Portal, world: World, client_as: ClientAs) -> None:
    drawn = len(draw(app, world, size=5))
    url = f"/rounds/{world.round_id}/assessor/{world.participation['a1']}/sample/more"
    answers = sent_at_once(app, client_as("assessor"), url, {"people": "3"})
    assert rows(app, Interview) == drawn + 3
    assert len(set(answers)) == 1 and answers[0][0] == 302, answers


def test_a_link_is_replaced_once(app: Portal, world: World, client_as: ClientAs) -> None:
    """Else the link that the first answer showed, and that is printed already, would be dead."""
    furnish(app, world)
    before = rows(app, SurveyLink)
    url = f"/rounds/{world.round_id}/links/iit/replace"
    admin = client_as("agency_admin")
    shown = re.search(r'name="link"\s+value="(\d+)"', admin.get(url).text)
    assert shown
    answers = sent_at_once(app, admin, url, {"confirm": "1", "link": shown[1]})
    assert rows(app, SurveyLink) == before + 1
    assert len(set(answers)) == 1 and answers[0][0] == 302, answers


def test_a_poster_is_made_once(app: Portal, world: World, client_as: ClientAs) -> None:
    furnish(app, world)
    before = rows(app, Job)
    answers = sent_at_once(app, client_as("agency_admin"), f"/rounds/{world.round_id}/links/iit/poster", {})
    assert rows(app, Job) == before + 1
    assert len(set(answers)) == 1 and answers[0][0] == 302, answers
