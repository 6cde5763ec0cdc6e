"""What fills the bench's database is what the portal would have stored: it opens, decrypts and verifies."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import delete, func, select

from models.assessor import Assignment
from models.audit import AuditEvent
from models.ballot import SealedAnswer
from models.instrument import InstrumentKind
from models.participation import Participation, PreparationState
from models.roster import RosterEntry
from models.survey import Channel
from portal.ballot import recount
from portal.ballot.closing import marks_left
from portal.ballot.keys import key_folder
from portal.ballot.links import SURVEYS
from portal.ballot.questionnaire import load_questionnaire
from portal.ballot.seal import Label, unseal
from portal.ballot.wall import system_read
from portal.core import audit, vault
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.tools.bench.filler import Size, fill
from tests.support.rosters import fill_roster
from tests.support.world import World

ASKED = Size(agencies=3, answers=25, people=10, events=12)


@pytest.fixture
def written(app: Portal, world: World) -> Size:
    """Filled in: a1 is the prepared agency, which has a roster; a2's chain of the record was begun."""
    vault.make_keys(app.settings.key_dir)
    fill_roster(app, world, people=2)
    with app.app_context():
        with writing(), privileged("a test prepares") as session:
            session.get_one(Participation, world.participation["a1"]).headcount = 30
            session.execute(delete(Assignment))
            chain = f"agency:{world.agency['a2']}"
            audit.record(session, act="before", thing="participation", chain=chain)
        return fill(world.round_id, ASKED, body_id=world.body["body1"], largest=4)


def test_as_much_is_written_as_each_agency_gets_whole(app: Portal, written: Size) -> None:
    """25 answers of three agencies: four to each of both surveys; the roster of the prepared one grows."""
    assert written == Size(agencies=3, answers=24, people=9 + 4, events=2 * 4)
    with app.app_context(), privileged("a test counts") as session:
        assert session.scalar(select(func.count()).select_from(RosterEntry)) == 2 + 13


def test_every_answer_opens_with_the_rounds_key_and_the_counters_fit(
    app: Portal, world: World, written: Size
) -> None:
    with app.app_context():
        assert recount.differences(world.round_id) == []
        assert marks_left(world.round_id) == written.answers
        key = key_folder().urn_key(world.round_id)
        with privileged("a test asks for the forms") as session:
            forms = {kind: load_questionnaire(session, world.round_id, kind) for kind in SURVEYS}
            agencies = dict(session.execute(select(Participation.id, Participation.agency_id)).all())
        with system_read() as connection:
            rows = connection.execute(select(SealedAnswer.__table__)).all()
    opened: Counter[InstrumentKind] = Counter()
    for row in rows:
        limits = forms[row.instrument].limits
        label = Label(world.round_id, agencies[row.participation_id], row.instrument, Channel.SELF)
        content = unseal(bytes(row.sealed), label=label, private_key=key, slots=len(limits))
        assert all(1 <= one <= most for one, most in zip(content.answers, limits, strict=True))
        opened[row.instrument] += 1
    assert opened == dict.fromkeys(SURVEYS, 12)


def test_rosters_decrypt_to_numbered_people(app: Portal, written: Size) -> None:
    with app.app_context(), privileged("a test opens rosters") as session:
        for row in session.scalars(select(RosterEntry)):
            context = vault.roster_context(row.participation_id, "name")
            assert vault.open_(row.name_sealed, row_context=context).endswith(f"{row.number}")


def test_the_record_stays_whole_and_a_chain_that_was_begun_is_left_alone(
    app: Portal, world: World, written: Size
) -> None:
    with app.app_context(), privileged("a test verifies") as session:
        assert audit.first_broken(session) is None
        mine = select(AuditEvent.act).where(AuditEvent.chain == f"agency:{world.agency['a2']}")
        assert session.scalars(mine).all() == ["before"]


def test_filled_agencies_are_confirmed_and_some_are_an_assessors(
    app: Portal, world: World, written: Size
) -> None:
    others = [world.participation[agency] for agency in ("a2", "b1", "b2")]
    with app.app_context(), privileged("a test looks") as session:
        rows = [session.get_one(Participation, key) for key in others]
        assert {(row.state, row.roster_count) for row in rows} == {(PreparationState.CONFIRMED, 3)}
        assert session.scalar(select(Participation.roster_count).where(Participation.headcount == 30)) == 6
        given = session.scalars(select(Assignment.participation_id)).all()
    assert given == others[:1], "four of ten, rounded"


@pytest.mark.parametrize(
    ("share", "agencies", "answers"), [(1, 7360, 1_340_000), (0.5, 3680, 670_000), (0, 1, 1)]
)
def test_a_share_of_the_country_is_never_nothing(share: float, agencies: int, answers: int) -> None:
    size = Size.of(share)
    assert (size.agencies, size.answers) == (agencies, answers)
