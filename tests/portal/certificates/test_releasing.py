"""Certificates are released once, of agencies with a total and a grade; nothing of them changes later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, event, func, select, update
from sqlalchemy.exc import DBAPIError

from models.audit import AuditEvent
from models.certificate import Certificate, CertificateRelease
from models.letter_office import Signatory
from models.participation import Participation
from models.place import Province
from models.result import Result
from models.round import RoundState
from portal.certificates import lists, outlook, releasing
from portal.certificates.lists import CertificateQuery, Standing
from portal.certificates.outlook import ALREADY, NO_SETTINGS, NOBODY
from portal.core.audit import first_broken
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.letters.offices import Ways, save_texts
from portal.results.computing import NOT_ASSESSABLE, WITHHELD
from tests.portal.results.test_lists import opened, prepared
from tests.support.certificates import (
    DAY,
    kept,
    one,
    opened_round,
    released,
    signatory_id,
    the_round,
)
from tests.support.letters import OFFICES, SIGNATORY, set_up
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres


def try_to_release(world: World, *, signs: int | None = None, dated: date = DAY) -> CertificateRelease:
    with acting_as(world.actor("nacc")):
        who = signatory_id() if signs is None else signs
        return releasing.release(the_round(world), signatory_id=who, dated=dated)


def refused_for(world: World, **choice: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        try_to_release(world, **choice)
    return refused.value


def number_of_rows(model: Any) -> int:
    with privileged("a test counts") as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_agencies_with_a_grade_get_one_and_no_others(app: Portal, world: World) -> None:
    with app.app_context():
        opened_round(world)
        set_up(world, "nacc")
        with acting_as(world.actor("nacc")):
            found = outlook.outlook(the_round(world))
            assert (found.certified, found.left_out) == (2, 2)
            assert dict(found.without) == {NOT_ASSESSABLE: 1, WITHHELD: 1}
        try_to_release(world)
        assert kept(world, "b1") is None and kept(world, "b2") is None
        first, second = one(world, "a1"), one(world, "a2")
        assert {first.number, second.number} == {1, 2}
        assert (first.data["total"], first.grade, first.data["passes"]) == ("100.00", "AA", True)
        assert first.data["full_name"] == "เทศบาลตำบลเกาะคา" and first.data["district"] == "เกาะคา"
        assert first.release.signatory == SIGNATORY and first.release.dated == DAY
        assert first.release.count == 2 and len(first.public_id) == 32
        assert first.public_id != second.public_id


def test_they_are_numbered_by_province_then_by_name(app: Portal, world: World) -> None:
    with app.app_context():
        opened_round(world)
        set_up(world, "nacc")
        with writing(), privileged("a test grades all") as session:
            session.execute(update(Result).values(total=90, grade="A", reason=""))
        try_to_release(world)
        with privileged("a test looks") as session:
            query = select(Certificate.participation_id).order_by(Certificate.number)
            numbered = session.scalars(query).all()
            by_place = select(Participation.id).join(Province, Province.id == Participation.province_id)
            wanted = session.scalars(by_place.order_by(Province.sort_key, Participation.sort_key)).all()
        assert list(numbered) == list(wanted) and len(wanted) == 4


def test_a_round_without_a_pass_mark_certifies_none(app: Portal, world: World) -> None:
    with app.app_context():
        opened_round(world)
        set_up(world, "nacc")
        with acting_as(world.actor("nacc")):
            round = the_round(world)
            for band in round.bands:
                db.session.expunge(band)
                band.passes = False
            said = releasing.papers.said_by(round)(outlook.graded(round)[0])
        assert (said["passes"], said["pass_mark"]) == (None, None)


@pytest.mark.parametrize("state", [RoundState.OPEN, RoundState.CLOSED])
def test_nothing_is_released_before_the_results_are_shown(
    app: Portal, world: World, state: RoundState
) -> None:
    with app.app_context():
        prepared(world)
        opened(world, state)
        set_up(world, "nacc")
        assert "once the boxes" in refused_for(world).message_id
        with acting_as(world.actor("nacc")), pytest.raises(Refused):
            outlook.longest_named(the_round(world))


def test_an_office_says_first_who_it_is(app: Portal, world: World) -> None:
    with app.app_context():
        opened_round(world)
        assert refused_for(world, signs=1).message_id == NO_SETTINGS
        with acting_as(world.actor("nacc")):
            save_texts(OFFICES["nacc"], {"name": "สำนักงานทดลอง"})
        assert refused_for(world, signs=1).message_id == NO_SETTINGS


def test_a_font_that_is_not_there_is_told_before(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        opened_round(world)
        with monkeypatch.context() as patch:
            patch.setattr("portal.letters.offices.is_installed", lambda family: True)
            set_up(world, "nacc", {"typeface": "genuine"})
        monkeypatch.setattr("portal.letters.offices.is_installed", lambda family: False)
        refused = refused_for(world)
        assert "is not installed" in refused.message_id and refused.values["font"] == "TH Sarabun New"


def test_an_office_that_signs_by_key_has_one(app: Portal, world: World) -> None:
    with app.app_context():
        opened_round(world)
        set_up(world, "nacc", ways=Ways(by_key=True))
        assert "no key of this office" in refused_for(world).message_id


def test_nobody_graded_nothing_to_certify(app: Portal, world: World) -> None:
    with app.app_context():
        opened_round(world)
        set_up(world, "nacc")
        with writing(), privileged("a test takes the grades") as session:
            session.execute(update(Result).values(total=None, grade=None, reason=WITHHELD))
        assert refused_for(world).message_id == NOBODY


def test_who_signs_and_the_day_are_looked_at(app: Portal, world: World) -> None:
    with app.app_context():
        opened_round(world)
        set_up(world, "nacc")
        nobody = refused_for(world, signs=0)
        assert nobody.field == "signatory" and "Choose who signs" in nobody.message_id
        ahead = refused_for(world, dated=DAY + timedelta(days=1))
        assert ahead.field == "dated" and "cannot lie ahead" in ahead.message_id
        early = refused_for(world, dated=DAY - timedelta(days=1))
        assert early.field == "dated" and "no earlier day" in early.message_id
        with writing(), privileged("an order that ended") as session:
            session.execute(update(Signatory).values(until=DAY - timedelta(days=1)))
        ended = refused_for(world)
        assert ended.field == "signatory" and "does not hold" in ended.message_id
        assert number_of_rows(Certificate) == number_of_rows(CertificateRelease) == 0


def test_a_second_time_is_refused(app: Portal, world: World) -> None:
    with app.app_context():
        released(world)
        assert refused_for(world).message_id == ALREADY
        assert number_of_rows(Certificate) == 2


def test_the_release_is_one_event_with_a_digest(app: Portal, world: World) -> None:
    with app.app_context():
        released(world)
        with privileged("a test looks") as session:
            written = session.scalars(select(AuditEvent).where(AuditEvent.act == "certificate.release")).one()
            assert written.after["count"] == 2 and len(written.after["digest"]) == 64
            assert "letterhead" not in written.after
            assert first_broken(session) is None


def test_thousands_are_a_few_statements(app: Portal, world: World) -> None:
    """No query per row: how many statements are sent does not follow the agencies."""
    with app.app_context():
        opened_round(world)
        set_up(world, "nacc")
        sent: list[str] = []
        engine = db.engine

        def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            sent.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            try_to_release(world)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        assert len([line for line in sent if "INTO certificate " in line]) == 1
        assert len(sent) < 40


FIXED: dict[str, Callable[[], dict[str, Any]]] = {
    "number": lambda: {"number": 9},
    "data": lambda: {"data": {"total": "100.00"}},
    "grade": lambda: {"grade": "A"},
    "public_id": lambda: {"public_id": "f" * 32},
}


@pytest.mark.parametrize("what", FIXED)
def test_what_was_released_never_changes(app: Portal, world: World, what: str) -> None:
    with app.app_context():
        released(world)
        key = one(world, "a1").id
        with (
            pytest.raises(DBAPIError, match="in the record of certificates"),
            writing(),
            privileged("a test tries") as session,
        ):
            session.execute(update(Certificate).where(Certificate.id == key).values(FIXED[what]()))


@pytest.mark.parametrize(
    "act",
    [
        delete(Certificate),
        delete(CertificateRelease),
        update(CertificateRelease).values(signatory="ผู้อื่น"),
    ],
    ids=["certificates deleted", "release deleted", "release changed"],
)
def test_nothing_is_deleted_and_a_release_stays(app: Portal, world: World, act: Any) -> None:
    with app.app_context():
        released(world)
        with pytest.raises(DBAPIError), writing(), privileged("a test tries") as session:
            session.execute(act)


def test_it_is_withdrawn_once_with_a_reason(app: Portal, world: World) -> None:
    with app.app_context():
        released(world)
        key = one(world, "a1").id

        def withdraw(reason: str) -> None:
            with acting_as(world.actor("nacc")):
                releasing.withdraw(db.session.get_one(Certificate, key), reason)

        with pytest.raises(Refused, match="Say why"):
            withdraw("  ")
        withdraw("คะแนนผิด")
        gone = one(world, "a1")
        assert not gone.holds and gone.reason == "คะแนนผิด"
        with pytest.raises(Refused, match="withdrawn already"):
            withdraw("อีกครั้ง")
        assert one(world, "a2").holds
        with (
            pytest.raises(DBAPIError, match="in the record"),
            writing(),
            privileged("a test tries") as session,
        ):
            gone_too = update(Certificate).where(Certificate.id == key)
            session.execute(gone_too.values(withdrawn_at=None, reason=""))


def test_a_list_is_narrowed(app: Portal, world: World) -> None:
    with app.app_context():
        released(world)
        first = one(world, "a1")
        with acting_as(world.actor("nacc")):
            releasing.withdraw(db.session.get_one(Certificate, first.id), "ผิด")
            round = the_round(world)

            def found(**how: Any) -> list[str]:
                criteria = CertificateQuery(**how)
                rows = lists.rows_of(round, criteria, page=1)
                assert lists.count_of(round, criteria) == len(rows)
                assert criteria.narrows is bool(how)
                return [row.data["full_name"] for row in rows]

            both = found()
            assert len(both) == 2
            assert found(search="เกาะคา กระบี่") == [] and len(found(search="อบต.ท่าผา")) == 1
            assert found(search=first.number_said) == found(search=str(first.number)) == ["เทศบาลตำบลเกาะคา"]
            assert found(standing=Standing.WITHDRAWN) == ["เทศบาลตำบลเกาะคา"]
            assert len(found(standing=Standing.IN_FORCE)) == 1
            assert found(grade="AA") == ["เทศบาลตำบลเกาะคา"]
            assert found(province_id=world.province["81"]) == []
            assert lists.rows_of(round, CertificateQuery(), page=2) == []
            assert len(lists.rows_of(round, CertificateQuery())) == 2


def test_each_desk_reads_the_certificates_of_its_own(app: Portal, world: World) -> None:
    with app.app_context():
        released(world)
        seen = {}
        for person in (
            "nacc",
            "dla",
            "province",
            "province_other",
            "agency_admin",
            "executive_other",
            "assessor",
        ):
            with acting_as(world.actor(person)):
                seen[person] = len(db.session.scalars(select(Certificate)).all())
        assert seen == {
            "nacc": 2, "dla": 2, "province": 2, "province_other": 0, "agency_admin": 1, "executive_other": 0,
            "assessor": 2,
        }  # fmt: skip


@pytest.mark.parametrize("person", ["agency_admin", "province", "assessor"])
def test_nobody_below_the_country_writes_one(app: Portal, world: World, person: str) -> None:
    """PostgreSQL holds it too: whoever reads a certificate there only reads it."""
    with app.app_context():
        released(world)
        if db.engine.dialect.name != "postgresql":
            return
        with pytest.raises(DBAPIError), acting_as(world.actor(person)):
            found = db.session.scalars(select(Certificate)).first()
            assert found is not None
            found.withdrawn_at, found.reason = NOW, "ผิด"
            db.session.flush()
