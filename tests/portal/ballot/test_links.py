"""The codes of surveys: one living code each, revoked for good, told from anything else."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.instrument import InstrumentKind
from models.participation import Participation
from models.survey import SurveyLink
from portal.ballot.links import ALPHABET, is_code, living_links, make_links, new_code, rotate_link, survey_url
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.rounds import ParticipationFactory
from tests.support.world import NOW

pytestmark = pytest.mark.postgres
IIT, EIT, OIT = InstrumentKind.IIT, InstrumentKind.EIT, InstrumentKind.OIT


def test_both_surveys_get_a_link_once(app: Portal, make: Make) -> None:
    own = make(ParticipationFactory)
    with app.app_context(), writing(), privileged("test") as session:
        row = session.get_one(Participation, own.id)
        codes = {kind: link.code for kind, link in make_links(row).items()}
        assert {kind: link.code for kind, link in make_links(row).items()} == codes
        links = list(session.scalars(select(SurveyLink).where(SurveyLink.participation_id == own.id)))
        assert sorted(link.instrument.value for link in links) == ["eit", "iit"]
        assert {link.agency_id for link in links} == {own.agency_id}


def test_a_replaced_link_is_revoked_at_that_moment_and_the_other_survey_keeps_its(
    app: Portal, make: Make
) -> None:
    own = make(ParticipationFactory)
    with app.app_context(), writing(), privileged("test") as session:
        row = session.get_one(Participation, own.id)
        old = make_links(row)
        new = rotate_link(row, EIT)
        assert (old[EIT].revoked_at, new.revoked_at) == (NOW, None)
        assert new.code != old[EIT].code
        assert living_links(row) == {IIT: old[IIT], EIT: new}


def test_a_survey_without_a_link_gets_its_first_by_replacing(app: Portal, make: Make) -> None:
    own = make(ParticipationFactory)
    with app.app_context(), writing(), privileged("test") as session:
        row = session.get_one(Participation, own.id)
        assert living_links(row) == {}
        made = rotate_link(row, IIT)
        assert living_links(row) == {IIT: made}
        with pytest.raises(Refused, match="Only surveys"):
            rotate_link(row, OIT)


def test_the_address_is_the_public_one(app: Portal) -> None:
    code = new_code()
    with app.app_context():
        assert survey_url(SurveyLink(code=code)) == f"http://127.0.0.1:8000/s/{code}"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (ALPHABET[:21], True),
        (ALPHABET[:20], False),
        (ALPHABET[:22], False),
        (ALPHABET[:20] + "0", False),
        (ALPHABET[:20] + "A", False),
        (ALPHABET[:20] + "๒", False),
        ("", False),
    ],
)
def test_what_cannot_be_a_code_is_known_without_asking_the_database(text: str, answer: bool) -> None:
    assert is_code(text) is answer
