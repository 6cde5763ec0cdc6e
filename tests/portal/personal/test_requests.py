"""Requests about own data: what each does to the row, when, and who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.letter import StoredFile
from models.participation import Participation
from models.personal import DataRequest, RefusalGround, RequestKind, RequestOutcome
from models.round import Round
from portal import duties
from portal.assessors.draw import drawn_numbers
from portal.core.acting import acting, seated
from portal.core.database.session import db, privileged, writing
from portal.core.errors import NotFound, Refused, Stale
from portal.core.files import ROSTER_BEFORE_IMPORT, keep, name_about, stored_file
from portal.core.web import Portal
from portal.personal import erasing, requests
from portal.rosters.file import Person
from portal.rosters.importing import contacts
from tests.support.personal import LATER, asked, boxes_opened, entries, request_of
from tests.support.rosters import draw, fill_roster, name_of, phone_of
from tests.support.world import NOW, World

pytestmark = pytest.mark.postgres
Kind = RequestKind
TODAY = NOW.date()
GROUP = 1


def answered(world: World, key: int, how: Callable[..., object], *given: object, **more: object) -> object:
    """The admin of a1 answers a request."""
    with acting(world.actor(str(more.pop("person", "agency_admin")))) as actor:
        request = db.session.scalar(select(DataRequest).where(DataRequest.id == key))
        if request is None:
            raise NotFound
        return how(request, *given, actor=actor, **more)


def person_of(world: World, number: int = 1) -> tuple[str, str]:
    """Name and telephone of a row of a1."""
    told = contacts(entries(world), world.participation["a1"])
    row = next(one for one in told if one.number == number)
    return row.name, row.phone


def count_of(world: World) -> int:
    with privileged("a test looks") as session:
        return session.get_one(Participation, world.participation["a1"]).roster_count


def test_it_is_due_in_thirty_days_and_holds_nothing_of_the_person(app: Portal, world: World) -> None:
    fill_roster(app, world, people=3)
    with app.app_context():
        key = asked(world, Kind.SEE, 2, received_on=TODAY - timedelta(days=3))
        found = request_of(key)
        assert (found.number, found.due_on) == (2, TODAY + timedelta(days=27))
        with pytest.raises(Refused, match="asked for"):
            asked(world, Kind.SEE, 2)
        assert asked(world, Kind.REMOVE, 2) and asked(world, Kind.SEE, 1)
        for day, why in ((TODAY + timedelta(days=1), "ahead"), (date(2015, 1, 1), "year ago")):
            with pytest.raises(Refused, match=why):
                asked(world, Kind.CORRECT, 1, received_on=day)
        with privileged("a test looks") as session:
            events = str([(one.before, one.after) for one in session.scalars(select(AuditEvent))])
        assert name_of("a1", 2) not in events and phone_of(2) not in events


def test_a_copy_is_given_once(app: Portal, world: World) -> None:
    fill_roster(app, world, people=1)
    with app.app_context():
        key = asked(world, Kind.SEE)
        with pytest.raises(Stale):
            answered(world, key, requests.show, seen_version=7)
        for person in ("executive", "dla"):
            with pytest.raises(NotFound):
                answered(world, key, requests.show, person=person)
        answered(world, key, requests.show)
        found = request_of(key)
        assert found.outcome is RequestOutcome.DONE and not found.is_open
        with pytest.raises(Refused, match="answered already"):
            answered(world, key, requests.refuse, RefusalGround.NOT_PROVEN)
        assert asked(world, Kind.SEE), "who asked once may ask again"


def test_a_correction_changes_the_person_and_nothing_else(app: Portal, world: World) -> None:
    calls = draw(app, world)
    with app.app_context():
        before = entries(world)[0]
        key = asked(world, Kind.CORRECT)
        said = Person(0, "นางสมมติ แก้แล้ว", "", before.group_id + 1, "0899999999", "")
        answered(world, key, requests.correct, said)
        after = entries(world)[0]
        assert person_of(world) == ("นางสมมติ แก้แล้ว", "0899999999")
        assert (after.number, after.group_id, after.id) == (before.number, before.group_id, before.id)
        assert len(calls) == 5 and request_of(key).outcome is RequestOutcome.DONE
        other = asked(world, Kind.CORRECT, 2)
        wrong = answered(world, other, requests.correct, said)
        assert getattr(wrong, "column", "") == "name" and request_of(other).is_open


def test_before_the_draw_a_person_goes_with_the_row(app: Portal, world: World) -> None:
    fill_roster(app, world, people=2)
    with app.app_context():
        key, other = asked(world, Kind.REMOVE, 1), asked(world, Kind.SEE, 1)
        answered(world, key, requests.remove)
        assert [one.number for one in entries(world)] == [2] and count_of(world) == 1
        assert request_of(key).roster_entry_id is None and request_of(other).roster_entry_id is None
        with pytest.raises(Refused, match="nothing left"):
            answered(world, other, requests.show)
        answered(world, other, requests.refuse, RefusalGround.ERASED)
        last = asked(world, Kind.REMOVE, 2)
        answered(world, last, requests.remove)
        assert [one.erased_at is not None for one in entries(world)] == [True], "the last row is blanked"
        assert count_of(world) == 1


def test_after_the_draw_the_row_stays_without_the_person(app: Portal, world: World) -> None:
    calls = draw(app, world)
    with app.app_context():
        key = asked(world, Kind.REMOVE, 1)
        answered(world, key, requests.remove)
        row = entries(world)[0]
        assert person_of(world) == ("", "") and row.fingerprint == b"1" and count_of(world) == 40
        again = asked(world, Kind.REMOVE, 1)
        answered(world, again, requests.remove)
        assert request_of(again).outcome is RequestOutcome.DONE, "nothing is left: that was asked"
        with seated(world.actor("assessor")):
            own = db.session.get_one(Participation, world.participation["a1"])
            assert len(drawn_numbers(own)) == len(calls) == 5


def test_copies_from_before_go_with_the_next_duty(app: Portal, world: World) -> None:
    fill_roster(app, world, people=2)
    with app.app_context():
        for agency in ("a1", "a2"):
            with writing(), privileged("a test keeps a copy") as session:
                file = stored_file(
                    name_about(world.participation[agency], "1|x"), ROSTER_BEFORE_IMPORT, b"sealed"
                )
                keep(session, file, account_id=world.account["agency_admin"])
        key = asked(world, Kind.REMOVE)
        duties.drop_copies_of_rosters()
        answered(world, key, requests.remove)
        duties.drop_copies_of_rosters()
        with privileged("a test looks") as session:
            left = session.scalars(select(StoredFile.name)).all()
        assert left == [name_about(world.participation["a2"], "1|x")]


def test_once_a_round_is_erased_a_copy_can_only_be_refused(
    app: Portal, world: World, clock: Callable[[object], None]
) -> None:
    fill_roster(app, world, people=1)
    with app.app_context():
        see, remove = asked(world, Kind.SEE), asked(world, Kind.REMOVE)
        boxes_opened(world)
        clock(LATER)
        erasing.erase(world.round_id)
        with pytest.raises(Refused, match="nothing left"):
            answered(world, see, requests.show)
        answered(world, see, requests.refuse, RefusalGround.ERASED)
        answered(world, remove, requests.remove)
        assert request_of(remove).outcome is RequestOutcome.DONE


def test_offices_above_count_and_agencies_read_their_own(app: Portal, world: World) -> None:
    fill_roster(app, world, people=2)
    with app.app_context():
        asked(world, Kind.SEE, 1, received_on=TODAY - timedelta(days=31))
        asked(world, Kind.CORRECT, 2)
        answered(world, asked(world, Kind.SEE, 2), requests.show)
        for person, found in (
            ("dla", [(2, 1, 1)]),
            ("province", [(2, 1, 1)]),
            ("province_other", []),
            ("agency_admin_other", []),
        ):
            with seated(world.actor(person)):
                query = requests.counts_by_agency(db.session.get_one(Round, world.round_id))
                rows = db.session.execute(query).all()
                assert [(one.waiting, one.late, one.answered) for one in rows] == found, person
        with seated(world.actor("dla")):
            late = requests.counts_by_agency(
                db.session.get_one(Round, world.round_id), search="ไม่มีที่นี่", late_only=True
            )
            assert db.session.execute(late).all() == []
