"""Many writers of the record at once: no number twice or left out, on everybody's chain and on a new one."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from portal.core import audit
from portal.core.database.session import db, privileged, writing
from portal.core.web import Portal
from tests.support.races import AT_ONCE, at_once

EVENTS = 10


def write_some(app: Portal, chain: str) -> None:
    """Events one by one, each with a transaction of its own, as sign-ins have it."""
    with app.app_context():
        for _event in range(EVENTS):
            with writing(), privileged("a test records") as session:
                audit.record(session, act="sign_in", thing="account", row=1, chain=chain)
        db.session.remove()


@pytest.mark.parametrize("chain", ["system", "agency:987654"])
def test_writers_at_once_leave_one_whole_chain(app: Portal, chain: str) -> None:
    query = select(AuditEvent.sequence).where(AuditEvent.chain == chain).order_by(AuditEvent.sequence)
    with app.app_context(), privileged("a test counts") as session:
        before = len(session.scalars(query).all())
    at_once([partial(write_some, app, chain)] * AT_ONCE)
    with app.app_context(), privileged("a test looks") as session:
        sequences = session.scalars(query).all()
        assert audit.first_broken(session) is None
    assert list(sequences) == list(range(1, before + AT_ONCE * EVENTS + 1))


def write_many(app: Portal, chains: list[str]) -> None:
    """Acts on many agencies, each of which is one transaction on all of these chains."""
    entries = [audit.Entry(chain, "extension.give", "extension", "1") for chain in chains]
    with app.app_context():
        for _act in range(EVENTS):
            with writing(), privileged("a test records") as session:
                audit.write(session, entries)
        db.session.remove()


def test_acts_on_many_chains_at_once_wait_for_one_another(app: Portal) -> None:
    """In whatever order an act names its agencies, no two wait for each other; new chains are begun once."""
    chains = [f"agency:{number}" for number in range(987_000, 987_040)]
    at_once([partial(write_many, app, chains[:: 1 if turn % 2 else -1]) for turn in range(AT_ONCE)])
    query = select(AuditEvent.sequence).where(AuditEvent.chain.in_(chains)).order_by(AuditEvent.chain)
    with app.app_context(), privileged("a test looks") as session:
        sequences = session.scalars(query.order_by(AuditEvent.sequence)).all()
        assert audit.first_broken(session) is None
    assert list(sequences) == list(range(1, AT_ONCE * EVENTS + 1)) * len(chains)
