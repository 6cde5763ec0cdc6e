"""Rows asked for by an address: those of the person's scope, or "not found"."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import inspect, select
from sqlalchemy.orm import joinedload, object_session, selectinload

from models.base import Base
from models.participation import Participation
from models.round import Round
from portal.core.database.session import db, is_writing
from portal.core.errors import NotFound

Row = TypeVar("Row", bound=Base)


def get_or_404(model: type[Row], key: Any, *options: Any) -> Row:
    """The row of this primary key inside the actor's scope. Raises NotFound, also for a foreign one."""
    column = model.__mapper__.primary_key[0]
    return one_or_404(select(model).where(column == key).options(*options))


def one_or_404(query: Any) -> Any:
    """The one row of a select in the scoped session. Raises NotFound."""
    row = db.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    return row


def hold(row: Base) -> None:
    """Let acts on this row wait for one another until the transaction ends, and read it as it is now.

    For rules between rows that no index can say: look after holding, never before. Raises NotFound where the
    row has gone. (On SQLite an act holds the whole database anyway.)
    """
    _locked(row, key_share=True)


def hold_still(row: Base) -> None:
    """Let no act change this row, or what acts on it write below it, until what is read now has been read.

    Several statements that read the rows below it see one moment; who only reads does not wait for other
    readers. An act holds the row as ``hold`` does, since two that share it could not both go on to change it.
    Raises NotFound where the row has gone.
    """
    if is_writing():
        hold(row)
    else:
        _locked(row, read=True)


def _locked(row: Base, *, read: bool = False, key_share: bool = False) -> None:
    session = object_session(row)
    if session is None:
        raise NotFound
    model = type(row)
    key = getattr(model, model.__mapper__.get_property_by_column(model.__mapper__.primary_key[0]).key)
    query = select(model).where(key == inspect(row).identity[0])  # type: ignore[index]
    query = query.with_for_update(read=read, key_share=key_share)
    held = session.scalars(query.execution_options(populate_existing=True))
    if held.unique().one_or_none() is None:
        raise NotFound


def round_or_404(round_id: int) -> Round:
    """The round that an address names."""
    return get_or_404(Round, round_id)


#: what tells until when an agency's stages are open
_WITH_ITS_TIMES = (
    joinedload(Participation.round).selectinload(Round.windows),
    selectinload(Participation.extensions),
)


def own_participation(round_id: int) -> Participation:
    """The participation of the actor's one agency in a round. Raises NotFound."""
    participation: Participation = one_or_404(
        select(Participation).where(Participation.round_id == round_id).options(*_WITH_ITS_TIMES)
    )
    return participation


def participation_or_404(round_id: int, participation_id: int) -> Participation:
    """A participation of a round inside the actor's scope. Raises NotFound."""
    participation: Participation = one_or_404(
        select(Participation)
        .where(Participation.round_id == round_id, Participation.id == participation_id)
        .options(*_WITH_ITS_TIMES)
    )
    return participation
