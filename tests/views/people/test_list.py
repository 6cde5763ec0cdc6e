"""The list of accounts: found by name, agency or province; narrowed by role, place and state; edited."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest

from models.account import Account, Role
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.people import AccountFactory, ActivationCodeFactory, GrantFactory
from tests.support import world as worlds
from tests.support.client import PortalClient
from tests.support.forms import form_with
from tests.support.statements import asked
from tests.support.world import NOW, World

ClientAs = Callable[[str], PortalClient]
LIST = "/admin/accounts/"
EVERYBODY = {person for person, *_rest in worlds.PEOPLE}


def shown(client: PortalClient, query: str) -> set[str]:
    """Which people of the world stand on the list."""
    page = client.get(f"{LIST}?{query}")
    assert page.status_code == 200, page.text
    rows = "".join(re.findall(r"<tbody>.*?</tbody>", page.text, re.DOTALL))
    return set(re.findall(r"ผู้ใช้ทดลอง (\w+)", rows)) & (EVERYBODY | {"ended", "waiting", "shut"})


@pytest.fixture
def more(make: Make, world: World) -> None:
    """Somebody whose right has ended, somebody who never activated, and a shut account."""
    ended = make(AccountFactory, username="ended", activated_at=NOW)
    make(
        GrantFactory,
        account=ended,
        role=Role.EXECUTIVE,
        agency_id=world.agency["a1"],
        valid_until=NOW - timedelta(days=1),
    )
    waiting = make(AccountFactory, username="waiting")
    make(GrantFactory, account=waiting, role=Role.PROVINCE, province_id=world.province["81"])
    make(AccountFactory, username="shut", active=False, activated_at=NOW)


@pytest.mark.usefixtures("more")
@pytest.mark.parametrize(
    ("query", "people"),
    [
        ("flt_role=executive", {"executive", "executive_other"}),
        ("flt_role=nacc", {"nacc"}),
        ("flt_state=waiting", {"waiting"}),
        ("flt_state=shut", {"shut"}),
        ("search=assessor", {"assessor", "assessor_other"}),
        ("search=" + quote("เกาะคา"), {"agency_admin", "executive"}),
        ("search=" + quote("กระบี่"), {"province_other", "agency_admin_other", "executive_other", "waiting"}),
        ("search=" + quote("กระบี่") + "&flt_role=province", {"province_other", "waiting"}),
    ],
)
def test_accounts_are_found_by_who_and_where_they_are_now(
    client_as: ClientAs, query: str, people: set[str]
) -> None:
    """A right that has ended finds nobody any more."""
    assert shown(client_as("dla"), query) == people


@pytest.fixture
def codes(app: Portal, make: Make, world: World) -> None:
    """Accounts without a person at one agency: a code is out, one has ended, and one was never issued."""
    places = {"a06520402": Role.AGENCY_ADMIN, "e06520402": Role.EXECUTIVE, "x06520402": Role.EXECUTIVE}
    for username, role in places.items():
        made = make(AccountFactory, username=username, name="")
        make(GrantFactory, account=made, role=role, agency_id=world.agency["a2"])
        if role is Role.AGENCY_ADMIN or username.startswith("x"):
            ends = NOW + timedelta(days=1 if role is Role.AGENCY_ADMIN else 0)
            make(ActivationCodeFactory, account=made, expires_at=ends)


def user_names(client: PortalClient, query: str) -> list[str]:
    """The user names of the list, in its order."""
    rows = "".join(re.findall(r"<tbody>.*?</tbody>", client.get(f"{LIST}?{query}").text, re.DOTALL))
    return re.findall(r'data-h="ชื่อผู้ใช้">(\S+)</td>', rows)


@pytest.mark.usefixtures("codes")
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("flt_state=waiting", ["a06520402", "e06520402", "x06520402"]),
        ("flt_state=no_code", ["e06520402"]),
        ("flt_state=code_out", ["a06520402"]),
        ("flt_state=code_ended", ["x06520402"]),
        ("search=" + quote("อบต.ท่าผา"), ["a06520402", "e06520402", "x06520402"]),
        ("search=" + quote("ท่าผา เกาะคา"), ["a06520402", "e06520402", "x06520402"]),
        ("search=06520402&flt_role=agency_admin", ["a06520402"]),
        ("search=" + quote("ท่าผา") + "&flt_state=code_ended", ["x06520402"]),
        ("search=" + quote("ทต.ท่าผา"), []),
        ("search=x0652", ["x06520402"]),
    ],
)
def test_accounts_without_a_person_are_found_by_agency_and_state(
    client_as: ClientAs, query: str, names: list[str]
) -> None:
    """A code that ends at this moment has ended."""
    assert user_names(client_as("dla"), query) == names


@pytest.mark.usefixtures("codes")
def test_an_account_without_a_person_says_so_and_names_its_agency(client_as: ClientAs) -> None:
    page = client_as("dla").get(f"{LIST}?search=a06520402").text
    assert "ยังไม่มีผู้ใช้" in page and "องค์การบริหารส่วนตำบลท่าผา" in page and "ออกรหัสแล้ว" in page


@pytest.mark.parametrize(
    "typed", ["0812345678", "081-234-5678", "๐๘๑ ๒๓๔ ๕๖๗๘", "SOMCHAI@example.go.th", "ปู่ ย่า"]
)
def test_a_person_is_found_by_telephone_e_mail_and_parts_of_the_name(
    app: Portal, client_as: ClientAs, world: World, typed: str
) -> None:
    """What was found by before the change is not found any more."""
    with app.app_context(), writing(), privileged("a test gives a person") as session:
        row = session.get_one(Account, world.account["executive"])
        row.name, row.phone, row.email = "นายปู่ ย่าทวด", "08 1234 5678", "somchai@example.go.th"
    assert user_names(client_as("dla"), "search=" + quote(typed)) == ["executive"]
    assert user_names(client_as("dla"), "search=" + quote("ผู้ใช้ทดลอง executive")) == ["executive_other"]


@pytest.mark.usefixtures("more")
def test_a_province_s_accounts_are_its_staff_and_those_of_its_agencies(
    client_as: ClientAs, world: World
) -> None:
    dla = client_as("dla")
    assert shown(dla, f"flt_province={world.province['52']}") == {"province", "agency_admin", "executive"}
    found = shown(dla, f"flt_province={world.province['81']}&flt_state=activated")
    assert found == {"province_other", "agency_admin_other", "executive_other"}


@pytest.mark.parametrize("query", ["flt_state=2", "flt_role=king", "flt_role=system", "flt_province=x"])
def test_a_choice_that_is_not_in_the_list_is_said_and_lets_nobody_through(
    client_as: ClientAs, query: str
) -> None:
    client = client_as("dla")
    assert shown(client, query) == set()
    assert "ไม่มีตัวเลือกนี้ในรายการ" in client.get(f"{LIST}?{query}").text


def test_a_line_says_rights_and_state_in_words(client_as: ClientAs, make: Make, more: None) -> None:
    page = client_as("dla").get(LIST).text
    assert "ผู้บริหาร · เทศบาลตำบลเกาะคา" in page
    assert "ยังไม่เปิดใช้งาน" in page and "ระงับ" in page


def test_an_account_is_edited_with_its_rights_beside(
    app: Portal, client_as: ClientAs, world: World, make: Make
) -> None:
    client = client_as("dla")
    url = f"/admin/accounts/edit/?id={world.account['executive']}"
    page = client.get(url).text
    assert "เทศบาลตำบลเกาะคา" in page and "executive" in page
    form = form_with(page, "phone") | {"phone": "๐๘ ๑๒๓", "email": "a@example.go.th"}
    assert client.submit(url, form).status_code == 302
    with app.app_context():
        row = worlds.row(Account, world.account["executive"])
        assert (row.phone, row.email, row.username) == ("08 123", "a@example.go.th", "executive")


def test_an_address_that_is_none_is_refused_at_its_field(client_as: ClientAs, world: World) -> None:
    client, url = client_as("dla"), f"/admin/accounts/edit/?id={world.account['executive']}"
    form = form_with(client.get(url).text, "email") | {"email": "no-at"}
    answer = client.submit(url, form)
    assert answer.status_code == 422 and "name@example.go.th" in answer.text


def test_a_row_of_the_list_costs_no_query(app: Portal, client_as: ClientAs, make: Make, world: World) -> None:
    """With its rights, its places and its code."""
    client = client_as("dla")
    client.get(LIST)
    with asked(app) as before:
        client.get(LIST)
    for number in range(5):
        account = make(AccountFactory, username=f"more{number}", name="")
        make(GrantFactory, account=account, role=Role.EXECUTIVE, agency_id=world.agency["a2"])
        make(ActivationCodeFactory, account=account)
    with asked(app) as after:
        client.get(LIST)
    assert len(after) == len(before)
