"""Interviews by the assessor (EIT part 2): cast without an ID, and voided while the box is closed.

Both run inside the caller's ``db.session`` transaction, so that the interview's row and its sealed answer are
true together or not at all; SQLite's one writer would make a second transaction wait for the first for ever.
The box takes the system's role for its few statements and gives the caller's role back.

What this cannot know: whether the interviewed person also answered by the link. Interviews have no ID.
"""

from __future__ import annotations

import secrets
from datetime import date

from sqlalchemy import Date, bindparam, text
from sqlalchemy.orm import Session, object_session

from models.ballot import ROW_KEY
from models.instrument import InstrumentKind
from models.participation import Participation
from models.roster import Interview, InterviewOutcome
from models.survey import Channel
from portal.ballot.box import Box, CastResult, interview_mark_of, put
from portal.ballot.keys import key_folder, public_urn_key
from portal.ballot.seal import Content, seal
from portal.ballot.wall import hold_round, system_role
from portal.core import clock
from portal.core.errors import Refused

_TAKE_OUT = text(
    "DELETE FROM sealed_answer WHERE round_id = :round AND participation_id = :participation"
    " AND instrument = :instrument AND key = :key RETURNING 1"
)
_UNCOUNT = text(
    "UPDATE answer_count SET count = count - 1 WHERE participation_id = :participation"
    " AND instrument = :instrument AND channel = :channel AND count > 0"
)
_UNCOUNT_DAY = text(
    "UPDATE daily_count SET count = count - 1 WHERE participation_id = :participation"
    " AND instrument = :instrument AND channel = :channel AND day = :day AND count > 0"
).bindparams(bindparam("day", type_=Date()))


def cast_interview(interview: Interview, answers: bytes, *, interviewer_id: int) -> CastResult:
    """Seal the answer of an interview into the EIT box of its participation.

    Sets the interview's outcome, time of the call and the key of its sealed row; the caller's transaction
    commits all of it. ``interviewer_id`` (an account) travels inside the seal. ALREADY where the roster row
    was used up (also by a voided interview), CLOSED where the round is; nothing changes then. Whether the
    interview stage is open is the caller's to ask (``require_open``). Raises Refused, KeyMissing.
    """
    session = _session_of(interview)
    session.flush()
    box = box_of(session, interview.participation, InstrumentKind.EIT)
    mark = interview_mark_of(key_folder().mark_key(box.round_id), box, interview.roster_entry_id)
    content = Content(answers, interviewer_id)
    sealed = seal(content, label=box.label(Channel.INTERVIEW), public_key=box.public_key)
    key = secrets.token_bytes(ROW_KEY)
    with system_role(session.connection()) as connection:
        result = put(connection, box, mark=mark, sealed=sealed, channel=Channel.INTERVIEW, key=key)
    if result is CastResult.ACCEPTED:
        interview.outcome = InterviewOutcome.ANSWERED
        interview.called_at = clock.now()
        interview.sealed_key = key
        session.flush()
    return result


def void_interview(interview: Interview, *, outcome: InterviewOutcome) -> None:
    """Take a failed interview's answer out of the box before the opening; its mark stays (row used up).

    The counters go down by one. ``outcome`` is what the call is from now on. Runs in the caller's
    transaction. Raises Refused where there is no sealed answer, or no longer one: the boxes were opened.
    """
    session = _session_of(interview)
    session.flush()
    key, called_at = interview.sealed_key, interview.called_at
    if key is None or called_at is None:
        raise Refused("This interview has no answer in the box")
    participation = interview.participation
    with system_role(session.connection()) as connection:
        hold_round(connection, participation.round_id)
        row = _row(participation, called_at.date())
        taken = connection.execute(_TAKE_OUT, {**row, "key": key}).first()
        if taken is None:
            raise Refused("The boxes have been opened: this interview can no longer be voided")
        connection.execute(_UNCOUNT, row)
        connection.execute(_UNCOUNT_DAY, row)
    interview.sealed_key = None
    interview.outcome = outcome
    session.flush()


def box_of(session: Session, participation: Participation, instrument: InstrumentKind) -> Box:
    """The box of a participation. Raises Refused where the round has no keys."""
    public_key = public_urn_key(session, participation.round_id)
    if public_key is None:
        raise Refused("This round has no keys yet")
    return Box(
        round_id=participation.round_id,
        participation_id=participation.id,
        agency_id=participation.agency_id,
        province_id=participation.province_id,
        instrument=instrument,
        public_key=public_key,
    )


def _row(participation: Participation, day: date) -> dict[str, object]:
    return {
        "round": participation.round_id,
        "participation": participation.id,
        "instrument": InstrumentKind.EIT.value,
        "channel": Channel.INTERVIEW.value,
        "day": day,
    }


def _session_of(interview: Interview) -> Session:
    session = object_session(interview)
    assert session is not None, "an interview belongs to the caller's session"
    return session
