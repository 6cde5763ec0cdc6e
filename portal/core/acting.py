"""Being somebody for a while outside a request: a job, the opening of boxes, the drill, a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import g

from portal.core.access import Actor, scope_of
from portal.core.database.session import db, set_scope, writing


@contextmanager
def seated(actor: Actor) -> Iterator[Actor]:
    """The scoped session and the record see this actor; afterwards whoever sat here before.

    Commits nothing: an error rolls back what was not committed.
    """
    before, scope = g.get("actor"), db.session().info.get("scope")
    g.actor = actor
    set_scope(db.session(), scope_of(actor))
    try:
        yield actor
    except BaseException:
        db.session.rollback()
        raise
    finally:
        if before is None:
            g.pop("actor", None)
        else:
            g.actor = before
        set_scope(db.session(), scope)


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """One act as this actor, committed at its end as a door does, or rolled back whole."""
    with seated(actor), writing():
        yield actor
        db.session.commit()
