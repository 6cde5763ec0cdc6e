"""The session that applies the scope by itself: a view that forgets to ask still cannot leak.

Every ORM select, update and delete gets the criterion of each owned class; a flush refuses rows outside the
scope; Core statements and text are refused in a scoped session. Work for no person runs in ``privileged``.
"""

from __future__ import annotations

import contextvars
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Column, ColumnElement, event, inspect, select, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, with_loader_criteria
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.sql import visitors

from models.account import ActivationCode
from models.base import (
    Base,
    CountryOnly,
    KeptByProvince,
    OfAccount,
    ParticipationOwned,
    ProvinceOwned,
    Public,
    SystemOnly,
)
from models.onboarding import LostPassword
from models.participation import Participation
from models.place import Province
from models.survey import InternalWithin
from models.thai import local_day
from portal.core import clock
from portal.core.database.criteria import SameForAll
from portal.core.database.turns import PATIENCE, begin_to_write
from portal.core.errors import ScopeViolation, Stale
from portal.core.scopes import SYSTEM, Reach, Scope, all_classes, criterion, within_sector

log = logging.getLogger(__name__)
#: what a driver says while the database is away, restarts or is busy for too long (see ``is_away``)
AWAY = (OperationalError, InterfaceError, PoolTimeout)
#: SQLite's codes of the same; its driver uses one class for these and for our own mistakes ("no such column")
_SQLITE_AWAY = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)
STAND_BEHIND_THE_WALL = text(
    "SELECT set_config('role', :role, true), set_config('ita.place', :place, true),"
    " set_config('ita.account', :account, true), set_config('ita.sector', :sector, true)"
)
_writing: contextvars.ContextVar[bool] = contextvars.ContextVar("writing", default=False)


def is_away(error: BaseException) -> bool:
    """True where waiting helps: the database is away, restarts, or is busy for too long."""
    if not isinstance(error, AWAY):
        return False
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return code is None or code & 0xFF in _SQLITE_AWAY


class ScopedSession(FlaskSession):
    """The session of a request or a job; its scope stands in ``session.info["scope"]``."""

    def flush(self, objects: Any = None) -> None:
        """As ever; a row that somebody else saved first is ``Stale``, whoever flushes."""
        try:
            super().flush(objects)
        except StaleDataError as error:
            raise Stale from error


db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True, session_options={"class_": ScopedSession})


def without_session(view: Any) -> Any:
    """Mark a view for strangers that never uses ``db.session``: its request begins and commits none."""
    view.without_session = True
    return view


def set_scope(session: Session, scope: Scope | None) -> None:
    """Bind the session to a scope. Loaded objects of another scope are forgotten."""
    session.expunge_all()
    session.info["scope"] = scope


@contextmanager
def privileged(why: str) -> Iterator[Session]:
    """A session of its own without limits, for sign-in, jobs and importers; commits at the end.

    ``why`` is logged, so that each exemption from the walls can be found. On behalf of a desk of one of
    several sectors its ORM statements end at that sector.
    """
    log.debug("privileged session: %s", why)
    with ScopedSession(db, info={"scope": _without_limits()}) as session:
        # closing rolls back what is not committed
        yield session
        session.commit()


def sector_here() -> int | None:
    """The sector that the desk ends at for which something is done; None where there is one alone or none."""
    scope: Scope | None = db.session().info.get("scope")
    return None if scope is None else scope.sector_id


def _without_limits() -> Scope:
    """Everything, or everything of the sector for whose desk this is done."""
    sector_id = sector_here()
    return SYSTEM if sector_id is None else Scope(Reach.SYSTEM, sector_id=sector_id)


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside take SQLite's write lock at once, so that no unit fails half way."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside only read: beside a unit that writes they do not wait for its lock."""
    token = _writing.set(False)
    try:
        yield
    finally:
        _writing.reset(token)


def is_writing() -> bool:
    """True where transactions begun here are to write."""
    return _writing.get()


# -- the database's own settings ------------------------------------------------------------------------


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not type(connection).__module__.startswith("sqlite3"):
        return
    connection.isolation_level = None  # we begin transactions ourselves, see _begin
    cursor = connection.cursor()
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    if not _writing.get():
        connection.exec_driver_sql("BEGIN")
    elif not begin_to_write(_execute(connection)):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _execute(connection: Connection) -> Any:
    driver = connection.connection.driver_connection
    assert driver is not None, "it begins a transaction"
    return driver.cursor().execute


