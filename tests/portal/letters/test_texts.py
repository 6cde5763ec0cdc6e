"""The texts of an office: versions that stay, the one that a letter holds to, and what is told in time."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from models.delivery import Delivery
from models.dispatch import Dispatch
from models.job import JobState
from models.letter import Letter
from models.letter_office import LetterOffice, OfficeKind
from models.letter_text import OfficeText, TextKind
from models.participation import Participation
from models.round import Round
from portal.core.database.session import db, privileged, writing
from portal.core.errors import NotFound, Refused, Stale
from portal.core.jobs import worker
from portal.core.web import Portal
from portal.letters import dispatches, drafting, standing, texts
from portal.letters.figures import country_status, facts_of, province_statuses
from portal.letters.inbox.desk import desk_key, file_of, open_letter
from portal.letters.inbox.receivers import Sent, all_receivers_of, counts_of, sent_of
from portal.letters.made_from import unpacked
from portal.letters.offices import office_row
from portal.letters.previewing import Asked, addressees, previewed
from portal.letters.trying import problem_of
from portal.letters.verifying import genuine
from portal.letters.words.faults import FaultyText, Reason
from portal.letters.words.shipped import ShippedText
from portal.letters.words.values import LetterFacts, of_agency, of_province, of_province_sums
from portal.letters.words.writing import write_text
from reports.calendar_wording import RoundFacts
from reports.letter_data import AgencyStatus, CountryStatus, StepState
from tests.factories.base import Make
from tests.factories.rounds import RoundFactory
from tests.reports.sample import text_of
from tests.support.letters import OFFICES, Order, drafted, issued, made, ordered, set_up
from tests.support.respondents import confirm
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres
TODAY = date(2018, 11, 9)
K = TextKind


def own(subject: str = "เรื่องของเรา", body: str = "ด้วยจังหวัด{จังหวัด} มี {จำนวนหน่วยงาน} แห่ง") -> str:
    """A circular of the office's own."""
    return f"เวียน: ใช่\nเรื่อง: {subject}\nเรียน: ผู้ว่าราชการจังหวัด{{จังหวัด}}\n\n{body}\n\nจึงเรียนมาเพื่อโปรดทราบ\n"


def office_of(person: str, province_id: int | None = None) -> LetterOffice:
    row = office_row(OFFICES[person], province_id)
    assert row is not None
    return row


def saved(world: World, source: str, kind: TextKind = K.CIRCULAR, person: str = "dla") -> int:
    """The person saves a text; gives the version's number."""
    with acting_as(world.actor(person)) as actor:
        return texts.save(office_of(person, actor.province_id), kind, source, actor=actor).number


def test_until_an_office_writes_its_own_it_has_the_portal_s_texts(app: Portal, world: World) -> None:
    with app.app_context():
        for person, kinds in (("dla", 5), ("nacc", 3), ("province", 4)):
            set_up(world, person)
            with acting_as(world.actor(person)) as actor:
                found = texts.newest_of(office_of(person, actor.province_id))
            assert len(found) == kinds
            for kind, version in found.items():
                assert version.number == 0 and version.source == ShippedText[kind.name].source
                assert texts.read(kind, version.source), "the portal's own text is one of its kind"


