"""Delays that nobody can turn into a lock: so many attempts at once, then one every so often.

A row per subject holds the moment until which its attempts reach; taking one moves it in a single statement,
so that attempts at the same moment are counted one by one. Time is the machine's: a clock that stands still
locks nobody out.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import case, delete, select, update
from sqlalchemy.orm import Session

from models.account import SignInDelay
from portal.core import clock
from portal.core.database.inserting import insert_into


@dataclass(frozen=True)
class Limit:
    """``burst`` attempts at once, and one more every ``every`` seconds."""

    burst: int
    every: float


@dataclass(frozen=True)
class Taken:
    """Whether an attempt may be made now, and how long to wait before the next."""

    allowed: bool
    wait: timedelta


def take(session: Session, limits: Mapping[str, Limit]) -> Taken:
    """Take one attempt of each subject, or of none where one of them has to wait."""
    now = clock.machine().timestamp()
    waits = []
    try:
        with session.begin_nested():
            for subject, limit in sorted(limits.items()):  # one order: two never wait for each other
                waits.append(_until(_take(session, subject, limit, now), limit, now))
    except _Full as full:
        busy = _busy(session, full.subject)
        return Taken(False, _until(busy, limits[full.subject], now))
    return Taken(True, max(waits, default=timedelta(0)))


def give_back(session: Session, limits: Mapping[str, Limit], *, forget: str = "") -> None:
    """An attempt that succeeded does not count; ``forget``: a subject whose failures before do not either."""
    for subject, limit in sorted(limits.items()):
        row = SignInDelay.subject == subject
        if subject == forget:
            session.execute(delete(SignInDelay).where(row))
        else:
            less = update(SignInDelay).where(row).values(busy_until=SignInDelay.busy_until - limit.every)
            session.execute(less, execution_options={"synchronize_session": False})


def network_of(address: str, bits_of_six: int, bits_of_four: int = 32) -> str:
    """The network of an address: an IPv6 household has 2 to the 64th power of them."""
    try:
        bits = bits_of_six if ipaddress.ip_address(address).version == 6 else bits_of_four
        return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))
    except ValueError:
        return address


def short_hash(text: str) -> str:
    """What a subject is called in the table: keyed, so that a copy of the database names nobody."""
    keyed = hashlib.blake2b(text.encode(), key=current_app.secret_key.encode()[:64], digest_size=16)  # type: ignore[union-attr]
    return keyed.hexdigest()


class _Full(Exception):
    def __init__(self, subject: str) -> None:
        self.subject = subject


def _take(session: Session, subject: str, limit: Limit, now: float) -> float:
    column = SignInDelay.busy_until
    make = insert_into(session, SignInDelay).values(subject=subject, busy_until=now + limit.every)
    more = make.on_conflict_do_update(
        index_elements=[SignInDelay.subject],
        set_={"busy_until": case((column > now, column), else_=now) + limit.every},
        where=column <= now + (limit.burst - 1) * limit.every,
    )
    busy: float | None = session.scalar(more.returning(SignInDelay.busy_until))
    if busy is None:
        raise _Full(subject)
    return busy


def _busy(session: Session, subject: str) -> float:
    return session.scalar(select(SignInDelay.busy_until).where(SignInDelay.subject == subject)) or 0.0


def _until(busy: float, limit: Limit, now: float) -> timedelta:
    return timedelta(seconds=max(0.0, busy - (limit.burst - 1) * limit.every - now))
