"""A second officer of the back office: what one asks for, another confirms."""

from __future__ import annotations

from flask import Flask

from models.account import Role
from portal.core.database.session import privileged, writing
from portal.people import accounts
from tests.support.client import PortalClient, client_of
from tests.support.passwords import set_password
from tests.support.world import NOW, PASSWORD

SECOND = "dla.second"


def second_officer(app: Flask) -> int:
    """Make the account; gives its id."""
    with app.app_context(), writing(), privileged("a second officer") as session:
        account = accounts.make_account(
            session, username=SECOND, name="นางทดลอง คนที่สอง", role=Role.DLA, valid_from=NOW
        )
        set_password(account, PASSWORD)
        return account.id


def second_desk(app: Flask) -> PortalClient:
    """The second officer, signed in."""
    client = client_of(app)
    client.sign_in_as(second_officer(app))
    return client
