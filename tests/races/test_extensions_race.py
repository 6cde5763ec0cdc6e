"""Officers extend the time of one agency at once: of those that begin at the same last day, one is taken."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from sqlalchemy import select

from models.account import Role
from models.job import Job, JobState
from models.participation import Extension, Participation
from models.round import Round, Stage
from models.thai import midnight_after
from portal.chasing import extending_many
from portal.core.acting import acting
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.jobs import worker
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.chasing import ExtensionFactory
from tests.factories.people import GrantFactory
from tests.support.client import client_of
from tests.support.forms import form_with
from tests.support.races import at_once, pressed, statuses, visitors
from tests.support.world import World

DAYS = ("12 ธ.ค. 2561", "13 ธ.ค. 2561", "14 ธ.ค. 2561", "15 ธ.ค. 2561")


def test_of_several_extensions_given_at_once_each_outlasts_the_one_before(
    app: Portal, world: World, make: Make
) -> None:
    """Whoever comes later finds the day of who was first: a longer time is added, a shorter one refused."""
    one, clients = world.participation["a1"], []
    for _officer in DAYS:
        client = client_of(app)
        client.sign_in_as(make(GrantFactory, role=Role.DLA).account_id)
        client.csrf_token()
        clients.append(client)
    forms = [{"until": day, "reason": "น้ำท่วม", "whom": str(one), "confirm": "1"} for day in DAYS]
    url = f"/rounds/{world.round_id}/extensions/new/preparation?pick={one}"
    answers = pressed(clients, url, *forms)
    assert set(statuses(answers)) <= {302, 422}
    with app.app_context(), privileged("a test looks") as session:
        given = session.scalars(select(Extension).order_by(Extension.id)).all()
        assert len(given) == statuses(answers).count(302) >= 1
        for before, after in pairwise(given):
            assert after.extends_from == before.until < after.until


def test_a_job_for_many_and_one_extension_of_the_same_agency_at_once(
    app: Portal, world: World, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes second finds the day of the first: nobody's time begins twice, and the job ends."""
    monkeypatch.setattr("portal.chasing.extending.AT_ONCE", 2)
    stage, day, whom = Stage.PREPARATION, date(2018, 12, 14), sorted(world.participation.values())
    with app.app_context(), acting(world.actor("nacc")) as actor:
        round = db.session.get_one(Round, world.round_id)
        job_id = extending_many.order(round, stage, day, "น้ำท่วม", whom, actor=actor, url="/there").id
    client = client_of(app)
    client.sign_in_as(make(GrantFactory, role=Role.DLA).account_id)
    client.csrf_token()
    form = {"until": DAYS[3], "reason": "น้ำท่วม", "whom": str(whom[-1]), "confirm": "1"}
    url = f"/rounds/{world.round_id}/extensions/new/preparation?pick={whom[-1]}"

    def give() -> int:
        return int(client.submit(url, form).status_code)

    def work() -> int:
        return worker.work(app, until_idle=True)

    assert at_once([give, work]) == [302, 1]
    with app.app_context(), privileged("a test looks") as session:
        assert session.get_one(Job, job_id).state is JobState.DONE
        given = session.scalars(select(Extension).order_by(Extension.id)).all()
        assert {one.participation_id for one in given} == set(whom)
        last = [one for one in given if one.participation_id == whom[-1]]
        assert max(one.until for one in last) == midnight_after(date(2018, 12, 15))
        assert all(after.extends_from == before.until for before, after in pairwise(last))


def test_dates_and_an_extension_that_they_leave_no_time_are_not_both_taken_unasked(
    app: Portal, world: World
) -> None:
    """The surveys are to end on the 12th while somebody is given preparation until the 15th."""
    nacc, dla = visitors(app, world, "nacc", "dla")
    dates, one = f"/rounds/{world.round_id}/windows", world.participation["a1"]
    earlier = {**form_with(nacc.get(dates).text, "version"), "iit__main__last": DAYS[0], "confirm": "1"}
    longer = {"until": DAYS[3], "reason": "น้ำท่วม", "whom": str(one), "confirm": "1"}
    url = f"/rounds/{world.round_id}/extensions/new/preparation?pick={one}"
    saved, given = at_once([lambda: nacc.submit(dates, earlier), lambda: dla.submit(url, longer)])
    assert (saved.status_code, given.status_code) in {(302, 422), (200, 302)}, (saved.text, given.text)


def test_the_database_takes_no_two_that_begin_at_the_same_moment(
    app: Portal, world: World, make: Make
) -> None:
    with app.app_context(), privileged("a test reads") as session:
        one = session.get_one(Participation, world.participation["a1"])
        session.expunge_all()
    first = make(ExtensionFactory, participation=one)
    with app.app_context(), writing(), privileged("a test adds") as session:
        session.info["unrecorded"] = True
        session.add(
            Extension(
                participation_id=one.id,
                stage=first.stage,
                extends_from=first.extends_from,
                until=first.until,
                reason="อีกครั้ง",
                given_at=first.given_at,
                given_by="x",
            )
        )
        with pytest.raises(Refused, match="at the same moment"):
            session.flush()
        session.rollback()
