"""The page of an agency's people: reached from the agency, and leading on to each account."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from models.account import Capacity, Role
from tests.factories.base import Make
from tests.factories.people import AccountFactory, ActivationCodeFactory, GrantFactory
from tests.support.client import PortalClient
from tests.support.world import NOW, World

ClientAs = Callable[[str], PortalClient]


def text_of(html: str) -> str:
    """The words of a page, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def page_of(world: World, agency: str = "a1") -> str:
    return f"/agencies/{world.agency[agency]}/people"


@pytest.mark.parametrize("who", ["dla", "province", "agency_admin", "executive"])
def test_who_may_see_the_agency_sees_its_people(client_as: ClientAs, world: World, who: str) -> None:
    page = client_as(who).get(page_of(world))
    assert page.status_code == 200
    assert "ผู้ใช้ทดลอง agency_admin" in page.text and "ผู้ใช้ทดลอง executive" in page.text


@pytest.mark.parametrize("who", ["province_other", "agency_admin_other", "executive_other"])
def test_people_of_others_are_not_there(client_as: ClientAs, world: World, who: str) -> None:
    assert client_as(who).get(page_of(world)).status_code == 404


@pytest.mark.parametrize("who", ["nacc", "assessor", "interviewer"])
def test_others_have_no_such_page(client_as: ClientAs, world: World, who: str) -> None:
    assert client_as(who).get(page_of(world)).status_code in {403, 404}


@pytest.mark.parametrize(
    ("who", "account", "issues"),
    [
        ("dla", "/admin/accounts/edit/", True),
        ("province", "/admin/accounts/details/", True),
        ("executive", "", False),
    ],
)
def test_the_way_leads_to_the_account_and_back(
    client_as: ClientAs, world: World, who: str, account: str, issues: bool
) -> None:
    """Offices open the accounts that are theirs and issue codes; the agency reads."""
    client, admin = client_as(who), world.account["agency_admin"]
    page = client.get(page_of(world)).text
    assert (f'href="{account}?id={admin}"' in page) == bool(account)
    assert (f"/admin/accounts/{admin}/code" in page) == issues
    assert (f"/slips/order?account={admin}" in page) == issues
    if account:
        assert f'href="{page_of(world)}"' in client.get(f"{account}?id={admin}").text


def test_agencies_lead_to_their_people(client_as: ClientAs, world: World) -> None:
    dla, here = client_as("dla"), f'href="{page_of(world)}"'
    assert here in dla.get("/admin/agencies/").text
    assert here in dla.get(f"/admin/agencies/edit/?id={world.agency['a1']}").text
    assert here in client_as("province").get(f"/admin/agencies/details/?id={world.agency['a1']}").text
    status = f"/rounds/{world.round_id}/status/agencies/{world.participation['a1']}"
    for who in ("dla", "province", "agency_admin", "executive"):
        assert here in client_as(who).get(status).text
    for who in ("nacc", "assessor"):
        assert here not in client_as(who).get(status).text
    assert "/people" not in client_as("nacc").get("/admin/agencies/").text


def test_acting_people_accounts_without_a_person_and_codes_are_said_in_words(
    client_as: ClientAs, make: Make, world: World
) -> None:
    nobody = make(AccountFactory, username="a05520401", name="")
    make(GrantFactory, account=nobody, role=Role.AGENCY_ADMIN, agency_id=world.agency["a1"])
    make(ActivationCodeFactory, account=nobody, expires_at=NOW)
    acting = make(AccountFactory, username="acting", phone="08 1111 1111", position="ปลัดทดลอง")
    make(
        GrantFactory,
        account=acting,
        role=Role.EXECUTIVE,
        agency_id=world.agency["a1"],
        valid_from=NOW + timedelta(days=1),
        capacity=Capacity.ACTING,
        order_number="9/2561",
    )
    text = text_of(client_as("dla").get(page_of(world)).text)
    assert "ยังไม่มีผู้ใช้" in text and "รหัสหมดอายุ a05520401" in text
    later = re.search(r"ต่อไป.*", text, re.DOTALL)
    assert later is not None
    for words in ("ปลัดทดลอง", "ผู้บริหาร (รักษาการ)", "คำสั่งที่ 9/2561", "08 1111 1111"):
        assert words in later.group()


def test_an_agency_without_people_says_what_to_do(client_as: ClientAs, world: World) -> None:
    assert "สร้างบัญชีของหน่วยงานก่อน" in client_as("dla").get(page_of(world, "a2")).text
    assert "ขอบัญชีจากหน่วยงาน" in client_as("province").get(page_of(world, "a2")).text
