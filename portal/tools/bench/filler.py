"""A database as full as at the end of a year: valid sealed answers, encrypted rosters, chained events.

Everything is what the portal itself would have stored (it opens, decrypts and verifies); only the way is
shorter: bulk statements instead of a million requests. ``Size`` at share 1 is the whole country. Where nobody
will open the boxes, random bytes of the same length lie in them: to seal takes as long as all the rest.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from models.assessor import Assignment
from models.audit import AuditEvent, AuditHead
from models.ballot import ROW_KEY, Mark, SealedAnswer, UrnKey
from models.disclosure import Disclosure, DisclosureAnswer, DisclosureState
from models.instrument import Instrument, InstrumentKind, OitItem
from models.participation import Participation, PreparationState
from models.roster import RosterEntry
from models.round import RosterGroup
from models.survey import AnswerCount, Channel, DailyCount
from models.thai import local_day
from portal.ballot.links import SURVEYS
from portal.ballot.questionnaire import load_questionnaire
from portal.ballot.seal import Content, Label, seal
from portal.ballot.wall import system_transaction
from portal.core import audit, clock
from portal.core.database.session import privileged
from portal.rosters.file import Person
from portal.rosters.importing import sealed_fields
from portal.tools.demo.present import FAMILY, GIVEN, random_answer, write_steps

#: rows of one INSERT, and of one transaction
PIECE = 5_000
#: the share of agencies that one assessor body has
ASSIGNED = 0.4
#: how many days the answers came on
DAYS = 30
ACTS = ("accounts.edit", "roster.import", "preparation.headcount", "disclosure.answer", "sign_in")


@dataclass(frozen=True)
class Size:
    """How many agencies went all the way, and what hangs on them."""

    agencies: int
    answers: int
    people: int
    events: int

    @classmethod
    def of(cls, share: float) -> Size:
        """A share of the country: 7,360 agencies, 1.34 million answers, 0.94 of people, 1.76 of events."""
        whole = (7_360, 1_340_000, 940_000, 1_760_000)
        return cls(*(max(1, int(number * share)) for number in whole))


def fill(round_id: int, size: Size, *, body_id: int, largest: int, opened: bool = True) -> Size:
    """Fill a round whose keys are made; gives what was written. Needs an application context.

    Four of ten agencies are assigned to the assessor body; the agency that was prepared first gets
    ``largest`` more names. ``opened`` is False where nobody will open the boxes.
    """
    chance = random.Random(round_id)  # noqa: S311 - figures of a measurement, the same every time
    rows = _confirm(round_id, size, chance)
    each = size.answers // len(rows) // len(SURVEYS)
    _count(rows, each)
    answers = write(SealedAnswer, _answers(round_id, rows, each, chance, opened=opened))
    write(Mark, _marks(round_id, answers))
    people = write(RosterEntry, people_of(round_id, rows, size.people // len(rows), chance))
    people += write(RosterEntry, people_of(round_id, _largest(round_id, largest), largest, chance))
    _checklists(round_id, rows)
    write(Assignment, ({**row, "body_id": body_id} for row in rows[: round(len(rows) * ASSIGNED)]))
    events = _events(rows, size.events // len(rows))
    return Size(len(rows), answers, people, events)


def _confirm(round_id: int, size: Size, chance: random.Random) -> list[dict[str, int]]:
    """The first agencies of the round, confirmed, with counts of people that fit the rest."""
    now = clock.now()
    with privileged("bench: agencies") as session:
        query = select(Participation.id, Participation.agency_id, Participation.province_id)
        chosen = session.execute(
            query.where(Participation.round_id == round_id, Participation.headcount.is_(None))
            .order_by(Participation.id)
            .limit(size.agencies)
        ).all()
        rows = [
            {"participation_id": key, "agency_id": agency, "province_id": place}
            for key, agency, place in chosen
        ]
        people = size.people // len(rows)
        done = {
            "state": PreparationState.CONFIRMED,
            "activated_at": now,
            "headcount_at": now,
            "roster_at": now,
            "submitted_at": now,
            "confirmed_at": now,
            "roster_count": people,
        }
        write_steps(
            session,
            [{"id": row["participation_id"], **done, "headcount": chance.randint(20, 200)} for row in rows],
        )
    return rows


def _count(rows: list[dict[str, int]], each: int) -> None:
    """The counters of what is in the boxes: so many answers to each survey, about as many on each day."""
    counts = [
        {**row, "instrument": kind, "channel": Channel.SELF, "count": each}
        for row in rows
        for kind in SURVEYS
    ]
    write(AnswerCount, iter(counts))
    write(DailyCount, _daily(counts, local_day(clock.now())))


def _daily(counts: list[dict[str, Any]], today: date) -> Iterator[dict[str, Any]]:
    for row in counts:
        for back in range(DAYS):
            share = row["count"] // DAYS + (back < row["count"] % DAYS)
            if share:
                yield {**row, "day": today - timedelta(days=back), "count": share}


def _checklists(round_id: int, rows: list[dict[str, int]]) -> None:
    """A checklist of every agency, one after another in each state, half of its items answered at least."""
    states = tuple(DisclosureState)
    write(
        Disclosure,
        ({**row, "state": states[number % len(states)]} for number, row in enumerate(rows)),
    )
    with privileged("bench: items of the checklist") as session:
        items = session.scalars(
            select(OitItem.id)
            .join(Instrument, Instrument.id == OitItem.instrument_id)
            .where(Instrument.round_id == round_id)
        ).all()
        sheets = session.execute(
            select(Disclosure.id, Disclosure.participation_id)
            .join(Participation, Participation.id == Disclosure.participation_id)
            .where(Participation.round_id == round_id)
        ).all()
    owners = {row["participation_id"]: row for row in rows}
    write(
        DisclosureAnswer,
        (
            {**owners[of], "disclosure_id": key, "oit_item_id": item, "disclosed": (key + place) % 2 or None}
            for key, of in sheets
            if of in owners
            for place, item in enumerate(items)
        ),
    )


def _answers(
    round_id: int, rows: list[dict[str, int]], each: int, chance: random.Random, *, opened: bool
) -> Iterator[dict[str, Any]]:
    with privileged("bench: the round's public key and questionnaires") as session:
        public_key = session.scalars(select(UrnKey.public_key).where(UrnKey.round_id == round_id)).one()
        limits = {kind: load_questionnaire(session, round_id, kind).limits for kind in SURVEYS}

    def sealed(kind: InstrumentKind, agency_id: int) -> bytes:
        label = Label(round_id, agency_id, kind, Channel.SELF)
        return seal(Content(random_answer(limits[kind], chance)), label=label, public_key=public_key)

    lengths = {kind: len(sealed(kind, 0)) for kind in SURVEYS}
    for row in rows:
        for number in range(each * len(SURVEYS)):
            kind: InstrumentKind = SURVEYS[number % len(SURVEYS)]
            yield {
                "round_id": round_id,
                "participation_id": row["participation_id"],
                "instrument": kind,
                "key": secrets.token_bytes(ROW_KEY),
                "channel": Channel.SELF,
                "sealed": sealed(kind, row["agency_id"]) if opened else secrets.token_bytes(lengths[kind]),
            }


def _marks(round_id: int, number: int) -> Iterator[dict[str, Any]]:
    """Marks of nobody: like those of people they are random bytes to whoever has no key."""
    for _one in range(number):
        yield {"round_id": round_id, "mark": secrets.token_bytes(32), "form": secrets.token_bytes(32)}


def people_of(
    round_id: int, rows: list[dict[str, int]], each: int, chance: random.Random
) -> Iterator[dict[str, Any]]:
    """Rows of rosters with ``each`` people for every agency of ``rows`` (its ids; ``first`` number: or 1)."""
    with privileged("bench: groups of the roster") as session:
        groups = session.scalars(select(RosterGroup.id).where(RosterGroup.round_id == round_id)).all()
    for row in rows:
        first = row.pop("first", 1)
        for number in range(first, first + each):
            name = f"{chance.choice(GIVEN)} {chance.choice(FAMILY)} {number}"
            phone = f"08{chance.randrange(10**8):08d}"
            person = Person(number, name, "", groups[number % len(groups)], phone, "")
            yield {**row, "number": number, **sealed_fields(row["participation_id"], person)}


def _largest(round_id: int, more: int) -> list[dict[str, int]]:
    """The agency that was prepared before the filling: its people can sign in."""
    with privileged("bench: the prepared agency") as session:
        query = select(Participation).where(
            Participation.round_id == round_id, Participation.roster_count.between(1, 50)
        )
        row = session.scalars(query.order_by(Participation.id).limit(1)).one()
        first, row.roster_count = row.roster_count + 1, row.roster_count + more
        return [
            {
                "participation_id": row.id,
                "agency_id": row.agency_id,
                "province_id": row.province_id,
                "first": first,
            }
        ]


def _events(rows: list[dict[str, int]], each: int) -> int:
    """Events of every agency's chain that was not begun, each hashed over the one before, and the heads."""
    now, heads = clock.now(), []
    with privileged("bench: chains that were begun") as session:
        begun = set(session.scalars(select(AuditHead.chain)))
    rows = [row for row in rows if f"agency:{row['agency_id']}" not in begun]

    def chained() -> Iterator[dict[str, Any]]:
        for row in rows:
            chain, previous = f"agency:{row['agency_id']}", ""
            for sequence in range(1, each + 1):
                values = {
                    "chain": chain,
                    "sequence": sequence,
                    "at": now - timedelta(minutes=each - sequence),
                    "account_id": None,
                    "grant_id": None,
                    "act": ACTS[sequence % len(ACTS)],
                    "thing": "participation",
                    "row": str(row["participation_id"]),
                    "before": {},
                    "after": {"number": sequence},
                    "previous_hash": previous,
                }
                values["hash"] = previous = audit.digest_of(values)
                yield values
            heads.append({"chain": chain, "sequence": each, "hash": previous})

    written = write(AuditEvent, chained())
    write(AuditHead, iter(heads))
    return written


def write(model: Any, values: Iterator[dict[str, Any]]) -> int:
    """Insert rows of a table as they come, a piece a transaction; gives how many."""
    written = 0
    while piece := list(islice(values, PIECE)):
        with system_transaction() as connection:
            _insert(connection, model, piece)
        written += len(piece)
    return written


def _insert(connection: Connection, model: Any, piece: list[dict[str, Any]]) -> None:
    connection.execute(insert(model).inline(), piece)
