"""Power rights (``ROLES``: ``second``) are given by two: one officer asks, another confirms.

Whoever confirms also gets the fresh activation code, for the person alone, and the old password ends: who
asked, and perhaps made the account, holds no key of it. The same for a new code of somebody who holds such
a right. A second factor that was lost is taken away by two as well, whatever the person may do: no code and
no slip ever does it.
"""

from __future__ import annotations

from sqlalchemy import delete, select

from models.account import Account, Grant, Role, SignInSession
from models.granting import Asked, AskedState, GrantRequest
from portal.ballot.wall import system_role
from portal.core import audit, clock, factors
from portal.core.access import Actor
from portal.core.api import tokens as api_tokens
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.workflow import fire, why_not
from portal.people import accounts, keeping, notices, restoring
from portal.people.entry import codes
from portal.people.factors import own_factors
from portal.people.keeping import Place
from portal.people.terms import PLAIN, Terms, later, require_acting
from portal.people.workflow import GRANTING


def ask(account: Account, role: Role, place: Place, terms: Terms = PLAIN, *, actor: Actor) -> GrantRequest:
    """Ask for a power right of somebody else. Raises Refused as ``keeping.add_grant`` does."""
    require_acting(role, terms)
    keeping.refuse_for_oneself(account, actor)
    keeping.refuse_nacc(account)
    keeping.require_given(role)
    given = terms.given() | place.given()
    wanted = Grant(role=role, **(given | {"valid_from": terms.valid_from or clock.now()}))
    accounts.refuse_apart(db.session(), account, wanted)
    return _ask(GrantRequest(account_id=account.id, what=Asked.RIGHT, role=role, **given), actor=actor)


def ask_code(account: Account, *, actor: Actor) -> GrantRequest:
    """Ask for a new activation code of somebody who holds a power right. Raises Refused."""
    keeping.refuse_for_oneself(account, actor)
    if not account.active:
        raise Refused("This account is shut: open it again first")
    restoring.require_factor_to_ask(account, actor)
    return _ask(GrantRequest(account_id=account.id, what=Asked.CODE), actor=actor)


def ask_factor(account: Account, *, actor: Actor) -> GrantRequest:
    """Ask that the second factor of somebody who lost it is taken away. Raises Refused."""
    keeping.refuse_for_oneself(account, actor)
    if not account.active:
        raise Refused("This account is shut: open it again first")
    restoring.require_factor_to_ask(account, actor)
    with system_role(db.session.connection()) as connection:
        there = factors.held(connection, account.id)
    if not there:
        raise Refused("This person has no second factor: the password alone lets in")
    return _ask(GrantRequest(account_id=account.id, what=Asked.FACTOR), actor=actor)


def _ask(request: GrantRequest, *, actor: Actor) -> GrantRequest:
    request.asked_by_id, request.asked_at = actor.account_id or 0, clock.now()
    with audit.act("grant_request.ask"), db.session.begin_nested():
        db.session.add(request)  # one waits at a time: a rule of the table
    return request


def waiting() -> list[GrantRequest]:
    """What waits for a second officer, oldest first."""
    query = select(GrantRequest).where(GrantRequest.state == AskedState.WAITING)
    return list(db.session.scalars(query.order_by(GrantRequest.id)))


def shown_to(actor: Actor) -> list[GrantRequest]:
    """What waits for a second officer and is this one's to look at: the NACC's only who is restored."""
    return [request for request in waiting() if restoring.decides(request, actor)]


def waits_for(actor: Actor) -> list[GrantRequest]:
    """What this officer can say yes to."""
    return [request for request in shown_to(actor) if why_not_confirm(request, actor) is None]


def why_not_confirm(request: GrantRequest, actor: Actor) -> Refused | None:
    """Why this officer cannot say yes; None where they can."""
    return why_not(GRANTING, request, "confirm", actor=actor)


def confirm(request_id: int, *, actor: Actor) -> tuple[Account, str | None]:
    """Confirm what another officer asked for; gives the account and its fresh code, none for a lost factor.

    Raises Refused for who asked or whom it is for, where it was decided, and as giving the right does.
    """
    request = _locked(request_id)
    account = request.account
    if request.what is Asked.RIGHT:
        keeping.refuse_nacc(account)  # it may have become one since the request
    if not account.active:
        raise Refused("This account is shut: open it again first")
    fire(GRANTING, request, "confirm", actor=actor, decided_by_id=actor.account_id, decided_at=clock.now())
    if request.what is Asked.FACTOR:
        _forget_factors(account.id, actor=actor)
        return account, None
    if request.what is Asked.RIGHT:
        assert request.role is not None
        place = Place(request.agency_id, request.province_id, request.body_id)
        asked = Terms(request.valid_from, request.valid_until, request.capacity, request.order_number)
        given = later(asked).given() | place.given()
        with audit.act("account.grant"):
            grant = accounts.give_grant(db.session(), account, request.role, **given)
            account.password_hash = None
        notices.tell_of_grant(db.session(), grant, by=actor.name)
    notices.tell(db.session(), account.id, "code", by=actor.name)
    return account, _fresh_code(account.id, actor=actor)


def refuse(request_id: int, *, actor: Actor) -> None:
    """Say no to what another officer asked for. Raises Refused."""
    _end(request_id, "refuse", actor)


def withdraw(request_id: int, *, actor: Actor) -> None:
    """Take back what one asked for. Raises Refused."""
    _end(request_id, "withdraw", actor)


def _end(request_id: int, step: str, actor: Actor) -> None:
    request = _locked(request_id)
    fire(GRANTING, request, step, actor=actor, decided_by_id=actor.account_id, decided_at=clock.now())


def _locked(request_id: int) -> GrantRequest:
    query = select(GrantRequest).where(GrantRequest.id == request_id).with_for_update(of=GrantRequest)
    request = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if request is None:
        raise NotFound
    return request


def _forget_factors(account_id: int, *, actor: Actor) -> None:
    """Every factor and recovery code of the person ends, and every session; the person is told."""
    with system_role(db.session.connection()) as connection:
        own_factors.forget(connection, account_id)
        api_tokens.end_all(connection, account_id)
    audit.record(db.session(), act="factor.lost", thing="account", row=account_id)
    notices.tell(db.session(), account_id, "factor_lost", by=actor.name)


def _fresh_code(account_id: int, *, actor: Actor) -> str:
    """A code in the transaction of the confirmation; every session of the person ends."""
    with system_role(db.session.connection()) as connection:
        connection.execute(delete(SignInSession).where(SignInSession.account_id == account_id))
        api_tokens.end_all(connection, account_id)
    return codes.replace(account_id, actor=actor)
