"""What is looked at: queue, disk, windows that end, answers until yesterday, last backup and anchor."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Settings
from models.job import Job, JobState
from models.round import Round, RoundState, Stage, Window
from models.survey import DailyCount
from portal.backup import state as backup_state
from portal.core import clock
from portal.record import anchors

#: a window is told so long before its end
SOON = timedelta(days=7)
#: answers are told in full hundreds
COARSE = 100
#: a backup and an anchor are made at least so often; later than that somebody should ask why
BACKUP_EVERY, ANCHOR_EVERY = timedelta(hours=26), timedelta(hours=3)
#: less of a disk than this share, or than so many bytes, is little
LITTLE_SHARE, LITTLE = 0.10, 2 * 1024**3


@dataclass(frozen=True)
class Queued:
    """Jobs of a kind: how many wait, run and have failed; since when the oldest waits."""

    kind: str
    waiting: int
    running: int
    failed: int
    oldest: datetime | None


@dataclass(frozen=True)
class Disk:
    """What is left where something is kept; ``place`` is "data" or "keys"."""

    place: str
    free: int
    total: int

    @property
    def is_little(self) -> bool:
        """True where somebody has to make room."""
        return self.free < LITTLE or self.free < LITTLE_SHARE * self.total


@dataclass(frozen=True)
class Ending:
    """A window of an open round that ends soon."""

    round_id: int
    year: int
    stage: Stage
    closes_at: datetime


def queue(session: Session) -> list[Queued]:
    """The queue by kinds of work, of what is not done."""
    states = (JobState.WAITING, JobState.RUNNING, JobState.FAILED)
    query = select(Job.kind, Job.state, func.count(), func.min(Job.created_at)).where(Job.state.in_(states))
    found: dict[str, dict[JobState, tuple[int, datetime]]] = {}
    for kind, state, count, first in session.execute(query.group_by(Job.kind, Job.state)):
        found.setdefault(kind, {})[state] = (count, first)
    return [_queued(kind, by_state) for kind, by_state in sorted(found.items())]


def _queued(kind: str, by_state: dict[JobState, tuple[int, datetime]]) -> Queued:
    numbers = [by_state[state][0] if state in by_state else 0 for state in JobState]
    count = dict(zip(JobState, numbers, strict=True))
    oldest = by_state[JobState.WAITING][1] if JobState.WAITING in by_state else None
    return Queued(kind, count[JobState.WAITING], count[JobState.RUNNING], count[JobState.FAILED], oldest)


def disks(settings: Settings) -> list[Disk]:
    """What is left of each disk that this process keeps something on."""
    found = []
    for place, folder in (("data", settings.instance_dir), ("keys", settings.key_dir)):
        if folder.is_dir():
            usage = shutil.disk_usage(folder)
            found.append(Disk(place, usage.free, usage.total))
    return found


def ending(session: Session, now: datetime) -> list[Ending]:
    """The windows of open rounds that are open and end soon, the first first."""
    query = (
        select(Window.round_id, Round.fiscal_year, Window.stage, Window.closes_at)
        .join(Round, Round.id == Window.round_id)
        .where(Round.state == RoundState.OPEN, Window.opens_at <= now)
        .where(Window.closes_at > now, Window.closes_at <= now + SOON)
        .order_by(Window.closes_at, Window.id)
    )
    return [Ending(*row) for row in session.execute(query)]


def answers(session: Session, today: date) -> int:
    """Answers of the whole country until yesterday, in full hundreds.

    Nothing here moves within a day: whoever keeps this figure over time learns no moment of an answer, and no
    more than the daily counts tell, summed over all agencies, surveys and channels.
    """
    total = session.scalar(select(func.sum(DailyCount.count)).where(DailyCount.day < today)) or 0
    return int(total) // COARSE * COARSE


def last_backup(settings: Settings) -> datetime | None:
    """When a backup was made last; None where none is known of."""
    try:
        at = datetime.fromisoformat(backup_state.read(settings).at)
    except (ValueError, TypeError):  # "" where there was none
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=clock.UTC)


def last_anchor(settings: Settings) -> datetime | None:
    """When the record was anchored last, by its newest anchor that can be read; None where there is none."""
    anchor = anchors.newest(settings.anchors)
    return anchor.at if anchor else None
