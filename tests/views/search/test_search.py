"""The one search box: what it finds opens, what a desk may not read is not found, and it asks little."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest

from models.account import Role
from models.round import Round
from portal.announcements import writing
from portal.announcements.receivers import Chosen
from portal.announcements.writing import Words
from portal.core.acting import acting, seated
from portal.core.database.session import db
from portal.core.web import Portal
from portal.search import everything
from tests.support.client import PortalClient
from tests.support.statements import asked
from tests.support.world import PEOPLE, World

#: no search asks the database more often
MOST_QUERIES = 10

pytestmark = pytest.mark.postgres
As = Callable[[str], PortalClient]
EVERYBODY = [who for who, _role, _place in PEOPLE]


def announce(world: World, heading: str, roles: tuple[Role, ...]) -> None:
    """An announcement of DLA that was sent."""
    actor = world.actor("dla")
    with acting(actor):
        made = writing.draft(Words(heading, "ข้อความ", None, Chosen(roles)), actor)
        writing.send(made, seen_version=None, actor=actor)


def links(page: str) -> list[str]:
    """The addresses of what a page found."""
    body = page.partition("<main")[2].partition("</main>")[0]
    return [html.unescape(found) for found in re.findall(r'<li><a href="([^"]+)"', body)]


def test_what_is_found_opens_and_nothing_of_others_is_found(app: Portal, world: World, client_as: As) -> None:
    with app.app_context():
        announce(world, "เกาะคา ซักซ้อม", (Role.DLA, Role.PROVINCE, Role.AGENCY_ADMIN))
    for who in ("dla", "province", "agency_admin", "assessor"):
        found = links(client_as(who).get("/search?q=เกาะคา").text)
        assert found, who
        for address in found:
            assert client_as(who).get(address).status_code == 200, (who, address)
    assert any(
        "/announcements/" in one for one in links(client_as("agency_admin").get("/search?q=ซักซ้อม").text)
    )
    for who, word in (("province_other", "ท่าผา"), ("assessor_other", "เกาะคา"), ("executive", "ซักซ้อม")):
        page = client_as(who).get(f"/search?q={word}")
        assert not [one for one in links(page.text) if "/help/" not in one], who


@pytest.mark.parametrize("word", ["", "%", "..", "อ" * 300, "ITA", "๒๕๖๑", "\u0e4d\u0e32", "a' OR 1=1 --"])
def test_any_word_is_answered(word: str, client_as: As) -> None:
    for who in ("nacc", "agency_admin"):
        assert client_as(who).get("/search", query_string={"q": word}).status_code == 200


def test_a_search_asks_the_database_no_more_than_it_says(app: Portal, world: World) -> None:
    for who in EVERYBODY:
        with app.app_context(), seated(world.actor(who)) as actor:
            round = db.session.get(Round, world.round_id)
            with asked(app) as statements:
                everything.find("เมือง", actor, round, [round] if round else [])
            assert len(statements) <= MOST_QUERIES, who
