"""Signing in, sessions, delays, desks, activation; and what the gate does with each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from models.account import Account, ActivationCode, Grant, Role, SignInDelay, SignInSession
from models.audit import AuditEvent
from models.participation import Participation
from portal.core import sessions, sign_in
from portal.core.database.session import privileged, writing
from portal.core.delays import Limit
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.people import accounts
from portal.people.entry import own_password
from tests.support.client import PortalClient
from tests.support.passwords import set_password
from tests.support.slips import activated
from tests.support.world import NOW, PASSWORD, World, row

ClientAs = Callable[[str], PortalClient]


def give_password(world: World, person: str) -> None:
    with writing(), privileged("a test sets a password") as session:
        set_password(session.get_one(Account, world.account[person]), PASSWORD)


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


def test_failures_make_the_next_attempt_wait_but_lock_nobody_out(app: Portal, world: World) -> None:
    with app.app_context():
        give_password(world, "nacc")
        waits = [sign_in.sign_in("nacc", "wrong", network="a").wait for _number in range(6)]
        assert waits[:4] == [timedelta(0)] * 4 and waits[4] >= timedelta(seconds=5)
        assert sign_in.sign_in("nacc", PASSWORD, network="a").token is None, "it must wait"
        assert sign_in.sign_in("nacc", PASSWORD, network="b").token is not None, "elsewhere it need not"
        time_passes(31)
        assert sign_in.sign_in("nacc", PASSWORD, network="a").token is not None


def time_passes(seconds: float) -> None:
    with writing(), privileged("time passes") as session:
        session.execute(update(SignInDelay).values(busy_until=SignInDelay.busy_until - seconds))


def test_a_wrong_password_now_and_then_keeps_nobody_out(app: Portal, world: World) -> None:
    """One in five minutes, all day, from the network of the office."""
    with app.app_context():
        give_password(world, "nacc")
        for _number in range(12):
            sign_in.sign_in("nacc", "wrong", network="a")
            time_passes(300)
        assert sign_in.sign_in("nacc", PASSWORD, network="a").token is not None


def test_a_known_browser_passes_what_others_do_wrong(app: Portal, world: World, client_as: ClientAs) -> None:
    right, wrong = {"username": "nacc", "password": PASSWORD}, {"username": "nacc", "password": "wrong"}
    with app.app_context():
        give_password(world, "nacc")
    known = client_as("")
    answer = known.submit("/sign-in", right)
    cookie = next(text for text in answer.headers.getlist("Set-Cookie") if text.startswith("portal-known="))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/sign-in" in cookie
    known.submit("/sign-out")
    others = client_as("")
    for _number in range(8):
        others.submit("/sign-in", wrong)
    assert others.submit("/sign-in", right).status_code == 422
    assert known.submit("/sign-in", right).status_code == 302, "also after signing out"
    assert known.submit("/password", {"old": PASSWORD, "new": "an entirely new sentence"}).status_code == 302
    known.submit("/sign-out")
    again = known.submit("/sign-in", right | {"password": "an entirely new sentence"})
    assert again.status_code == 422, "a changed password makes it a stranger"


def test_a_known_browser_is_known_for_its_own_account_and_has_a_count_too(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        give_password(world, "nacc")
        give_password(world, "dla")
    thief = client_as("")
    thief.submit("/sign-in", {"username": "dla", "password": PASSWORD})
    others = client_as("")
    for _number in range(8):
        others.submit("/sign-in", {"username": "nacc", "password": "wrong"})
    answer = thief.submit("/sign-in", {"username": "nacc", "password": PASSWORD})
    assert answer.status_code == 422, "known as somebody else"
    for _number in range(sign_in.KNOWN.burst):
        thief.submit("/sign-in", {"username": "dla", "password": "wrong"})
    assert thief.submit("/sign-in", {"username": "dla", "password": PASSWORD}).status_code == 422


def test_an_own_sign_in_does_not_clear_the_networks_count(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "NETWORK", Limit(3, 600))
    with app.app_context():
        give_password(world, "dla")
        for number in range(2):
            sign_in.sign_in(f"name{number}", "wrong", network="a")
        assert sign_in.sign_in("dla", PASSWORD, network="a").token is not None
        assert sign_in.sign_in("next", "wrong", network="a").wait > timedelta(0)
        assert sign_in.sign_in("dla", PASSWORD, network="a").token is None


def test_failures_enter_the_record_bounded_and_without_what_was_typed(app: Portal, world: World) -> None:
    with app.app_context():
        for name in ("nacc", "1-2345-67890-12-1", "my-password-typed-as-name"):
            for _number in range(9):
                sign_in.sign_in(name, "wrong", network="203.0.113.77")
        with privileged("a test looks") as session:
            events = session.scalars(select(AuditEvent).where(AuditEvent.act == "sign_in.refused")).all()
            rows = [(event.row, event.after) for event in events]
    where = {"network": "203.0.113.0/24"}
    assert rows == [(str(world.account["nacc"]), where), ("", where), ("", where)]


def test_a_write_goes_on_while_a_password_is_checked(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Checking takes long on purpose: on the embedded database nobody waits for it."""
    written = []

    class Watched(PasswordHasher):
        def _write(self) -> None:
            with writing(), privileged("somebody else writes meanwhile") as session:
                session.connection().exec_driver_sql("UPDATE account SET phone = '1'")
            written.append(1)

        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            self._write()
            return super().verify(hash, password)

        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            self._write()
            return super().hash(password, salt=salt)

    with app.app_context():
        give_password(world, "nacc")
        with writing(), privileged("a code") as session:
            code = accounts.issue_code(session, session.get_one(Account, world.account["executive"]))
        for module in (sign_in, accounts, own_password):
            monkeypatch.setattr(module, "HASHER", Watched(time_cost=1, memory_cost=64, parallelism=1))
        assert sign_in.sign_in("nacc", PASSWORD, network="a").token
        assert not sign_in.sign_in("nacc", "wrong", network="a").token
        assert accounts.activate(code, PASSWORD)
        own_password.change_password(world.account["nacc"], PASSWORD, "an entirely new sentence", token="x")
    assert len(written) == 5


def test_an_unknown_name_is_answered_like_a_known_one(app: Portal, world: World) -> None:
    with app.app_context():
        assert sign_in.sign_in("nobody-here", "x", network="a") == sign_in.sign_in("nacc", "x", network="a")


def test_only_the_hash_of_a_token_is_stored(app: Portal, world: World, client_as: ClientAs) -> None:
    client = client_as("nacc")
    with client.session_transaction() as stored:
        token = stored["_user_id"]
    with app.app_context(), privileged("a test looks") as session:
        (found,) = session.scalars(select(SignInSession.token_hash)).all()
    assert found == sessions.token_hash(token) and token.encode() not in found


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
    weak = activated(client_as(""), code, "1234567890")
    assert weak.status_code == 422
    good = activated(client_as(""), code.lower().replace("-", " "))
    assert good.status_code == 302
    with app.app_context():
        assert row(Participation, world.participation["a1"]).activated_at == NOW
    again = activated(client_as(""), code, "ปลาทูต้มเค็มสามถ้วย")  # somebody else's: it opens nothing any more
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
