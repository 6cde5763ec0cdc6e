"""The accounts of a whole country: admin and executive of every agency, at every step to a password."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, select

from models.account import Account, ActivationCode, Grant, Role, fold
from models.agency import Agency
from portal.ballot.wall import system_transaction
from portal.core import clock
from portal.core.database.session import privileged
from portal.tools.demo.present import FAMILY, GIVEN

PIECE = 5_000
#: the letter before an agency's code in the user name
ROLES = {Role.AGENCY_ADMIN: "bench-a", Role.EXECUTIVE: "bench-e"}


def fill() -> int:
    """Two accounts for every agency, each with its right; half of them activated. Gives how many."""
    with privileged("bench: agencies that get accounts") as session:
        agencies = list(session.scalars(select(Agency.id).order_by(Agency.id)))
    made = [(f"{letter}{agency}", role, agency) for agency in agencies for role, letter in ROLES.items()]
    accounts = (_account(number, username) for number, (username, _role, _agency) in enumerate(made))
    _write(Account, accounts)
    with privileged("bench: accounts") as session:
        ids = dict(session.execute(select(Account.username, Account.id)).tuples().all())
    now = clock.now()
    _write(
        Grant,
        (
            {"account_id": ids[username], "role": role, "agency_id": agency, "valid_from": now}
            for username, role, agency in made
        ),
    )
    _write(ActivationCode, _codes([ids[username] for username, _role, _agency in made]))
    return len(made)


def _account(number: int, username: str) -> dict[str, Any]:
    """Every second one has a person, one of a hundred is shut."""
    activated = number % 4 in (0, 1)
    name = f"{GIVEN[number % len(GIVEN)]} {FAMILY[number % len(FAMILY)]} {number}" if activated else ""
    return {
        "username": username,
        "folded_username": fold(username),
        "name": name,
        "phone": f"08{number:08d}" if activated else "",
        "active": number % 100 != 99,
        "activated_at": clock.now() if activated else None,
    }


def _codes(accounts: list[int]) -> Iterator[dict[str, Any]]:
    """Codes of those who have not activated: most are out, some have ended, one of ten has none."""
    now = clock.now()
    for number, account_id in enumerate(accounts):
        if number % 4 in (0, 1) or number % 10 == 2:
            continue
        ends = now + timedelta(days=30 if number % 3 else -1)
        yield {
            "account_id": account_id,
            "code_hash": hashlib.sha256(secrets.token_bytes(16)).digest(),
            "expires_at": ends,
            "issued_at": ends - timedelta(days=30),
        }


def _write(model: Any, values: Iterator[dict[str, Any]]) -> None:
    while piece := list(islice(values, PIECE)):
        with system_transaction() as connection:
            connection.execute(insert(model).inline(), piece)
