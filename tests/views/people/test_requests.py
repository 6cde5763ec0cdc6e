"""Power rights between two officers: asked by one, confirmed by another, and the person is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from models.account import Account, Grant, Role
from models.audit import AuditEvent
from models.granting import AskedState, GrantRequest, Notice
from portal.core.database.session import privileged, writing
from portal.people import accounts
from tests.support.client import PortalClient
from tests.support.officers import second_desk
from tests.support.slips import activated
from tests.support.world import NOW, PASSWORD, World
from tests.views.people.test_accounts import NEW, account

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
ASKED = NEW | {"agency": "", "username": "new.assessor", "role": "assessor"}
CODE = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}")


def the_request(app: Any) -> GrantRequest:
    with app.app_context(), privileged("a test looks") as session:
        found = session.scalars(select(GrantRequest).order_by(GrantRequest.id.desc())).first()
        assert found is not None
        session.expunge_all()
        return found


def asked_for(app: Any, client: PortalClient, world: World) -> str:
    """An assessor's account asked for by the first officer; gives the address of the request."""
    made = client.submit("/admin/accounts/new/", ASKED | {"body": str(world.body["body2"])})
    assert made.status_code == 302
    return f"/admin/rights/{the_request(app).id}"


def test_one_asks_another_confirms_and_the_code_is_the_seconds(
    app: Any, client_as: ClientAs, world: World
) -> None:
    first = client_as("dla")
    page = asked_for(app, first, world)
    assert account(app, "new.assessor")[1] == []
    assert "รอเจ้าหน้าที่อีกคนพิจารณา" in first.get("/admin/rights").text
    assert first.submit(f"{page}/confirm").status_code == 409
    assert first.submit(f"{page}/refuse").status_code == 409
    second = second_desk(app)
    home = second.get(f"/rounds/{world.round_id}/home").text
    assert "มีคำขอสิทธิ 1 รายการรอท่านยืนยัน" in home
    shown = second.submit(f"{page}/confirm")
    assert shown.status_code == 200 and "no-store" in shown.headers["Cache-Control"]
    (code,) = set(CODE.findall(shown.text))
    assert account(app, "new.assessor")[1] == [(Role.ASSESSOR, None, None, world.body["body2"])]
    assert second.submit(f"{page}/confirm").status_code == 409, "only once"
    visitor = client_as("")
    assert activated(visitor, code).status_code == 302
    told = visitor.get(f"/rounds/{world.round_id}/home").text
    assert "ท่านได้รับสิทธิ “ผู้ประเมิน”" in told and "นางทดลอง คนที่สอง" in told
    with app.app_context(), privileged("a test counts") as session:
        acts = set(session.scalars(select(AuditEvent.act).where(AuditEvent.thing == "grant_request")))
    assert acts == {"grant_request.ask", "grant_request.confirm"}


def test_what_one_typed_in_the_account_gives_no_key_to_the_right(
    app: Any, client_as: ClientAs, world: World
) -> None:
    """Whoever asked may have activated the account before: its password and sessions end."""
    first = client_as("dla")
    first.submit("/admin/accounts/new/", NEW | {"username": "sock.puppet"})
    puppet = account(app, "sock.puppet")[0]
    code = CODE.findall(first.submit(f"/admin/accounts/{puppet.id}/code").text)[0]
    inside = client_as("")
    assert activated(inside, code).status_code == 302
    (grant,) = _grants(app, puppet.id)
    assert first.submit(f"/admin/accounts/{puppet.id}/rights/{grant}/end").status_code == 302
    rights = f"/admin/accounts/{puppet.id}/rights"
    assert first.submit(rights, {"role": "dla"}).status_code == 302
    second = second_desk(app)
    assert second.submit(f"/admin/rights/{the_request(app).id}/confirm").status_code == 200
    assert "/sign-in" in inside.get("/").location
    again = client_as("").submit("/sign-in", {"username": "sock.puppet", "password": PASSWORD})
    assert again.status_code == 422


def _grants(app: Any, account_id: int) -> list[int]:
    with app.app_context(), privileged("a test looks") as session:
        return list(session.scalars(select(Grant.id).where(Grant.account_id == account_id)))


