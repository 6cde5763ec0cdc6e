"""Sending what waits in the outbox: each mail is taken by one worker, and what became of it is noted at once.

A mail is noted as being handed over before it is. Whatever ends a worker in that moment leaves it so: it may
have arrived, and is not sent again by itself. What a server wants later (greylisting), and what could not be
brought because none was there, is tried again after a pause that grows, until its time is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session

from models.job import Job, JobState
from models.reminder import ChaseMail, MailState, ReminderRule, ReminderStop
from portal.chasing import outbox
from portal.core import clock, mail
from portal.core.access import SYSTEM_ACTOR
from portal.core.access import Permission as P
from portal.core.acting import acting
from portal.core.database.session import privileged, writing
from portal.core.jobs import queue
from portal.core.jobs.kinds import JobContext, job_kind
from portal.core.texts import _

KIND = "chasing.post"
#: minutes until a mail is tried again, after the first time, the second, and so on
PAUSES = (5, 15, 30, 60, 120)
#: a mail that was being handed over so long ago was left by a worker that died
LEFT_AFTER = timedelta(minutes=10)
#: after so many in a row that found no server, there is none
MOST_IN_A_ROW = 3


@dataclass
class Posted:
    """How a sending went. ``gone``: no server was found, what is left waits for the next time."""

    sent: int = 0
    gone: bool = False
    in_a_row: int = 0

    def count(self, fault: mail.NotSent | None) -> None:
        """Count a mail that left, or did not."""
        self.sent += fault is None
        self.in_a_row = self.in_a_row + 1 if fault is not None and fault.later else 0
        self.gone = self.in_a_row >= MOST_IN_A_ROW


def post(context: JobContext, *of: ColumnElement[bool]) -> Posted:
    """Send what waits of these mails. Raises what ``JobContext.progress`` does."""
    with privileged("which mails wait") as session:
        waiting = list(outbox.ids_of(session, *of))
    posted = Posted()
    context.progress(0, len(waiting), _("The e-mails are being sent"))
    with mail.line() as line:
        for place, mail_id in enumerate(waiting, 1):
            taken = _take(mail_id)
            if taken is not None:
                posted.count(_send(taken, line))
            context.progress(place, len(waiting))
            if posted.gone:
                break
    return posted


@job_kind(KIND, permission=P.CHASING_MAIL)
def run(context: JobContext) -> None:
    """Send what waits of all: mails by rule, and those of people that are to be tried again."""
    posted = post(context, _no_job_s_own())
    context.finish({"words": _("%(count)s e-mails left", count=posted.sent)})


def look_after() -> None:
    """Settle what is over, and queue the sending of what waits; once at a time in the whole cluster."""
    with writing(), privileged("the outbox of reminders") as session:
        _settle(session)
    with privileged("whether mails wait") as session:
        waits = bool(mail.offered() and outbox.ids_of(session, _no_job_s_own(), _may_leave()))
    if waits:
        with acting(SYSTEM_ACTOR) as actor:
            queue.enqueue(KIND, title=_("E-mails to late agencies"), arguments={}, actor=actor)


def clear() -> None:
    """Let go of addresses and texts whose term is over."""
    with writing(), privileged("clearing old e-mails") as session:
        outbox.forget(session, clock.now())


def _no_job_s_own() -> ColumnElement[bool]:
    """Mails that no job of a person has in hand: by rule, or left by one that came to its end."""
    busy = select(Job.id).where(Job.id == ChaseMail.job_id, Job.state != JobState.DONE)
    return ~exists(busy)


def _may_leave() -> ColumnElement[bool]:
    """A mail by rule leaves while its rule is on and its agency was not taken out; one of a person always."""
    on = select(ReminderRule.id).where(ReminderRule.id == ChaseMail.rule_id, ReminderRule.active)
    out = select(ReminderStop.participation_id).where(
        ReminderStop.participation_id == ChaseMail.participation_id
    )
    return or_(~outbox.by_rule(), exists(on) & ~exists(out))


def _settle(session: Session) -> None:
    """What a dead worker left is unsure; what is too late, or was stopped meanwhile, stays here."""
    left = ChaseMail.state == MailState.SENDING, ChaseMail.tried_at < clock.machine() - LEFT_AFTER
    session.execute(update(ChaseMail).where(*left).values(state=MailState.UNSURE))
    over = or_(ChaseMail.until <= clock.now(), ~_may_leave())
    waits = ChaseMail.state == MailState.WAITING
    session.execute(update(ChaseMail).where(waits, over).values(state=MailState.STOPPED))


@dataclass(frozen=True)
class _Taken:
    """A mail in hand."""

    id: int
    address: str
    subject: str
    text: str
    tries: int


def _take(mail_id: int) -> _Taken | None:
    """Take a mail that waits, may leave still and that nobody else took; None for any other."""
    now = clock.machine()
    with writing(), privileged("a mail is taken to be sent") as session:
        waits = ChaseMail.state == MailState.WAITING, ChaseMail.next_at <= now, ChaseMail.until > clock.now()
        mine = update(ChaseMail).where(ChaseMail.id == mail_id, *waits, _may_leave())
        take = mine.values(state=MailState.SENDING, tried_at=now, tries=ChaseMail.tries + 1)
        columns = ChaseMail.id, ChaseMail.address, ChaseMail.subject, ChaseMail.text, ChaseMail.tries
        row = session.execute(take.returning(*columns)).first()
        return None if row is None else _Taken(row.id, row.address or "", row.subject, row.text, row.tries)


def _send(one: _Taken, line: mail.Line) -> mail.NotSent | None:
    """Send a mail and note what became of it; why it did not leave, None where it did."""
    fault: mail.NotSent | None = None
    try:
        line.send(to=one.address, subject=one.subject, text=one.text, name=f"reminder-{one.id}")
    except mail.NotSent as error:
        fault = error
    with writing(), privileged("noting what became of a mail") as session:
        mine = update(ChaseMail).where(ChaseMail.id == one.id, ChaseMail.state == MailState.SENDING)
        session.execute(mine.values(**_outcome(one, fault)))
    return fault


def _outcome(one: _Taken, fault: mail.NotSent | None) -> dict[str, object]:
    if fault is None:
        return {"state": MailState.SENT, "sent_at": clock.now(), "fault": ""}
    said = {"fault": str(fault)[:120]}
    if fault.unsure:
        return {"state": MailState.UNSURE, **said}
    if not fault.later:
        return {"state": MailState.REFUSED, **said}
    pause = timedelta(minutes=PAUSES[min(one.tries, len(PAUSES)) - 1])
    return {"state": MailState.WAITING, "next_at": clock.machine() + pause, **said}
