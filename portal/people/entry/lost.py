"""Lost passwords: asked for on the sign-in page, answered by mail, or by the province with a new slip.

What a stranger is told is the same whether the user name is anybody's, and whether mail reaches it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, selectinload

from models.account import Account, ActivationCode, Grant, fold
from models.onboarding import LostPassword, LostState, MailPurpose
from portal.core import clock, delays, sign_in
from portal.core.access import ROLES, Actor
from portal.core.database.session import db, privileged, writing
from portal.core.delays import Limit, network_of, short_hash
from portal.core.lookup import get_or_404
from portal.core.workflow import fire
from portal.people import answered, keeping
from portal.people.entry import mailing
from portal.people.workflow import LOST

#: of one name: who asks again within minutes has been heard; of one network: an office with many people
NAME = Limit(3, 600)
NETWORK = Limit(20, 60)


@dataclass(frozen=True)
class Waiting:
    """One request of the work list. ``where``: role and place of each right that holds; ``by_command``: the
    back office gives no codes for this account."""

    request: LostPassword
    where: tuple[tuple[str, str], ...]
    by_command: bool


def ask(username: str, *, phone: str, network: str) -> timedelta:
    """Somebody says to have lost the password of this user name; gives how long to wait, nothing where heard.

    A mail is queued where the account has a proved address, else it waits on the list of those who issue
    codes. Nothing tells which, or that there is no such account.
    """
    name = fold(username)
    limits = {
        f"lost:{short_hash(name)}": NAME,
        f"lost-net:{short_hash(network_of(network, 64))}": NETWORK,
    }
    with writing(), privileged("a lost password") as session:
        taken = delays.take(session, limits)
        if not taken.allowed:
            return taken.wait
        account = session.scalar(select(Account).where(Account.folded_username == name))
        if account is None or not account.active:
            return timedelta(0)
        if mailing.may_reset(account):
            mailing.ask(session, account, MailPurpose.RESET)
        else:
            _wait(session, account, phone)
    return timedelta(0)


def _wait(session: Session, account: Account, phone: str) -> None:
    """One request of an account waits at a time; one that was answered by a newer code does not any more."""
    session.execute(select(Account.id).where(Account.id == account.id).with_for_update(key_share=True))
    mine = LostPassword.account_id == account.id, LostPassword.state == LostState.WAITING
    held = session.scalar(select(LostPassword).where(*mine))
    if held is not None:
        newer = select(ActivationCode.issued_by_id).where(
            ActivationCode.account_id == account.id, ActivationCode.issued_at >= held.asked_at
        )
        code = session.execute(newer).first()
        if code is None:
            held.phone = phone or held.phone
            return
        answered.close(session, account.id, by=code.issued_by_id)
    session.add(LostPassword(account_id=account.id, phone=phone, asked_at=clock.now()))
    session.flush()


def _unanswered() -> tuple[ColumnElement[bool], ...]:
    """Requests that wait, and whose account got no code since."""
    newer = select(ActivationCode.id).where(
        and_(
            ActivationCode.account_id == LostPassword.account_id,
            ActivationCode.issued_at >= LostPassword.asked_at,
        )
    )
    return LostPassword.state == LostState.WAITING, ~newer.exists()


def count() -> int:
    """How many requests wait, of those that the desk answers."""
    return db.session.scalar(select(func.count(LostPassword.id)).where(*_unanswered())) or 0


def waiting(limit: int) -> list[Waiting]:
    """What waits for a new slip, the oldest first."""
    query = select(LostPassword).where(*_unanswered()).order_by(LostPassword.asked_at, LostPassword.id)
    loaded = query.options(
        selectinload(LostPassword.account).selectinload(Account.grants).joinedload(Grant.agency)
    )
    return [_waiting(row) for row in db.session.scalars(loaded.limit(limit))]


def _waiting(row: LostPassword) -> Waiting:
    grants = keeping.living_grants(row.account)
    where = tuple((str(ROLES[grant.role].label), sign_in.place_of(grant)) for grant in grants)
    return Waiting(row, where, any(not ROLES[grant.role].given_by for grant in grants))


def request_or_404(lost_id: int) -> LostPassword:
    """A request inside the desk's scope. Raises NotFound."""
    return get_or_404(LostPassword, lost_id)


def refuse(lost_id: int, *, actor: Actor) -> None:
    """Say no: nobody of the account asked. Raises NotFound, Refused where it was decided."""
    row = get_or_404(LostPassword, lost_id)
    fire(LOST, row, "refuse", actor=actor, decided_at=clock.now(), decided_by_id=actor.account_id)
