"""Certificates in several hands at once: a round's are released once, and each is printed once."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from models.certificate import Certificate, CertificateRelease
from models.letter import StoredFile
from portal.certificates import releasing
from portal.core.database.session import privileged
from portal.core.errors import Refused
from portal.core.jobs import worker
from portal.core.web import Portal
from tests.support.certificates import DAY, one, opened_round, ordered, released, signatory_id, the_round
from tests.support.letters import made, set_up
from tests.support.races import AT_ONCE, at_once, pressed, statuses, visitors
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres


def count(model: type[object]) -> int:
    with privileged("a test counts") as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_certificates_are_released_once_however_many_release(app: Portal, world: World) -> None:
    with app.app_context():
        opened_round(world)
        set_up(world, "nacc")

    def release() -> bool:
        try:
            with app.app_context(), acting_as(world.actor("nacc")):
                releasing.release(the_round(world), signatory_id=signatory_id(), dated=DAY)
                return True
        except Refused as refused:
            assert "released already" in refused.message_id
            return False

    done = at_once([release] * AT_ONCE)
    assert sum(done) == 1
    with app.app_context():
        assert (count(CertificateRelease), count(Certificate)) == (1, 2)


def test_who_presses_with_others_releases_once(app: Portal, world: World) -> None:
    with app.app_context():
        opened_round(world)
        set_up(world, "nacc")
        with acting_as(world.actor("nacc")):
            who = signatory_id()
    people = visitors(app, world, *["nacc"] * AT_ONCE)
    form = {"signatory": str(who), "dated": "9/11/2561", "meant": "y"}
    answers = pressed(people, f"/rounds/{world.round_id}/certificates/release", form)
    assert statuses(answers).count(302) == 1
    with app.app_context():
        assert (count(CertificateRelease), count(Certificate)) == (1, 2)


@pytest.mark.usefixtures("no_loop_here")
def test_two_who_print_at_once_get_one_file(app: Portal, world: World) -> None:
    with app.app_context():
        released(world)
        jobs = [ordered(world, person, "a1") for person in ("agency_admin", "executive")]
    at_once([lambda: worker.work(app, until_idle=True)] * 2)
    with app.app_context():
        first, second = (made(job).content for job in jobs)
        assert first == second
        assert one(world, "a1").file_id is not None
        assert count(StoredFile) == 3, "one with the certificate, and each job's own copy"
