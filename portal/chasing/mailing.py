"""E-mails that a person sends to the agencies of a list: a job makes them, once a day, and sends them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from models.job import Job
from models.reminder import ChaseMail, MailState
from models.round import Round
from portal.chasing import outbox, posting
from portal.chasing.listing import Chase, Narrowed
from portal.chasing.queries import args_of, narrowed_by
from portal.core import clock
from portal.core.access import Actor, can, scope_of
from portal.core.access import Permission as P
from portal.core.database.session import db, privileged
from portal.core.errors import NotFound, Refused
from portal.core.jobs import queue
from portal.core.jobs.kinds import JobContext, job_kind
from portal.core.texts import _

KIND = "chasing.mails"


def order(round: Round, narrowed: Narrowed, among: Sequence[int] | None, *, actor: Actor, url: str) -> Job:
    """Queue the e-mails to the agencies of a list, or to those that were ticked in it.

    ``url``: where the job's page leads.

    Raises NotFound for who may not, Refused where nobody would get one.
    """
    if not can(actor, P.CHASING_MAIL):
        raise NotFound
    if not outbox.reach_of(Chase.of(round, clock.now()), narrowed, among).getting:
        raise Refused("Nobody of this list would get an e-mail now")
    return _order(round, args_of(narrowed), among, actor=actor, url=url)


def order_again(round: Round, ids: Sequence[int], *, actor: Actor, url: str) -> Job:
    """Queue anew the e-mails of these that were refused or are unsure; each agency gets one.

    It is written to the agency's address of now, about what it lacks now. ``url`` as in ``order``.

    Raises NotFound for who may not, Refused where nobody would get one.
    """
    if not can(actor, P.CHASING_MAIL):
        raise NotFound
    asked, among = clock.machine(), whom(outbox.failed_among(round, ids))
    if not outbox.reach_of(Chase.of(round, clock.now()), Narrowed(), among, again=asked).getting:
        raise Refused("None of these e-mails can be sent again")
    return _order(round, {}, among, actor=actor, url=url, again=asked.isoformat())


def whom(mails: Sequence[ChaseMail]) -> list[int]:
    """The participations that these mails are for, each once."""
    return sorted({one.participation_id for one in mails})


def _order(
    round: Round, args: dict[str, Any], among: Sequence[int] | None, *, actor: Actor, **more: str
) -> Job:
    arguments: dict[str, Any] = {
        "round_id": round.id,
        "args": args,
        "among": None if among is None else list(among),
        **more,
    }
    return queue.enqueue(KIND, title=_("E-mails to late agencies"), arguments=arguments, actor=actor)


@job_kind(KIND, permission=P.CHASING_MAIL)
def run(context: JobContext) -> None:
    """Make the mails that are not there yet, then send those that have not left.

    What a server wants later is left to the duty of the outbox. Raises what ``JobContext.progress`` does.
    """
    actor, arguments = context.asker, context.arguments
    round = db.session.get_one(Round, int(arguments["round_id"]))
    chase = Chase.of(round, clock.now())
    narrowed = narrowed_by(arguments["args"], scope_of(actor))
    again = datetime.fromisoformat(arguments["again"]) if "again" in arguments else None
    sender = outbox.Sender(actor.place, by=actor.name_and_place, again=again, job_id=context.job_id)
    getting = outbox.reach_of(chase, narrowed, arguments["among"], again=again, job_id=context.job_id).getting
    made = 0
    context.progress(0, len(getting), _("The e-mails are being written"))
    for more in outbox.write(chase, getting, sender):
        made += more
        context.progress(made, len(getting), _("The e-mails are being written"))
    mine = ChaseMail.job_id == context.job_id
    posting.post(context, mine)
    with privileged("what became of the mails of a job") as session:
        stand = outbox.number_of(session, mine)
    context.finish({"words": _words(stand), "url": arguments["url"]})


def _words(stand: dict[MailState, int]) -> str:
    """What became of them, in a sentence each."""
    said = [_("%(count)s e-mails left", count=stand.get(MailState.SENT, 0))]
    if later := stand.get(MailState.WAITING, 0):
        said.append(_("%(count)s wait and are tried again by themselves", count=later))
    if held := stand.get(MailState.HELD, 0):
        said.append(_("%(count)s lie in the outbox, since no mail server is set", count=held))
    if failed := stand.get(MailState.REFUSED, 0) + stand.get(MailState.UNSURE, 0):
        said.append(_("%(count)s could not be delivered: look into the outbox", count=failed))
    return " · ".join(said)
