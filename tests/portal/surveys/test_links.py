"""The links room: why a survey takes no answers, when it is over, and replacing its link."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from models.instrument import InstrumentKind
from models.participation import Participation, PreparationState
from models.round import Round, RoundState, Stage, Window, WindowKind
from portal.ballot.links import living_links, make_links
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.stages import stage_of
from portal.core.web import Portal
from portal.surveys.links import is_over, living_link, replace_link, surveys_of, why_shut
from tests.support.ballots import bring_round_to
from tests.support.respondents import confirm, link_codes
from tests.support.world import NOW, World, acting_as

IIT, EIT, OIT = InstrumentKind.IIT, InstrumentKind.EIT, InstrumentKind.OIT
ENTERING, CONFIRMED = PreparationState.ENTERING, PreparationState.CONFIRMED


def surveyed(
    *spans: tuple[int, int], state: RoundState = RoundState.OPEN, prepared: PreparationState = CONFIRMED
) -> Participation:
    """An agency whose IIT has windows from a day to a day, counted from now."""
    windows = [
        Window(stage=Stage.IIT, kind=kind, opens_at=NOW + timedelta(first), closes_at=NOW + timedelta(last))
        for kind, (first, last) in zip(WindowKind, spans, strict=False)
    ]
    return Participation(round=Round(windows=windows, state=state), state=prepared)


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (surveyed((-1, 1)), ""),
        (surveyed((0, 1)), ""),
        (surveyed((-1, 1), prepared=ENTERING), "เมื่อผู้บริหารยืนยันข้อมูลขั้นเตรียมการแล้ว"),
        (surveyed((-1, 1), state=RoundState.DRAFT), "เพราะรอบการประเมินนี้ไม่ได้เปิดอยู่"),
        (surveyed((-1, 1), state=RoundState.CLOSED), "เพราะรอบการประเมินนี้ไม่ได้เปิดอยู่"),
        (surveyed(), "ยังไม่ได้กำหนดวัน"),
        (surveyed((1, 2)), "10 พฤศจิกายน 2561 เวลา 10:00"),
        (surveyed((-1, 0)), "9 พฤศจิกายน 2561 เวลา 10:00"),
        (surveyed((-2, -1), (1, 2)), "10 พฤศจิกายน 2561 เวลา 10:00"),
    ],
)
def test_a_survey_that_takes_no_answers_says_why(app: Portal, own: Participation, words: str) -> None:
    with app.app_context():
        reason = why_shut(own, stage_of(own, Stage.IIT))
        assert (reason is None) is (words == "")
        assert reason is None or words in reason.message.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("own", "over"),
    [
        (surveyed((-1, 1)), False),
        (surveyed((-2, -1), (1, 2)), False),
        (surveyed(), False),
        (surveyed((-1, 0)), True),
        (surveyed((-1, 1), state=RoundState.CLOSED), True),
        (surveyed((-1, 1), state=RoundState.OPENED), True),
        (surveyed((-1, 1), state=RoundState.DRAFT), False),
    ],
)
def test_a_survey_is_over_with_its_last_window_or_its_round(own: Participation, over: bool) -> None:
    assert is_over(own, stage_of(own, Stage.IIT, NOW)) is over


@pytest.fixture
def admin(app: Portal, world: World) -> Iterator[Actor]:
    """The admin of an agency whose data are confirmed and whose links are made."""
    confirm(app, world)
    with app.app_context(), acting_as(world.actor("agency_admin")) as actor:
        make_links(own_of(world))
        yield actor


def own_of(world: World) -> Participation:
    return db.session.get_one(Participation, world.participation["a1"])


def test_both_surveys_are_shown_each_with_its_audience(admin: Actor, world: World) -> None:
    iit, eit = surveys_of(own_of(world))
    assert [(one.instrument, one.internal, one.over, one.shut) for one in (iit, eit)] == [
        (IIT, True, False, None),
        (EIT, False, False, None),
    ]
    assert iit.link is not None and iit.url.endswith(f"/s/{iit.link.code}")


def test_the_link_that_the_page_showed_is_replaced(admin: Actor, world: World) -> None:
    own = own_of(world)
    shown = living_link(own, IIT)
    new = replace_link(own, IIT, seen_link=shown.id, actor=admin)
    assert living_links(own)[IIT] is new and shown.revoked_at == NOW


def test_a_page_that_shows_an_older_link_replaces_nothing(admin: Actor, world: World) -> None:
    """Two people at one agency: whoever comes second would end the link that the first one spreads."""
    own = own_of(world)
    shown = living_link(own, IIT).id
    newer = replace_link(own, IIT, seen_link=shown, actor=admin)
    with pytest.raises(Refused) as refused:
        replace_link(own, IIT, seen_link=shown, actor=admin)
    assert "เปลี่ยนลิงก์นี้ไปแล้ว" in refused.value.message
    assert living_link(own, IIT) is newer


def test_the_link_of_a_survey_that_is_over_is_not_replaced(app: Portal, world: World) -> None:
    confirm(app, world)
    code = link_codes(app, world)[IIT]
    with app.app_context():
        bring_round_to(world.round_id, RoundState.CLOSED)
        with acting_as(world.actor("agency_admin")) as actor:
            shown = living_link(own_of(world), IIT)
            with pytest.raises(Refused, match="nothing to spread"):
                replace_link(own_of(world), IIT, seen_link=shown.id, actor=actor)
            assert living_link(own_of(world), IIT).code == code


def test_there_is_no_link_before_the_confirmation_or_of_a_checklist(app: Portal, world: World) -> None:
    with app.app_context(), acting_as(world.actor("agency_admin")) as actor:
        own = own_of(world)
        for kind in (IIT, OIT):
            with pytest.raises(NotFound):
                living_link(own, kind)
            with pytest.raises(NotFound):
                replace_link(own, kind, seen_link=1, actor=actor)
        assert [one.url for one in surveys_of(own)] == ["", ""]


def test_who_only_looks_after_the_agency_replaces_nothing(app: Portal, world: World) -> None:
    confirm(app, world)
    with app.app_context(), acting_as(world.actor("executive")) as actor:
        own = own_of(world)
        with pytest.raises(NotFound):
            replace_link(own, IIT, seen_link=1, actor=actor)
