"""What every factory stands on: the session that a test makes its rows in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import factory
from factory.alchemy import SQLAlchemyModelFactory
from flask import Flask
from sqlalchemy.orm import Session

from portal.core.database.session import privileged, writing

_session: ContextVar[Session] = ContextVar("the factories' session")
#: makes one row by its factory and gives it as it is stored: ``make(AgencyFactory, name="เกาะคา")``
Make = Callable[..., Any]


class RowFactory(SQLAlchemyModelFactory):
    """A factory whose rows are flushed at once, so that they have an id."""

    class Meta:
        abstract = True
        sqlalchemy_session_factory = staticmethod(_session.get)
        sqlalchemy_session_persistence = "flush"


class OwnedFactory(RowFactory):
    """A row of one agency in one round, for a class that has no ``participation`` of its own."""

    class Meta:
        abstract = True

    class Params:
        participation = factory.SubFactory("tests.factories.rounds.ParticipationFactory")

    participation_id = factory.SelfAttribute("participation.id")
    agency_id = factory.SelfAttribute("participation.agency_id")
    province_id = factory.SelfAttribute("participation.province_id")


class OfRoundFactory(RowFactory):
    """A row of a round, for a class that has no ``round`` of its own."""

    class Meta:
        abstract = True

    class Params:
        round = factory.SubFactory("tests.factories.rounds.RoundFactory")

    round_id = factory.SelfAttribute("round.id")


class OfAccountFactory(RowFactory):
    """A row of a person, for a class that has no ``account`` of its own."""

    class Meta:
        abstract = True

    class Params:
        account = factory.SubFactory("tests.factories.people.AccountFactory")

    account_id = factory.SelfAttribute("account.id")


@contextmanager
def rows_in(session: Session) -> Iterator[None]:
    """Factories called inside make their rows in this session."""
    token = _session.set(session)
    try:
        yield
    finally:
        _session.reset(token)


def maker(app: Flask) -> Make:
    """What makes a row past every wall and the record, commits it and gives it detached."""

    def make(kind: type[RowFactory], /, **fields: Any) -> Any:
        with app.app_context(), writing(), privileged("a test's row") as session:
            session.info["unrecorded"] = True
            session.expire_on_commit = False
            with rows_in(session):
                made = kind(**{name: _attached(session, value) for name, value in fields.items()})
            session.commit()
            session.refresh(made)
            session.expunge_all()
        return made

    return make


def _attached(session: Session, value: Any) -> Any:
    """A row made before, in this session; anything else as it is."""
    return session.merge(value, load=True) if hasattr(value, "__mapper__") else value
