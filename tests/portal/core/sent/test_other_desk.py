"""A person with two desks and two tabs: a page of one desk never acts at the other, and loses no word."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from models.account import Account, Grant, Role
from models.participation import Participation
from models.roster import RosterEntry
from portal.core import clock
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.people.accounts import give_grant
from tests.support.client import PortalClient
from tests.support.world import World, row

pytestmark = pytest.mark.postgres
REASON = "ตัวเลขไม่ตรงกับทะเบียน"


@dataclass
class Two:
    """An admin of two agencies, and the two desks."""

    client: PortalClient
    first: int
    second: int

    def sit(self, grant_id: int) -> None:
        assert self.client.submit("/desks", {"grant": str(grant_id)}).status_code == 302

    def page_of(self, address: str) -> str:
        """What a form of the page carries."""
        found = re.search(r'name="sent_from"\s+value="([^"]+)"', self.client.get(address).text)
        assert found
        return found[1]


@pytest.fixture
def two(app: Portal, world: World, client_as: Callable[[str], PortalClient]) -> Two:
    with app.app_context(), writing(), privileged("a second desk") as session:
        account = session.get_one(Account, world.account["agency_admin"])
        second = give_grant(session, account, Role.AGENCY_ADMIN, agency_id=world.agency["b1"])
        session.flush()
        desks = world.grant["agency_admin"], second.id
    made = Two(client_as("agency_admin"), *desks)
    made.sit(made.first)
    return made


@pytest.fixture
def url(world: World) -> str:
    return f"/rounds/{world.round_id}/preparation"


def headcounts(app: Portal, world: World) -> list[int | None]:
    with app.app_context():
        return [row(Participation, world.participation[key]).headcount for key in ("a1", "b1")]


def test_a_page_of_the_first_agency_stores_nothing_for_the_second(
    app: Portal, world: World, two: Two, url: str
) -> None:
    page = two.page_of(f"{url}/headcount")
    two.sit(two.second)
    answer = two.client.submit(f"{url}/headcount", {"headcount": "77", "sent_from": page})
    assert answer.status_code == 409
    assert headcounts(app, world) == [None, None]
    assert "เกาะคา" in answer.text and "ไสไทย" in answer.text, "both desks are named"
    assert 'name="headcount" value="77"' in answer.text


def test_the_button_changes_back_and_shows_the_form_filled_without_sending_it(
    app: Portal, world: World, two: Two, url: str
) -> None:
    page = two.page_of(f"{url}/headcount")
    two.sit(two.second)
    form = {"headcount": "77", "sent_from": page}
    two.client.submit(f"{url}/headcount", form)
    back = two.client.submit(f"{url}/headcount", {**form, "sit": "1"})
    assert back.status_code == 200
    assert 'value="77"' in back.text and "ยังไม่ได้ส่ง" in back.text and "เกาะคา" in back.text
    assert headcounts(app, world) == [None, None]
    sent = re.search(r'name="sent_from"\s+value="([^"]+)"', back.text)
    assert sent and sent[1].startswith(f"{two.first}.")
    two.client.submit(f"{url}/headcount", {"headcount": "77", "sent_from": sent[1]})
    assert headcounts(app, world) == [77, None]


def test_a_button_without_words_is_refused_the_same_way(
    app: Portal, world: World, two: Two, url: str
) -> None:
    page = two.page_of(url)
    two.sit(two.second)
    answer = two.client.submit(f"{url}/submit", {"sent_from": page})
    assert answer.status_code == 409
    back = two.client.submit(f"{url}/submit", {"sent_from": page, "sit": "1"})
    assert back.status_code == 200 and "เกาะคา" in back.text


def test_a_desk_that_is_lost_is_said_and_its_words_can_be_copied(
    app: Portal, world: World, two: Two, url: str
) -> None:
    page = two.page_of(f"{url}/roster/new")
    two.sit(two.second)
    with app.app_context(), writing(), privileged("a right ends") as session:
        session.get_one(Grant, two.first).valid_until = clock.now()
    form = {"name": "นายสมมติ หนึ่ง", "group": "1", "sent_from": page}
    for more in ({}, {"sit": "1"}):
        answer = two.client.submit(f"{url}/roster/new", {**form, **more})
        assert answer.status_code == 409
        assert "ไม่มีสิทธิแล้ว" in answer.text and "นายสมมติ หนึ่ง" in answer.text
        assert "เปลี่ยนกลับแล้ว" not in answer.text
    with app.app_context(), privileged("a test looks") as session:
        assert session.scalars(select(RosterEntry)).all() == []


def test_a_form_that_names_no_desk_is_not_taken(app: Portal, world: World, two: Two, url: str) -> None:
    answer = two.client.submit(f"{url}/headcount", {"headcount": "77", "sent_from": ""})
    assert answer.status_code == 400
    assert headcounts(app, world) == [None, None]
    assert 'value="77"' in answer.text, "it comes back filled"


def test_another_persons_desk_is_never_sat_at(app: Portal, world: World, two: Two, url: str) -> None:
    foreign = f"{world.grant['executive']}.{'x' * 20}"
    form: dict[str, Any] = {"headcount": "77", "sent_from": foreign, "sit": "1"}
    answer = two.client.submit(f"{url}/headcount", form)
    assert answer.status_code == 409
    assert "ไม่มีสิทธิแล้ว" in answer.text
    assert headcounts(app, world) == [None, None]
