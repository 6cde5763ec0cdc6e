"""Collecting at the office: EIT alone, while the assessor asks for it, and not undone once an answer came."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from models.ballot import Mark, SealedAnswer
from models.instrument import InstrumentKind
from models.on_site import OnSiteLink
from models.participation import Participation
from models.roster import RosterVerdict
from models.survey import AnswerCount, Channel, DailyCount
from portal.ballot.box import CastResult, cast
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.surveys.on_site import at_the_office, came
from tests.factories.base import Make
from tests.factories.work import AnswerCountFactory, QuarterCountFactory, RosterJudgementFactory
from tests.support.on_site import judged, office_codes
from tests.support.respondents import EIT, IIT, LINES, box, citizen_id, confirm
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres
ON_SITE = Channel.ON_SITE


@pytest.fixture(autouse=True)
def confirmed(app: Portal, world: World) -> None:
    confirm(app, world, "a1", "b1")


def sent(world: World, number: int = 1, *, agency: str = "a1", kind: InstrumentKind = EIT) -> CastResult:
    answers = bytes([1]) * LINES[kind]
    form = bytes([number]) * 16
    return cast(box(world, agency, kind), citizen_id(number), answers, channel=ON_SITE, form=form)


def rows(*models: type) -> list[int]:
    with privileged("a test counts") as session:
        return [session.scalar(select(func.count()).select_from(model)) or 0 for model in models]


def test_the_judgement_makes_the_link_and_takes_it_back(app: Portal, world: World) -> None:
    with app.app_context():
        judged(world)
        (first,) = office_codes()
        judged(world)
        assert office_codes() == [first], "judged again in the same way it stays"
        judged(world, RosterVerdict.REPRESENTATIVE)
        assert office_codes() == []
        judged(world)
        assert office_codes() != [first], "an old code never works again"


def test_an_answer_is_counted_by_its_channel_and_the_judgement_then_stands(app: Portal, world: World) -> None:
    with app.app_context():
        judged(world)
        assert sent(world) is CastResult.ACCEPTED
        assert sent(world) is CastResult.REPEATED
        with pytest.raises(Refused, match="collected at the office already"):
            judged(world, RosterVerdict.REPRESENTATIVE)
        assert len(office_codes()) == 1
        with privileged("a test looks") as session:
            (count,) = session.scalars(select(AnswerCount))
            counted = (count.instrument, count.channel, count.count)
    assert counted == (EIT, ON_SITE, 1)


@pytest.mark.parametrize(("agency", "kind"), [("a1", IIT), ("b1", EIT)])
def test_nothing_is_taken_that_was_not_asked_for(
    app: Portal, world: World, agency: str, kind: InstrumentKind
) -> None:
    """Neither of staff, nor at an agency whose assessor did not ask: not even a mark stays."""
    with app.app_context():
        judged(world)
        assert sent(world, agency=agency, kind=kind) is CastResult.NOT_ASKED
        assert rows(Mark, SealedAnswer, AnswerCount, DailyCount) == [0, 0, 0, 0]


def test_the_database_keeps_no_link_without_the_judgement(app: Portal, world: World, make: Make) -> None:
    own = world.participation["b1"]
    owner = {"agency_id": world.agency["b1"], "province_id": world.province["81"], "participation_id": own}

    def link(verdict: RosterVerdict) -> None:
        with writing(), privileged("a test writes past the service") as session:
            session.info["unrecorded"] = True
            session.add(OnSiteLink(**owner, code="x" * 21, made_at=NOW, verdict=verdict))

    with app.app_context():
        with pytest.raises(IntegrityError):
            link(RosterVerdict.COLLECT_ON_SITE)
        row = {**owner, "verdict": RosterVerdict.REPRESENTATIVE}
        make(RosterJudgementFactory, **row)
        for verdict in (RosterVerdict.COLLECT_ON_SITE, RosterVerdict.REPRESENTATIVE):
            with pytest.raises(IntegrityError):
                link(verdict)


@pytest.mark.parametrize(
    ("number", "said"), [(0, "ยังไม่มีผู้ตอบ"), (1, "น้อยกว่า 10 คน"), (9, "น้อยกว่า 10 คน"), (10, "ตอบที่ที่ทำการ 10 คน")]
)
def test_a_number_too_small_to_hide_in_is_not_said(
    app: Portal, world: World, make: Make, number: int, said: str
) -> None:
    with app.app_context():
        judged(world)
        with acting_as(world.actor("agency_admin")):
            own = db.session.get_one(Participation, world.participation["a1"])
            db.session.expunge(own)
        if number:
            for kind in (AnswerCountFactory, QuarterCountFactory):
                make(kind, participation=own, instrument=EIT, channel=ON_SITE, count=number)
        (code,) = office_codes()
        for person in ("agency_admin", "assessor"):
            with acting_as(world.actor(person)):
                own = db.session.get_one(Participation, world.participation["a1"])
                shown = at_the_office(own)
                assert said in came(own) and shown is not None and shown.url.endswith(code)
