"""An officer of the country who cannot sign in is restored by two, each of whom has a second factor.

Whoever held a stolen password of one office could otherwise take over a second account, and with the two of
them the whole country. Where nobody is left for it, ``run.py create-admin --restore`` on the server does it.
"""

from __future__ import annotations

from models.account import Account, Role
from models.granting import Asked, GrantRequest
from portal.core import clock, factors
from portal.core.access import GRANTS, ROLES, Actor
from portal.core.access import Permission as P
from portal.core.database.session import privileged, reading
from portal.core.errors import Refused


def seconds_of(account: Account) -> frozenset[Role] | None:
    """The roles of which the second of two must be to restore this person; None for who needs no two."""
    now = clock.now()
    rules = [ROLES[grant.role].restored_by for grant in account.grants if grant.valid_at(now)]
    needed = [roles for roles in rules if roles]
    return frozenset.intersection(*needed) if needed else None


def is_restoring(request: GrantRequest) -> bool:
    """True for a request by which an officer of the country is restored."""
    return request.what is not Asked.RIGHT and seconds_of(request.account) is not None


def is_first_officer(request: GrantRequest) -> bool:
    """True for a right of the back office that the NACC asks for: of the first officers of a sector."""
    if request.what is not Asked.RIGHT or request.role is not Role.DLA:
        return False
    return any(grant.role is Role.NACC for grant in request.asked_by.grants)


def require_factor_to_ask(account: Account, actor: Actor) -> None:
    """Raise Refused for who would restore an officer of the country without a second factor."""
    if seconds_of(account) is not None and not has_factor(actor.account_id):
        raise Refused(
            "An officer of the country is restored by two people who have a second factor: set up yours first"
        )


def decides(request: GrantRequest, actor: Actor) -> bool:
    """True for who may say yes or no to a request at all: who keeps accounts, restores officers, or names
    the first ones of a sector."""
    if actor.role is not None and P.ACCOUNTS_WRITE in GRANTS[actor.role]:
        return True
    return is_restoring(request) or is_first_officer(request)


def why_not_second(request: GrantRequest, actor: Actor) -> Refused | None:
    """Why somebody is not the second of two for a request; None where they are."""
    if not is_restoring(request):
        return None
    seconds = seconds_of(request.account)
    if seconds is not None and actor.role not in seconds:
        return Refused("An account of the NACC is restored by DLA and the NACC together: the NACC confirms")
    if not has_factor(actor.account_id):
        return Refused(
            "An officer of the country is restored by two people who have a second factor: set up yours first"
        )
    if not has_factor(request.asked_by_id):
        return Refused("Whoever asked has no second factor any more: refuse this, and ask anew")
    return None


def has_factor(account_id: int | None) -> bool:
    """True for who proves something beside the password: an app's one-time passwords, or a passkey."""
    with reading(), privileged("whether a person has a second factor") as session:
        return account_id is not None and bool(factors.held(session.connection(), account_id))
