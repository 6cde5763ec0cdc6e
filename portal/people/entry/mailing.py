"""Mails with a code: to prove an address, or to set a forgotten password anew.

The job knows the account and the purpose; the code is made in the worker, goes into the mail and is stored
hashed. A worker that is killed in between sends another mail, whose code ends the one before.
"""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from sqlalchemy import delete
from sqlalchemy.orm import Session

from models.account import Account
from models.job import Job, Lane
from models.onboarding import MailCode, MailPurpose
from portal.core import clock, mail
from portal.core.access import ROLES
from portal.core.access import Permission as P
from portal.core.database.session import privileged, writing
from portal.core.jobs.kinds import JobContext, JobFailed, job_kind
from portal.core.texts import _
from portal.people.accounts import code_hash, new_code

KIND = "people.mail"
LIFE = timedelta(hours=1)
#: where each purpose's code is used: the code stands in the fragment, which no server ever sees
PAGES = {MailPurpose.PROVE: "/prove", MailPurpose.RESET: "/reset"}


def ask(session: Session, account: Account, purpose: MailPurpose) -> None:
    """Queue a mail to the account's address, in a session of the system."""
    arguments = {"account": account.id, "purpose": purpose.value}
    title = _("Mail to %(name)s", name=account.username)
    session.add(
        Job(kind=KIND, title=title, arguments=arguments, lane=Lane.SHORT.value, created_at=clock.now())
    )


def may_reset(account: Account) -> bool:
    """True where a password may be set anew by who reads the account's mail."""
    proved = mail.offered() and account.email_proved_at is not None
    return proved and account.active and within_reach(account)


def within_reach(account: Account) -> bool:
    """True where the rights of an account may be reached through a mailbox.

    Not where one reaches so far that two officers give it, or that no officer gives: there a code is given
    in person too.
    """
    now = clock.now()
    held = [
        ROLES[grant.role] for grant in account.grants if grant.valid_until is None or grant.valid_until > now
    ]
    return all(rule.given_by and not rule.second for rule in held)


@job_kind(KIND, permission=P.ACCOUNTS_WRITE, lane=Lane.SHORT)
def run(context: JobContext) -> None:
    """Make the code of ``arguments["purpose"]`` for ``arguments["account"]`` and send it."""
    purpose = MailPurpose(context.arguments["purpose"])
    context.progress(0, 1)
    made = _code(int(context.arguments["account"]), purpose)
    if made is None:  # without an address by now, or no longer entitled to it: nobody is told
        context.finish({"mails": 0})
        return
    address, code = made
    try:
        mail.send(to=address, subject=_subject(purpose), text=_text(purpose, code))
    except mail.NotSent as error:
        raise JobFailed("The mail could not be sent (%(why)s): start again", why=str(error)) from error
    context.finish({"mails": 1})


def _code(account_id: int, purpose: MailPurpose) -> tuple[str, str] | None:
    """The address and a fresh code, which ends one that was sent before."""
    code = new_code()[0]
    with writing(), privileged("a code for a mail") as session:
        account = session.get(Account, account_id)
        if account is None or not account.email or not account.active:
            return None
        if purpose is MailPurpose.RESET and not may_reset(account):
            return None
        mine = MailCode.account_id == account_id, MailCode.purpose == purpose
        session.execute(delete(MailCode).where(*mine))
        ends = clock.now() + LIFE
        session.add(
            MailCode(
                account_id=account_id,
                purpose=purpose,
                address=account.email,
                code_hash=code_hash(code),
                expires_at=ends,
            )
        )
        return account.email, code


def _subject(purpose: MailPurpose) -> str:
    if purpose is MailPurpose.RESET:
        return _("ITA assessment: set a new password")
    return _("ITA assessment: prove your e-mail address")


def _text(purpose: MailPurpose, code: str) -> str:
    public_url = current_app.settings.public_url  # type: ignore[attr-defined]
    what = (
        _("Somebody, probably you, asked to set the password of your account anew. Open this address:")
        if purpose is MailPurpose.RESET
        else _(
            "This address was entered for your account. To prove that mail reaches you, open this address:"
        )
    )
    return "\n\n".join(
        (
            what,
            f"{public_url}{PAGES[purpose]}#{code}",
            _("It works once, within an hour. Give it to nobody: officers never ask for it."),
            _("If you did not ask for it you need not do anything."),
        )
    )
