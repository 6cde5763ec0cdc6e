"""The first account of a real installation; provinces and districts are loaded with it."""

from __future__ import annotations

import re

from flask import Flask

from models.account import USERNAME_LETTERS, Role
from portal.core import vault
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.people import accounts
from portal.register import places
from portal.tools.commands import refused


def run(app: Flask, *, username: str, name: str, role: str) -> int:
    """Make an account of a country office and print its activation code; 1 for a taken or odd user name."""
    vault.make_keys(app.settings.key_dir)  # type: ignore[attr-defined]
    with app.app_context():
        try:
            _refuse_odd(username)
            with writing(), privileged("create-admin") as session:
                places.load_places(session)
                account = accounts.make_account(session, username=username, name=name, role=Role(role))
                code = accounts.issue_code(session, account)
        except Refused as error:
            return refused.say(error)
    print(f"Account {username}: activate it at /activate with the code {code}")
    return 0


def _refuse_odd(username: str) -> None:
    """What the form of accounts asks of a user name. Raises Refused."""
    if not 3 <= len(username) <= 80:
        raise Refused("A user name has 3 to 80 characters")
    if not re.fullmatch(USERNAME_LETTERS, username):
        raise Refused("Latin letters, digits and . _ - @ only")
