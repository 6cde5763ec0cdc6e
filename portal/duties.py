"""The worker's duties: deadlines are noted when they pass, old sessions and codes are cleared."""

from __future__ import annotations

from datetime import time, timedelta

from sqlalchemy import delete, or_, select

from models.account import SignInDelay, SignInSession
from models.job import DutyRun, Job, JobState
from models.letter import StoredFile
from models.onboarding import MailCode
from models.round import Round, RoundState
from portal.ballot.compact import compact
from portal.ballot.counting import QUARTER, copy_counts
from portal.chasing import posting, reminders
from portal.core import clock, once
from portal.core.database.session import privileged, writing
from portal.core.files import WAITING
from portal.core.jobs.periodic import duty
from portal.core.sent import kept
from portal.core.sign_in import ABSOLUTE, ENDED_KEPT
from portal.people import reach
from portal.people.slips import opening as slips
from portal.personal import erasing
from portal.personal.blanking import drop_answered
from portal.preparation.desk import record_deadline
from portal.record import anchors
from portal.register import applying
from portal.results.opening import BY_ITSELF, open_by_itself
from portal.rounds.desk import EMPTY_MARKS
from portal.status import looking_ahead

AT_NIGHT = time(3)
#: once the answers of the day before are all there, the grace time of a last form included
AFTER_MIDNIGHT = time(0, 30)
#: how long a finished job and its file are kept; a letter that it made is kept by itself
JOBS_KEPT = timedelta(days=90)
DUTY_RUNS_KEPT = timedelta(days=14)


@duty("preparation.deadline", every=timedelta(minutes=5))
def note_deadlines() -> None:
    """Record that agencies missed the deadline; whether they did is computed on read all the same."""
    with privileged("rounds whose deadline may have passed") as session:
        rounds = list(session.scalars(select(Round.id).where(Round.state == RoundState.OPEN)))
    for round_id in rounds:
        with writing(), privileged("noting the deadline of preparation") as session:
            record_deadline(session, session.get_one(Round, round_id))


@duty("surveys.count", every=QUARTER)
def copy_the_counts() -> None:
    """Copy the counters of answers for the agencies' own desks; who is late waits for the next quarter."""
    copy_counts()


@duty("rounds.open_by_themselves", every=timedelta(minutes=1))
def open_closed_rounds() -> None:
    """The demonstration's closed rounds open by themselves; elsewhere nothing happens."""
    with privileged("rounds that are ready to open") as session:
        closed = list(session.scalars(select(Round.id).where(Round.state == RoundState.CLOSED)))
    for round_id in closed:
        open_by_itself(round_id)


@duty("register.changes", every=timedelta(minutes=5))
def make_changes_of_agencies() -> None:
    """Make the confirmed changes of agencies whose day has come."""
    applying.apply_due()


@duty("status.look_ahead", daily=AFTER_MIDNIGHT)
def look_ahead() -> None:
    """Add up the days that are over, and say of each agency what it is likely to miss."""
    looking_ahead.look_ahead()


@duty("files.clear", every=timedelta(hours=1))
def clear_kept_files() -> None:
    """Delete uploaded files that waited a day between their dry run and the import that never came."""
    with writing(), privileged("clearing uploads that were not imported") as session:
        old = delete(StoredFile).where(StoredFile.content_type.in_(WAITING))
        session.execute(old.where(StoredFile.created_at < clock.now() - timedelta(days=1)))


@duty("record.anchor", every=timedelta(hours=1))
def anchor_record() -> None:
    """Sign the heads of the record's chains, outside the database."""
    anchors.write()


@duty("slips.clear", every=timedelta(minutes=10))
def clear_slips() -> None:
    """Delete files of slips that nobody fetched within a day."""
    slips.clear_outdated()


@duty("kept_forms.clear", every=timedelta(minutes=10))
def clear_kept_forms() -> None:
    """Delete forms kept over the end of a session that nobody came back for."""
    kept.clear_expired()


@duty("sent_forms.clear", every=timedelta(hours=1))
def clear_sent_forms() -> None:
    """Forget forms that were sent long ago: nobody sends them a second time any more."""
    once.clear()


@duty("chasing.remind", every=timedelta(minutes=10))
def remind() -> None:
    """Make the e-mails that the rules of reminders ask for today."""
    reminders.write_due()


@duty("chasing.post", every=timedelta(minutes=1))
def post_mails() -> None:
    """Send what waits in the outbox of reminders, also what a server wanted later."""
    posting.look_after()


@duty("chasing.clear", daily=AT_NIGHT)
def clear_mails() -> None:
    """Let go of addresses and texts of reminders whose term is over."""
    posting.clear()


@duty("sessions.clear", daily=AT_NIGHT)
def clear_sign_ins() -> None:
    """Delete what has ended: sessions, delays, codes of mails. Of accounts, say anew whose each is."""
    now = clock.now()
    with writing(), privileged("clearing ended sign-ins") as session:
        session.execute(delete(SignInSession).where(SignInSession.created_at < now - ABSOLUTE - ENDED_KEPT))
        session.execute(delete(SignInDelay).where(SignInDelay.busy_until < clock.machine().timestamp()))
        session.execute(delete(MailCode).where(MailCode.expires_at <= now))
        reach.settle(session)


@duty("jobs.clear", daily=AT_NIGHT)
def clear_jobs() -> None:
    """Delete finished jobs with their files, and the rows of duties, after their term.

    What a round cannot do without stays until it is done: its page is where it is started again.
    """
    done = or_(Job.state == JobState.DONE, Job.kind.not_in((EMPTY_MARKS, BY_ITSELF)))
    old = (Job.finished_at < clock.now() - JOBS_KEPT) & done
    with writing(), privileged("clearing finished jobs") as session:
        files = list(session.scalars(select(Job.file_id).where(old, Job.file_id.is_not(None))))
        session.execute(delete(Job).where(old))
        session.execute(delete(StoredFile).where(StoredFile.id.in_(files)))
        session.execute(delete(DutyRun).where(DutyRun.started_at < clock.machine() - DUTY_RUNS_KEPT))


@duty("personal.copies", every=timedelta(minutes=5))
def drop_copies_of_rosters() -> None:
    """Delete what is kept of rosters from before a person's data were corrected or removed."""
    drop_answered()


@duty("personal.erase", daily=AT_NIGHT)
def erase_rosters() -> None:
    """Erase the personal data of rosters that are kept no longer."""
    for round_id in erasing.due_rounds():
        erasing.erase(round_id)


@duty("ballot.compact", daily=AT_NIGHT)
def compact_boxes() -> None:
    """Leave nothing of deleted marks in the database's own files, where closing could not do it at once."""
    compact()
