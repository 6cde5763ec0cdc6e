"""What a person reads when the database is away, and when the fault is ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from portal.core.access import open_to_all
from portal.core.database.session import db, is_away, privileged
from portal.core.web import Portal
from tests.support.client import client_of


@pytest.mark.own_app
@pytest.mark.postgres
def test_a_mistake_of_ours_is_no_database_that_is_away(app: Portal, clock: Callable[[object], None]) -> None:
    """SQLite's driver says OperationalError to both; "wait a moment" would then hide a fault for ever."""

    @open_to_all
    def mistaken() -> Any:
        with privileged("a mistake") as session:
            session.execute(text("SELECT no_such_column FROM round"))

    rules = app.extensions["access_rules"]
    app.add_url_rule("/mistaken", "mistaken", mistaken)
    rules["mistaken"] = "open"
    answer = client_of(app).get("/mistaken")
    assert answer.status_code == 500
    assert "no_such_column" not in answer.text


def test_a_lock_that_is_held_too_long_is_one(app: Portal) -> None:
    if not app.settings.sqlite:
        pytest.skip("nothing to do: PostgreSQL has no such lock")
    with app.app_context():
        held = db.engine.raw_connection()
        try:
            held.cursor().execute("BEGIN IMMEDIATE")
            with pytest.raises(Exception) as caught, db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA busy_timeout=50")
                connection.exec_driver_sql("DELETE FROM job")
            assert is_away(caught.value)
        finally:
            held.cursor().execute("ROLLBACK")
            held.close()
