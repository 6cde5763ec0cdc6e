"""The demonstration is made once, and can be worked with at once."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.agency import Agency
from models.letter_office import LetterOffice, OfficeKind
from models.participation import Participation
from models.place import Province
from models.round import Round
from portal.core import audit
from portal.core.web import Portal
from portal.tools.demo.load import load
from tests.support.record import events_of
from tests.support.world import World


def test_where_somebody_works_already_nothing_is_loaded(app: Portal, world: World) -> None:
    assert not load(app)
    with app.app_context():
        assert not events_of("demonstration.load")


def test_its_making_is_one_event_of_a_whole_record(shown: Session) -> None:
    assert [event.thing for event in events_of("demonstration.load")] == ["round"]
    assert audit.first_broken(shown) is None


@pytest.mark.long
def test_letters_can_be_made_at_once(shown: Session) -> None:
    offices = {office.kind: office for office in shown.scalars(select(LetterOffice))}
    assert set(offices) == set(OfficeKind)
    for kind in (OfficeKind.DLA, OfficeKind.NACC):
        assert [one.name for one in offices[kind].signatories] == ["นายทดลอง ลงนาม"]
    home = shown.get_one(Province, offices[OfficeKind.PROVINCE].province_id)
    assert (home.code, home.name) == ("52", "ลำปาง")


def test_there_are_an_open_round_and_two_past_ones(shown: Session) -> None:
    years = shown.scalars(select(Round.fiscal_year).order_by(Round.fiscal_year)).all()
    assert years == [2559, 2560, 2561]
    assert shown.scalar(select(func.count()).select_from(Province)) == 77


def test_provinces_have_size_classes_and_all_rounds_took_them_up(shown: Session) -> None:
    with_agencies = select(Agency.province_id).distinct()
    sizes = shown.scalars(select(Province.size).where(Province.id.in_(with_agencies))).all()
    assert {"S"} <= set(sizes) <= {"S", "M", "L"}, "a small register has no large province"
    differing = select(func.count(Participation.id)).join(Province, Province.id == Participation.province_id)
    assert shown.scalar(differing.where(Participation.province_size.is_distinct_from(Province.size))) == 0
