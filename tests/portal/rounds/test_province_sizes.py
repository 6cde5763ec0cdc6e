"""Size classes of provinces in a round: taken up with its agencies, changed for the round alone, recorded."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from models.participation import Participation
from models.place import Province
from models.round import Round, RoundState, SampleRule
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused, Stale
from portal.core.web import Portal
from portal.register.agencies import set_province_size
from portal.rounds import desk
from portal.rounds.province_sizes import asked_for, provinces_of, set_sizes, take_from_register
from portal.surveys.minimum import SURVEYS, targets_in
from tests.support.record import events_of
from tests.support.statements import asked
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres


@pytest.fixture
def here(app: Portal, world: World) -> Iterator[World]:
    with app.app_context():
        yield world


def the_round(world: World) -> Round:
    return db.session.get_one(Round, world.round_id)


def sizes_in(world: World) -> dict[str, str | None]:
    """By agency, as they are stored in the round."""
    with privileged("a test looks") as session:
        rows = dict(session.execute(select(Participation.id, Participation.province_size)).all())
    return {key: rows[participation] for key, participation in world.participation.items()}


def registered(world: World, **sizes: str | None) -> None:
    with writing(), privileged("a test sizes provinces") as session:
        for code, size in sizes.items():
            session.execute(update(Province).where(Province.code == code[1:]).values(size=size))


def test_the_register_gives_provinces_a_size_and_rounds_keep_theirs(here: World) -> None:
    with writing(), acting_as(here.actor("dla")):
        provinces = list(db.session.scalars(select(Province)))
        assert set_province_size(provinces, "M") == 2
        assert set_province_size(provinces, "M") == 0
        db.session.commit()
    assert set(sizes_in(here).values()) == {None}
    assert len(events_of("provinces.size")) == 2


def test_a_round_takes_the_sizes_up_with_its_agencies(here: World) -> None:
    registered(here, p52="S", p81="L")
    with writing(), acting_as(here.actor("nacc")):
        draft = desk.make_draft(start="nothing", fiscal_year=2599, name="รอบทดลองขนาด")
        assert desk.take_up_agencies(draft) == 4
        assert {one.code: one.size for one in provinces_of(draft)} == {"52": "S", "81": "L"}


def test_it_is_changed_for_the_round_alone_and_the_record_says_so(here: World) -> None:
    registered(here, p52="S")
    with writing(), acting_as(here.actor("nacc")):
        round = the_round(here)
        lampang, krabi = here.province["52"], here.province["81"]
        assert set_sizes(round, {lampang: "L", krabi: None}, seen_version=round.version) == 1
        db.session.commit()
    assert sizes_in(here) == {"a1": "L", "a2": "L", "b1": None, "b2": None}
    with privileged("a test looks") as session:
        assert session.get_one(Province, lampang).size == "S"
    (event,) = events_of("round.province_sizes")
    assert (event.before, event.after) == ({"ลำปาง": "–"}, {"ลำปาง": "L"})


@pytest.mark.usefixtures("thawed")
def test_the_minimum_follows_at_once(here: World) -> None:
    with writing(), privileged("rules by province") as session:
        session.execute(update(Participation).values(headcount=100, roster_count=100))
        session.query(SampleRule).delete()
        session.add_all(
            SampleRule(
                round_id=here.round_id, instrument=survey.value, position=at, province_size=size, fixed=number
            )
            for survey in SURVEYS
            for at, (size, number) in enumerate((("S", 30), ("L", 50)), 1)
        )
    with writing(), acting_as(here.actor("nacc")):
        round = the_round(here)
        assert asked_for(round)
        of_a1 = Participation.id == here.participation["a1"]
        assert {one.minimum for one in targets_in(round, of_a1)[here.participation["a1"]].values()} == {None}
        set_sizes(round, {here.province["52"]: "L"}, seen_version=round.version)
        assert {one.minimum for one in targets_in(round, of_a1)[here.participation["a1"]].values()} == {50}


def test_what_the_register_says_is_taken_over_for_all(here: World) -> None:
    registered(here, p52="S", p81="M")
    with writing(), acting_as(here.actor("nacc")):
        round = the_round(here)
        assert [one.as_registered for one in provinces_of(round)] == [False, False]
        assert take_from_register(round) == 2
        assert take_from_register(round) == 0, "twice is once"
        assert all(one.as_registered for one in provinces_of(round))
        db.session.commit()
    assert sizes_in(here) == {"a1": "S", "a2": "S", "b1": "M", "b2": "M"}


def test_agencies_of_a_province_that_differ_are_said_to(here: World) -> None:
    with writing(), privileged("an agency taken up later") as session:
        session.get_one(Participation, here.participation["a2"]).province_size = "L"
    with acting_as(here.actor("nacc")):
        lampang = next(one for one in provinces_of(the_round(here)) if one.code == "52")
        assert (lampang.mixed, lampang.size, lampang.agencies) == (True, None, 2)


def test_it_needs_the_version_of_its_page_a_letter_and_a_round_that_is_not_closed(here: World) -> None:
    with writing(), acting_as(here.actor("nacc")):
        round, lampang = the_round(here), here.province["52"]
        set_sizes(round, {lampang: "L"}, seen_version=round.version)
        with pytest.raises(Stale):
            set_sizes(round, {lampang: "S"}, seen_version=round.version - 1)
        with pytest.raises(Refused, match="S, M or L"):
            set_sizes(round, {lampang: "X"}, seen_version=round.version)
        assert set_sizes(round, {999: "S"}, seen_version=round.version) == 0, "no province of the round"
        db.session.commit()
    with writing(), privileged("a closed round") as session:
        session.get_one(Round, here.round_id).state = RoundState.CLOSED
    with acting_as(here.actor("nacc")), pytest.raises(Refused, match="closed"):
        take_from_register(the_round(here))


def test_however_many_provinces_it_is_one_query(app: Portal, here: World) -> None:
    with acting_as(here.actor("nacc")):
        round = the_round(here)
        with asked(app) as statements:
            provinces_of(round)
    assert len([text for text in statements if "FROM province" in text]) == 1
