"""Accounts at the back office's desk: made with a right, activated by a code, shut; never the NACC's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from models.account import Account, Grant, Role, SignInSession
from models.audit import AuditEvent
from models.descriptive import FieldKind, FieldOwner
from portal.core.database.session import privileged
from tests.factories.base import Make
from tests.factories.places import DescriptiveFieldFactory
from tests.support import world as worlds
from tests.support.officers import second_desk
from tests.support.slips import activated

pytestmark = pytest.mark.postgres

NEW = {
    "username": "new.admin",
    "name": "นางสาวทดลอง ใหม่",
    "email": "",
    "phone": "",
    "role": "agency_admin",
    "agency": "06520402",
    "province": "",
    "body": "",
}


def account(app: Any, username: str) -> Any:
    with app.app_context(), privileged("a test looks") as session:
        row = session.scalar(select(Account).where(Account.username == username))
        if row is None:
            return None
        grants = [(grant.role, grant.agency_id, grant.province_id, grant.body_id) for grant in row.grants]
        session.expunge_all()
    return row, grants


def sessions_of(app: Any, account_id: int) -> int:
    with app.app_context(), privileged("a test counts") as session:
        query = select(func.count()).select_from(SignInSession).where(SignInSession.account_id == account_id)
        return session.scalar(query) or 0


def test_a_new_person_is_let_in_by_a_code_shown_once(app: Any, client_as: Any, world: worlds.World) -> None:
    client = client_as("dla")
    made = client.submit("/admin/accounts/new/", NEW)
    assert made.status_code == 302, made.text
    row, grants = account(app, "new.admin")
    assert grants == [(Role.AGENCY_ADMIN, world.agency["a2"], None, None)]
    page = f"/admin/accounts/{row.id}/code"
    assert client.get(page).status_code == 200
    shown = client.submit(page)
    assert shown.headers["Cache-Control"] == "private, no-store"
    (code,) = re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", shown.text)
    assert code not in client.get(page).text
    visitor = client_as("")
    answer = activated(visitor, code)
    assert answer.status_code == 302
    assert visitor.get("/", follow_redirects=True).status_code == 200
    somebody_else = activated(client_as(""), code, password="ปลาทูต้มเค็มสามถ้วย")
    assert somebody_else.status_code == 422


def test_a_new_person_has_the_fields_that_the_office_added(app: Any, client_as: Any, make: Make) -> None:
    make(
        DescriptiveFieldFactory,
        owner=FieldOwner.ACCOUNT,
        key="years",
        label="อายุราชการ",
        kind=FieldKind.NUMBER,
    )
    client = client_as("dla")
    assert "อายุราชการ" in client.get("/admin/accounts/new/").text
    wrong = client.submit("/admin/accounts/new/", NEW | {"described_years": "สิบสอง"})
    assert wrong.status_code == 422 and "สิบสอง" in wrong.text, "what was typed is kept"
    assert client.submit("/admin/accounts/new/", NEW | {"described_years": "๑๒"}).status_code == 302
    row, _grants = account(app, "new.admin")
    assert row.described == {"years": 12}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"username": "DLA"}, "มีผู้ใช้ชื่อนี้แล้ว"),
        ({"username": "ชื่อ"}, "ตัวอักษรอังกฤษ"),
        ({"agency": ""}, "กรอกหน่วยงานของหน้าที่นี้"),
        ({"agency": "ไม่มีที่นี่"}, "ไม่พบหน่วยงาน"),
        ({"agency": "เทศบาล"}, "05520401"),
        ({"role": "province"}, "เลือกจังหวัด"),
        ({"role": "assessor"}, "เลือกหน่วยงานผู้ประเมิน"),
        ({"role": "nacc"}, ""),
        ({"role": "system"}, ""),
        ({"email": "no-at"}, "name@example.go.th"),
        ({"name": ""}, "กรอกชื่อและนามสกุล"),
    ],
)
def test_what_was_typed_stays(app: Any, client_as: Any, changes: dict[str, str], words: str) -> None:
    sent = NEW | changes
    answer = client_as("dla").submit("/admin/accounts/new/", sent)
    assert answer.status_code == 422
    assert words in answer.text and f'value="{sent["username"]}"' in answer.text
    assert sent["agency"] in answer.text
    assert account(app, "new.admin") is None


def test_assessors_come_with_their_body_and_provinces_with_theirs(
    app: Any, client_as: Any, world: worlds.World
) -> None:
    client, second = client_as("dla"), second_desk(app)
    for name, role, place in (
        ("new.assessor", "assessor", {"body": str(world.body["body2"])}),
        ("new.interviewer", "interviewer", {"body": str(world.body["body1"])}),
        ("new.province", "province", {"province": str(world.province["81"])}),
        ("new.dla", "dla", {}),
    ):
        sent = NEW | {"agency": "", "username": name, "role": role} | place
        assert client.submit("/admin/accounts/new/", sent).status_code == 302, name
    for path in re.findall(r"/admin/rights/\d+/confirm", second.get("/admin/rights").text):
        assert second.submit(path).status_code == 200
    assert account(app, "new.assessor")[1] == [(Role.ASSESSOR, None, None, world.body["body2"])]
    assert account(app, "new.province")[1] == [(Role.PROVINCE, None, world.province["81"], None)]
    assert account(app, "new.dla")[1] == [(Role.DLA, None, None, None)]


def test_nobody_is_both_admin_and_executive_of_one_agency(
    app: Any, client_as: Any, world: worlds.World
) -> None:
    client, page = client_as("dla"), f"/admin/accounts/{world.account['agency_admin']}/rights"
    both = client.submit(page, {"role": "executive", "agency": "05520401"})
    assert both.status_code == 422 and "05520401" in both.text
    twice = client.submit(page, {"role": "agency_admin", "agency": "05520401"})
    assert twice.status_code == 422
    other = client.submit(page, {"role": "executive", "agency": "06520402"})
    assert other.status_code == 302
    end = f"{page}/{world.grant['agency_admin']}/end"
    assert client.submit(end).status_code == 302
    assert client.submit(end).status_code == 409
    assert client.submit(page, {"role": "executive", "agency": "05520401"}).status_code == 302
    with app.app_context(), privileged("a test counts") as session:
        query = select(func.count()).select_from(AuditEvent).where(AuditEvent.act == "account.end_grant")
        assert session.scalar(query) == 1


def test_a_right_that_ended_closes_its_desk(client_as: Any, world: worlds.World) -> None:
    admin = client_as("agency_admin")
    assert admin.get(f"/rounds/{world.round_id}/home").status_code == 200
    page = f"/admin/accounts/{world.account['agency_admin']}/rights"
    client_as("dla").submit(f"{page}/{world.grant['agency_admin']}/end")
    assert admin.get(f"/rounds/{world.round_id}/home").status_code == 302


def test_a_right_is_ended_at_its_own_person_only(client_as: Any, world: worlds.World) -> None:
    page = f"/admin/accounts/{world.account['executive']}/rights/{world.grant['agency_admin']}/end"
    assert client_as("dla").submit(page).status_code == 404


def test_a_person_is_signed_out_and_shut(app: Any, client_as: Any, world: worlds.World) -> None:
    key = world.account["executive"]
    person = client_as("executive")
    client = client_as("dla")
    assert sessions_of(app, key) == 1
    assert client.submit(f"/admin/accounts/{key}/sessions").status_code == 302
    assert sessions_of(app, key) == 0
    assert person.get("/").status_code == 302
    person = client_as("executive")
    assert client.get(f"/admin/accounts/{key}/active").status_code == 200
    assert client.submit(f"/admin/accounts/{key}/active").status_code == 302
    assert "/sign-in" in person.get("/").location
    assert client.submit(f"/admin/accounts/{key}/code").status_code == 409
    assert client.submit(f"/admin/accounts/{key}/active").status_code == 302
    with app.app_context():
        assert worlds.row(Account, key).active is True


def test_the_back_office_does_not_make_itself_the_nacc(app: Any, client_as: Any, world: worlds.World) -> None:
    client, key = client_as("dla"), world.account["nacc"]
    assert client.submit(f"/admin/accounts/{key}/code").status_code == 409
    assert client.submit(f"/admin/accounts/{key}/sessions").status_code == 409
    assert client.submit(f"/admin/accounts/{key}/active").status_code == 409
    edit = client.submit(f"/admin/accounts/edit/?id={key}", {"name": "อื่น", "email": "", "phone": ""})
    assert edit.status_code == 422
    own = f"/admin/accounts/{world.account['dla']}"
    assert client.submit(f"{own}/rights", {"role": "nacc"}).status_code == 422
    assert client.submit(f"{own}/active").status_code == 409
    with app.app_context(), privileged("a test counts") as session:
        query = select(func.count()).select_from(Grant).where(Grant.role == Role.NACC)
        assert session.scalar(query) == 1


@pytest.mark.parametrize("person", ["nacc", "province", "agency_admin", "executive", "assessor"])
def test_nobody_else_keeps_accounts(client_as: Any, world: worlds.World, person: str) -> None:
    client, key = client_as(person), world.account["agency_admin_other"]
    for part in ("rights", "code", "sessions", "active"):
        assert client.get(f"/admin/accounts/{key}/{part}").status_code == 404
        assert client.submit(f"/admin/accounts/{key}/{part}").status_code == 404
    assert client.get("/admin/accounts/").status_code == (200 if person == "province" else 404)


def test_a_province_issues_codes_for_its_own_people_and_keeps_nothing_else_of_them(
    client_as: Any, world: worlds.World
) -> None:
    client, page = client_as("province"), f"/admin/accounts/{world.account['executive']}"
    listed = client.get("/admin/accounts/").text
    assert "executive" in listed and "executive_other" not in listed
    shown = client.submit(f"{page}/code")
    (code,) = re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", shown.text)
    assert client.get(f"/admin/accounts/details/?id={world.account['executive']}").status_code == 200
    for part in ("rights", "sessions", "active"):
        assert client.submit(f"{page}/{part}").status_code == 404
    answer = activated(client_as(""), code)
    assert answer.status_code == 302
