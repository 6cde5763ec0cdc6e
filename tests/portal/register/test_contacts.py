"""Contacts of agencies and provinces: who keeps whose, when they are looked through, whom people call."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import ProgrammingError

from models.agency import Agency
from models.contact import AgencyContact, ProvinceContact
from models.place import District, Province
from portal.core.database.session import db, privileged, writing
from portal.core.errors import NotFound, Refused, ScopeViolation, Stale
from portal.core.web import Portal
from portal.register import contacts
from portal.register.agencies import settle_agency
from tests.factories.base import Make
from tests.factories.onboarding import AgencyContactFactory
from tests.support.record import events_of
from tests.support.world import NOW, World, acting_as, row

pytestmark = pytest.mark.postgres


def save(world: World, person: str, agency: str = "a1", **typed: str) -> AgencyContact:
    """Saved as a person; gives the row as it is then."""
    actor = world.actor(person)
    with acting_as(actor):
        place = row(Agency, world.agency[agency])
        contacts.save(place, {"phone": "0 2555 0100", **typed}, actor=actor)
        db.session.commit()
        contact = contacts.contact_of(place.id)
        assert contact is not None
        db.session.expunge(contact)
        return contact


@pytest.mark.parametrize("person", ["agency_admin", "executive"])
def test_an_agency_keeps_its_own_and_has_then_looked_them_through(
    app: Portal, world: World, person: str
) -> None:
    with app.app_context():
        kept = save(world, person, email="saraban@example.go.th")
        assert (kept.phone, kept.email) == ("025550100", "saraban@example.go.th")
        assert (kept.reviewed_at, kept.reviewed_by_id) == (NOW, world.account[person])
        [event] = events_of("contacts.save")
        assert event.chain == f"agency:{world.agency['a1']}"


def test_what_an_office_changed_waits_until_the_agency_looks_it_through(app: Portal, world: World) -> None:
    with app.app_context():
        save(world, "agency_admin")
        assert save(world, "province").reviewed_at == NOW, "nothing was changed"
        changed = save(world, "province", phone="0 2555 0199")
        assert (changed.reviewed_at, changed.reviewed_by_id) == (None, None)
        actor = world.actor("executive")
        with acting_as(actor):
            assert not contacts.is_looked_through(contacts.contact_of(world.agency["a1"]), None)
            seen = contacts.look_through(world.agency["a1"], actor=actor)
            assert contacts.is_looked_through(seen, NOW)
            assert not contacts.is_looked_through(seen, NOW + timedelta(seconds=1))
            db.session.commit()
        assert len(events_of("contacts.review")) == 1


@pytest.mark.parametrize(
    ("person", "agency"), [("agency_admin", "b1"), ("province", "b1"), ("assessor", "a1"), ("nacc", "a1")]
)
def test_nobody_else_keeps_them(app: Portal, world: World, person: str, agency: str) -> None:
    with app.app_context():
        with acting_as(world.actor("dla")):
            place = row(Agency, world.agency[agency])
        with acting_as(world.actor(person)), pytest.raises(NotFound):
            contacts.save(place, {"phone": "0 2555 0100"}, actor=world.actor(person))


@pytest.mark.parametrize("person", ["province", "dla", "executive_other"])
def test_nobody_else_says_that_they_are_right(app: Portal, world: World, person: str) -> None:
    with app.app_context():
        save(world, "agency_admin")
        with acting_as(world.actor(person)), pytest.raises(NotFound):
            contacts.look_through(world.agency["a1"], actor=world.actor(person))


def test_nothing_is_nothing_to_look_through(app: Portal, world: World) -> None:
    with app.app_context():
        actor = world.actor("agency_admin")
        with acting_as(actor), pytest.raises(Refused, match="no contacts to look through"):
            contacts.look_through(world.agency["a1"], actor=actor)


def test_an_older_page_saves_and_confirms_nothing(app: Portal, world: World) -> None:
    with app.app_context():
        save(world, "agency_admin")
        actor = world.actor("agency_admin")
        with acting_as(actor):
            place = row(Agency, world.agency["a1"])
            with pytest.raises(Stale):
                contacts.save(place, {"phone": "0 2555 0101"}, seen_version=0, actor=actor)
            with pytest.raises(Stale):
                contacts.look_through(place.id, seen_version=7, actor=actor)


def test_each_desk_reads_the_contacts_of_its_own_agencies(app: Portal, world: World, make: Make) -> None:
    with app.app_context():
        for key in ("a1", "a2", "b1"):
            save(world, "dla", key)
        seen = {}
        for person in ("dla", "nacc", "province", "agency_admin", "assessor", "assessor_other"):
            with acting_as(world.actor(person)):
                seen[person] = db.session.scalar(select(func.count()).select_from(AgencyContact))
    expected = {"dla": 3, "nacc": 3, "province": 2, "agency_admin": 1, "assessor": 2, "assessor_other": 1}
    assert seen == expected


@pytest.mark.only("postgres")
@pytest.mark.parametrize(
    ("person", "foreign"), [("agency_admin", "a2"), ("province", "b1"), ("assessor", "a1")]
)
def test_the_database_itself_refuses_contacts_of_others(
    app: Portal, world: World, person: str, foreign: str
) -> None:
    province_id = world.province["52" if foreign.startswith("a") else "81"]
    values = {"agency_id": world.agency[foreign], "province_id": province_id, "version": 1}
    texts = dict.fromkeys(("phone", "email", "website", "address", "line", "person"), "")
    with app.app_context(), acting_as(world.actor(person)), pytest.raises(ProgrammingError):
        db.session.connection().execute(insert(AgencyContact).values(**values, **texts))


@pytest.mark.only("postgres")
def test_the_database_itself_refuses_the_office_of_another_province(app: Portal, world: World) -> None:
    texts = dict.fromkeys(("phone", "email", "line", "person"), "")
    values = {"province_id": world.province["81"], "version": 1, **texts}
    with app.app_context(), acting_as(world.actor("province")), pytest.raises(ProgrammingError):
        db.session.connection().execute(insert(ProvinceContact).values(**values))
    with app.app_context(), acting_as(world.actor("agency_admin")), pytest.raises(ProgrammingError):
        db.session.connection().execute(update(ProvinceContact).values(phone="x"))


@pytest.mark.parametrize("person", ["province", "dla"])
def test_a_province_keeps_whom_its_agencies_call(app: Portal, world: World, person: str) -> None:
    with app.app_context():
        actor = world.actor(person)
        with acting_as(actor):
            place = db.session.get_one(Province, world.province["52"])
            contacts.save_province(place, {"phone": "0 2555 0199", "person": "ท้องถิ่นทดลอง"}, actor=actor)
            db.session.commit()
            kept = contacts.province_contact(place.id)
            assert kept is not None and kept.phone == "025550199"
        [event] = events_of("contacts.save")
        assert event.chain == f"province:{world.province['52']}"


@pytest.mark.parametrize("person", ["province_other", "agency_admin", "nacc"])
def test_nobody_else_keeps_the_office_of_a_province(app: Portal, world: World, person: str) -> None:
    with app.app_context():
        actor = world.actor(person)
        with acting_as(actor):
            place = db.session.get_one(Province, world.province["52"])
            with pytest.raises(NotFound):
                contacts.save_province(place, {"phone": "0 2555 0199"}, actor=actor)


def test_the_session_refuses_the_office_of_another_province(app: Portal, world: World) -> None:
    with app.app_context(), acting_as(world.actor("province")):
        db.session.add(ProvinceContact(province_id=world.province["81"]))
        with pytest.raises(ScopeViolation):
            db.session.flush()
        db.session.rollback()


@pytest.mark.parametrize("reached_by", ["phone", "email", "line"])
def test_any_way_to_reach_somebody_counts(reached_by: str) -> None:
    nothing = {"phone": "", "email": "", "line": ""}
    assert contacts.has_any(AgencyContact(**{**nothing, reached_by: "x"}))
    assert not contacts.has_any(AgencyContact(**nothing))
    assert not contacts.has_any(None)


def test_contacts_go_with_their_agency_to_another_province(app: Portal, world: World) -> None:
    with app.app_context():
        save(world, "dla", "a2")
        with acting_as(world.actor("dla")):
            agency = db.session.get_one(Agency, world.agency["a2"])
            agency.district = db.session.scalars(select(District).where(District.code == "8101")).one()
            settle_agency(agency)
            db.session.commit()
        for person, seen in (("province", False), ("province_other", True)):
            with acting_as(world.actor(person)):
                assert (contacts.contact_of(world.agency["a2"]) is not None) is seen


def test_contacts_go_with_an_agency_that_is_deleted(app: Portal, make: Make) -> None:
    contact = make(AgencyContactFactory)
    with app.app_context(), writing(), privileged("an agency is taken off the register") as session:
        session.execute(delete(Agency).where(Agency.id == contact.agency_id))
    with app.app_context():
        assert row(AgencyContact, contact.id) is None
