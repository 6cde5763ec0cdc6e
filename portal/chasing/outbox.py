"""The outbox of a round: who is written to, e-mails as they are made, each once, and what became of them.

An agency gets one e-mail a day at one address, whoever sends it: the database holds that. One that was
refused, or is unsure, is written anew where a person asks for it: on its own day in its own row, later in a
row of that day. Address and text are gone after their term; that there was a mail, and when it left, stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, update
from sqlalchemy.orm import Session

from models.participation import Participation
from models.reminder import ChaseMail, MailState
from models.round import Round
from models.thai import local_day, midnight_after
from portal.chasing.listing import Chase, Late, Narrowed
from portal.chasing.texts import Writer
from portal.core import audit, clock, mail
from portal.core.database.inserting import insert_into
from portal.core.database.session import db, privileged, writing
from portal.core.search import matching

#: how long address and text are kept
KEPT = timedelta(days=90)
#: agencies that are written to in one transaction
AT_ONCE = 200
#: a mail that a person sends is tried for so long, where the server is away or wants it later
TRIED_FOR = timedelta(hours=24)
#: where a mail stands that has not left and may still
OPEN = (MailState.WAITING, MailState.SENDING)
#: where it stands while a person may have it sent again
AGAIN = (MailState.REFUSED, MailState.UNSURE)

#: no mail is held in the session while states change
_BY_STATEMENT = {"synchronize_session": False}


@dataclass(frozen=True)
class Reach:
    """Whom an e-mail about a list reaches: ids of who gets it, who has no address, who had one today."""

    getting: tuple[int, ...]
    unknown: tuple[int, ...]
    told: tuple[int, ...]


@dataclass(frozen=True)
class Sender:
    """Who sends: the office under the text, and how the outbox names it; a rule, or the job of a person.

    ``again``: by the machine's clock, when a person asked to send again what was tried before.
    """

    office: str
    by: str = ""
    rule_id: int | None = None
    job_id: int | None = None
    again: datetime | None = None


def reach_of(
    chase: Chase,
    narrowed: Narrowed,
    among: Collection[int] | None = None,
    *,
    again: datetime | None = None,
    job_id: int | None = None,
) -> Reach:
    """Whom an e-mail to the agencies of a list reaches now; two queries. For the rest see ``told_on``."""
    listed = chase.addresses(narrowed, among)
    had = told_on(chase.round, local_day(chase.now), again=again, job_id=job_id)
    return Reach(
        getting=tuple(key for key, address in listed if address and key not in had),
        unknown=tuple(key for key, address in listed if not address and key not in had),
        told=tuple(key for key, _address in listed if key in had),
    )


def told_on(round: Round, day: date, *, again: datetime | None = None, job_id: int | None = None) -> set[int]:
    """The participations of a round to which an e-mail was made on a day, in the actor's scope.

    ``again``: without those that may be sent again, tried last before that moment. ``job_id``: with those
    that this job made, on whatever day it began.
    """
    of_day = ChaseMail.day == day
    told = of_day if job_id is None else or_(of_day, ChaseMail.job_id == job_id)
    here = select(ChaseMail.participation_id).where(told).join(Participation)
    if again is not None:
        here = here.where(not_(_to_be_sent_again(again)))
    return set(db.session.scalars(here.where(Participation.round_id == round.id)))


def _to_be_sent_again(asked: datetime) -> ColumnElement[bool]:
    """A mail that was refused or is unsure, and was not tried any more since somebody asked."""
    tried_since = func.coalesce(ChaseMail.tried_at >= asked, false())
    return and_(ChaseMail.state.in_(AGAIN), not_(tried_since))


def write(chase: Chase, ids: Sequence[int], sender: Sender) -> Iterator[int]:
    """Make the mails to these participations that lack something, a batch after the other; gives how many.

    Whoever has one of this day already, or lacks nothing any more, gets none.
    """
    writers = _Writers(chase, sender.office)
    for first in range(0, len(ids), AT_ONCE):
        batch = ids[first : first + AT_ONCE]
        letters = [
            _row(chase, one, writers.of(one.province_id), sender)
            for one in chase.late(Narrowed(), among=batch)
            if one.contact and one.contact.email
        ]
        yield _keep(letters, sender) if letters else 0


@dataclass
class _Writers:
    """A writer for each province, whose office its agencies ask."""

    chase: Chase
    office: str
    _made: dict[int, Writer] = field(default_factory=dict)

    def of(self, province_id: int) -> Writer:
        if province_id not in self._made:
            self._made[province_id] = Writer.of(self.chase, self.office, province_id)
        return self._made[province_id]


def _row(chase: Chase, late: Late, writer: Writer, sender: Sender) -> dict[str, Any]:
    ready, now = writer.ready(late), clock.now()
    assert late.contact is not None, "who has no address is left out"
    return {
        "participation_id": late.id,
        "province_id": late.province_id,
        "rule_id": sender.rule_id,
        "job_id": sender.job_id,
        "day": local_day(chase.now),
        "address": late.contact.email.strip().lower(),
        "subject": ready.subject[:300],
        "text": ready.mail,
        "state": MailState.WAITING if mail.offered() else MailState.HELD,
        "made_at": now,
        # what a rule says on a day is not said on the next one
        "until": midnight_after(local_day(chase.now)) if sender.rule_id else now + TRIED_FOR,
        "next_at": clock.machine(),
        "by": sender.by,
    }


def _keep(rows: list[dict[str, Any]], sender: Sender) -> int:
    """Store what nobody stored before, by one statement, so that two workers make one mail of each."""
    with writing(), privileged("e-mails to late agencies") as session:
        made = insert_into(session, ChaseMail).values(rows)
        made = made.on_conflict_do_nothing() if sender.again is None else _anew(made, sender.again)
        given = session.execute(made.returning(ChaseMail.id, ChaseMail.participation_id)).all()
        said = {"rule_id": sender.rule_id} if sender.rule_id else {}
        audit.write(
            session,
            [
                audit.Entry(
                    "system", _act(sender), "chase_mail", str(key), after={"participation_id": whose, **said}
                )
                for key, whose in given
            ],
        )
        return len(given)


def _anew(made: Any, asked: datetime) -> Any:
    """Let a mail of the same day and address that may be sent again wait anew, in its own row."""
    names = ("job_id", "subject", "text", "state", "made_at", "until", "next_at", "by")
    return made.on_conflict_do_update(
        index_elements=[ChaseMail.participation_id, ChaseMail.day, ChaseMail.address],
        set_={**{name: made.excluded[name] for name in names}, "fault": ""},
        where=_to_be_sent_again(asked),
    )


def _act(sender: Sender) -> str:
    if sender.again is not None:
        return "chasing.mail_again"
    return "chasing.remind" if sender.rule_id else "chasing.mail"


# -- what became of them ---------------------------------------------------------------------------------


def mails_to(participation_id: int) -> list[ChaseMail]:
    """The mails to an agency in the actor's scope, the newest first."""
    query = select(ChaseMail).where(ChaseMail.participation_id == participation_id)
    return list(db.session.scalars(query.order_by(ChaseMail.id.desc())))


