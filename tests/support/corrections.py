"""Rows of an opened round with words, and corrections of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from models.instrument import Scale
from models.round import Round, RoundState
from models.year import RoundText, RoundTranslation
from portal.core.access import Actor
from portal.core.database.session import db, privileged, writing
from portal.core.web import Portal
from portal.rounds.correcting.acts import correct
from portal.rounds.correcting.things import THINGS, Place, place_of
from tests.support.rooms import add_draft
from tests.support.world import World, acting_as

REASON = "พิมพ์ตกตัวอักษร"


def round_of(round_id: int) -> Round:
    return db.session.get_one(Round, round_id)


def first_place(round_id: int, name: str) -> Place:
    """The first row of a table that says something."""
    thing = THINGS[name]
    for row in db.session.scalars(thing.of_round(round_id).order_by(thing.model.__table__.c.id)):
        if any(getattr(row, field).strip() for field in thing.fields):
            return place_of(round_of(round_id), name, row.id)
    raise LookupError(name)


def named_place(round_id: int, name: str, code: str) -> Place:
    """The row that people call so."""
    thing = THINGS[name]
    rows = db.session.scalars(thing.of_round(round_id)).all()
    return place_of(round_of(round_id), name, next(row.id for row in rows if thing.code(row) == code))


def open_with_texts(app: Portal) -> int:
    """A second round that was opened: every table of it has words."""
    with app.app_context(), writing(), privileged("a test opens a round with texts") as session:
        draft = add_draft(session)
        for scale in session.scalars(select(Scale).where(Scale.round_id == draft.id)):
            scale.name = f"ระดับ {scale.code}"
        session.add(RoundText(round_id=draft.id, key="form.title", words="แบบสำรวด %(kind)s"))
        words = {"thing": "item", "code": "O1", "field": "title", "words": "Structur"}
        session.add(RoundTranslation(round_id=draft.id, language="en", **words))
        session.flush()
        draft.state = RoundState.OPEN
        return draft.id


@contextmanager
def at_a_desk(app: Portal, world: World) -> Iterator[Actor]:
    """An officer of the NACC at their desk."""
    with app.app_context():
        actor = world.actor("nacc")
        with acting_as(actor):
            yield actor


def corrected(place: Place, actor: Actor, *, reason: Any = REASON, seen: Any = None, **typed: Any) -> Place:
    """The row after a correction."""
    seen = place.version if seen is None else seen
    return correct(place.round, place.name, place.row.id, typed, reason=reason, actor=actor, seen=seen)
