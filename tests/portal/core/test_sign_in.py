"""Signing in, sessions, delays, desks, activation; and what the gate does with each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.account import Account, ActivationCode, Grant, Role, SignInSession
from models.participation import Participation
from portal.core import sign_in
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.people import accounts
from tests.support.client import PortalClient
from tests.support.world import NOW, PASSWORD, World, row

ClientAs = Callable[[str], PortalClient]
WEAK = ("short", "aaaaaaaaaaaa", "my-password-1", "agency_admin-77", "123456789012")


def give_password(world: World, person: str) -> None:
    with writing(), privileged("a test sets a password") as session:
        accounts.set_password(session.get_one(Account, world.account[person]), PASSWORD)


def test_name_and_password_open_the_home_page(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context():
        give_password(world, "nacc")
    client = client_as("")
    answer = client.submit("/sign-in", {"username": " NACC ", "password": PASSWORD})
    assert answer.status_code == 302 and answer.location == "/"
    assert client.get("/", follow_redirects=True).status_code == 200
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_a_wrong_password_says_so_and_keeps_the_name(app: Portal, world: World, client_as: ClientAs) -> None:
    answer = client_as("").submit("/sign-in", {"username": "nacc", "password": "wrong"})
    assert answer.status_code == 422
    assert "ชื่อผู้ใช้หรือรหัสผ่านไม่ตรง" in answer.text and 'value="nacc"' in answer.text
    assert "wrong" not in answer.text


def test_failures_make_the_next_attempt_wait_but_lock_nobody_out(
    app: Portal, world: World, clock: Callable[[object], None]
) -> None:
    with app.app_context():
        give_password(world, "nacc")
        waits = [sign_in.sign_in("nacc", "wrong", network="a").wait for _number in range(6)]
        assert waits[:3] == [timedelta(0)] * 3 and waits[3] >= timedelta(seconds=5)
        assert sign_in.sign_in("nacc", PASSWORD, network="b").token is None, "it must wait"
        clock(NOW + timedelta(minutes=6))
        assert sign_in.sign_in("nacc", PASSWORD, network="b").token is not None


def test_an_unknown_name_is_answered_like_a_known_one(app: Portal, world: World) -> None:
    with app.app_context():
        assert sign_in.sign_in("nobody-here", "x", network="a") == sign_in.sign_in("nacc", "x", network="a")


def test_only_the_hash_of_a_token_is_stored(app: Portal, world: World, client_as: ClientAs) -> None:
    client = client_as("nacc")
    with client.session_transaction() as stored:
        token = stored["_user_id"]
    with app.app_context(), privileged("a test looks") as session:
        (found,) = session.scalars(select(SignInSession.token_hash)).all()
    assert found == sign_in.token_hash(token) and token.encode() not in found


def test_an_idle_session_ends_with_a_word(
    app: Portal, world: World, client_as: ClientAs, clock: Callable[[object], None]
) -> None:
    client = client_as("nacc")
    assert client.get("/jobs").status_code == 200
    clock(NOW + sign_in.IDLE + timedelta(minutes=1))
    answer = client.get("/jobs", follow_redirects=True)
    assert "เพราะไม่มีการใช้งานนาน 30 นาที" in answer.text and answer.request.args["next"] == "/jobs"


def test_signing_out_ends_the_session_on_the_server(app: Portal, world: World, client_as: ClientAs) -> None:
    client = client_as("nacc")
    with client.session_transaction() as stored:
        token = stored["_user_id"]
    assert client.get("/sign-out").status_code == 405
    client.submit("/sign-out")
    with app.app_context():
        assert sign_in.actor_of(token) is None
    assert client.get("/jobs").status_code == 302


def test_a_post_without_its_token_is_refused(client_as: ClientAs) -> None:
    answer = client_as("nacc").post("/sign-out")
    assert answer.status_code == 400 and "แบบนี้ยังไม่ได้ส่ง" in answer.text


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "/\\evil.example", "evil"])
def test_next_leads_to_this_site_only(app: Portal, world: World, client_as: ClientAs, target: str) -> None:
    with app.app_context():
        give_password(world, "nacc")
    answer = client_as("").submit(
        "/sign-in", {"username": "nacc", "password": PASSWORD}, query_string={"next": target}
    )
    assert answer.location == "/"


def test_a_person_of_several_roles_chooses_a_desk(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context(), writing(), privileged("a second grant") as session:
        account = session.get_one(Account, world.account["agency_admin"])
        accounts.give_grant(session, account, Role.AGENCY_ADMIN, agency_id=world.agency["a2"], valid_from=NOW)
    client = client_as("agency_admin")
    assert client.get("/jobs").location == "/desks?next=/jobs"
    page = client.get("/desks").text
    assert "เทศบาลตำบลเกาะคา" in page and "ท่าผา" in page
    foreign = client.submit("/desks", {"grant": world.grant["nacc"]})
    assert foreign.status_code == 404
    chosen = client.submit("/desks?next=/jobs", {"grant": world.grant["agency_admin"]})
    assert chosen.location == "/jobs"
    assert client.get("/jobs").status_code == 200


def test_an_ended_grant_ends_the_desk(
    app: Portal, world: World, client_as: ClientAs, clock: Callable[[object], None]
) -> None:
    client = client_as("nacc")
    with app.app_context(), writing(), privileged("ending a grant") as session:
        session.get_one(Grant, world.grant["nacc"]).valid_until = NOW + timedelta(minutes=1)
    assert client.get("/jobs").status_code == 200
    clock(NOW + timedelta(minutes=2))
    assert client.get("/jobs").location == "/desks?next=/jobs"


def test_a_code_activates_once_and_counts_as_step_one(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context():
        with writing(), privileged("issuing a code") as session:
            account = session.get_one(Account, world.account["agency_admin"])
            code = accounts.issue_code(session, account)
        with privileged("a test looks") as session:
            assert code.encode() not in session.scalars(select(ActivationCode.code_hash)).one()
    weak = client_as("").submit("/activate", {"code": code, "password": "1234567890"})
    assert weak.status_code == 422
    good = client_as("").submit("/activate", {"code": code.lower().replace("-", " "), "password": PASSWORD})
    assert good.status_code == 302
    with app.app_context():
        assert row(Participation, world.participation["a1"]).activated_at == NOW
    again = client_as("").submit("/activate", {"code": code, "password": PASSWORD})
    assert again.status_code == 422 and "รหัสนี้ใช้ไม่ได้" in again.text


def test_a_code_ends(app: Portal, world: World, clock: Callable[[object], None]) -> None:
    with app.app_context():
        with writing(), privileged("issuing a code") as session:
            code = accounts.issue_code(session, session.get_one(Account, world.account["executive"]))
        clock(NOW + accounts.CODE_LIFE)
        with pytest.raises(Refused):
            accounts.activate(code, PASSWORD)


def test_admin_and_executive_are_never_one_person(app: Portal, world: World) -> None:
    with app.app_context(), writing(), privileged("a test grants") as session:
        account = session.get_one(Account, world.account["agency_admin"])
        with pytest.raises(Refused):
            accounts.give_grant(session, account, Role.EXECUTIVE, agency_id=world.agency["a1"])


@pytest.mark.parametrize(
    "password", ["short", "aaaaaaaaaaaa", "my-password-1", "agency_admin-77", "123456789012"]
)
def test_weak_passwords_are_named(password: str) -> None:
    assert accounts.problem_with(password, username="agency_admin")


def test_strong_passwords_pass() -> None:
    assert accounts.problem_with(PASSWORD, username="agency_admin") is None
    assert accounts.problem_with("ปลาทูนึ่งน้ำแข็ง", username="agency_admin") is None


def test_changing_the_password_ends_the_other_sessions(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        give_password(world, "nacc")
    here, there = client_as("nacc"), client_as("nacc")
    answer = here.submit("/password", {"old": PASSWORD, "new": "an entirely new sentence"})
    assert answer.status_code == 302
    assert here.get("/jobs").status_code == 200
    assert there.get("/jobs").status_code == 302
