"""A certificate of key destruction: what the portal looks at first, what it refuses, and that it stays."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from models.audit import AuditEvent
from models.ballot import Mark, SetAside, UrnKey
from models.destruction import KeyDestruction
from models.instrument import InstrumentKind
from models.job import Job, JobState
from models.round import RoundState
from models.survey import Channel
from portal.ballot import keys
from portal.ballot.wall import system_transaction
from portal.core.database.session import db, privileged
from portal.core.database.session import writing as transaction
from portal.core.errors import Refused
from portal.core.jobs import worker
from portal.core.web import Portal
from portal.destruction import papers, writing
from tests.portal.results.test_lists import opened
from tests.support.destruction import SECOND, STATED, boxes_opened, kept, written
from tests.support.world import NOW, World, acting_as, row

pytestmark = pytest.mark.postgres


def refused(world: World, *copies: Any, **how: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        written(world, *copies, **how)
    return caught.value


def test_it_says_what_the_portal_saw_and_what_people_state(app: Portal, world: World) -> None:
    with app.app_context():
        boxes_opened(world)
        written(world, STATED, SECOND)
        with privileged("a test looks") as session:
            public = keys.public_urn_key(session, world.round_id)
        assert public is not None
        paper = papers.paper_of(kept())
        assert paper.fingerprint == hashlib.sha256(public).hexdigest()
        assert paper.copies == (STATED, SECOND)
        assert paper.opened_at == paper.marks_gone_at == paper.looked_at == NOW
        assert (paper.key_file, paper.mark_file) == ("round-1.urn", "round-1.mark")
        assert (paper.number, paper.replaces, paper.reason) == ("1/2561", "", "")
        assert paper.office.name == papers.NACC and paper.written_by == kept().written_by


def test_it_is_one_event_with_a_digest(app: Portal, world: World) -> None:
    with app.app_context():
        boxes_opened(world)
        written(world, STATED)
        with privileged("a test looks") as session:
            event = session.scalars(select(AuditEvent).where(AuditEvent.act == "keys.destroyed")).one()
            assert event.after["digest"] == kept().digest and "data" not in event.after


def _open(world: World) -> None:
    opened(world, RoundState.CLOSED)


def _no_event(world: World) -> None:
    opened(world)
    keys.key_folder().destroy_mark_key(world.round_id)
    keys.key_folder().destroy_urn_key(world.round_id)


def _no_key(world: World) -> None:
    boxes_opened(world)
    with system_transaction() as connection:
        connection.execute(delete(UrnKey))


def _set_aside(world: World) -> None:
    boxes_opened(world)
    values = {
        "participation_id": world.participation["a1"],
        "instrument": InstrumentKind.IIT,
        "key": b"0" * 16,
        "channel": Channel.SELF,
        "sealed": b"?",
    }
    with system_transaction() as connection:
        connection.execute(SetAside.__table__.insert(), values)  # type: ignore[attr-defined]


def _mark(world: World) -> None:
    boxes_opened(world)
    values = {"round_id": world.round_id, "mark": b"0" * 32}
    with system_transaction() as connection:
        connection.execute(Mark.__table__.insert(), values)  # type: ignore[attr-defined]


def _key_here(world: World) -> None:
    boxes_opened(world)
    keys.key_folder().make(world.round_id)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (_open, "once the boxes of the round were opened"),
        (_no_event, "no opening of boxes"),
        (_no_key, "no opening of boxes"),
        (_set_aside, "lie set aside"),
        (_mark, "Marks of this round are left"),
        (_key_here, "still holds"),
    ],
)
def test_nothing_is_certified_that_is_not_so(
    app: Portal, world: World, state: Callable[[World], None], words: str
) -> None:
    with app.app_context():
        state(world)
        why = refused(world, STATED)
        assert words in why.message_id
        if state is _key_here:
            assert why.values["files"] == "round-1.urn, round-1.mark"


@pytest.mark.parametrize(
    ("copy", "field"),
    [
        (replace(STATED, at=NOW + timedelta(minutes=1)), "at"),
        (replace(STATED, at=NOW - timedelta(days=1)), "at"),
        (replace(STATED, witness=STATED.by), "witness"),
    ],
    ids=["ahead", "before the round", "own witness"],
)
def test_what_cannot_be_true_is_refused_at_its_field(
    app: Portal, world: World, copy: Any, field: str
) -> None:
    with app.app_context():
        boxes_opened(world)
        assert refused(world, STATED, copy).field == field


def test_a_correction_takes_its_place_and_says_why(app: Portal, world: World) -> None:
    with app.app_context():
        boxes_opened(world)
        written(world, STATED)
        assert refused(world, SECOND).message_id == writing.WRITTEN
        assert refused(world, SECOND, number=3, reason="ผิด").message_id == writing.WRITTEN
        assert refused(world, SECOND, number=2).field == "reason"
        written(world, SECOND, number=2, reason=" ผิดสถานที่ ")
        paper = papers.paper_of(kept(2))
        assert (paper.replaces, paper.reason) == ("1/2561", "ผิดสถานที่")
        assert papers.copies_of(kept()) == [STATED], "the one before stays"


@pytest.mark.parametrize(
    "act",
    [
        delete(KeyDestruction),
        *(
            update(KeyDestruction).values(values)
            for values in ({"data": {"year": "2561"}}, {"written_by": "ผู้อื่น"}, {"digest": "1" * 64})
        ),
    ],
    ids=["deleted", "data", "name", "digest"],
)
def test_what_was_written_stays(app: Portal, world: World, act: Any) -> None:
    with app.app_context():
        boxes_opened(world)
        written(world, STATED)
        with (
            pytest.raises(DBAPIError, match=r"in the record of destroyed keys|permission denied"),
            transaction(),
            privileged("a test tries") as session,
        ):
            session.execute(act)


def test_only_the_country_sees_one(app: Portal, world: World) -> None:
    with app.app_context():
        boxes_opened(world)
        written(world, STATED)
        with acting_as(world.actor("nacc")):
            assert len(db.session.scalars(select(KeyDestruction)).all()) == 1
        for person in ("province", "agency_admin", "assessor"):
            with acting_as(world.actor(person)):
                if db.engine.dialect.name == "postgresql":
                    with pytest.raises(DBAPIError, match="permission denied"):
                        db.session.scalars(select(KeyDestruction)).all()
                    db.session.rollback()
                else:
                    assert db.session.scalars(select(KeyDestruction)).all() == [], person


def test_it_is_printed_once_and_kept_with_its_hash(app: Portal, world: World) -> None:
    with app.app_context():
        boxes_opened(world)
        first = written(world, STATED)
        worker.work(app, until_idle=True)
        file = kept().file
        assert row(Job, first).state is JobState.DONE and file is not None and file.province_id is None
        with acting_as(world.actor("nacc")) as actor:
            again = writing.order_print(db.session.get_one(KeyDestruction, kept().id), actor=actor).id
        worker.work(app, until_idle=True)
        stored = kept().file
        assert stored is not None and stored.id == file.id, "the first print is kept"
        assert again != first and row(Job, again).state is JobState.DONE
        with transaction(), privileged("a test tries") as session, pytest.raises(DBAPIError):
            session.execute(update(KeyDestruction).values(file_id=None))
