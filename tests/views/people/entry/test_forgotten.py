"""A forgotten password on the sign-in page: the same words for everybody, and the ways back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from models.account import Account
from models.contact import ProvinceContact
from models.onboarding import MailPurpose
from portal.core.database.session import privileged, writing
from portal.core.sign_in import HASHER
from portal.core.web import Portal
from portal.people.entry import guessing, lost, mailing
from tests.factories.base import Make
from tests.factories.onboarding import TotpSecretFactory
from tests.support import world as worlds
from tests.support.client import PortalClient
from tests.support.factors import give_password
from tests.support.mail import code_in, do_jobs, mails
from tests.support.slips import activated
from tests.support.world import NOW, PASSWORD, World

ClientAs = Callable[[str], PortalClient]
NEW = "an entirely new sentence"
ADDRESS = "somebody@example.go.th"


@pytest.fixture
def without_mail(app: Portal) -> Iterator[None]:
    """An installation that has no server of mail."""
    before = app.settings
    app.settings = replace(before, demo=False)
    yield
    app.settings = before


def form(world: World, **said: str) -> dict[str, str]:
    return {"username": "executive", "phone": "0 2555 0100", "province": str(world.province["52"]), **said}


def prove(app: Portal, account_id: int) -> None:
    with app.app_context(), writing(), privileged("a test's address") as session:
        account = session.get_one(Account, account_id)
        account.email = ADDRESS
        account.email_proved_at = NOW


def plain(page: str) -> str:
    return re.sub(r'(csrf_token" value|nonce)="[^"]*"', "", page)


def test_the_sign_in_page_leads_to_help(client_as: ClientAs) -> None:
    assert 'href="/forgot"' in client_as("").get("/sign-in").text


def test_what_is_said_is_the_same_for_a_name_that_is_nobody_s(
    app: Portal, client_as: ClientAs, world: World
) -> None:
    prove(app, world.account["agency_admin"])
    said = set()
    for name in ("executive", "agency_admin", "nobody.at.all"):
        visitor = client_as("")
        answer = visitor.submit("/forgot", form(world, username=name))
        said.add((answer.status_code, answer.location, plain(visitor.get(answer.location).text)))
    ((status, place, page),) = said
    assert (status, place) == (302, f"/forgot/heard?province={world.province['52']}")
    assert "ทางอีเมล" in page and "ใบแจ้งใบใหม่" in page and "instance/mail" in page


def test_whom_to_call_is_the_office_of_the_chosen_province(
    app: Portal, client_as: ClientAs, world: World
) -> None:
    with app.app_context(), writing(), privileged("a province's contact") as session:
        session.add(ProvinceContact(province_id=world.province["52"], phone="0 5426 5000", person="นางทดลอง"))
    own = client_as("").get(f"/forgot/heard?province={world.province['52']}").text
    assert "จังหวัดลำปาง" in own and "tel:054265000" in own and "นางทดลอง" in own
    for other in (str(world.province["81"]), "0", "x", ""):
        assert "tel:054265000" not in client_as("").get(f"/forgot/heard?province={other}").text


@pytest.mark.usefixtures("without_mail")
def test_nothing_speaks_of_mail_where_there_is_none(client_as: ClientAs, world: World) -> None:
    visitor = client_as("")
    for page in ("/forgot", "/forgot/heard?province=1"):
        assert "อีเมล" not in visitor.get(page).text
    assert client_as("executive").get("/me/email").status_code == 404


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"username": ""}, "กรอกชื่อผู้ใช้"),
        ({"phone": ""}, "กรอกหมายเลขโทรศัพท์"),
        ({"phone": "โทรมานะ"}, "เขียนหมายเลขโทรศัพท์แบบ"),
        ({"province": ""}, "เลือกจังหวัดของท่าน"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    client_as: ClientAs, world: World, said: dict[str, str], words: str
) -> None:
    answer = client_as("").submit("/forgot", form(world, **said))
    assert answer.status_code == 422 and words in answer.text


def test_who_asks_too_often_is_told_how_long_to_wait(
    client_as: ClientAs, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost, "NAME", lost.Limit(1, 600))
    visitor = client_as("")
    assert visitor.submit("/forgot", form(world)).status_code == 302
    answer = visitor.submit("/forgot", form(world))
    assert answer.status_code == 422 and "ลองใหม่ใน 10 นาที" in answer.text


def test_the_link_of_the_mail_sets_a_new_password(app: Portal, client_as: ClientAs, world: World) -> None:
    person = world.account["executive"]
    prove(app, person)
    visitor = client_as("")
    visitor.submit("/forgot", form(world))
    with app.app_context():
        do_jobs()
    code = code_in(mails(app)[0])
    for sent, words in (
        ({"code": "", "password": NEW}, "กรอกรหัสในอีเมล"),
        ({"code": "AAAA-BBBB-CCCC", "password": NEW}, "อีเมลฉบับใหม่กว่า"),
        ({"code": code, "password": ""}, "กรอกรหัสผ่านใหม่"),
        ({"code": code, "password": "short"}, "อย่างน้อย 10"),
    ):
        answer = visitor.submit("/reset", sent)
        assert answer.status_code == 422 and words in answer.text
    done = visitor.submit("/reset", {"code": code, "password": NEW})
    assert (done.status_code, done.location) == (302, "/")
    assert "เปลี่ยนรหัสผ่านแล้ว" in visitor.get("/", follow_redirects=True).text
    with app.app_context():
        assert HASHER.verify(worlds.row(Account, person).password_hash, NEW)


def test_a_mail_takes_no_second_factor_away(
    app: Portal, client_as: ClientAs, world: World, make: Make
) -> None:
    prove(app, world.account["executive"])
    make(TotpSecretFactory, account_id=world.account["executive"], confirmed_at=NOW)
    visitor = client_as("")
    visitor.submit("/forgot", form(world))
    with app.app_context():
        do_jobs()
    answer = visitor.submit("/reset", {"code": code_in(mails(app)[0]), "password": NEW})
    assert answer.status_code == 302 and answer.location.startswith("/sign-in/second")
    assert visitor.get("/me").location.startswith("/sign-in"), "nobody is signed in yet"


def test_an_address_is_proved_where_nobody_is_signed_in(
    app: Portal, client_as: ClientAs, world: World
) -> None:
    client, password = client_as("executive"), {"password": PASSWORD}
    with app.app_context():
        give_password(world.account["executive"])
    assert client.submit("/me/email", {"email": "ไม่ใช่อีเมล", **password}).status_code == 422
    answer = client.submit("/me/email", {"email": ADDRESS, **password})
    assert (answer.status_code, answer.location) == (302, "/me/email")
    with app.app_context():
        do_jobs()
    assert f"ส่งอีเมลไปที่ {ADDRESS} แล้ว" in client.get("/me/email").text
    phone = client_as("")
    assert phone.submit("/prove", {"code": "AAAA-BBBB-CCCC"}).status_code == 422
    done = phone.submit("/prove", {"code": code_in(mails(app)[0])})
    assert done.status_code == 302
    page = client.get("/me/email").text
    assert "ยืนยันอีเมลแล้ว" in page
    assert "อีเมลนี้ยืนยันแล้ว" in client.submit("/me/email", {"email": ADDRESS, **password}).text


def test_whoever_finds_a_browser_signed_in_proves_no_address_of_theirs(
    app: Portal, client_as: ClientAs, world: World
) -> None:
    client = client_as("executive")
    with app.app_context():
        give_password(world.account["executive"])
    for wrong in ({}, {"password": NEW}):
        refused = client.submit("/me/email", {"email": "thief@example.go.th", **wrong})
        assert refused.status_code == 422 and NEW not in refused.text
    with app.app_context():
        do_jobs()
    assert mails(app) == []
    assert client_as("executive").get("/me/email").text.count("thief@example.go.th") == 0


@pytest.mark.parametrize("page", ["/reset", "/prove"])
def test_wrong_codes_of_mails_make_a_network_wait(
    app: Portal, client_as: ClientAs, world: World, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr(guessing, "WRONG", guessing.Limit(1, 100))
    prove(app, world.account["executive"])
    with app.app_context():
        with writing(), privileged("a test asks for a mail") as session:
            account = session.get_one(Account, world.account["executive"])
            mailing.ask(session, account, MailPurpose(page[1:]))
        do_jobs()
    visitor = client_as("")
    wrong, right = "AAAA-BBBB-CCCC", code_in(mails(app)[0])
    assert "อีเมลฉบับใหม่กว่า" in visitor.submit(page, {"code": wrong, "password": NEW}).text
    assert "ลองใหม่ใน 100 วินาที" in visitor.submit(page, {"code": right, "password": NEW}).text
    away = {"REMOTE_ADDR": "192.0.2.7"}
    elsewhere = visitor.submit(page, {"code": right, "password": NEW}, environ_base=away)
    assert elsewhere.status_code == 302


def test_the_province_finds_who_waits_and_answers_with_a_code(
    app: Portal, client_as: ClientAs, world: World
) -> None:
    client_as("").submit("/forgot", form(world))
    staff = client_as("province")
    assert "มีผู้แจ้งลืมรหัสผ่าน 1 คน" in staff.get(f"/rounds/{world.round_id}/home").text
    page = staff.get("/admin/lost-passwords").text
    for words in ("ผู้ใช้ทดลอง executive", "ผู้บริหาร · เทศบาลตำบลเกาะคา", "tel:025550100"):
        assert words in page
    (link,) = re.findall(r'href="(/admin/accounts/\d+/code)"', page)
    code = re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", staff.submit(link).text)[0]
    assert "ไม่มีผู้รอรหัสใหม่" in staff.get("/admin/lost-passwords").text
    assert "แจ้งลืมรหัสผ่าน 1 คน" not in staff.get(f"/rounds/{world.round_id}/home").text
    assert activated(client_as(""), code).status_code == 302


def test_what_is_another_province_s_is_neither_seen_nor_refused(
    app: Portal, client_as: ClientAs, world: World
) -> None:
    client_as("").submit("/forgot", form(world))
    own, other = client_as("province"), client_as("province_other")
    (link,) = re.findall(r'href="(/admin/lost-passwords/\d+/refuse)"', own.get("/admin/lost-passwords").text)
    assert "executive" not in other.get("/admin/lost-passwords").text
    assert other.get(link).status_code == other.submit(link).status_code == 404
    assert "แจ้งใหม่ได้" in own.get(link).text
    assert own.submit(link).status_code == 302
    assert "ไม่มีผู้รอรหัสใหม่" in own.get("/admin/lost-passwords").text
    assert own.submit(link).status_code == 409
    assert client_as("agency_admin").get("/admin/lost-passwords").status_code == 404
