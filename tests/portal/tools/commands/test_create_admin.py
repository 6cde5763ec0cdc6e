"""``create-admin``: the first account of a real installation, with places and the keys of its fields."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from models.account import Account, Role, SignInSession
from models.audit import AuditEvent
from models.granting import Notice
from models.place import Province
from models.second_factor import TotpSecret
from portal.core.database.session import privileged
from portal.core.web import Portal
from portal.people import accounts
from tests.support.command_line import Command
from tests.support.world import NOW, PASSWORD


def account_of(app: Portal, username: str) -> tuple[str, list[Role]] | None:
    """The name and the roles of an account."""
    with app.app_context(), privileged("a test looks for an account") as session:
        found = session.scalars(select(Account).where(Account.username == username)).one_or_none()
        return (found.name, [grant.role for grant in found.grants]) if found else None


@pytest.mark.parametrize(("options", "role"), [((), Role.DLA), (("--role", "nacc"), Role.NACC)])
def test_the_first_account_activates_with_the_printed_code(
    app: Portal, command: Command, options: tuple[str, ...], role: Role
) -> None:
    told = command("create-admin", "first", "นางทดลอง คนแรก", *options)
    assert (told.code, told.err) == (0, "")
    assert account_of(app, "first") == ("นางทดลอง คนแรก", [role])
    code = re.search(r"/activate with the code ([A-Z2-9-]{14})\n", told.out)
    assert code is not None, told.out
    with app.app_context():
        assert accounts.activate(code[1], PASSWORD), "the code begins a session"


def test_places_are_loaded_and_the_keys_of_rosters_made(app: Portal, command: Command) -> None:
    """A real installation begins with it: without places nothing can be imported."""
    assert not list(app.settings.key_dir.glob("roster-*"))
    command("create-admin", "first", "นางทดลอง คนแรก")
    with app.app_context(), privileged("a test counts") as session:
        assert session.scalar(select(func.count()).select_from(Province)) == 77
    made = sorted(key.name for key in app.settings.key_dir.glob("roster-*"))
    assert made == ["roster-fields.key", "roster-fingerprints.key"]


def test_a_taken_name_is_refused_in_any_case_and_makes_nothing(app: Portal, command: Command) -> None:
    command("create-admin", "first", "นางทดลอง คนแรก")
    told = command("create-admin", "FIRST", "นางทดลอง คนที่สอง")
    assert (told.code, told.out) == (1, "")
    assert "มีผู้ใช้ชื่อนี้แล้ว" in told.err and "--restore" in told.err
    assert account_of(app, "FIRST") is None


@pytest.mark.parametrize(
    ("username", "why"),
    [
        ("", "3 ถึง 80"),
        ("ab", "3 ถึง 80"),
        ("a" * 81, "3 ถึง 80"),
        ("ผู้ดูแล", "ตัวอักษรอังกฤษ"),
        ("two words", "ตัวอักษรอังกฤษ"),
    ],
)
def test_a_user_name_is_one_that_the_form_would_take(
    app: Portal, command: Command, username: str, why: str
) -> None:
    told = command("create-admin", username, "นางทดลอง คนแรก")
    assert (told.code, told.out) == (1, "")
    assert why in told.err
    assert account_of(app, username) is None


def test_only_the_two_country_offices_are_offered(app: Portal, command: Command) -> None:
    told = command("create-admin", "first", "นางทดลอง คนแรก", "--role", "executive")
    assert (told.code, "choose from" in told.err) == (2, True)
    assert account_of(app, "first") is None


def officer(app: Portal, command: Command) -> int:
    """The account of an officer who has signed in and has a second factor; gives its id."""
    code = re.search(r"with the code ([A-Z2-9-]{14})", command("create-admin", "first", "นางทดลอง คนแรก").out)
    assert code is not None
    with app.app_context():
        accounts.activate(code[1], PASSWORD)
        with privileged("a second factor") as session:
            account = session.scalars(select(Account).where(Account.username == "first")).one()
            session.add(TotpSecret(account_id=account.id, sealed=b"x", made_at=NOW, confirmed_at=NOW))
            return account.id


@pytest.mark.parametrize(("options", "kept"), [((), True), (("--forget-factor",), False)])
def test_an_officer_is_restored_by_name_and_it_is_recorded_and_told(
    app: Portal, command: Command, options: tuple[str, ...], kept: bool
) -> None:
    key = officer(app, command)
    command("create-admin", "second", "นางทดลอง คนที่สอง")
    told = command("create-admin", "FIRST", "--restore", *options)
    assert (told.code, told.err) == (0, "")
    code = re.search(r"use the code ([A-Z2-9-]{14}) at /activate", told.out)
    assert code is not None, told.out
    assert ("stays" in told.out) is kept and "3 other officers" in told.out
    with app.app_context(), privileged("a test looks") as session:
        assert session.scalars(select(SignInSession)).all() == []
        assert bool(session.scalars(select(TotpSecret)).all()) is kept
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "account.restore")).one()
        assert (event.row, event.after["second_factor"]) == (str(key), "kept" if kept else "forgotten")
        assert code[1] not in str(session.scalars(select(AuditEvent.after)).all())
        kinds = sorted((one.account_id != key, one.kind) for one in session.scalars(select(Notice)))
        assert kinds == [(False, "code"), *[(True, "restored_beside")] * 3]
    with app.app_context():
        assert accounts.activate(code[1], PASSWORD + "2")


@pytest.mark.parametrize(("username", "why"), [("nobody", "ไม่มีบัญชีชื่อนี้"), ("clerk", "ไม่มีสิทธิของหน่วยงานส่วนกลาง")])
def test_nobody_else_is_restored_here(app: Portal, command: Command, username: str, why: str) -> None:
    with app.app_context(), privileged("a clerk without that right") as session:
        session.add(Account(username="clerk", name="นายทดลอง"))
    told = command("create-admin", username, "--restore")
    assert (told.code, told.out) == (1, "")
    assert why in told.err


def test_a_shut_officer_is_not_restored(app: Portal, command: Command) -> None:
    key = officer(app, command)
    with app.app_context(), privileged("shut") as session:
        session.get_one(Account, key).active = False
    told = command("create-admin", "first", "--restore")
    assert (told.code, told.out) == (1, "")
    assert "ปิด" in told.err
