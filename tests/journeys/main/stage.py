"""What the acts of the journey share: the application, the people's screens, and what they carry on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from playwright.sync_api import Page, expect
from sqlalchemy import select

from models.account import Account
from models.instrument import InstrumentKind
from models.participation import Participation
from models.zone import BANGKOK
from portal.core.access import Actor
from portal.core.database.session import db, privileged
from portal.core.sign_in import actor_for_grant
from portal.core.web import Portal
from tests.support.browser import DESKTOP, PHONE
from tests.support.live import Screens
from tests.support.world import World, acting_as

YEAR, NAME = 2562, "การประเมิน ITA ประจำปีงบประมาณ พ.ศ. 2562"
#: the agency that is carried through, as pages and letters call it
AGENCY, SHORT = "เทศบาลตำบลเกาะคา", "ทต.เกาะคา"
PROVINCE = "ลำปาง"
#: preparation; surveys, interviews and OIT; after everything
PREPARING = datetime(2018, 11, 9, 10, 0, tzinfo=BANGKOK)
ANSWERING = datetime(2018, 11, 12, 9, 0, tzinfo=BANGKOK)
OVER = datetime(2018, 12, 22, 9, 0, tzinfo=BANGKOK)


@dataclass
class Journey:
    """One agency on its way through one round."""

    app: Portal
    world: World
    screens: Screens
    set_clock: Callable[[object], None]
    round_id: int = 0
    participation_id: int = 0
    #: paths of the agency's survey links
    links: dict[InstrumentKind, str] = field(default_factory=dict)
    #: choices that were sent, one list per respondent
    sent: dict[InstrumentKind, list[list[int]]] = field(default_factory=dict)

    def at_desk(self, person: str) -> Page:
        """A person signs in at a desk."""
        return self.screens.signed_in(person, DESKTOP)

    def on_phone(self, person: str) -> Page:
        """A person signs in on a phone."""
        return self.screens.signed_in(person, PHONE)

    @contextmanager
    def acting(self, username: str) -> Iterator[tuple[Actor, Participation]]:
        """What would take too many clicks: the services the screens use, as a person, on the agency."""
        with self.app.app_context():
            with privileged("a test's actor") as session:
                account = session.scalars(select(Account).where(Account.username == username)).one()
                actor = actor_for_grant(session, account.grants[0].id)
            with acting_as(actor):
                yield actor, db.session.get_one(Participation, self.participation_id)

    def path(self, rest: str) -> str:
        """A path of the round."""
        return f"/rounds/{self.round_id}{rest}"


def follow(page: Page, name: str, *, exact: bool = True) -> None:
    """Click a link of the page's content."""
    page.locator("main").get_by_role("link", name=name, exact=exact).first.click()


def choose_menu(page: Page, name: str) -> None:
    """Go to a room by the main menu."""
    page.get_by_role("navigation", name="เมนูหลัก").get_by_role("link", name=name, exact=True).click()


def press(page: Page, name: str, *, exact: bool = True) -> None:
    """Press a button of the page's content; a form that it sends has its answer afterwards."""
    page.locator("main").get_by_role("button", name=name, exact=exact).click()
    expect(page.locator("form[data-sending=yes]")).to_have_count(0)


def told(page: Page, text: str) -> None:
    """The page says that it was done."""
    expect(page.locator(".ita-flash[role=status]")).to_contain_text(text)


def shows(page: Page, *texts: str) -> None:
    """The page's content has these words."""
    for text in texts:
        expect(page.locator("main")).to_contain_text(text)


def number_in(page: Page, pattern: str) -> int:
    """A number of the page's address."""
    found = re.search(pattern, page.url)
    assert found, page.url
    return int(found[1])
