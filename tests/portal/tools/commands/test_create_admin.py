"""``create-admin``: the first account of a real installation, with places and the keys of its fields."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from models.account import Account, Role
from models.place import Province
from portal.core.database.session import privileged
from portal.core.web import Portal
from portal.people import accounts
from tests.support.command_line import Command
from tests.support.world import PASSWORD


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
    assert "มีผู้ใช้ชื่อนี้แล้ว" in told.err
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
