"""Fetching: sent part by part, deleted once sent whole and not before, stopped jobs' finished files too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.granting import Notice
from models.job import Job, JobState
from models.onboarding import SlipOrder
from portal.core.acting import seated
from portal.core.database.session import db, privileged
from portal.core.errors import Refused
from portal.core.jobs import kinds, queue, worker
from portal.core.web import Portal
from portal.people import accounts
from portal.people.slips import making, opening, orders, strongbox
from tests.support.slip_orders import ADMIN, EXECUTIVE, codes_of, fetched, made, not_activated, order, stored
from tests.support.world import PASSWORD, World, row

pytestmark = pytest.mark.usefixtures("printing_here")


def test_a_download_that_breaks_off_can_be_begun_again(app: Portal, world: World) -> None:
    with app.app_context():
        not_activated(world, "agency_admin", "agency_admin_other")
        ordered = made(app, world)
        with seated(world.actor("dla")) as actor:
            seen = orders.own_order(ordered.order_id, actor=actor)
            found = opening.fetch(seen, ADMIN, ordered.passphrase, actor=actor)
            db.session.rollback()
        sending: Any = found.stream(app)
        assert next(sending)
        sending.close()  # the line broke
        assert strongbox.has_any(ordered.order_id)
        assert len(fetched(world, ordered)) == 4
        assert not strongbox.has_any(ordered.order_id)
        assert row(SlipOrder, ordered.order_id).gone_at is not None
        with pytest.raises(Refused, match="gone"):
            fetched(world, ordered)


def test_each_role_is_fetched_by_itself(app: Portal, world: World) -> None:
    with app.app_context():
        not_activated(world, "agency_admin", "executive")
        ordered = made(app, world)
        fetched(world, ordered, ADMIN)
        assert row(SlipOrder, ordered.order_id).gone_at is None, "the executives' file waits still"
        assert "ลำปาง.pdf" in fetched(world, ordered, EXECUTIVE)
        assert row(SlipOrder, ordered.order_id).gone_at is not None


def test_a_stopped_job_leaves_the_codes_of_finished_files_only(
    app: Portal, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "EVERY", 0)
    with app.app_context():
        not_activated(world, "agency_admin", "agency_admin_other")
        ordered = order(world)
        kept = making._keep

        def keep_and_stop(*arguments: object) -> None:
            kept(*arguments)  # type: ignore[arg-type]
            with seated(world.actor("dla")):
                queue.cancel(db.session.get_one(Job, ordered.job_id))
                db.session.commit()

        monkeypatch.setattr(making, "_keep", keep_and_stop)
        worker.work(app, until_idle=True)
        assert row(Job, ordered.job_id).state is JobState.CANCELLED
        people = ("agency_admin", "agency_admin_other")
        assert sum(stored(world.account[one]) is not None for one in people) == 1
        (pdf,) = fetched(world, ordered).values()
        (code,) = codes_of(pdf, tmp_path)
        accounts.activate(code, PASSWORD)


def test_when_one_comes_in_the_other_and_the_province_are_told(
    app: Portal, world: World, tmp_path: Path
) -> None:
    with app.app_context():
        not_activated(world, "agency_admin")
        (code,) = codes_of(fetched(world, made(app, world))["ลำปาง.pdf"], tmp_path)
        accounts.activate(code, PASSWORD)
        with privileged("a test looks") as session:
            told = set(session.scalars(select(Notice.account_id).where(Notice.kind == "activated")))
    assert told == {world.account["executive"], world.account["province"]}
