"""Rosters are erased: nothing of anybody is left, in rows, copies and files, and what must stay stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models.audit import AuditEvent
from models.kept_form import KeptForm
from models.letter import StoredFile
from models.participation import Participation
from models.personal import RosterErasure
from models.roster import CIPHERED, Interview, RosterEntry, RosterJudgement, RosterVerdict
from models.round import Round
from portal import duties
from portal.core import audit
from portal.core.access import scope_of
from portal.core.acting import acting, seated
from portal.core.database.session import db, privileged, writing
from portal.core.errors import NotFound, Refused, Stale
from portal.core.files import ROSTER_BEFORE_IMPORT, ROSTER_TO_IMPORT, keep, name_about, stored_file
from portal.core.sent import kept
from portal.core.vault import roster_context, seal
from portal.core.web import Portal
from portal.personal import erasing, keeping
from portal.rosters.importing import contacts
from tests.support.canaries import stored
from tests.support.databases import Database
from tests.support.personal import LATER, boxes_opened, entries
from tests.support.record import events_of
from tests.support.rosters import draw, fill_roster, judge
from tests.support.world import NOW, World

pytestmark = pytest.mark.postgres
Clock = Callable[[object], None]


def copies(world: World) -> list[bytes]:
    """Copies of a1's roster as they lie about: between dry run and import, before one, and of a form."""
    about, account = world.participation["a1"], world.account["agency_admin"]
    sealed = [seal("บัญชีทั้งฉบับ", row_context=roster_context(about, what)) for what in ("file", "before")]
    grant_id = world.actor("agency_admin").grant_id or 0
    with writing(), privileged("a test keeps copies") as session:
        for kind, content in zip((ROSTER_TO_IMPORT, ROSTER_BEFORE_IMPORT), sealed, strict=True):
            file = stored_file(name_about(about, "roster"), kind, content)
            keep(session, file, account_id=account)
        for place in ("preparation/roster/new", "oit/1"):
            address = f"/rounds/{world.round_id}/{place}"
            plain = seal(f'[["name", "{place}"]]', row_context=kept._context(account, grant_id, address))
            session.add(
                KeptForm(
                    token_hash=place.encode().ljust(32)[:32],
                    account_id=account,
                    grant_id=grant_id,
                    sealed=plain,
                    created_at=NOW,
                    expires_at=NOW,
                )
            )
            sealed += [plain] if place.startswith("preparation") else []
    return sealed


def test_nothing_of_anybody_is_left_and_the_draw_stays(
    app: Portal, world: World, database: Database, clock: Clock
) -> None:
    calls = draw(app, world)
    with app.app_context():
        old = [bytes(getattr(one, column)) for one in entries(world) for column in CIPHERED]
        old += copies(world)
        with privileged("a test looks") as session:
            drawn = session.execute(select(Interview.id, Interview.roster_entry_id)).all()
        assert all(held_by(database, old).values()), "it is there before"
        boxes_opened(world)
        clock(LATER)
        erased = erasing.erase(world.round_id)
        assert erased.finished_at is not None and erased.data is not None
        assert (erased.data["rows"], erased.data["agencies"]) == (40, 1)
        assert held_by(database, old) == dict.fromkeys(held_by(database, old), 0)
        rows = entries(world)
        assert [one.number for one in rows] == list(range(1, 41))
        assert {one.fingerprint for one in rows} == {str(one.number).encode() for one in rows}
        told = contacts(rows, world.participation["a1"])
        assert {(one.name, one.organisation, one.phone, one.email) for one in told} == {("", "", "", "")}
        with privileged("a test looks") as session:
            assert session.execute(select(Interview.id, Interview.roster_entry_id)).all() == drawn
            assert {key for key, _entry in drawn} == set(calls)
            assert session.get_one(Participation, world.participation["a1"]).roster_count == 40
            assert len(session.scalars(select(KeptForm)).all()) == 1, "another page's form is kept"
            assert audit.first_broken(session) is None
            acts = set(session.scalars(select(AuditEvent.act)))
            assert {"rosters.erase_begin", "roster.erase", "rosters.erased"} <= acts


def held_by(database: Database, old: list[bytes]) -> dict[str, int]:
    """How many of these bytes stand in the database: in every value of every row, and in its files."""
    told = stored(database.owner_url)
    found = {"rows": sum(one.decode("latin-1") in told for one in old)}
    if database.sqlite:
        file = database.file
        whole = b"".join(path.read_bytes() for path in sorted(file.parent.glob(f"{file.name}*")))
        found["files"] = sum(one in whole for one in old)
    return found


def test_it_is_kept_until_the_boxes_are_opened_and_the_day_is_over(
    app: Portal, world: World, clock: Clock
) -> None:
    fill_roster(app, world, people=2)
    with app.app_context():
        clock(LATER)
        with pytest.raises(Refused, match="boxes"):
            erasing.erase(world.round_id)
        assert erasing.due_rounds() == []
        boxes_opened(world, until=date(2020, 6, 1))
        with pytest.raises(Refused, match="kept until"):
            erasing.erase(world.round_id)
        duties.erase_rosters()
        assert {one.erased_at for one in entries(world)} == {None}
        clock("2020-06-02T03:00:00+07:00")
        assert erasing.due_rounds() == [world.round_id]
        duties.erase_rosters()
        assert None not in {one.erased_at for one in entries(world)}
        assert erasing.due_rounds() == []
        with pytest.raises(NotFound):
            erasing.erase(99)


