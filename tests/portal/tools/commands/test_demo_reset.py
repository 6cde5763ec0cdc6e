"""``demo-reset`` and ``demo-accounts``: a new demonstration in the place of the old, and who can sign in."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.account import Account
from models.round import Round
from portal.core.web import Portal
from portal.people import accounts
from portal.tools.commands.demo_reset import is_somebodys
from portal.tools.demo.people import NEWCOMER, PASSWORD, PEOPLE
from tests.portal.tools.conftest import Demonstration
from tests.support.command_line import Command
from tests.support.world import World, row

A_CODE = re.compile(r"demo-new .* not activated: /activate with ([A-Z2-9-]{14})\n")


def test_what_was_there_is_gone_with_its_keys_and_anchors(
    demonstration: Demonstration, shown: Session
) -> None:
    assert (demonstration.told.code, demonstration.told.err) == (0, "")
    assert not demonstration.old_key.exists() and not demonstration.old_anchor.exists()
    assert not shown.scalar(select(func.count()).where(Account.username == "older"))
    assert shown.scalar(select(func.count()).select_from(Round)) == 3


def test_everybody_is_listed_with_the_one_password(demonstration: Demonstration, shown: Session) -> None:
    said = demonstration.told.out
    assert "Demonstration accounts at http://localhost:8000/sign-in" in said
    assert f"Password of all: {PASSWORD}\n" in said
    listed = re.findall(r"^  (demo-[a-z0-9-]+)", said, re.MULTILINE)
    assert listed == [*(person.username for person in PEOPLE), NEWCOMER.username]
    assert set(listed) == set(shown.scalars(select(Account.username)))


def test_the_newcomers_code_is_listed_until_it_is_used(own_demonstration: Portal, prompt: Command) -> None:
    told = prompt("demo-accounts")
    code = A_CODE.search(told.out)
    assert (told.code, code is not None) == (0, True)
    with own_demonstration.app_context():
        assert accounts.activate(code[1] if code else "", "a-long-new-word-of-tests")
    told = prompt("demo-accounts")
    assert (told.code, NEWCOMER.username in told.out, PEOPLE[0].username in told.out) == (0, False, True)


def test_a_demonstration_may_be_reset_again_and_an_empty_database_be_filled(
    demonstration: Demonstration, tmp_path: Path
) -> None:
    assert not is_somebodys(demonstration.settings.database_owner_url)
    assert not is_somebodys(f"sqlite:///{tmp_path / 'empty.db'}")


def test_rounds_that_no_demonstration_made_are_never_thrown_away(
    app: Portal, world: World, command: Command
) -> None:
    """Demonstration mode is the default: a shell that forgot ``DEMO=0`` points at a real database."""
    told = command("demo-reset")
    assert (told.code, told.out) == (2, "")
    assert "somebody's work" in told.err
    with app.app_context():
        assert row(Round, world.round_id).id == world.round_id
    assert (app.settings.key_dir / f"round-{world.round_id}.urn").exists()


def test_a_real_installation_is_never_reset(
    app: Portal, world: World, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEMO", "0")
    told = command("demo-reset")
    assert (told.code, told.out) == (2, "")
    assert told.err == "DEMO=0: a real installation has no demonstration to reset\n"
    with app.app_context():
        assert row(Round, world.round_id).id == world.round_id
    assert (app.settings.key_dir / f"round-{world.round_id}.urn").exists()


def test_a_real_installation_lists_no_accounts(
    app: Portal, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEMO", "0")
    monkeypatch.setattr(app, "settings", replace(app.settings, demo=False))
    told = command("demo-accounts")
    assert (told.code, told.out) == (2, "")
    assert told.err == "DEMO=0: a real installation has no demonstration accounts\n"
