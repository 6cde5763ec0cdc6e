"""The extensions that were given in a round, found again by agency, place, stage and course."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from models.participation import Extension, Participation
from models.round import Round, Stage
from portal.core.database.session import db
from portal.core.search import matching

#: extensions of one page
PAGE = 50


class Course(enum.Enum):
    """What became of an extension."""

    RUNNING = "running"
    OVER = "over"
    TAKEN_BACK = "taken_back"

    @classmethod
    def of(cls, extension: Extension, now: datetime) -> Course:
        """Of an extension at a moment."""
        if not extension.stands:
            return cls.TAKEN_BACK
        return cls.RUNNING if extension.until > now else cls.OVER


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to."""

    search: str = ""
    province_id: int | None = None
    stage: Stage | None = None
    course: Course | None = None


def listed(
    round: Round, asked: Asked, now: datetime, *, offset: int = 0, most: int | None = None
) -> Sequence[Extension]:
    """The extensions of a round in the actor's scope, with their agencies; the newest first."""
    query = _narrowed(select(Extension), round, asked, now).options(contains_eager(Extension.participation))
    return db.session.scalars(query.order_by(Extension.id.desc()).offset(offset).limit(most)).all()


def count(round: Round, asked: Asked, now: datetime) -> int:
    """How many extensions the list has."""
    return db.session.scalar(_narrowed(select(func.count(Extension.id)), round, asked, now)) or 0


def of_agency(participation: Participation, stage: Stage) -> list[Extension]:
    """The extensions of a stage that one agency was given, the newest first."""
    return [one for one in reversed(participation.extensions) if one.stage is stage]


def _narrowed(query: Any, round: Round, asked: Asked, now: datetime) -> Any:
    query = query.join(Participation, Participation.id == Extension.participation_id)
    query = query.where(Participation.round_id == round.id)
    if asked.search:
        query = query.where(matching(asked.search, Participation))
    if asked.province_id is not None:
        query = query.where(Extension.province_id == asked.province_id)
    if asked.stage is not None:
        query = query.where(Extension.stage == asked.stage)
    if asked.course is not None:
        query = query.where(*_COURSES[asked.course](now))
    return query


_COURSES = {
    Course.RUNNING: lambda now: (Extension.taken_back_at.is_(None), Extension.until > now),
    Course.OVER: lambda now: (Extension.taken_back_at.is_(None), Extension.until <= now),
    Course.TAKEN_BACK: lambda _now: (Extension.taken_back_at.is_not(None),),
}
