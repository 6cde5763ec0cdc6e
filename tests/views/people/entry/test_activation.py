"""Coming in with a slip: for whom it is, what is asked, what is refused at which field; joining an agency."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from models.account import Account, Grant, Role
from models.audit import AuditEvent
from models.contact import ProvinceContact
from models.job import Job
from models.sent_form import SentForm
from portal.core.clock import machine
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.core.sign_in import HASHER
from portal.core.web import Portal
from portal.people import accounts
from portal.people.accounts import Person
from portal.people.entry import activation, guessing
from tests.factories.base import Make
from tests.factories.onboarding import PeopleSettingFactory, TotpSecretFactory
from tests.factories.people import AccountFactory, GrantFactory
from tests.support import world as worlds
from tests.support.client import PortalClient
from tests.support.mail import do_jobs, mails
from tests.support.passwords import set_password
from tests.support.slips import PERSON, activated
from tests.support.world import NOW, PASSWORD, World

ClientAs = Callable[[str], PortalClient]


@pytest.fixture
def placeholder(app: Portal, world: World, make: Make) -> int:
    """The account of agency a2's admin as it is made in bulk: nobody's yet."""
    account = make(AccountFactory, username="06520402-a", name="")
    make(GrantFactory, account=account, role=Role.AGENCY_ADMIN, agency_id=world.agency["a2"])
    return int(account.id)


def code_of(app: Portal, account_id: int) -> str:
    with app.app_context(), writing(), privileged("a test's code") as session:
        return accounts.issue_code(session, session.get_one(Account, account_id))


def rights(app: Portal, account_id: int) -> list[tuple[Role, int | None, bool]]:
    with app.app_context(), privileged("a test looks") as session:
        grants = session.scalars(select(Grant).where(Grant.account_id == account_id).order_by(Grant.id))
        return [(grant.role, grant.agency_id, grant.valid_at(NOW)) for grant in grants]


def known_person(app: Portal, account_id: int) -> None:
    with app.app_context(), writing(), privileged("a test's password") as session:
        set_password(session.get_one(Account, account_id), PASSWORD)


def test_a_code_says_for_whom_it_is_and_whom_to_call(
    app: Portal, client_as: ClientAs, placeholder: int, world: World
) -> None:
    with app.app_context(), writing(), privileged("a province's contact") as session:
        session.add(ProvinceContact(province_id=world.province["52"], phone="0 5426 5000"))
    page = client_as("").submit("/activate", {"code": code_of(app, placeholder)})
    assert page.status_code == 200
    for words in ("องค์การบริหารส่วนตำบลท่าผา", "เกาะคา", "ลำปาง", "Admin", "06520402-a", "tel:054265000"):
        assert words in page.text


@pytest.mark.parametrize("typed", ["", "AAAA-BBBB-CCCC"])
def test_a_code_that_opens_nothing_comes_back_with_why_at_its_field(client_as: ClientAs, typed: str) -> None:
    visitor = client_as("")
    assert visitor.get("/activate").status_code == 200
    answer = visitor.submit("/activate", {"code": typed})
    assert answer.status_code == 422
    assert ("รหัสนี้ใช้ไม่ได้" if typed else "กรอกรหัสในใบแจ้ง") in answer.text


def test_a_right_code_that_has_ended_says_since_when_and_whom_to_ask(
    app: Portal, client_as: ClientAs, placeholder: int, make: Make, clock: Callable[[object], None]
) -> None:
    make(PeopleSettingFactory, help_name="ศูนย์ช่วยเหลือทดลอง", help_phone="0 2241 9000")
    code = code_of(app, placeholder)
    clock(NOW + accounts.CODE_LIFE)
    for page in (client_as("").submit("/activate", {"code": code}), activated(client_as(""), code)):
        assert page.status_code == 422
        assert "รหัสนี้หมดอายุแล้ว" in page.text and "ธ.ค." in page.text
        assert "ศูนย์ช่วยเหลือทดลอง" in page.text and "tel:022419000" in page.text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"name": " "}, "กรอกชื่อและนามสกุล"),
        ({"position": ""}, "กรอกตำแหน่ง"),
        ({"phone": ""}, "กรอกหมายเลขโทรศัพท์"),
        ({"phone": "โทรมานะ"}, "เขียนหมายเลขโทรศัพท์แบบ"),
        ({"email": "ไม่มี"}, "name@example.go.th"),
        ({"password": ""}, "กรอกรหัสผ่านใหม่"),
        ({"password": "สวัสดีครับผม2561"}, "มีคนใช้มาก"),
        ({"password": "ท่าผา ท่าผา 2561"}, "แทบไม่มีอะไรนอกจากชื่อ"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays_but_no_password(
    app: Portal, client_as: ClientAs, placeholder: int, said: dict[str, str], words: str
) -> None:
    visitor, code = client_as(""), code_of(app, placeholder)
    answer = activated(visitor, code, **{"password": PASSWORD, **said})
    assert answer.status_code == 422 and words in answer.text
    assert PASSWORD not in answer.text
    for field, text in {**PERSON, **said}.items():
        assert field == "password" or text.strip() in answer.text
    with app.app_context():
        assert worlds.row(Account, placeholder).password_hash is None
    assert activated(visitor, code).status_code == 302, "the code is not used up"


def test_an_account_becomes_its_person_s(app: Portal, client_as: ClientAs, placeholder: int) -> None:
    visitor, code = client_as(""), code_of(app, placeholder)
    answer = activated(visitor, code, email="somebody@example.go.th")
    assert answer.status_code == 302 and code not in answer.location
    assert "เปิดใช้งานบัญชีแล้ว" in visitor.get("/", follow_redirects=True).text
    with app.app_context(), privileged("a test looks") as session:
        account = session.get_one(Account, placeholder)
        assert (account.name, account.position, account.phone) == tuple(PERSON.values())[:3]
        assert (account.email, account.email_proved_at) == ("somebody@example.go.th", None)
        assert account.activated_at == NOW and HASHER.verify(account.password_hash or "", PASSWORD)
        (job,) = session.scalars(select(Job).where(Job.kind == "people.mail"))
        assert job.arguments == {"account": placeholder, "purpose": "prove"}
        events = session.scalars(select(AuditEvent))
        told = job.title + "".join(f"{event.act} {event.before} {event.after}" for event in events)
    assert "sign_in.activate" in told
    for secret in (code, code.replace("-", ""), PASSWORD):
        assert secret not in told


def test_the_same_form_sent_twice_lets_the_same_person_in_and_nobody_else(
    app: Portal, client_as: ClientAs, placeholder: int
) -> None:
    first, again, stranger = client_as(""), client_as(""), client_as("")
    code = code_of(app, placeholder)
    for client in (first, again):
        answer = activated(client, code)
        assert answer.status_code == 302
        assert "เปิดใช้งานบัญชีแล้ว" in client.get("/", follow_redirects=True).text
    assert activated(stranger, code, password="another long password").status_code == 422
    with app.app_context(), privileged("a test looks") as session:
        activations = select(func.count(AuditEvent.id)).where(AuditEvent.act == "sign_in.activate")
        assert session.scalar(activations) == session.scalar(
            activations.where(AuditEvent.row == str(placeholder))
        )
        assert session.get_one(Account, placeholder).activated_at == NOW


def test_long_after_a_code_was_used_it_says_nothing_more(
    app: Portal, client_as: ClientAs, placeholder: int
) -> None:
    code = code_of(app, placeholder)
    activated(client_as(""), code)
    with app.app_context(), writing(), privileged("time passes") as session:
        before = machine() - activation.AGAIN
        session.execute(update(SentForm).values(sent_at=before))
    assert activated(client_as(""), code).status_code == 422


def test_who_gets_a_slip_again_checks_what_is_known_of_them(
    app: Portal, client_as: ClientAs, world: World
) -> None:
    code = code_of(app, world.account["executive"])
    page = client_as("").submit("/activate", {"code": code}).text
    assert 'value="ผู้ใช้ทดลอง executive"' in page and "นี่คือข้อมูลที่มีอยู่" in page
    assert "มีบัญชีของหน่วยงานอื่นอยู่แล้ว" not in page, "an account in use goes to nobody else"


@pytest.mark.parametrize("page", ["/activate", "/activate/person", "/activate/sign-in"])
def test_wrong_codes_make_a_network_wait_and_a_right_one_counts_for_nothing(
    app: Portal, client_as: ClientAs, placeholder: int, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr(guessing, "WRONG", guessing.Limit(2, 100))
    visitor, code = client_as(""), code_of(app, placeholder)
    for _time in range(3):
        assert visitor.submit("/activate", {"code": code}).status_code == 200
    wrong = {"code": "AAAA-BBBB-CCCC", "username": "x", "password": "x", **PERSON}
    for _time in range(2):
        assert "รหัสนี้ใช้ไม่ได้" in visitor.submit(page, wrong).text
    for tried in (wrong, {**wrong, "code": code}):
        answer = visitor.submit(page, tried)
        assert answer.status_code == 422 and "ลองใหม่ใน 100 วินาที" in answer.text
    elsewhere = visitor.submit("/activate", {"code": code}, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 200, "another office is not kept out"


def test_who_has_an_account_signs_in_sees_what_is_added_and_joins(
    app: Portal, client_as: ClientAs, placeholder: int, world: World
) -> None:
    person, code = world.account["agency_admin_other"], code_of(app, placeholder)
    known_person(app, person)
    visitor = client_as("")
    form = {"code": code, "username": "agency_admin_other", "password": "not the one"}
    refused = visitor.submit("/activate/sign-in", form)
    assert (
        refused.status_code == 422
        and "ชื่อผู้ใช้หรือรหัสผ่านไม่ตรง" in refused.text
        and '<details class="card ita-fold" open' in refused.text
    )
    page = visitor.submit("/activate/sign-in", {**form, "password": PASSWORD})
    assert page.status_code == 200 and "ผู้ใช้ทดลอง agency_admin_other" in page.text
    assert "องค์การบริหารส่วนตำบลท่าผา" in page.text and "ท่านยกเลิกเองไม่ได้" in page.text
    fields = dict(re.findall(r'name="(csrf_token|sent_from|code)" value="([^"]*)"', page.text))
    done = [visitor.post("/activate/join", data=fields) for _twice in range(2)]
    assert [(answer.status_code, answer.location) for answer in done] == [(302, "/desks")] * 2
    desks = visitor.get("/desks").text
    assert "ไสไทย" in desks and "ท่าผา" in desks and "ในบัญชีของท่านแล้ว" in desks
    agency, own = world.agency["a2"], world.agency["b1"]
    assert rights(app, person) == [(Role.AGENCY_ADMIN, own, True), (Role.AGENCY_ADMIN, agency, True)]
    assert rights(app, placeholder) == [(Role.AGENCY_ADMIN, agency, False)]
    with app.app_context():
        assert not worlds.row(Account, placeholder).active


def with_factor(make: Make, account_id: int) -> None:
    make(TotpSecretFactory, account_id=account_id, confirmed_at=NOW)


def test_a_slip_takes_no_second_factor_away(
    app: Portal, client_as: ClientAs, world: World, make: Make
) -> None:
    with_factor(make, world.account["executive"])
    visitor = client_as("")
    answer = activated(visitor, code_of(app, world.account["executive"]))
    assert answer.status_code == 302 and answer.location.startswith("/sign-in/second")
    assert visitor.get("/me").location.startswith("/sign-in"), "nobody is signed in yet"


def test_who_joins_and_has_a_second_factor_shows_it_first(
    app: Portal, client_as: ClientAs, placeholder: int, world: World, make: Make
) -> None:
    person, code = world.account["agency_admin_other"], code_of(app, placeholder)
    known_person(app, person)
    with_factor(make, person)
    visitor = client_as("")
    form = {"code": code, "username": "agency_admin_other", "password": PASSWORD}
    answer = visitor.submit("/activate/sign-in", form)
    assert answer.status_code == 302 and code not in answer.location
    assert "สแกนรหัสในใบแจ้งอีกครั้ง" in visitor.get(answer.location).text
    assert visitor.submit("/activate/join", {"code": code}).location.startswith("/sign-in")
    assert rights(app, person) == [(Role.AGENCY_ADMIN, world.agency["b1"], True)]


def test_who_is_signed_in_is_asked_first_and_may_make_a_new_account_all_the_same(
    app: Portal, client_as: ClientAs, placeholder: int, world: World
) -> None:
    code = code_of(app, placeholder)
    client = client_as("agency_admin_other")
    asked = client.submit("/activate", {"code": code})
    assert "เพิ่มหน่วยงานนี้ในบัญชีของท่านหรือไม่" in asked.text
    other = client.submit("/activate", {"code": code, "new": "1"})
    assert "ใช่ท่านหรือไม่" in other.text
    assert activated(client, code).status_code == 302
    assert rights(app, placeholder) == [(Role.AGENCY_ADMIN, world.agency["a2"], True)]


@pytest.mark.parametrize(
    ("person", "words"), [("province", "คนละฝ่าย"), ("executive_a2", "คนเดียวเป็นทั้ง Admin และผู้บริหาร")]
)
def test_roles_that_never_meet_are_not_joined_and_the_code_stays(
    app: Portal, client_as: ClientAs, placeholder: int, world: World, make: Make, person: str, words: str
) -> None:
    if person == "executive_a2":
        account = make(AccountFactory)
        make(GrantFactory, account=account, role=Role.EXECUTIVE, agency_id=world.agency["a2"])
        world.account[person] = account.id
    code, client = code_of(app, placeholder), client_as(person)
    answer = client.submit("/activate/join", {"code": code})
    assert answer.status_code == 409 and words in answer.text
    assert rights(app, placeholder) == [(Role.AGENCY_ADMIN, world.agency["a2"], True)]
    assert activated(client_as(""), code).status_code == 302


@pytest.mark.parametrize("whose", ["executive_other", "dla"])
def test_an_account_in_use_and_rights_given_to_one_person_go_over_to_nobody(
    app: Portal, client_as: ClientAs, world: World, whose: str
) -> None:
    code = code_of(app, world.account[whose])
    answer = client_as("agency_admin").submit("/activate/join", {"code": code})
    assert answer.status_code == 409 and "เพิ่มในบัญชีอื่นไม่ได้" in answer.text
    assert activated(client_as(""), code).status_code == 302


def test_a_right_that_is_to_begin_goes_over_with_its_days(
    app: Portal, client_as: ClientAs, world: World, make: Make
) -> None:
    account = make(AccountFactory, username="06520402-e", name="")
    begins, ends = NOW + timedelta(days=3), NOW + timedelta(days=90)
    make(
        GrantFactory,
        account=account,
        role=Role.EXECUTIVE,
        agency_id=world.agency["a2"],
        valid_from=begins,
        valid_until=ends,
        order_number="12/2561",
    )
    person = world.account["executive"]
    client_as("executive").submit("/activate/join", {"code": code_of(app, account.id)})
    with app.app_context(), privileged("a test looks") as session:
        *_own, gained = session.scalars(select(Grant).where(Grant.account_id == person).order_by(Grant.id))
        assert (gained.agency_id, gained.valid_from, gained.valid_until) == (world.agency["a2"], begins, ends)
        assert gained.order_number == "12/2561"


def test_a_code_of_an_account_that_was_shut_opens_nothing(
    app: Portal, client_as: ClientAs, placeholder: int
) -> None:
    code = code_of(app, placeholder)
    with app.app_context(), writing(), privileged("a test shuts") as session:
        session.get_one(Account, placeholder).active = False
    assert client_as("").submit("/activate", {"code": code}).status_code == 422


def test_a_code_joins_nobody_to_themselves(app: Portal, placeholder: int) -> None:
    code = code_of(app, placeholder)
    with app.app_context():
        with pytest.raises(Refused, match="your own account"):
            activation.join(code, placeholder)
        assert worlds.row(Account, placeholder).active


def test_an_address_that_is_proved_is_not_asked_again(app: Portal, placeholder: int) -> None:
    with app.app_context():
        with writing(), privileged("a test proves") as session:
            account = session.get_one(Account, placeholder)
            account.email, account.email_proved_at = "somebody@example.go.th", NOW
        code = code_of(app, placeholder)
        person = Person("นางทดลอง ใหม่", "ปลัด", "054000111", "somebody@example.go.th")
        assert activation.come_in(code, PASSWORD, person)
        do_jobs()
    assert mails(app) == []
