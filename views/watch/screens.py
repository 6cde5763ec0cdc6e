"""The state of the system, for the country's offices: what waits, what was kept safe, what room is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, current_app, render_template

from config import Settings
from portal.core import clock, mail
from portal.core.access import Permission as P
from portal.core.access import requires
from portal.core.database.session import privileged
from portal.core.texts import label_of, lazy
from portal.watch import figures, health
from portal.watch.figures import Queued

blueprint = Blueprint("watch", __name__)
#: work that nobody took up for so long
LONG = timedelta(hours=1)
#: the parts that the portal stands on, in words
PARTS = {
    "database": lazy("The database"),
    "migrations": lazy("The database fits this version of the portal"),
    "queue": lazy("The queue of jobs"),
    "keys": lazy("The folder of keys"),
}
DISKS = {"data": lazy("Disk of the data"), "keys": lazy("Disk of the keys")}


@dataclass(frozen=True)
class Work:
    """The queue in one line."""

    waiting: int
    running: int
    failed: int
    oldest: datetime | None
    is_late: bool

    @classmethod
    def of(cls, queue: list[Queued], now: datetime) -> Work:
        """All kinds together."""
        oldest = min((one.oldest for one in queue if one.oldest is not None), default=None)
        return cls(
            waiting=sum(one.waiting for one in queue),
            running=sum(one.running for one in queue),
            failed=sum(one.failed for one in queue),
            oldest=oldest,
            is_late=oldest is not None and now - oldest > LONG,
        )


@dataclass(frozen=True)
class Kept:
    """Something that is made again and again: when it was last, and whether it is overdue."""

    at: datetime | None
    is_late: bool

    @classmethod
    def of(cls, at: datetime | None, every: timedelta, now: datetime) -> Kept:
        """Something that is made at least so often."""
        return cls(at, at is not None and now - at > every)


@blueprint.get("/system")
@requires(P.SYSTEM_READ)
def show() -> Any:
    """How the system fares."""
    settings: Settings = current_app.settings  # type: ignore[attr-defined]
    now = clock.now()
    with privileged("the state of the system") as session:
        queue, windows = figures.queue(session), figures.ending(session, now)
    return render_template(
        "watch/show.html",
        parts=[(PARTS[part], usable) for part, usable in health.look(settings).items()],
        work=Work.of(queue, now),
        backup=Kept.of(figures.last_backup(settings), figures.BACKUP_EVERY, clock.machine()),
        anchor=Kept.of(figures.last_anchor(settings), figures.ANCHOR_EVERY, now),
        disks=[(DISKS[disk.place], disk) for disk in figures.disks(settings)],
        mail=mail,
        label_of=label_of,
        windows=windows,
    )
