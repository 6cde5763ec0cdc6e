"""A list opens with one filter of a person at most, also where two are made the first at the same moment."""

from __future__ import annotations

from itertools import count

from sqlalchemy import select

from models.saved_filter import SavedFilter
from portal.core import saved_lists
from portal.core.database.session import db, privileged
from portal.core.errors import Refused, Stale
from portal.core.web import Portal
from tests.races.test_queue_race import AT_ONCE, at_once
from tests.support.world import World, acting_as


def firsts(app: Portal) -> list[bool]:
    with app.app_context(), privileged("a test looks") as session:
        return list(session.scalars(select(SavedFilter.is_default)))


def test_filters_kept_at_once_are_one_first_of_the_list(app: Portal, world: World) -> None:
    """The others are kept and gave way, or were refused by the database's own rule."""
    with app.app_context():
        actor, number = world.actor("dla"), count()

    def keep() -> bool:
        try:
            with acting_as(actor):
                saved_lists.keep(actor, "agencies", f"ชุดที่ {next(number)}", {}, shared=False, default=True)
                db.session.commit()
        except (Refused, Stale):
            return False
        return True

    kept = at_once(app, keep)
    assert sum(firsts(app)) == 1
    assert len(firsts(app)) == sum(kept) >= 1


def test_two_filters_made_the_first_at_once(app: Portal, world: World) -> None:
    with app.app_context():
        actor, number = world.actor("dla"), count()
        with acting_as(actor):
            for name in range(AT_ONCE):
                saved_lists.keep(actor, "agencies", f"ชุดที่ {name}", {}, shared=False, default=False)
            db.session.commit()

    def make_first() -> bool:
        at = next(number)
        try:
            with acting_as(actor):
                row = saved_lists.saved_of(actor, "agencies")[at]
                saved_lists.change(actor, row, row.name, version=row.version, shared=False, default=True)
                db.session.commit()
        except (Refused, Stale):
            return False
        return True

    assert any(at_once(app, make_first))
    assert (sum(firsts(app)), len(firsts(app))) == (1, AT_ONCE)
