"""The job table: the queue and the truth about long work."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.base import Base, Keyed, SystemOnly, enum_column
from models.letter import StoredFile


class JobState(enum.Enum):
    """States of a job."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """True for a job that waits or runs."""
        return self in (JobState.WAITING, JobState.RUNNING)


class Lane(enum.IntEnum):
    """Which work goes first: somebody waits for a short one, a long one has the night."""

    SHORT = 1
    LONG = 2


class OwnOrCountry:
    """Named exception of the scopes: a row of the person who asked for it, or of the country's offices."""


class Job(Keyed, OwnOrCountry, Base):
    """One piece of long work, under the grant of the person who asked for it."""

    __tablename__ = "job"
    __audited__ = False
    __table_args__ = (
        Index(
            "ix_job_open",
            "lane",
            "id",
            sqlite_where=text("state IN ('waiting', 'running')"),
            postgresql_where=text("state IN ('waiting', 'running')"),
        ),
    )

    kind: Mapped[str] = mapped_column(String(60), index=True)
    title: Mapped[str] = mapped_column(String(300))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[JobState] = mapped_column(enum_column(JobState), default=JobState.WAITING, index=True)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    message: Mapped[str] = mapped_column(String(500), default="")
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    lane: Mapped[int] = mapped_column(default=Lane.LONG.value)
    #: digest of kind, person and arguments while it is open: no equal job is queued twice
    open_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    #: the claim that runs it; whoever lost it writes no more
    holder: Mapped[str] = mapped_column(String(32), default="")
    #: what is finished already, so that a killed job goes on where it stopped
    checkpoint: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    grant_id: Mapped[int | None] = mapped_column(ForeignKey("grant.id"))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    #: by the machine's clock: a set clock neither loses a job nor gives it to two workers
    heartbeat: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    file: Mapped[StoredFile | None] = relationship()
    account: Mapped[Account | None] = relationship()


class DutyRun(SystemOnly, Base):
    """One run of a duty of the system: a row per duty and period, so that the cluster runs it once."""

    __tablename__ = "duty_run"
    __audited__ = False

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    period: Mapped[str] = mapped_column(String(40), primary_key=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
