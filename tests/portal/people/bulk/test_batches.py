"""A batch of accounts: ordered by who may, made once whoever presses how often, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models.account import Account, ActivationCode, Grant
from models.audit import AuditEvent
from models.job import Job, JobState
from models.onboarding import AccountBatch
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.jobs import queue, worker
from portal.core.web import Portal
from portal.people import accounts as people
from portal.people.bulk import batches, making
from portal.people.bulk.standing import Which
from tests.factories.base import Make
from tests.factories.onboarding import AccountBatchFactory, PeopleSettingFactory
from tests.support.world import NOW, World, acting_as, row

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("in_app")]


@pytest.fixture
def in_app(app: Portal) -> Iterator[None]:
    with app.app_context():
        yield


def run_waiting() -> None:
    claim = queue.claim()
    assert claim is not None
    worker.run(claim)
    db.session.remove()


def made(world: World, desk: str, which: Which = Which()) -> AccountBatch:  # noqa: B008 - frozen
    """The batch of an order of this desk, after its job."""
    with acting_as(world.actor(desk)) as actor:
        job_id = batches.order(which, actor=actor, url="/there").id
    run_waiting()
    job = row(Job, job_id)
    assert job.state is JobState.DONE, job.message
    return newest()


def newest() -> AccountBatch:
    with privileged("a test looks") as session:
        batch = session.scalars(select(AccountBatch).order_by(AccountBatch.id.desc()).limit(1)).one()
        assert batch.changes is not None
        session.expunge_all()
        return batch


def taken_back(world: World, desk: str, batch_id: int) -> Job:
    with acting_as(world.actor(desk)) as actor:
        job_id = batches.order_back(row(AccountBatch, batch_id), actor=actor, url="/there").id
    run_waiting()
    return row(Job, job_id)


def events(act: str) -> list[tuple[str, dict[str, Any]]]:
    with privileged("a test looks") as session:
        found = session.scalars(select(AuditEvent).where(AuditEvent.act == act))
        return [(event.chain, event.after) for event in found]


def accounts() -> int:
    with privileged("a test counts") as session:
        return session.scalar(select(func.count(Account.id))) or 0


def test_the_back_office_makes_all_that_is_lacking_in_one_batch_and_one_event(world: World) -> None:
    before = accounts()
    batch = made(world, "dla")
    assert (batch.counts, batch.province_id) == ({"new": 4, "had": 4}, None)
    assert len(batch.changes["accounts"]) == 4 and accounts() == before + 4
    assert events("account.make_many") == [("system", {"new": 4, "had": 4, "which": {}})]
    assert events("create") == [], "one event, and none for each account"
    assert made(world, "dla").counts == {"new": 0, "had": 8}


def test_a_province_makes_those_of_its_own_agencies_only(world: World) -> None:
    batch = made(world, "province", Which(province_id=world.province["81"]))
    assert (batch.counts["new"], batch.province_id) == (2, world.province["52"])
    with privileged("a test looks") as session:
        mine = Grant.account_id.in_(batch.changes["accounts"])
        agencies = set(session.scalars(select(Grant.agency_id).where(mine)))
    assert agencies == {world.agency["a2"]}
    ((chain, _after),) = events("account.make_many")
    assert chain == f"province:{world.province['52']}"


def test_where_the_back_office_makes_them_itself_a_province_does_not(world: World, make: Make) -> None:
    make(PeopleSettingFactory, provinces_make_accounts=False, factor_roles=[])
    with acting_as(world.actor("province")) as actor, pytest.raises(Refused, match="makes the accounts"):
        batches.order(Which(), actor=actor, url="/there")
    assert made(world, "dla").counts["new"] == 4


def test_an_order_ends_where_provinces_may_no_longer(world: World, make: Make) -> None:
    with acting_as(world.actor("province")) as actor:
        job_id = batches.order(Which(), actor=actor, url="/there").id
    make(PeopleSettingFactory, provinces_make_accounts=False, factor_roles=[])
    run_waiting()
    assert row(Job, job_id).state is JobState.FAILED


def test_portions_of_one_agency_come_to_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "PORTION", 1)
    batch = made(world, "dla")
    assert batch.counts == {"new": 4, "had": 4} and len(set(batch.changes["accounts"])) == 4
    assert taken_back(world, "dla", batch.id).state is JobState.DONE
    assert newest().counts == {"new": 4, "had": 4, "removed": 4, "left": 0}


def test_taking_back_leaves_who_has_activated_and_who_has_another_right(world: World) -> None:
    before = accounts()
    batch = made(world, "dla")
    first, second, third, fourth = batch.changes["accounts"]
    with writing(), privileged("somebody activates, somebody is given more, a code goes out") as session:
        session.get_one(Account, first).activated_at = NOW
    with writing(), privileged("somebody is given more") as session:
        role = session.scalars(select(Grant.role).where(Grant.account_id == second)).one()
        people.give_grant(session, session.get_one(Account, second), role, agency_id=world.agency["b1"])
        session.add(ActivationCode(account_id=third, code_hash=b"h" * 32, expires_at=NOW))
    with privileged("a test looks") as session:
        assert batches.left_of(session, session.get_one(AccountBatch, batch.id)) == 2
    job = taken_back(world, "dla", batch.id)
    assert "2" in job.result["words"]
    assert newest().counts == {"new": 4, "had": 4, "removed": 2, "left": 2}
    assert accounts() == before + 2
    with privileged("a test looks") as session:
        assert session.get(Account, third) is None and session.get(Account, fourth) is None
        assert session.scalars(select(ActivationCode.id)).all() == []
    assert events("account.take_back_many") == [("system", {"removed": 2, "left": 2})]
    with acting_as(world.actor("dla")) as actor, pytest.raises(Refused, match="taken back already"):
        batches.order_back(row(AccountBatch, batch.id), actor=actor, url="/there")


def test_a_province_takes_back_its_own_batches_only(world: World, make: Make) -> None:
    other = make(AccountBatchFactory, province_id=world.province["81"], changes={"accounts": []})
    assert taken_back(world, "province", other.id).state is JobState.FAILED
    mine = made(world, "province")
    assert taken_back(world, "province", mine.id).state is JobState.DONE
    with acting_as(world.actor("province")):
        assert list(db.session.scalars(select(AccountBatch.id))) == [mine.id]


def test_what_somebody_made_meanwhile_is_not_made_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the count and the portion somebody else gives the last agency its people."""
    counted = making.size_of
    made_by_others: list[int] = []

    def count_and_lose(session: Session, which: Which) -> int:
        number = counted(session, which)
        if not made_by_others:
            monkeypatch.setattr(making, "size_of", counted)
            places = making.portion(session, which, after=0, size=100)
            made_by_others.extend(making.make(session, list(making.lacks(session, places, None))))
            session.commit()
        return number

    monkeypatch.setattr(making, "size_of", count_and_lose)
    assert made(world, "dla").counts == {"new": 0, "had": 8}
    assert len(made_by_others) == 4


