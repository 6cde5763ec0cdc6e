"""The pages of codes and passwords: what is asked, what is refused at which field, and where they lead."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.account import Account, ActivationCode, Role
from portal.core.database.session import privileged, writing
from portal.core.sign_in import HASHER
from portal.core.web import Portal
from portal.people import accounts
from tests.factories.base import Make
from tests.factories.people import GrantFactory
from tests.support import world as worlds
from tests.support.client import PortalClient
from tests.support.passwords import set_password
from tests.support.slips import activated
from tests.support.world import PASSWORD, World

ClientAs = Callable[[str], PortalClient]
NEW = "an entirely new sentence"


def give(app: Portal, account_id: int) -> str:
    """A password and a fresh code for this account; gives the code."""
    with app.app_context(), writing(), privileged("a test's code") as session:
        account = session.get_one(Account, account_id)
        set_password(account, PASSWORD)
        return accounts.issue_code(session, account)


def test_a_code_leads_to_the_agency_s_contacts_and_says_so_once(
    app: Portal, client_as: ClientAs, world: World
) -> None:
    code = give(app, world.account["executive"])
    visitor = client_as("")
    answer = activated(visitor, code, NEW)
    assert (answer.status_code, answer.location) == (302, "/contacts/review")
    home = f"/rounds/{world.round_id}/home"
    assert "เปิดใช้งานบัญชีแล้ว" in visitor.get(home).text
    assert "เปิดใช้งานบัญชีแล้ว" not in visitor.get(home).text


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("not the one", NEW, "รหัสผ่านปัจจุบันไม่ตรง"),
        (PASSWORD, "short", "อย่างน้อย 10"),
        ("", NEW, "กรอกรหัสผ่านปัจจุบัน"),
        (PASSWORD, "", "กรอกรหัสผ่านใหม่"),
    ],
)
def test_a_password_that_is_not_changed_comes_back_with_why(
    app: Portal, client_as: ClientAs, world: World, old: str, new: str, words: str
) -> None:
    give(app, world.account["executive"])
    client = client_as("executive")
    assert client.get("/password").status_code == 200
    answer = client.submit("/password", {"old": old, "new": new})
    assert answer.status_code == 422 and words in answer.text
    with app.app_context():
        assert HASHER.verify(worlds.row(Account, world.account["executive"]).password_hash, PASSWORD)


def test_a_changed_password_is_said_at_home(app: Portal, client_as: ClientAs, world: World) -> None:
    give(app, world.account["executive"])
    client = client_as("executive")
    answer = client.submit("/password", {"old": PASSWORD, "new": NEW})
    assert (answer.status_code, answer.location) == (302, "/")
    assert "เปลี่ยนรหัสผ่านแล้ว" in client.get(f"/rounds/{world.round_id}/home").text
    with app.app_context():
        assert HASHER.verify(worlds.row(Account, world.account["executive"]).password_hash, NEW)


def test_a_desk_of_somebody_else_is_not_there(
    app: Portal, client_as: ClientAs, world: World, make: Make
) -> None:
    with app.app_context(), privileged("a test looks") as session:
        person = session.get_one(Account, world.account["executive"])
        session.expunge_all()
    second = make(GrantFactory, account=person, role=Role.EXECUTIVE, agency_id=world.agency["a2"])
    client = client_as("executive")
    page = client.get("/desks").text
    assert "เทศบาลตำบลเกาะคา" in page and "ท่าผา" in page
    for wrong in (str(world.grant["nacc"]), "x", ""):
        assert client.submit("/desks", {"grant": wrong}).status_code == 404
    answer = client.submit("/desks?next=//elsewhere.example", {"grant": str(second.id)})
    assert (answer.status_code, answer.location) == (302, "/")
    assert "ท่าผา" in client.get(f"/rounds/{world.round_id}/home").text


def test_a_code_is_asked_for_before_it_is_issued(app: Portal, client_as: ClientAs, world: World) -> None:
    """And each act says what it brings before it is done."""
    client, page = client_as("dla"), f"/admin/accounts/{world.account['executive']}"
    assert "30 วัน" in client.get(f"{page}/code").text
    assert "ออกจากระบบ" in client.get(f"{page}/sessions").text
    with app.app_context(), privileged("a test looks") as session:
        assert session.query(ActivationCode).count() == 0
    assert "เข้าสู่ระบบไม่ได้" in client.get(f"{page}/active").text
    client.submit(f"{page}/active", {"version": str(version(app, world))})
    assert "เข้าสู่ระบบได้" in client.get(f"{page}/active").text


def version(app: Portal, world: World) -> int:
    with app.app_context():
        found: int = worlds.row(Account, world.account["executive"]).version
        return found