def test_a_code_of_who_holds_a_power_right_needs_two_as_well(
    app: Any, client_as: ClientAs, world: World
) -> None:
    first, second, key = client_as("dla"), second_desk(app), world.account["assessor"]
    page = f"/admin/accounts/{key}/code"
    assert "เจ้าหน้าที่สองคน" in first.get(page).text
    alone = first.submit(page)
    assert alone.status_code == 409 and not CODE.search(alone.text)
    assert first.submit(f"{page}/ask").status_code == 302
    assert first.submit(f"{page}/ask").status_code == 409, "one request at a time"
    own = f"/admin/accounts/{world.account['dla']}/code/ask"
    assert first.submit(own).status_code == 409, "not for oneself"
    request = f"/admin/rights/{the_request(app).id}"
    assert second.submit(f"{request}/withdraw").status_code == 409
    assert CODE.search(second.submit(f"{request}/confirm").text)
    with app.app_context(), privileged("a test looks") as session:
        assert session.scalar(select(func.count()).where(Notice.account_id == key)) == 1


def test_refused_or_withdrawn_gives_nothing(app: Any, client_as: ClientAs, world: World) -> None:
    first, second = client_as("dla"), second_desk(app)
    page = asked_for(app, first, world)
    assert first.submit(f"{page}/withdraw").status_code == 302
    assert second.submit(f"{page}/confirm").status_code == 409
    key = account(app, "new.assessor")[0].id
    rights = f"/admin/accounts/{key}/rights"
    assert first.submit(rights, {"role": "interviewer", "body": str(world.body["body1"])}).status_code == 302
    assert "มีคำขอที่รอเจ้าหน้าที่คนที่สองยืนยัน" in first.get(rights).text
    assert second.submit(f"/admin/rights/{the_request(app).id}/refuse").status_code == 302
    assert the_request(app).state is AskedState.REFUSED
    assert _grants(app, key) == []


def test_roles_that_never_meet_are_refused_already_when_asked(
    client_as: ClientAs, world: World, app: Any
) -> None:
    page = f"/admin/accounts/{world.account['executive']}/rights"
    asked = client_as("dla").submit(page, {"role": "assessor", "body": str(world.body["body1"])})
    assert asked.status_code == 422 and "คนละฝ่าย" in asked.text
    own = f"/admin/accounts/{world.account['dla']}/rights"
    asked = client_as("dla").submit(own, {"role": "assessor", "body": str(world.body["body1"])})
    assert asked.status_code == 422 and "ของตนเองไม่ได้" in asked.text


def test_who_sits_at_the_place_is_told_of_a_new_colleague(
    app: Any, client_as: ClientAs, world: World
) -> None:
    """An executive that nobody at the agency knows does not stay unseen."""
    first = client_as("dla")
    made = first.submit("/admin/accounts/new/", NEW | {"role": "executive", "agency": "05520401"})
    assert made.status_code == 302
    home = f"/rounds/{world.round_id}/home"
    admin = client_as("agency_admin")
    assert f"{NEW['name']} ได้รับสิทธิ “ผู้บริหาร”" in admin.get(home).text
    assert NEW["name"] not in client_as("agency_admin_other").get(home).text
    newest = re.search(r'name="newest"\s+value="(\d+)"', admin.get(home).text)
    assert newest
    assert admin.submit("/notices", {"newest": newest[1]}).status_code == 302
    assert NEW["name"] not in admin.get(home).text
    assert NEW["name"] in client_as("executive").get(home).text, "each puts away their own"


def test_a_code_and_an_ended_right_are_told(app: Any, client_as: ClientAs, world: World) -> None:
    key = world.account["executive"]
    with app.app_context(), writing(), privileged("a second place") as session:
        accounts.give_grant(
            session,
            session.get_one(Account, key),
            Role.EXECUTIVE,
            agency_id=world.agency["a2"],
            valid_from=NOW,
        )
    first = client_as("dla")
    first.submit(f"/admin/accounts/{key}/code")
    first.submit(f"/admin/accounts/{key}/rights/{world.grant['executive']}/end")
    person = client_as("executive")
    told = person.get(f"/rounds/{world.round_id}/home").text
    assert "มีการออกรหัสเปิดใช้งานบัญชีของท่าน" in told and "ของท่านสิ้นสุดแล้ว" in told


def test_the_second_officer_reads_days_capacity_and_order(
    app: Any, client_as: ClientAs, world: World
) -> None:
    first = client_as("dla")
    asked = ASKED | {
        "body": str(world.body["body2"]),
        "capacity": "acting",
        "first": "20 พ.ย. 2561",
        "last": "30 พ.ย. 2561",
        "order_number": "๑๗/๒๕๖๑",
    }
    assert first.submit("/admin/accounts/new/", asked).status_code == 302
    page = second_desk(app).get("/admin/rights").text.replace("\N{NO-BREAK SPACE}", " ")
    for words in ("รักษาการ", "20 พ.ย. 2561", "30 พ.ย. 2561", "17/2561"):
        assert words in page
