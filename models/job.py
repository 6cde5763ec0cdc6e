"""The job table: the queue and the truth about long work."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.base import Base, Keyed, enum_column
from models.letter import StoredFile


class JobState(enum.Enum):
    """States of a job."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class OwnOrCountry:
    """Named exception of the scopes: a row of the person who asked for it, or of the country's offices."""


class Job(Keyed, OwnOrCountry, Base):
    """One piece of long work, under the grant of the person who asked for it."""

    __tablename__ = "job"
    __audited__ = False

    kind: Mapped[str] = mapped_column(String(60), index=True)
    title: Mapped[str] = mapped_column(String(300))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[JobState] = mapped_column(enum_column(JobState), default=JobState.WAITING, index=True)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    message: Mapped[str] = mapped_column(String(500), default="")
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    #: what is finished already, so that a killed job goes on where it stopped
    checkpoint: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    grant_id: Mapped[int | None] = mapped_column(ForeignKey("grant.id"))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    heartbeat: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    file: Mapped[StoredFile | None] = relationship()
    account: Mapped[Account | None] = relationship()