def test_each_save_is_a_version_with_who_and_when(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla")
        assert [saved(world, own("หนึ่ง")), saved(world, own("สอง"))] == [1, 2]
        assert saved(world, texts.shipped_of(K.STAMPED).source + "\n\nต่อ", K.STAMPED) == 1
        with acting_as(world.actor("dla")) as actor:
            office = office_of("dla")
            found = texts.versions_of(office, K.CIRCULAR).rows
            assert [row.number for row in found] == [2, 1]
            assert all(row.made_by_id == actor.account_id and row.back_to is None for row in found)
            newest = texts.newest_of(office)
            assert newest[K.CIRCULAR].source == own("สอง") and newest[K.CIRCULAR].made_by
            first = texts.version_of(office, K.CIRCULAR, 1)
            assert first is not None and first.source == own("หนึ่ง")
            assert texts.version_of(office, K.CIRCULAR, 3) is None


def test_a_save_that_is_stale_faulty_or_says_nothing_new_is_refused(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla")
        saved(world, own())
        with acting_as(world.actor("dla")) as actor:
            office = office_of("dla")
            with pytest.raises(Stale):
                texts.save(office, K.CIRCULAR, own("อื่น"), actor=actor, seen_version=0)
            with pytest.raises(Refused, match="in use already") as same:
                texts.save(office, K.CIRCULAR, own() + "\n\n", actor=actor, seen_version=1)
            assert same.value.field == "source"
            with pytest.raises(FaultyText) as faulty:
                texts.save(office, K.CIRCULAR, own(body="{ไม่มี}"), actor=actor)
            assert [(one.line, one.column) for one in faulty.value.faults] == [(5, 1)]
            assert len(texts.versions_of(office, K.CIRCULAR).rows) == 1


def test_a_text_keeps_the_form_of_its_kind(app: Portal) -> None:
    with app.app_context():
        other = own().replace("เวียน: ใช่", "เวียน: ไม่\nแบบ: บันทึกข้อความ")
        with pytest.raises(FaultyText) as faulty:
            texts.read(K.CIRCULAR, other)
        assert [(one.line, one.reason) for one in faulty.value.faults] == [
            (1, Reason.OTHER_CIRCULAR),
            (2, Reason.OTHER_FORM),
        ]
        assert texts.read(K.CIRCULAR, own()).circular
        with pytest.raises(FaultyText) as missing:
            texts.read(K.CIRCULAR, own().replace("เวียน: ใช่\n", ""))
        assert missing.value.faults[0].values == {"names": "ใช่"}


def test_going_back_is_a_version_too(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla")
        saved(world, own("หนึ่ง"))
        saved(world, own("สอง"))
        with acting_as(world.actor("dla")) as actor:
            office = office_of("dla")
            again = texts.go_back(office, K.CIRCULAR, 1, actor=actor, seen_version=2)
            assert (again.number, again.back_to, again.source) == (3, 1, own("หนึ่ง"))
            usual = texts.go_back(office, K.CIRCULAR, 0, actor=actor)
            assert (usual.number, usual.back_to) == (4, 0)
            assert usual.source == ShippedText.CIRCULAR.source
            with pytest.raises(Refused, match="in use already"):
                texts.go_back(office, K.CIRCULAR, 0, actor=actor)
            with pytest.raises(Refused, match="no such version"):
                texts.go_back(office, K.CIRCULAR, 9, actor=actor)
            with pytest.raises(Stale):
                texts.go_back(office, K.CIRCULAR, 1, actor=actor, seen_version=1)


@pytest.mark.parametrize("act", ["words", "gone", "of a letter"])
def test_the_database_itself_keeps_a_version_and_what_a_letter_was_made_from(
    app: Portal, world: World, act: str
) -> None:
    with app.app_context():
        set_up(world, "dla")
        saved(world, own())
        ordered(world, "dla")
    statements = {
        "words": update(OfficeText).values(source="อื่น"),
        "gone": delete(OfficeText),
        "of a letter": update(Dispatch).values(text_id=None),
    }
    with app.app_context(), writing(), privileged("a test tries") as session:
        with pytest.raises(DBAPIError, match="in the record"):
            session.execute(statements[act])
        session.rollback()


def test_a_draft_holds_to_its_version_and_may_take_another(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla")
        dispatch_id = drafted(world, "dla")
        saved(world, own())
        with acting_as(world.actor("dla")) as actor:
            dispatch = db.session.get_one(Dispatch, dispatch_id)
            assert texts.text_of(dispatch).number == 0 and "เรื่องของเรา" not in dispatch.subject
            offered = [(one.kind, one.number) for one in texts.offered(dispatch.office, dispatch.office.kind)]
            assert offered[:3] == [(K.CIRCULAR, 1), (K.ALL_PROVINCES, 0), (K.STAMPED, 0)]
            signs = dispatch.signatory_id
            draft = drafting.Draft(signs, text=(K.CIRCULAR, 1))
            drafting.change(dispatch, draft, actor=actor, seen_version=None)
            assert texts.text_of(dispatch).number == 1 and dispatch.subject == "เรื่องของเรา"
            drafting.change(dispatch, drafting.Draft(signs), actor=actor, seen_version=None)
            assert texts.text_of(dispatch).number == 1, "the newest where nothing is chosen"
            for wrong in ((K.NACC, 0), (K.CIRCULAR, 7)):
                with pytest.raises(Refused) as refused:
                    drafting.change(
                        dispatch, drafting.Draft(signs, text=wrong), actor=actor, seen_version=None
                    )
                assert refused.value.field == "text"
                db.session.rollback()
                dispatch = db.session.get_one(Dispatch, dispatch_id)


def test_an_issued_letter_says_its_words_whatever_becomes_of_the_text(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla")
        saved(world, own())
        job = ordered(world, "dla")
        saved(world, own("ข้อความใหม่"))
        worker.work(app, until_idle=True)
        kept = made(job)
        assert kept.job.state is JobState.DONE, kept.job.message
        assert {letter.subject for letter in kept.letters} == {"เรื่องของเรา"}
        with acting_as(world.actor("dla")) as actor:
            dispatch = db.session.scalars(select(Dispatch)).one()
            assert texts.text_of(dispatch).number == 1
            assert dispatch.data_file is not None
            assert unpacked(dispatch.data_file.content).text == own()
            other = dispatches.replace_by(dispatch, "ผิด", actor=actor)
            assert texts.text_of(other).number == 2, "what takes its place says the words in use"


def test_words_that_make_no_letter_begin_no_draft(app: Portal, world: World) -> None:
    """A subject of which nothing is left: the draft is not begun."""
    with app.app_context():
        set_up(world, "dla")
        saved(world, own("{ถ้า จำนวนหน่วยงาน > 900}มาก{จบ}"))
        with acting_as(world.actor("dla")) as actor:
            round = db.session.get_one(Round, world.round_id)
            signs = office_of("dla").signatories[0].id
            with pytest.raises(Refused) as refused:
                drafting.begin(round, OfficeKind.DLA, drafting.Draft(signs), actor=actor)
            assert refused.value.field == "text"
            assert refused.value.values["line"] == 2 and refused.value.values["place"]
            db.session.rollback()


def test_a_letter_about_the_whole_country_names_no_place_in_its_fault(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "nacc")
        key = drafted(world, "nacc")
        none_left = "เรื่อง: {ถ้า จำนวนหน่วยงาน > 900}มาก{จบ}\nเรียน: อธิบดี\n\nด้วย\n\nจึงเรียนมาเพื่อโปรดทราบ\n"
        number = saved(world, none_left, K.NACC, "nacc")
        with acting_as(world.actor("nacc")):
            dispatch = db.session.get_one(Dispatch, key)
            texts.choose(dispatch, (K.NACC, number))
            problem = problem_of(dispatch, TODAY)
            assert problem is not None and "place" not in problem.values
            dispatch.to_provinces = []
            assert problem_of(dispatch, TODAY) is None, "nobody to tell anything of"
            db.session.rollback()


def complete(app: Portal, world: World, *agencies: str) -> None:
    """These agencies have done all four steps."""
    for agency in agencies:
        confirm(app, world, agency)
    with app.app_context(), writing(), privileged("a test's steps") as session:
        for agency in agencies:
            row = session.get_one(Participation, world.participation[agency])
            row.activated_at, row.headcount, row.roster_count = NOW, 9, 9


def test_words_that_one_addressee_alone_cannot_get_are_told_with_its_name(app: Portal, world: World) -> None:
    """By the page from sums, by who would issue it from all that is gathered, and by the job of its proof."""
    with app.app_context():
        set_up(world, "dla")
        saved(world, own(body="ยังไม่ครบ ได้แก่ {รายชื่อหน่วยงานที่ยังไม่ครบ}"))
        dispatch_id = drafted(world, "dla")
        with acting_as(world.actor("dla")) as actor:
            dispatch = db.session.get_one(Dispatch, dispatch_id)
            assert not list(standing.problems(dispatch, TODAY)), "nobody is complete yet"
            job = dispatches.order_proof(dispatch, world.province["81"], actor=actor).id
    complete(app, world, "b1", "b2")
    worker.work(app, until_idle=True)
    with app.app_context():
        ended = made(job).job
        assert ended.state is JobState.FAILED
        assert ended.message is not None and "รายชื่อหน่วยงานที่ยังไม่ครบ" in str(ended.message)
        with acting_as(world.actor("dla")) as actor:
            dispatch = db.session.get_one(Dispatch, dispatch_id)
            (problem,) = standing.problems(dispatch, TODAY)
            assert (problem.values["place"], problem.values["line"]) == ("กระบี่", 5)
            with pytest.raises(Refused) as refused:
                dispatches.issue(dispatch, number="1", dated=TODAY, actor=actor, seen_version=None)
            assert refused.value.values == problem.values
            db.session.rollback()
            assert db.session.get_one(Dispatch, dispatch_id).number == "", "it cost no number"


@pytest.mark.parametrize(
    ("person", "kind", "number"),
    [("dla", K.STAMPED, "มท 0817.2/ว 1"), ("nacc", K.STAMPED_NACC, "มท 0817.2/1")],
)
def test_a_stamped_letter_is_a_letter_with_another_text(
    app: Portal, world: World, tmp_path: Path, person: str, kind: TextKind, number: str
) -> None:
    """It has its number in the register, and neither salutation nor closing."""
    with app.app_context():
        set_up(world, person)
        job = ordered(world, person, Order(number="1", text=(kind, 0), province_ids=only(world, person)))
        worker.work(app, until_idle=True)
        ended = made(job)
    (letter,) = ended.letters
    assert letter.number == number
    words = text_of(ended.content, tmp_path)
    assert "จึงแจ้งมา" in words and "ถึง" in words
    assert "ขอแสดงความนับถือ" not in words


def test_one_letter_goes_to_the_governors_of_all_provinces(app: Portal, world: World, tmp_path: Path) -> None:
    """As that of 2561: one copy, with the country's status; it lies at the desk of each province."""
    with app.app_context():
        set_up(world, "dla")
        chosen = (K.ALL_PROVINCES, 0)
        job = ordered(world, "dla", Order(number="1", text=chosen))
        worker.work(app, until_idle=True)
        ended = made(job)
        (letter,) = ended.letters
        assert (letter.number, letter.province_id) == ("มท 0817.2/ว 1", None)
        assert ended.file is not None and ended.file.name.endswith("ทุกจังหวัด.pdf")
        words = text_of(ended.content, tmp_path)
        assert "ผู้ว่าราชการจังหวัด ทุกจังหวัด" in words and "ใน ๒ จังหวัด" in words
        assert all(name in words for name in ("ลำปาง", "กระบี่")) and "ทั่วประเทศ" in words
        known = genuine(letter.public_id or "")
        assert known is not None and known.addressee == "ผู้ว่าราชการจังหวัดทุกจังหวัด"
        with acting_as(world.actor("dla")) as actor:
            dispatch = db.session.get_one(Dispatch, letter.dispatch_id)
            dispatches.mark_sent(dispatch, actor=actor)
        with privileged("a test looks") as session:
            found = session.execute(select(Delivery.desk, Delivery.letter_id).order_by(Delivery.desk)).all()
        desks = sorted(f"province:{place}" for place in world.province.values())
        assert [tuple(row) for row in found] == [(desk, letter.id) for desk in desks]
        for person, read in (("province", True), ("nacc", False)):
            with acting_as(world.actor(person)) as actor:
                here = list(db.session.scalars(select(Delivery).where(Delivery.desk == desk_key(actor))))
                assert bool(here) is read
                for one in here:
                    open_letter(one, actor=actor)
                    assert file_of(one).content == ended.content
        with acting_as(world.actor("dla")) as actor:
            assert counts_of(Sent(dispatch_id=letter.dispatch_id)).read == 1


def test_one_letter_to_all_goes_to_no_province_that_is_chosen(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla")
        with pytest.raises(Refused) as refused:
            drafted(world, "dla", Order(text=(K.ALL_PROVINCES, 0), province_ids=(world.province["52"],)))
        assert refused.value.field == "provinces"


def test_a_province_s_own_circular_reaches_each_of_its_agencies(
    app: Portal, world: World, tmp_path: Path
) -> None:
    """One copy with the province's status; it lies at the desks of its agencies and at no other."""
    with app.app_context():
        set_up(world, "province")
        job = issued(world, "province", Order(number="9"))
        worker.work(app, until_idle=True)
        ended = made(job)
        (letter,) = ended.letters
        assert (letter.number, letter.province_id) == ("มท 0817.2/ว 9", world.province["52"])
        assert ended.file is not None and ended.file.name.endswith("อปท. ในจังหวัดลำปาง.pdf")
        words = text_of(ended.content, tmp_path).replace("\n", "")
        assert "ทุกแห่งในเขตจังหวัดลำปาง" in words and "กระบี่" not in words
        known = genuine(letter.public_id or "")
        assert known is not None and "ทุกแห่ง" in known.addressee
        with acting_as(world.actor("province")) as actor:
            dispatch = dispatches.dispatch_or_404(letter.dispatch_id or 0, actor)
            dispatches.mark_sent(dispatch, actor=actor)
            assert counts_of(sent_of(dispatch)).total == 2
            assert all(one.agency is not None for one in all_receivers_of(sent_of(dispatch)))
        for person in ("dla", "province_other"):
            with acting_as(world.actor(person)) as actor, pytest.raises(NotFound):
                dispatches.dispatch_or_404(letter.dispatch_id or 0, actor)
        with acting_as(world.actor("agency_admin")) as actor:
            (here,) = db.session.scalars(select(Delivery).where(Delivery.desk == desk_key(actor)))
            open_letter(here, actor=actor)
            assert file_of(here).content == ended.content
        with acting_as(world.actor("agency_admin_other")) as actor:
            assert not list(db.session.scalars(select(Delivery).where(Delivery.desk == desk_key(actor))))
        with acting_as(world.actor("province")) as actor:
            dispatch = dispatches.dispatch_or_404(letter.dispatch_id or 0, actor)
            dispatches.withdraw(dispatch, "วันที่ผิด", actor=actor)
        with acting_as(world.actor("agency_admin")) as actor:
            (here,) = db.session.scalars(select(Delivery).where(Delivery.desk == desk_key(actor)))
            assert here.void_reason == "วันที่ผิด"


def test_who_a_letter_goes_to_decides_what_its_number_has() -> None:
    """A circular by its text is a letter to many, and the other way round."""
    for kind in K:
        text = texts.read(kind, texts.shipped_of(kind).source)
        assert kind.to.many is text.circular, kind


def test_a_province_writes_to_one_of_its_agencies(app: Portal, world: World, tmp_path: Path) -> None:
    """A number without ว; the letter tells of this agency alone, and lies at its desk alone."""
    with app.app_context():
        set_up(world, "province")
        order = Order(number="7", text=(K.AGENCY, 0), agency_id=world.agency["a2"])
        job = issued(world, "province", order)
        worker.work(app, until_idle=True)
        ended = made(job)
        (letter,) = ended.letters
        assert letter.number == "มท 0817.2/7"
        assert ended.file is not None and ended.file.name.endswith("อบต.ท่าผา.pdf")
        words = text_of(ended.content, tmp_path).replace("\n", "")
        assert "นายกองค์การบริหารส่วนตำบลท่าผา" in words and "เกาะคา" not in words.replace("อำเภอเกาะคา", "")
        known = genuine(letter.public_id or "")
        assert known is not None and known.addressee == "องค์การบริหารส่วนตำบลท่าผา"
        with acting_as(world.actor("province")) as actor:
            dispatch = dispatches.dispatch_or_404(letter.dispatch_id or 0, actor)
            dispatches.mark_sent(dispatch, actor=actor)
            (receiver,) = all_receivers_of(sent_of(dispatch))
            assert receiver.agency_id == world.agency["a2"]
            again = dispatches.replace_by(dispatch, "ข้อความผิด", actor=actor)
            assert again.to_agency_id == world.agency["a2"]
        with privileged("a test changes whom a letter went to") as session, pytest.raises(DBAPIError):
            session.execute(
                update(Dispatch).where(Dispatch.id == letter.dispatch_id).values(to_agency_id=None)
            )


def test_the_letter_to_the_agency_of_a_whole_province_names_no_district(app: Portal, world: World) -> None:
    facts = LetterFacts(RoundFacts(2561, (), TODAY), TODAY)
    agency = AgencyStatus("อบจ.ลำปาง", (StepState(False),) * 4)
    values = of_agency(agency, facts, district="", province="ลำปาง", as_of=TODAY)
    written = write_text(texts.read(K.AGENCY, texts.shipped_of(K.AGENCY).source), values)
    assert written.addressee == "นายกองค์การบริหารส่วนจังหวัดลำปาง จังหวัดลำปาง"


@pytest.mark.parametrize(
    ("kind", "agency", "field"),
    [(K.AGENCY, None, "agency"), (K.AGENCY, "b1", "agency"), (K.PROVINCE, "a1", "text")],
    ids=["none chosen", "of another province", "words for all"],
)
def test_a_letter_to_one_agency_names_it_and_has_its_own_words(
    kind: TextKind, agency: str | None, field: str, app: Portal, world: World
) -> None:
    with app.app_context():
        set_up(world, "province")
        with pytest.raises(Refused) as refused:
            chosen = world.agency[agency] if agency else None
            drafted(world, "province", Order(text=(kind, 0), agency_id=chosen))
        assert refused.value.field == field


@pytest.mark.parametrize(
    ("person", "kind", "number", "name"),
    [
        ("dla", K.MEMORANDUM, "มท 0817.2/5", "บันทึกข้อความ.pdf"),
        ("province", K.MEMORANDUM_CIRCULAR, "มท 0817.2/ว 5", "อำเภอในจังหวัดลำปาง.pdf"),
    ],
)
def test_a_memorandum_is_numbered_and_printed_and_goes_through_no_desk(
    person: str, kind: TextKind, number: str, name: str, app: Portal, world: World, tmp_path: Path
) -> None:
    with app.app_context():
        set_up(world, person)
        job = issued(world, person, Order(number="5", text=(kind, 0)))
        worker.work(app, until_idle=True)
        ended = made(job)
        (letter,) = ended.letters
        assert letter.number == number
        assert ended.file is not None and ended.file.name.endswith(name)
        assert "บันทึกข้อความ" in text_of(ended.content, tmp_path)
        known = genuine(letter.public_id or "")
        assert known is not None and "บันทึกข้อความ" in known.addressee
        with acting_as(world.actor(person)) as actor:
            dispatches.mark_sent(dispatches.dispatch_or_404(letter.dispatch_id or 0, actor), actor=actor)
        with privileged("a test looks") as session:
            assert session.scalar(select(Delivery.id).limit(1)) is None


def only(world: World, person: str) -> tuple[int, ...] | None:
    return (world.province["52"],) if person == "dla" else None


def test_sums_have_a_value_wherever_the_whole_status_has_one(app: Portal, world: World) -> None:
    """What a text is tried by is what it is written from, but for the names of agencies."""
    complete(app, world, "b1", "b2")
    with app.app_context(), acting_as(world.actor("dla")):
        round = db.session.get_one(Round, world.round_id)
        facts = LetterFacts(facts_of(round), TODAY, 1)
        rows = {row.province: row for row in country_status(round).rows}
        for status in province_statuses(round).values():
            sums = CountryStatus(round.fiscal_year, status.as_of, (rows[status.province],))
            from_sums, whole = of_province_sums(status.province, sums, facts), of_province(status, facts)
            names = "รายชื่อหน่วยงานที่ยังไม่ครบ"
            assert bool(from_sums[names]) is bool(whole[names])
            assert {**from_sums, names: ""} == {**whole, names: ""}


def test_what_is_kept_of_letters_from_before_has_no_text_and_says_the_portal_s(
    app: Portal, world: World
) -> None:
    with app.app_context():
        set_up(world, "dla")
        ordered(world, "dla")
        with privileged("a test looks") as session:
            dispatch = session.scalars(select(Dispatch)).one()
            assert dispatch.data_file is not None
            kept = unpacked(dispatch.data_file.content)
            assert kept.text == ShippedText.CIRCULAR.source and kept.text_kind == "circular"
            assert not session.scalars(select(Letter)).all()


def test_a_preview_is_the_letter_to_a_real_addressee(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla")
        with acting_as(world.actor("dla")):
            office, round = office_of("dla"), db.session.get_one(Round, world.round_id)
            to = addressees(round, office, K.CIRCULAR)
            assert list(to.values()) == ["กระบี่", "ลำปาง"]
            key = next(key for key, name in to.items() if name == "ลำปาง")
            shown = previewed(round, office, K.CIRCULAR, own(), Asked(key, TODAY, refers=True))
            assert shown.letter is not None and not shown.faults
            assert shown.letter.addressee == "ผู้ว่าราชการจังหวัดลำปาง"
            assert len(shown.letter.references) == 1
            assert shown.values["จังหวัด"] == "ลำปาง" and shown.values["มีหนังสืออ้างถึง"]
            faulty = previewed(round, office, K.CIRCULAR, own(body="ก {จังหวด} ข"), Asked(key, TODAY))
            (fault,) = faulty.faults
            assert (fault.line, fault.column, fault.before, fault.at, fault.after) == (
                5,
                3,
                "ก ",
                "{จังหวด}",
                " ข",
            )
            assert faulty.letter is None


@pytest.mark.parametrize("kind", [K.AGENCY, K.PROVINCE, K.MEMORANDUM_CIRCULAR])
def test_a_province_looks_at_letters_to_its_own(app: Portal, world: World, kind: TextKind) -> None:
    with app.app_context():
        set_up(world, "province")
        with acting_as(world.actor("province")) as actor:
            office = office_of("province", actor.province_id)
            round = db.session.get_one(Round, world.round_id)
            to = addressees(round, office, kind)
            assert to and "กระบี่" not in to.values()
            asked = Asked(next(iter(to)), TODAY)
            shown = previewed(round, office, kind, texts.shipped_of(kind).source, asked)
            assert shown.letter is not None and "ลำปาง" in str(shown.letter)


def test_a_country_s_letter_has_nobody_to_choose(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "nacc")
        with acting_as(world.actor("nacc")):
            office, round = office_of("nacc"), db.session.get_one(Round, world.round_id)
            assert addressees(round, office, K.NACC) == {}
            source = texts.shipped_of(K.NACC).source
            assert previewed(round, office, K.NACC, source, Asked("", TODAY)).letter is not None
            assert office.kind is OfficeKind.NACC


def test_without_agencies_or_dates_a_preview_says_why(app: Portal, make: Make, world: World) -> None:
    round_id = make(RoundFactory).id
    with app.app_context():
        set_up(world, "dla")
        with acting_as(world.actor("dla")):
            office, empty = office_of("dla"), db.session.get_one(Round, round_id)
            shown = previewed(empty, office, K.CIRCULAR, own(), Asked("", TODAY))
            assert shown.letter is None and shown.why