@event.listens_for(ScopedSession, "after_begin")
def _second_wall(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    """Tell PostgreSQL's row-level security whose transaction this is (also after a commit)."""
    if connection.dialect.name != "postgresql":
        return
    scope: Scope | None = session.info.get("scope")
    connection.execute(STAND_BEHIND_THE_WALL, wall_of(scope))


def wall_of(scope: Scope | None) -> dict[str, str]:
    """The role and the ids that row-level security reads in one transaction."""
    return {
        "role": f"ita_{(scope.reach if scope else Reach.NONE).value}",
        "place": "" if scope is None or scope.place_id is None else str(scope.place_id),
        "account": "" if scope is None or scope.account_id is None else str(scope.account_id),
        "sector": "*" if scope is None or scope.sector_id is None else str(scope.sector_id),
    }


# -- reading ---------------------------------------------------------------------------------------------


@event.listens_for(ScopedSession, "do_orm_execute")
def _apply_scope(state: ORMExecuteState) -> None:
    if state.is_column_load:
        return
    scope: Scope | None = state.session.info.get("scope")
    if scope and scope.reach is Reach.SYSTEM:
        if scope.sector_id is not None and state.is_orm_statement and not state.is_from_statement:
            state.statement = state.statement.options(*_criteria(scope, date.max))
        return
    if not state.is_orm_statement:
        raise ScopeViolation("Core statements and text are refused in a scoped session")
    if scope is None:
        if all(issubclass(mapper.class_, Public) for mapper in state.all_mappers):
            return
        raise ScopeViolation("a query of owned rows without an actor")
    if state.is_from_statement:
        raise ScopeViolation("from_statement is refused in a scoped session")
    if not state.is_relationship_load:  # a loader of SQLAlchemy's own names the key's column
        _refuse_bare_columns(state.statement)
    state.statement = state.statement.options(*_criteria(scope, local_day(clock.now())))


def _refuse_bare_columns(statement: Any) -> None:
    """A table's own column beside a mapped class would come without the class's criterion."""
    for selected in getattr(statement, "_raw_columns", ()):
        for part in visitors.iterate(selected):
            if isinstance(part, Column) and "parententity" not in part._annotations:
                raise ScopeViolation(
                    f"the bare column {part} is refused in a scoped session: name the class's"
                )


@lru_cache(maxsize=256)
def _criteria(scope: Scope, _day: date) -> tuple[Any, ...]:
    """One plain expression per class (a lambda would be cached across people); the last scopes are kept.

    ``_day``: some rows are read once their day is over.
    """
    own = ((model, _own_condition(model, scope)) for model in all_classes())
    options: list[Any] = [
        with_loader_criteria(model, condition, include_aliases=True, propagate_to_loaders=True)
        for model, condition in own
        if condition is not None
    ]
    return (*options, *_of_sector(scope.reach, scope.sector_id))


@lru_cache(maxsize=64)
def _of_sector(reach: Reach, sector_id: int | None) -> tuple[SameForAll, ...]:
    """Where a scope ends at its sector: the same for everybody who reaches as far in it."""
    scope = Scope(reach, sector_id=sector_id)
    inside = ((model, within_sector(model, scope)) for model in all_classes())
    conditions = [(model, condition) for model, condition in inside if condition is not None]
    return (SameForAll((reach, sector_id), conditions),) if conditions else ()


def _own_condition(model: type[Base], scope: Scope) -> ColumnElement[bool] | None:
    """What holds for the rows of a class that a scope reaches in its sector; None where it reaches all."""
    if issubclass(model, Public) or scope.reach is Reach.SYSTEM:
        return None
    if scope.reach is Reach.COUNTRY and _all_of_country(model):
        return None
    return criterion(model, scope)


def _all_of_country(model: type[Base]) -> bool:
    """True for rows of which the offices of the country see every one: a criterion would only cost time."""
    return issubclass(model, ProvinceOwned) and not issubclass(model, InternalWithin)


# -- writing ---------------------------------------------------------------------------------------------


@event.listens_for(ScopedSession, "before_flush")
def _guard_flush(session: Session, _context: Any, _instances: Any) -> None:
    scope: Scope | None = session.info.get("scope")
    for obj in session.new:
        _copy_owners(session, obj)
        _take_sector(obj, scope)
    if scope and scope.reach is Reach.SYSTEM:
        return
    dirty = session.dirty  # made anew whenever it is asked for
    for obj in [*session.new, *dirty, *session.deleted]:
        if obj in dirty and not session.is_modified(obj):
            continue
        _refuse_foreign(session, obj, scope)


def _copy_owners(session: Session, obj: Any) -> None:
    """A row of a round takes agency and province from its participation's snapshot, never from a form."""
    if not isinstance(obj, ParticipationOwned):
        return
    parent = getattr(obj, "participation", None)
    if parent is None and obj.participation_id is not None:
        with session.no_autoflush:
            parent = session.get(Participation, obj.participation_id)
    if parent is not None:
        obj.agency_id, obj.province_id = parent.agency_id, parent.province_id


def _take_sector(obj: Any, scope: Scope | None) -> None:
    """What is made at a desk of a sector is of that sector."""
    if scope and scope.sector_id is not None and hasattr(obj, "sector_id") and obj.sector_id is None:
        obj.sector_id = scope.sector_id


def _only_decided(session: Session, lost: LostPassword) -> bool:
    """True for a request that a province could read, and decides: whose it is stays as it is."""
    return lost in session.dirty and not inspect(lost).attrs.account_id.history.has_changes()


def _refuse_foreign(session: Session, obj: Any, scope: Scope | None) -> None:
    """Old and new owner of a changed row must lie inside the scope."""
    if scope is None or scope.reach is Reach.NONE:
        raise ScopeViolation(f"a write of {type(obj).__name__} without an actor")
    if isinstance(obj, InternalWithin) and scope.reach is not Reach.AGENCY:
        raise ScopeViolation(f"{type(obj).__name__} is kept by its agency")
    _refuse_other_sector(session, obj, scope)
    if scope.reach is Reach.COUNTRY:
        return
    if isinstance(obj, KeptByProvince | ActivationCode) and scope.reach is Reach.PROVINCE:
        _refuse_moved(session, obj, "province_id", scope)
        return
    if isinstance(obj, LostPassword) and scope.reach is Reach.PROVINCE and _only_decided(session, obj):
        return
    if isinstance(obj, Public | CountryOnly | OfAccount | SystemOnly):
        raise ScopeViolation(f"{type(obj).__name__} is kept by the country's offices")
    for column in ("province_id", "agency_id", "participation_id", "body_id"):
        if hasattr(obj, column):
            _refuse_moved(session, obj, column, scope)


def _refuse_other_sector(session: Session, obj: Any, scope: Scope) -> None:
    """No desk of a sector writes a row of another, or into a province of another."""
    if scope.sector_id is None:
        return
    if getattr(obj, "sector_id", None) not in (None, scope.sector_id):
        raise ScopeViolation(f"{type(obj).__name__} of another sector")
    province_id = getattr(obj, "province_id", None)
    if province_id is None or scope.reach is not Reach.COUNTRY:
        return
    with session.no_autoflush:
        if session.get(Province, province_id) is None:
            raise ScopeViolation(f"{type(obj).__name__} in a province of another sector")


def _refuse_moved(session: Session, obj: Any, column: str, scope: Scope) -> None:
    """No desk below the country gives a row to another owner, or makes one for another owner."""
    name, value, state = type(obj).__name__, getattr(obj, column), inspect(obj)
    if state.persistent and state.attrs[column].history.deleted:
        raise ScopeViolation(f"the owner of a {name} does not change")
    if scope.reach is Reach.PROVINCE and column == "province_id" and value != scope.place_id:
        raise ScopeViolation(f"{name} of another province")
    if scope.reach is Reach.AGENCY and column == "agency_id" and value != scope.place_id:
        raise ScopeViolation(f"{name} of another agency")
    if scope.reach is Reach.ASSESSOR and column == "participation_id":
        with session.no_autoflush:
            within = session.scalar(select(Participation.id).where(Participation.id == value))
        if within is None:
            raise ScopeViolation(f"{name} of a participation that is not assigned")
