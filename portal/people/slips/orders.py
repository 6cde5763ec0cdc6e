"""Slips are ordered: who gets one is said before, the passphrase is shown once, and a job makes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from models.account import Role
from models.job import Job
from models.onboarding import SlipOrder
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.jobs import queue
from portal.core.texts import _
from portal.people.slips import choosing, hand_over, making, strongbox
from portal.people.slips.choosing import Choice
from portal.people.slips.strongbox import Lock

MOST_SHOWN = 20


@dataclass(frozen=True)
class Box:
    """The files of one role of an order, as its page shows them."""

    role: Role
    provinces: int
    slips: int
    is_there: bool


@dataclass(frozen=True)
class Seen:
    """An order with its job and its boxes; ``goes_at``: when what is left of it goes by itself."""

    order: SlipOrder
    job: Job
    boxes: tuple[Box, ...]
    goes_at: datetime | None

    @property
    def slips(self) -> int:
        """How many slips are finished."""
        return sum(box.slips for box in self.boxes)

    @property
    def to_fetch(self) -> bool:
        """True while a file waits for who ordered it."""
        return not self.job.state.is_open and any(box.is_there for box in self.boxes)


def order(
    choice: Choice, passphrase: str, *, actor: Actor, page: Callable[[int], str] | None = None
) -> SlipOrder:
    """Order slips; their file opens with this passphrase, which is not stored.

    ``page`` gives the address of an order, to which its job leads. Raises Refused where nobody would get one,
    or for a passphrase that is none of ours.
    """
    if not strongbox.is_whole(passphrase):
        raise Refused("This passphrase is not whole: load the page again", field="confirm")
    if not choosing.choose(choice, actor).people:
        raise Refused("Nobody gets a slip with these choices", field="confirm")
    lock = Lock.made_for(passphrase)
    made = SlipOrder(
        account_id=actor.account_id or 0,
        what={**choice.arguments(), "grant_id": actor.grant_id},
        salt=lock.salt,
        public_key=lock.public_key,
        ordered_at=clock.now(),
    )
    with audit.act("slips.order"):
        db.session.add(made)
        db.session.flush()
    title = _("Slips with one-time codes")
    arguments = {"order_id": made.id, "url": page(made.id) if page else ""}
    queue.enqueue(making.KIND, title=title, arguments=arguments, actor=actor)
    return made


def order_list(seen: Seen, *, actor: Actor) -> Job:
    """Order the hand-over lists of an order once more, as a file without any secret."""
    if not seen.boxes:
        raise Refused("No file of this order is finished: there is nothing to hand over")
    return queue.enqueue(
        hand_over.KIND, title=_("Hand-over lists"), arguments={"job_id": seen.job.id}, actor=actor
    )


def own_orders() -> list[Seen]:
    """The orders of the acting person, the newest first."""
    query = select(SlipOrder).order_by(SlipOrder.id.desc()).limit(MOST_SHOWN)
    orders = list(db.session.scalars(query))
    jobs = _jobs([row.id for row in orders])
    return [_seen(row, jobs[row.id]) for row in orders if row.id in jobs]


def own_order(order_id: int, *, actor: Actor) -> Seen:
    """An order of the acting person at the desk at which it was given. Raises NotFound."""
    found = db.session.scalars(select(SlipOrder).where(SlipOrder.id == order_id)).one_or_none()
    if found is None or found.what.get("grant_id") != actor.grant_id:
        raise NotFound
    job = _jobs([order_id]).get(order_id)
    if job is None:
        raise NotFound
    return _seen(found, job)


def _jobs(order_ids: list[int]) -> dict[int, Job]:
    key = Job.arguments["order_id"].as_integer()
    query = select(Job).where(Job.kind == making.KIND, key.in_(order_ids))
    return {job.arguments["order_id"]: job for job in db.session.scalars(query)}


def _seen(found: SlipOrder, job: Job) -> Seen:
    parts: Mapping[str, Any] = job.checkpoint.get("parts", {})
    boxes = tuple(box for role in choosing.ROLES_WITH_SLIPS if (box := _box(found, parts, role)) is not None)
    goes_at = strongbox.ends_at(found.ready_at) if found.ready_at and found.gone_at is None else None
    return Seen(found, job, boxes, goes_at)


def _box(found: SlipOrder, parts: Mapping[str, Any], role: Role) -> Box | None:
    mine = [part for key, part in parts.items() if key.startswith(f"{role.value}-")]
    if not mine:
        return None
    kept = found.gone_at is None and all(strongbox.is_there(found.id, part["file"]) for part in mine)
    return Box(role, len(mine), sum(len(part["accounts"]) for part in mine), kept)
