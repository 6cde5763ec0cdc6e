"""Letters of results: none before the opening; then the figures of the screens, nothing that is held back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from models.dispatch import Dispatch
from models.letter_text import TextKind
from models.round import Round
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.jobs import worker
from portal.core.web import Portal
from portal.letters import papers
from portal.letters.made_from import packed, unpacked
from portal.letters.offices import office_row
from portal.letters.previewing import Asked, addressees, previewed
from portal.letters.results_told import NOTES, country_results, province_results
from portal.letters.texts import save, shipped_of
from portal.letters.trying import problem_of
from portal.results import lists
from tests.portal.results.test_lists import opened, prepared
from tests.reports.sample import text_of
from tests.support.letters import OFFICES, Order, drafted, issued, made, set_up
from tests.support.world import World, acting_as

K = TextKind
pytestmark = pytest.mark.postgres
THE_DAY = date(2018, 11, 9)


@pytest.fixture
def with_results(app: Portal, world: World) -> World:
    """Agencies of ลำปาง with 100 and 60 points; of กระบี่ one that is held back, one not assessable."""
    with app.app_context():
        prepared(world)
        opened(world)
    return world


def the_round(world: World) -> Round:
    return db.session.get_one(Round, world.round_id)


def test_nothing_of_results_is_written_before_the_opening(app: Portal, world: World) -> None:
    """The text says at its own field when it is time, though results are stored already."""
    with app.app_context():
        prepared(world)
        for person, kind in (("dla", K.RESULTS), ("nacc", K.RESULTS_NACC), ("province", K.RESULTS_PROVINCE)):
            set_up(world, person)
            with pytest.raises(Refused) as refused:
                drafted(world, person, Order(text=(kind, 0)))
            assert refused.value.field == "text" and "กล่องคำตอบ" in refused.value.message
            with acting_as(world.actor(person)) as actor:
                office = office_row(OFFICES[person], actor.province_id)
                assert office is not None
                shown = previewed(the_round(world), office, kind, shipped_of(kind).source, Asked("", THE_DAY))
                assert shown.letter is None and "กล่องคำตอบ" in shown.why


def test_letters_tell_what_the_screens_show(app: Portal, with_results: World) -> None:
    world = with_results
    with app.app_context(), acting_as(world.actor("dla")):
        round = the_round(world)
        told, shown = province_results(round), lists.rows_of(round, lists.ResultQuery())
        agencies = {
            one.name: one
            for province in told.values()
            for district in province.districts
            for one in district.agencies
        }
        assert {row.short_name: (row.scores, row.total, row.grade or "", row.passes) for row in shown} == {
            name: (one.scores, one.total, one.grade, one.passes) for name, one in agencies.items()
        }
        spread, country = lists.spread(round), country_results(round)
        sums = country.sums
        assert (sums.total, sums.graded, sums.passed) == (spread.agencies, spread.graded, spread.passed)
        assert sums.by_grade == tuple(share.count for share in spread.grades)
        assert [row.place for row in country.rows] == ["กระบี่", "ลำปาง"]
        assert {row.place: row for row in country.rows} == {one.province: one.sums for one in told.values()}
        assert sums.mean == 80


def test_what_is_held_back_is_in_no_letter(app: Portal, with_results: World) -> None:
    """A total that two people's answers would give away is neither in a row nor in a mean."""
    world = with_results
    with app.app_context(), acting_as(world.actor("dla")):
        (krabi,) = province_results(the_round(world), [world.province["81"]]).values()
        notes = {one.note: one for district in krabi.districts for one in district.agencies}
        assert notes.keys() == {NOTES["withheld"], NOTES["not_assessable"]}
        assert all(one.total is None and not one.grade for one in notes.values())
        assert krabi.sums.mean is None and krabi.sums.graded == 0 and krabi.total == 2


def test_a_round_without_a_mark_says_nothing_of_passing(app: Portal, with_results: World) -> None:
    world = with_results
    with app.app_context(), acting_as(world.actor("dla")):
        round = the_round(world)
        for band in round.bands:
            db.session.expunge(band)
            band.passes = False
        (lampang,) = province_results(round, [world.province["52"]]).values()
        remarks = [
            lampang.grading.remark_of(one) for district in lampang.districts for one in district.agencies
        ]
        assert lampang.grading.pass_score is None and not any("เกณฑ์" in one for one in remarks)