def test_killed_between_two_pieces_it_goes_on(
    app: Portal, world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for agency in ("a1", "a2"):
        fill_roster(app, world, agency, people=2)
    monkeypatch.setattr(erasing, "PIECE", 1)

    def killed(done: int, _all: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with app.app_context():
        boxes_opened(world)
        clock(LATER)
        with pytest.raises(KeyboardInterrupt):
            erasing.erase(world.round_id, killed)
        assert None not in {one.erased_at for one in entries(world, "a1")}
        assert {one.erased_at for one in entries(world, "a2")} == {None}
        assert erasing.due_rounds() == [world.round_id]
        first = entries(world, "a1")
        done = erasing.erase(world.round_id)
        assert done.data is not None and done.data["rows"] == 4
        assert [one.version for one in entries(world, "a1")] == [one.version for one in first]
        again = erasing.erase(world.round_id)
        assert (again.id, again.finished_at) == (done.id, done.finished_at)


def test_once_it_has_begun_no_row_gets_a_person_again(app: Portal, world: World, clock: Clock) -> None:
    fill_roster(app, world, people=1)
    with app.app_context():
        boxes_opened(world)
        clock(LATER)
        erasing.erase(world.round_id)
        for values in (
            {"erased_at": None},
            {"name_sealed": seal("นางสมมติ", row_context=roster_context(world.participation["a1"], "name"))},
        ):
            with pytest.raises(IntegrityError), writing(), privileged("a test fills a row") as session:
                session.info["unrecorded"] = True
                row = session.scalars(select(RosterEntry)).one()
                for name, value in values.items():
                    setattr(row, name, value)
                session.flush()


def set_until(world: World, day: date | None, person: str = "nacc", seen: int | None = None) -> None:
    with acting(world.actor(person)) as actor:
        round = db.session.get_one(Round, world.round_id)
        keeping.set_until(round, day, seen_version=seen, actor=actor)


def test_nacc_sets_the_day_within_reason(app: Portal, world: World, clock: Clock) -> None:
    with app.app_context():
        with seated(world.actor("nacc")):
            round = db.session.get_one(Round, world.round_id)
            last, usual = keeping.last_day_of(round), keeping.usual_day(round)
            assert last is not None and usual is not None and (usual - last).days == 180
            assert keeping.kept_until(round) == usual
        for day, why in (
            (last.replace(day=1), "lasts until"),
            (last.replace(year=last.year + 9), "five years"),
        ):
            with pytest.raises(Refused, match=why):
                set_until(world, day)
        with pytest.raises(NotFound):
            set_until(world, usual, "dla")
        with pytest.raises(Stale):
            set_until(world, usual, seen=99)
        set_until(world, usual.replace(year=usual.year + 1))
        set_until(world, None)
        clock(LATER)
        with pytest.raises(Refused, match="is over"):
            set_until(world, usual)
        boxes_opened(world)
        erasing.erase(world.round_id)
        with pytest.raises(Refused, match="erased or were"):
            set_until(world, date(2021, 1, 1))


def test_only_the_offices_of_the_country_read_erasures(app: Portal, world: World, clock: Clock) -> None:
    with app.app_context():
        boxes_opened(world)
        clock(LATER)
        erasing.erase(world.round_id)
        for person, seen in (("nacc", 1), ("dla", 1), ("province", 0), ("agency_admin", 0), ("assessor", 0)):
            actor = world.actor(person)
            with seated(actor):
                assert scope_of(actor)
                assert len(db.session.scalars(select(RosterErasure)).all()) == seen, person


def test_a_file_of_another_kind_or_agency_stays(app: Portal, world: World, clock: Clock) -> None:
    with app.app_context():
        with writing(), privileged("a test keeps files") as session:
            other = stored_file("x", "application/pdf", b"%PDF-")
            session.add(other)
        boxes_opened(world)
        clock(LATER)
        erasing.erase(world.round_id)
        with privileged("a test looks") as session:
            assert session.scalars(select(StoredFile.content_type)).all() == ["application/pdf"]


def test_what_the_assessor_wrote_of_a_roster_goes_and_never_entered_the_record(
    app: Portal, world: World, clock: Clock
) -> None:
    """It says which names are missing; the verdict stays."""
    fill_roster(app, world, people=3)
    named = "ขาดนายสมมติ ตกหล่น"
    with app.app_context():
        judge(world, RosterVerdict.MORE_NAMES, note=named)
        assert judgement(world).note == named
        (event,) = events_of("roster.judge")
        assert named not in str(event.after) and "note" in str(event.after)
        boxes_opened(world)
        clock(LATER)
        erasing.erase(world.round_id)
        assert (judgement(world).note, judgement(world).verdict) == ("", RosterVerdict.MORE_NAMES)


def judgement(world: World) -> RosterJudgement:
    with privileged("a test looks") as session:
        query = select(RosterJudgement).where(RosterJudgement.participation_id == world.participation["a1"])
        found = session.scalars(query).one()
        session.expunge_all()
        return found
