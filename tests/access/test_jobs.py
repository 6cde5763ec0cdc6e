"""Every kind of job and everybody: who may not do what it did neither sees nor stops it, nor has its file."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.job import Job, JobState
from portal.core.access import GRANTS, Permission
from portal.core.database.session import privileged, writing
from portal.core.files import stored_file
from portal.core.jobs.kinds import KINDS
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.world import NOW, PEOPLE, World

ROLE_OF = {person: role for person, role, _place in PEOPLE}
COUNTRY = {"nacc", "dla"}


def asker_of(permission: Permission | None) -> str:
    """Whose the job of a kind is: the first person who may ask for it."""
    return next(who for who, role in ROLE_OF.items() if permission is None or permission in GRANTS[role])


def jobs_of_every_kind(app: Portal, world: World) -> dict[str, int]:
    """A failed job with a file of each kind, by its kind."""
    made = {}
    with app.app_context(), writing(), privileged("a job of each kind") as session:
        for name, kind in KINDS.items():
            asker = asker_of(kind.permission)
            file = stored_file("secret.txt", "text/plain", b"secret link")
            file.account_id = world.account[asker]
            session.add(file)
            session.flush()
            job = Job(
                kind=name,
                title=f"job {name} of all",
                arguments={},
                state=JobState.FAILED,
                file_id=file.id,
                account_id=world.account[asker],
                grant_id=world.grant[asker],
                created_at=NOW,
                finished_at=NOW,
            )
            session.add(job)
            session.flush()
            made[name] = job.id
    return made


@pytest.mark.long
def test_a_job_is_of_who_may_do_what_it_did(
    app: Portal, world: World, client_as: Callable[[str], PortalClient]
) -> None:
    """Who may opens page and file; of a stranger each person and kind meets one door, all four in turn."""
    jobs = jobs_of_every_kind(app, world)
    doors = itertools.cycle(("", "/file", "/stop", "/again"))
    for person, role in ROLE_OF.items():
        client = client_as(person)
        listed = client.get("/jobs").text
        for name, kind in KINDS.items():
            own = asker_of(kind.permission) == person
            holds = kind.permission in GRANTS[role] if kind.permission else own
            may = holds and (own or person in COUNTRY)
            page = f"/jobs/{jobs[name]}"
            assert (f"job {name} of all" in listed) == may, (person, name)
            if may:
                assert client.get(page).status_code == client.get(f"{page}/file").status_code == 200, (
                    person,
                    name,
                )
                continue
            door = next(doors)
            ask = client.get if door in {"", "/file"} else client.submit
            assert ask(f"{page}{door}").status_code == 404, (person, name, door)


def test_starting_again_is_ones_own_act_with_an_event(
    app: Portal, world: World, client_as: Callable[[str], PortalClient]
) -> None:
    jobs = jobs_of_every_kind(app, world)
    for name, kind in KINDS.items():
        person = asker_of(kind.permission)
        assert client_as(person).submit(f"/jobs/{jobs[name]}/again").status_code == 302
    with app.app_context(), privileged("a test looks") as session:
        for name, kind in KINDS.items():
            job = session.get_one(Job, jobs[name])
            assert job.account_id == world.account[asker_of(kind.permission)]
        events = select(AuditEvent.row).where(AuditEvent.act == "job.again")
        assert set(session.scalars(events)) == {str(key) for key in jobs.values()}