@pytest.mark.parametrize(
    ("person", "kind", "says"),
    [
        ("dla", K.RESULTS, "ผู้ว่าราชการจังหวัดลำปาง"),
        ("nacc", K.RESULTS_NACC, "อธิบดีกรมส่งเสริมการปกครองท้องถิ่น"),
        ("province", K.RESULTS_PROVINCE, "ทุกแห่งในเขตจังหวัดลำปาง"),
    ],
)
def test_the_results_reach_their_addressee(
    person: str, kind: TextKind, says: str, app: Portal, with_results: World, tmp_path: Path
) -> None:
    """Issued, printed with the table of its place, and made from what was kept: again the same words."""
    world = with_results
    with app.app_context():
        set_up(world, person)
        only = (world.province["52"],) if person == "dla" else None
        job = issued(world, person, Order(number="1", text=(kind, 0), province_ids=only))
        worker.work(app, until_idle=True)
        ended = made(job)
        (letter,) = ended.letters
        words = text_of(ended.content, tmp_path).replace("\n", "")
        assert says in words and "แจ้งผลการประเมินคุณธรรมและความโปร่งใส" in words
        assert ("รวมทั้งประเทศ" if person == "nacc" else "ผ่านเกณฑ์ (ตั้งแต่") in words
        assert ("ทต.เกาะคา" in words) is (person != "nacc")
        assert ended.file is not None and ("อปท. ใน" in ended.file.name) is (person == "province")
        with acting_as(world.actor(person)):
            dispatch = db.session.get_one(Dispatch, letter.dispatch_id)
            assert dispatch.data_file is not None
            made_from = unpacked(dispatch.data_file.content)
        assert unpacked(packed(made_from)) == made_from
        (key,) = papers.addressees(made_from)
        again = papers.numbered(
            made_from, key, number=letter.number, dated=letter.dated, told_on=letter.dated
        )
        assert again.letter.subject == letter.subject


def test_a_governor_gets_the_results_of_the_own_province(app: Portal, with_results: World) -> None:
    world = with_results
    with app.app_context():
        set_up(world, "dla")
        dispatch_id = drafted(world, "dla", Order(text=(K.RESULTS, 0)))
        with acting_as(world.actor("dla")):
            made_from = papers.gathered(db.session.get_one(Dispatch, dispatch_id))
            assert {one.province for one in made_from.results.values()} == {"ลำปาง", "กระบี่"}
            assert not made_from.provinces and made_from.country_results is None
            told = {
                key: papers.paper_for(made_from, key, number="", dated=None).letter
                for key in papers.addressees(made_from)
            }
        lampang, krabi = (told[str(world.province[code])] for code in ("52", "81"))
        assert "คะแนนเฉลี่ย 80.00 คะแนน" in lampang.paragraphs[1].text
        assert "ไม่มีหน่วยงานที่มีผลคะแนน" in krabi.paragraphs[1].text
        assert lampang.addressee.endswith("ลำปาง") and krabi.addressee.endswith("กระบี่")


def test_words_that_make_no_letter_are_told_of_by_the_province(app: Portal, with_results: World) -> None:
    """A field without a value in one province: said before the letter is issued, with the province's name."""
    world = with_results
    source = "เวียน: ใช่\nเรื่อง: ก\nเรียน: {จังหวัด}\n\nเฉลี่ย {คะแนนเฉลี่ย}\n\nจึงเรียนมา\n"
    with app.app_context():
        set_up(world, "dla")
        with acting_as(world.actor("dla")) as actor:
            office = office_row(OFFICES["dla"], None)
            assert office is not None
            number = save(office, K.RESULTS, source, actor=actor).number
        only = (world.province["52"],)
        dispatch_id = drafted(world, "dla", Order(text=(K.RESULTS, number), province_ids=only))
        with acting_as(world.actor("dla")):
            dispatch = db.session.get_one(Dispatch, dispatch_id)
            assert problem_of(dispatch, THE_DAY) is None
            dispatch.to_provinces = None
            with db.session.no_autoflush:
                problem = problem_of(dispatch, THE_DAY)
            assert problem is not None and "กระบี่" in problem.message
            db.session.rollback()


def test_the_text_is_looked_at_with_real_results(app: Portal, with_results: World) -> None:
    world = with_results
    with app.app_context():
        for person, kind in (("dla", K.RESULTS), ("nacc", K.RESULTS_NACC), ("province", K.RESULTS_PROVINCE)):
            set_up(world, person)
            with acting_as(world.actor(person)) as actor:
                office = office_row(OFFICES[person], actor.province_id)
                assert office is not None
                round, source = the_round(world), shipped_of(kind).source
                to = addressees(round, office, kind)
                assert sorted(to.values()) == {"dla": ["กระบี่", "ลำปาง"], "nacc": []}.get(person, ["ลำปาง"])
                about = next((key for key, name in to.items() if name == "ลำปาง"), "")
                shown = previewed(round, office, kind, source, Asked(about, THE_DAY))
                assert shown.letter is not None and shown.values["คะแนนเฉลี่ย"] == "80.00"
                assert "สรุปสถานะ" not in shown.letter.enclosures[0].title


def test_a_round_without_agencies_has_no_letter_of_results(app: Portal, with_results: World) -> None:
    """Nor has a province of which nobody takes part."""
    world = with_results
    with app.app_context():
        set_up(world, "dla")
        with acting_as(world.actor("dla")):
            office = office_row(OFFICES["dla"], None)
            assert office is not None
            shown = previewed(
                the_round(world), office, K.RESULTS, shipped_of(K.RESULTS).source, Asked("0", THE_DAY)
            )
            assert shown.letter is None and shown.why
