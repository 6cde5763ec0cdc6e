"""What a person may do is shown from the policy page itself: every permission has words, none is invented."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest

from models.account import Role
from portal.core.access import GRANTS, ROLES, SEPARATED
from portal.core.access import Permission as P
from tests.support.client import PortalClient
from tests.support.world import PEOPLE, World
from views.people.policy_words import PARTS, WORDS

ClientAs = Callable[[str], PortalClient]
ROLE_OF = {person: role for person, role, _place in PEOPLE}


def test_each_permission_and_each_separation_has_words() -> None:
    assert set(WORDS) == set(P), "a new permission needs words in views/people/policy_words.py"
    assert set(PARTS) == set(SEPARATED)
    texts = [words._args[0] for words in WORDS.values()]
    assert len(set(texts)) == len(texts), "two permissions with the same words tell nobody apart"


@pytest.mark.parametrize("person", ROLE_OF)
def test_the_own_page_lists_what_the_right_holds_and_nothing_else(client_as: ClientAs, person: str) -> None:
    client = client_as(person)
    page = unescape(client.get("/me/may").text)
    with client.application.test_request_context():
        for permission in P:
            shown = f"<li>{WORDS[permission]}</li>" in page
            assert shown is (permission in GRANTS[ROLE_OF[person]]), permission
    assert ('/policy"' in page) is (P.POLICY_READ in GRANTS[ROLE_OF[person]])


def test_what_never_meets_and_who_gives_stand_there(client_as: ClientAs) -> None:
    page = client_as("agency_admin").get("/policy/executive").text
    assert "ในหน่วยงานเดียวกันเป็นร่วมกันไม่ได้" in page and "Admin ของหน่วยงาน" in page
    assert "ผู้แต่งตั้งผู้รักษาการ" in page and "ไม่ตัดสินงานของตนเอง" in page
    second = client_as("nacc").get("/policy/dla").text
    assert "คนหนึ่งขอ อีกคนยืนยัน" in second and "การกู้คืนบัญชี" in second


def test_the_whole_table_is_for_the_two_offices_of_the_country(client_as: ClientAs) -> None:
    for person, role in ROLE_OF.items():
        answer = client_as(person).get("/policy")
        assert answer.status_code == (200 if role in (Role.DLA, Role.NACC) else 404)
    page = client_as("dla").get("/policy").text
    held = sum(permission in GRANTS[role] for permission in P for role in ROLES)
    assert page.count(">ได้</span>") == held


def test_of_somebody_else_it_is_shown_to_who_may_open_the_account(client_as: ClientAs, world: World) -> None:
    address = f"/admin/accounts/{world.account['executive']}/may"
    for person, status in (("dla", 200), ("province", 200), ("province_other", 404), ("executive", 404)):
        assert client_as(person).get(address).status_code == status
    assert address in client_as("dla").get(f"/admin/accounts/edit/?id={world.account['executive']}").text
