"""One's own e-mail address, and whether it is proved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from sqlalchemy import select

from models.account import Account
from models.onboarding import MailCode, MailPurpose
from portal.core import audit, clock, delays
from portal.core.database.session import privileged, writing
from portal.core.delays import Limit
from portal.core.errors import Refused
from portal.people.entry import mailing

#: mails of one account: nobody floods the mailbox of somebody else
MAILS = Limit(4, 900)


@dataclass(frozen=True)
class State:
    """An address as it stands: proved when, or until when a mail's code holds. ``resets``: once proved, a
    forgotten password is set anew by it."""

    address: str
    proved_at: datetime | None
    waits_until: datetime | None
    resets: bool


def state(account_id: int) -> State:
    """The address of an account."""
    with privileged("one's own address") as session:
        account = session.get_one(Account, account_id)
        query = select(MailCode.expires_at).where(
            MailCode.account_id == account_id,
            MailCode.purpose == MailPurpose.PROVE,
            MailCode.address == account.email,
            MailCode.expires_at > clock.now(),
        )
        waits = session.scalar(query) if account.email_proved_at is None else None
        return State(account.email, account.email_proved_at, waits, mailing.within_reach(account))


def ask(account_id: int, address: str) -> None:
    """Enter an address and send a mail to it. Raises Refused for one that is proved, and for too many."""
    with writing(), privileged("an address to prove") as session, audit.act("account.enter_email"):
        account = session.get_one(Account, account_id)
        if account.email == address and account.email_proved_at is not None:
            raise Refused("This address is proved already", field="email")
        taken = delays.take(session, {f"mail:{account_id}": MAILS})
        if not taken.allowed:
            minutes = ceil(taken.wait.total_seconds() / 60)
            raise Refused(
                "Several mails were sent already: try again in %(minutes)s minutes",
                field="email",
                minutes=minutes,
            )
        account.email = address
        session.flush()
        mailing.ask(session, account, MailPurpose.PROVE)
