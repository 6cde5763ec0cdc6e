"""Certificates of tests: an opened round, NACC's office, the release and what came of it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from models.certificate import Certificate, CertificateRelease
from models.place import Province
from models.round import Round
from portal.certificates import releasing
from portal.core.database.session import db, privileged
from portal.letters.offices import Ways, office_row
from tests.portal.results.test_lists import opened, prepared
from tests.support.letters import OFFICES, set_up
from tests.support.world import NOW, World, acting_as

DAY: date = NOW.date()


def opened_round(world: World) -> None:
    """Results are shown: a1 has 100 points, a2 80, b1 is withheld, b2 was not confirmed."""
    prepared(world)
    opened(world)


def the_round(world: World) -> Round:
    """The round of the world, in the session of now."""
    return db.session.get_one(Round, world.round_id)


def signatory_id() -> int:
    """Who signs for NACC (needs an actor of the country)."""
    office = office_row(OFFICES["nacc"])
    assert office is not None
    return office.signatories[0].id


def released(world: World, *, ways: Ways | None = None) -> None:
    """NACC releases the certificates of an opened round."""
    opened_round(world)
    set_up(world, "nacc", ways=ways)
    with acting_as(world.actor("nacc")):
        releasing.release(the_round(world), signatory_id=signatory_id(), dated=DAY)


def kept(world: World, agency: str) -> Certificate | None:
    """The certificate of an agency as it is stored, with its release; detached."""
    with privileged("a test looks") as session:
        key = world.participation[agency]
        found = session.scalar(select(Certificate).where(Certificate.participation_id == key))
        if found is not None:
            session.refresh(found)
            assert isinstance(found.release, CertificateRelease)
            assert found.file is None or found.file.sha256
        session.expunge_all()
        return found


def one(world: World, agency: str) -> Certificate:
    """As ``kept``, of an agency that has one."""
    found = kept(world, agency)
    assert found is not None
    return found


def ordered(world: World, person: str, agency: str) -> int:
    """A person orders the print of an agency's certificate; gives the job's id."""
    query = select(Certificate).where(Certificate.participation_id == world.participation[agency])
    with acting_as(world.actor(person)) as actor:
        return releasing.order_print(db.session.scalars(query).one(), actor=actor).id


def province_ordered(world: World, person: str, code: str = "52") -> int:
    """A person orders the certificates of a province as one file; gives the job's id."""
    with acting_as(world.actor(person)) as actor:
        province = db.session.get_one(Province, world.province[code])
        return releasing.order_province(the_round(world), province, actor=actor).id
