"""Notes of late agencies: who may write and read them, what cannot be promised, taking one's own back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models.audit import AuditEvent
from models.chasing import ChaseNote, Reached
from models.participation import Participation
from portal.chasing import notes
from portal.core.acting import acting
from portal.core.database.session import db, privileged
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.chasing import ChaseNoteFactory
from tests.support.world import NOW, World

pytestmark = pytest.mark.postgres
TODAY = NOW.date()


def noted(world: World, person: str, key: str = "a1", **said: object) -> int:
    values: dict[str, object] = {"reached": Reached.CALLED, "promised_until": None, "text": ""} | said
    actor = world.actor(person)
    with acting(actor):
        one = db.session.get_one(Participation, world.participation[key])
        return notes.write(one, actor=actor, **values).id  # type: ignore[arg-type]


def test_dla_and_the_province_read_each_others_notes(app: Portal, world: World) -> None:
    with app.app_context():
        noted(world, "dla", text="  คุยกับปลัด  ", promised_until=TODAY)
        noted(world, "province")
        for person, number in (("dla", 2), ("nacc", 2), ("province", 2), ("province_other", 0)):
            with acting(world.actor(person)):
                assert len(notes.notes_of(world.participation["a1"])) == number, person
        with acting(world.actor("province")):
            newest, first = notes.notes_of(world.participation["a1"])
            assert "ผู้ใช้ทดลอง dla" in first.by and first.text == "คุยกับปลัด"
            assert newest.by.startswith("ผู้ใช้ทดลอง province (")


def test_who_does_not_chase_writes_none(app: Portal, world: World) -> None:
    with app.app_context():
        for person in ("nacc", "agency_admin"):
            with pytest.raises(NotFound):
                noted(world, person)


@pytest.mark.parametrize(
    ("reached", "until"),
    [
        (Reached.NO_ANSWER, TODAY),
        (Reached.LETTER, TODAY),
        (Reached.CALLED, TODAY - timedelta(days=1)),
        (Reached.CALLED, TODAY + timedelta(days=400)),
    ],
)
def test_what_nobody_can_have_promised_is_refused_at_its_field(
    app: Portal, world: World, reached: Reached, until: date
) -> None:
    with app.app_context(), pytest.raises(Refused) as refused:
        noted(world, "dla", reached=reached, promised_until=until)
    assert refused.value.field == "promised_until"


def test_the_database_holds_it_too(make: Make) -> None:
    with pytest.raises(IntegrityError):
        make(ChaseNoteFactory, reached=Reached.NO_ANSWER, promised_until=TODAY)


def test_one_takes_back_ones_own_note_only_and_it_is_recorded(app: Portal, world: World) -> None:
    with app.app_context():
        note = noted(world, "province")
        for person, key, wanted in (
            ("dla", "a1", note),
            ("province", "a2", note),
            ("province", "a1", note + 9),
        ):
            actor = world.actor(person)
            with acting(actor), pytest.raises(NotFound):
                notes.take_back(world.participation[key], wanted, actor=actor)
        actor = world.actor("province")
        with acting(actor):
            notes.take_back(world.participation["a1"], note, actor=actor)
        with privileged("a test looks") as session:
            acts = session.scalars(select(AuditEvent.act).where(AuditEvent.thing == "chase_note")).all()
            assert session.get(ChaseNote, note) is None
    assert list(acts) == ["chasing.note", "chasing.take_back"]
