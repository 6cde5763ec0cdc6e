"""``verify-record``: every chain of the record is walked, and the first bad place is named."""

from __future__ import annotations

from sqlalchemy import create_engine, pool, text

from portal.core import audit
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.command_line import Command

CHAIN = "province:52"


def record(app: Portal, *acts: str) -> None:
    with app.app_context(), writing(), privileged("a test records") as session:
        for act in acts:
            audit.record(session, act=act, thing="round", chain=CHAIN)


def meddle(app: Portal, statement: str) -> None:
    """Change the record as the database's owner could, past the application."""
    engine = create_engine(app.settings.database_owner_url, poolclass=pool.NullPool)
    with engine.begin() as connection:
        connection.execute(text(statement))


def test_a_whole_record_is_said_to_be_whole(app: Portal, command: Command) -> None:
    record(app, "one", "two")
    told = command("verify-record")
    assert (told.code, told.out) == (0, "Every chain of the record is whole\n")


def test_a_changed_event_is_named_by_its_chain_and_number(app: Portal, command: Command) -> None:
    record(app, "one", "two", "three")
    meddle(app, "UPDATE audit_event SET act = 'other' WHERE act = 'two'")
    told = command("verify-record")
    assert (told.code, told.out) == (1, "The chain province:52 is broken at event 2\n")


def test_events_taken_from_the_end_are_missed(app: Portal, command: Command) -> None:
    record(app, "one", "two")
    meddle(app, "DELETE FROM audit_event WHERE act = 'two'")
    told = command("verify-record")
    assert (told.code, told.out) == (1, "The chain province:52 is broken at its end\n")
