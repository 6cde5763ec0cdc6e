"""What every table stands on: moments, kinds as text, versions, ids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Dialect, delete, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from models.base import Instant
from models.place import Province
from models.round import Round, RoundState
from models.zone import BANGKOK
from portal.core.database.session import db, privileged, writing
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.places import ProvinceFactory
from tests.factories.rounds import RoundFactory

SQLITE, POSTGRES = sqlite.dialect(), postgresql.dialect()
TEN = datetime(2018, 11, 9, 10, 0, tzinfo=BANGKOK)
THREE = datetime(2018, 11, 9, 3, 0, tzinfo=UTC)


def test_a_moment_is_utc_in_both_databases() -> None:
    kind = Instant()
    assert kind.process_bind_param(TEN, POSTGRES) == THREE
    assert kind.process_bind_param(TEN, SQLITE) == THREE.replace(tzinfo=None)
    assert (kind.process_bind_param(None, SQLITE), kind.process_result_value(None, SQLITE)) == (None, None)


@pytest.mark.parametrize("stored", [THREE, THREE.replace(tzinfo=None), TEN])
def test_a_moment_is_read_in_bangkoks_zone(stored: datetime) -> None:
    read = Instant().process_result_value(stored, SQLITE)
    assert read == TEN
    assert read is not None and read.utcoffset() == timedelta(hours=7)


@pytest.mark.parametrize("dialect", [SQLITE, POSTGRES], ids=["sqlite", "postgres"])
def test_a_moment_without_a_zone_is_never_stored(dialect: Dialect) -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        Instant().process_bind_param(TEN.replace(tzinfo=None), dialect)


def test_a_stored_moment_comes_back(app: Portal, make: Make) -> None:
    assert make(RoundFactory, opened_at=THREE).opened_at == TEN


def test_a_kind_is_its_value_and_the_database_knows_no_other(app: Portal, make: Make) -> None:
    made = make(RoundFactory, state=RoundState.OPEN)
    with app.app_context(), writing(), privileged("test") as session:
        stored = session.connection().execute(text("SELECT state FROM round WHERE id = :id"), {"id": made.id})
        assert stored.scalar() == "open"
        with pytest.raises(IntegrityError), session.begin_nested():
            session.connection().execute(
                text("UPDATE round SET state = 'ajar' WHERE id = :id"), {"id": made.id}
            )


def test_a_version_is_counted_with_every_save_also_where_only_rows_below_changed(
    app: Portal, make: Make
) -> None:
    made = make(RoundFactory)
    with app.app_context(), writing(), privileged("test") as session:
        row = session.get_one(Round, made.id)
        row.name = "ชื่ออื่น"
        session.flush()
        assert row.version == made.version + 1
        session.flush()
        assert row.version == made.version + 1, "nothing changed"
        row.touch()
        session.flush()
        assert row.version == made.version + 2


def test_the_id_of_a_row_that_went_is_given_to_nobody(app: Portal, make: Make) -> None:
    gone = make(ProvinceFactory).id
    with app.app_context(), writing(), privileged("test") as session:
        session.execute(delete(Province).where(Province.id == gone))
    with app.app_context():
        assert make(ProvinceFactory).id > gone
        assert db.engine.dialect.name in {"sqlite", "postgresql"}