def test_a_run_that_was_killed_goes_on_with_the_batch_it_began(world: World) -> None:
    first = made(world, "dla")
    with writing(), privileged("killed before its end") as session:
        job = session.scalars(select(Job)).one()
        job.state, job.result = JobState.WAITING, {}
    run_waiting()
    again = newest()
    assert (again.id, again.counts) == (first.id, {"new": 4, "had": 4})


def test_a_batch_that_is_gone_is_not_taken_back(world: World) -> None:
    batch = made(world, "dla")
    with acting_as(world.actor("dla")) as actor:
        job_id = batches.order_back(row(AccountBatch, batch.id), actor=actor, url="/there").id
    with writing(), privileged("a test clears") as session:
        session.delete(session.get_one(AccountBatch, batch.id))
    run_waiting()
    assert row(Job, job_id).state is JobState.FAILED


def test_a_batch_whose_accounts_are_all_gone_is_taken_back_all_the_same(world: World) -> None:
    batch = made(world, "dla")
    with writing(), privileged("somebody deletes them") as session:
        session.connection().execute(delete(Account).where(Account.id.in_(batch.changes["accounts"])))
    assert taken_back(world, "dla", batch.id).state is JobState.DONE
    assert newest().counts == {"new": 4, "had": 4, "removed": 0, "left": 4}
