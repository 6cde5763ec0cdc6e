"""Codes and user names in several hands at once: a code opens one account once, a name is one person's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from models.account import Account, ActivationCode, SignInSession
from models.sent_form import SentForm
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.people import accounts
from tests.support.races import AT_ONCE, pressed, statuses, visitors
from tests.support.slips import PERSON
from tests.support.world import PASSWORD, World

NEW = {
    "name": "นางสาวทดลอง ใหม่",
    "email": "",
    "phone": "",
    "role": "agency_admin",
    "agency": "06520402",
    "province": "",
    "body": "",
}


def count(app: Portal, model: Any, *where: Any) -> int:
    with app.app_context(), privileged("a test counts") as session:
        return session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def test_a_code_sent_by_several_opens_the_account_once(app: Portal, world: World) -> None:
    with app.app_context(), writing(), privileged("a test's code") as session:
        code = accounts.issue_code(session, session.get_one(Account, world.account["agency_admin"]))
    people = visitors(app, world, *[""] * AT_ONCE)
    words = [f"{PASSWORD} {number}" for number in range(AT_ONCE)]  # of different people
    answers = pressed(
        people, "/activate/person", *({"code": code, "password": one, **PERSON} for one in words)
    )
    assert statuses(answers) == [302] + [422] * (AT_ONCE - 1)
    assert count(app, SignInSession, SignInSession.account_id == world.account["agency_admin"]) == 1


def test_one_form_sent_several_times_at_once_activates_once_and_lets_its_person_in(
    app: Portal, world: World
) -> None:
    with app.app_context(), writing(), privileged("a test's code") as session:
        code = accounts.issue_code(session, session.get_one(Account, world.account["agency_admin"]))
    people = visitors(app, world, *[""] * AT_ONCE)
    answers = pressed(people, "/activate/person", {"code": code, "password": PASSWORD, **PERSON})
    assert statuses(answers) == [302] * AT_ONCE
    assert count(app, SentForm) == 1


def test_of_several_codes_issued_at_once_one_works(app: Portal, world: World) -> None:
    people = visitors(app, world, *["dla"] * AT_ONCE)
    account = world.account["agency_admin"]
    answers = pressed(people, f"/admin/accounts/{account}/code", {})
    assert statuses(answers) == [200] * AT_ONCE
    assert count(app, ActivationCode, ActivationCode.account_id == account) == 1


def test_one_name_in_any_case_is_one_account(app: Portal, world: World) -> None:
    people = visitors(app, world, *["dla"] * AT_ONCE)
    names = [{"username": name, **NEW} for name in ("Twin", "twin", "TWIN", "tWin", "twiN", "TwiN")]
    answers = pressed(people, "/admin/accounts/new/", *names)
    assert statuses(answers) == [302] + [422] * (AT_ONCE - 1)
    assert all("มีผู้ใช้ชื่อนี้แล้ว" in answer.text for answer in answers if answer.status_code == 422)
    assert count(app, Account, func.lower(Account.username) == "twin") == 1