def last_mails(participation_ids: Sequence[int]) -> dict[int, date]:
    """The day of the last mail that left to each of these participations; one query."""
    query = select(ChaseMail.participation_id, func.max(ChaseMail.day)).where(
        ChaseMail.participation_id.in_(participation_ids), ChaseMail.state == MailState.SENT
    )
    return dict(db.session.execute(query.group_by(ChaseMail.participation_id)).all())


@dataclass(frozen=True)
class Wanted:
    """What the outbox is narrowed to: names of agencies, a state."""

    search: str = ""
    state: MailState | None = None


def counts_of(round: Round, search: str) -> dict[MailState, int]:
    """How many mails of a round stand where, in the actor's scope; one query."""
    query = _here(select(ChaseMail.state, func.count(ChaseMail.id)), round, search)
    return dict(db.session.execute(query.group_by(ChaseMail.state)).all())


def listed(
    round: Round, wanted: Wanted, *, offset: int = 0, most: int | None = None
) -> list[tuple[ChaseMail, Participation]]:
    """Mails of a round with whom they are for, the newest first; one query."""
    query = _here(select(ChaseMail, Participation), round, wanted.search)
    if wanted.state is not None:
        query = query.where(ChaseMail.state == wanted.state)
    rows = db.session.execute(query.order_by(ChaseMail.id.desc()).offset(offset).limit(most))
    return [(one, whose) for one, whose in rows]


def count(round: Round, wanted: Wanted) -> int:
    """How many mails of a round these are, in the actor's scope; one query."""
    counts = counts_of(round, wanted.search)
    return sum(counts.values()) if wanted.state is None else counts.get(wanted.state, 0)


def failed_among(round: Round, ids: Sequence[int]) -> list[ChaseMail]:
    """Those of these mails of a round that may be sent again, in the actor's scope; one query."""
    query = _here(select(ChaseMail), round, "").where(ChaseMail.id.in_(ids), ChaseMail.state.in_(AGAIN))
    return list(db.session.scalars(query.order_by(ChaseMail.id)))


def _here(query: Any, round: Round, search: str) -> Any:
    query = query.select_from(ChaseMail).join(Participation, Participation.id == ChaseMail.participation_id)
    query = query.where(Participation.round_id == round.id)
    return query.where(matching(search, Participation)) if search else query


def by_rule() -> ColumnElement[bool]:
    """A mail that went out by a rule; one that a person had sent again since is that person's."""
    return and_(ChaseMail.rule_id.is_not(None), ChaseMail.job_id.is_(None))


def stop_waiting(session: Session, *of: ColumnElement[bool]) -> None:
    """Keep back the mails by rule that these conditions name and that have not begun to leave."""
    waits = ChaseMail.state == MailState.WAITING, by_rule()
    session.execute(
        update(ChaseMail).where(*waits, *of).values(state=MailState.STOPPED), execution_options=_BY_STATEMENT
    )


def let_go(session: Session, *of: ColumnElement[bool]) -> None:
    """Let mails by rule that were kept back leave after all."""
    kept = ChaseMail.state == MailState.STOPPED, by_rule()
    session.execute(
        update(ChaseMail).where(*kept, *of).values(state=MailState.WAITING), execution_options=_BY_STATEMENT
    )


def forget(session: Session, now: datetime) -> None:
    """Let go of addresses and texts whose term is over; nothing leaves without them."""
    old = ChaseMail.day < local_day(now - KEPT), ChaseMail.address.is_not(None)
    closed = or_(ChaseMail.state.not_in(OPEN), ChaseMail.until < now)
    session.execute(update(ChaseMail).where(*old, closed).values(address=None, subject="", text=""))


def number_of(session: Session, *of: ColumnElement[bool]) -> dict[MailState, int]:
    """How many mails stand where, of those that these conditions name."""
    query = select(ChaseMail.state, func.count(ChaseMail.id)).where(*of).group_by(ChaseMail.state)
    return dict(session.execute(query).all())


def ids_of(session: Session, *of: ColumnElement[bool]) -> Iterable[int]:
    """The mails that wait and may be tried now, oldest first."""
    waits = ChaseMail.state == MailState.WAITING, ChaseMail.next_at <= clock.machine()
    return session.scalars(select(ChaseMail.id).where(*waits, *of).order_by(ChaseMail.id)).all()
