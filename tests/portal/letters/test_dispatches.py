"""A letter between draft and record: who may do what when, what is told before it is too late, what stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from models.dispatch import Dispatch, DispatchState, LetterNumber
from models.letter import Letter
from models.letter_office import OfficeKind, Register, Signatory, SigningOrder
from models.round import Round, RoundState
from portal.core.access import Actor
from portal.core.database.session import db, privileged, writing
from portal.core.errors import NotFound, Refused, Stale
from portal.core.jobs import worker
from portal.core.web import Portal
from portal.letters import dispatches, drafting, making
from portal.letters.dispatches import dispatch_or_404
from portal.letters.drafting import Draft
from portal.letters.made_from import MadeFrom, packed, unpacked
from portal.letters.offices import Ways, save_texts
from portal.letters.standing import acts_of, problems, way_of
from portal.letters.verifying import Form, genuine
from reports.printing import Paper, print_papers
from tests.factories.base import Make
from tests.factories.people import GrantFactory
from tests.support.letters import ORDER, SETTINGS, SIGNATORY, drafted, made, ordered, set_up
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres
DAY = date(2018, 11, 9)
PAPER = Ways(SigningOrder.SIGN_FIRST, Register.GENERAL)
HERE = Ways(register=Register.GENERAL)
S = DispatchState


@contextmanager
def held(world: World, dispatch_id: int, person: str = "dla") -> Iterator[tuple[Dispatch, Actor]]:
    """The letter in the hands of a person."""
    with acting_as(world.actor(person)) as actor:
        yield db.session.get_one(Dispatch, dispatch_id), actor


def issued(world: World, dispatch_id: int, *, number: str = "", dated: date = DAY) -> int:
    with held(world, dispatch_id) as (dispatch, actor):
        return dispatches.issue(dispatch, number=number, dated=dated, actor=actor, seen_version=None).id


def state(dispatch_id: int) -> DispatchState:
    with privileged("a test looks") as session:
        return session.get_one(Dispatch, dispatch_id).state


def colleague(world: World, make: Make) -> Actor:
    """A second officer of DLA."""
    grant = make(GrantFactory)
    return replace(world.actor("dla"), account_id=grant.account_id, grant_id=grant.id)


def test_a_draft_can_be_changed_and_thrown_away(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla")
        key = drafted(world, "dla")
        with held(world, key) as (dispatch, actor):
            assert dispatch.subject.startswith("ขอความร่วมมือ") and dispatch.number == ""
            changed = Draft(dispatch.signatory_id, "ด่วน", ("หนังสือ ก",), (world.province["81"],))
            drafting.change(dispatch, changed, actor=actor, seen_version=dispatch.version)
            assert (dispatch.urgency, dispatch.cites) == ("ด่วน", ["หนังสือ ก"])
            assert dispatch.to_provinces == [world.province["81"]]
            with pytest.raises(Stale):
                drafting.change(dispatch, changed, actor=actor, seen_version=1)
        with held(world, key) as (dispatch, _actor):
            drafting.discard(dispatch)
        with privileged("a test counts") as session:
            assert session.scalar(select(func.count()).select_from(Dispatch)) == 0


def test_a_letter_of_an_electronic_office_is_numbered_then_sent(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla", ways=HERE)
        key = drafted(world, "dla")
        with held(world, key) as (dispatch, actor):
            assert set(acts_of(dispatch, actor=actor)) == {"issue"}
            assert way_of(dispatch) == [(S.DRAFT, "info"), (S.ISSUED, "idle"), (S.SENT, "idle")]
        issued(world, key)
        with held(world, key) as (dispatch, actor):
            assert (dispatch.number, dispatch.dated) == ("มท 0817.2/ว 1", DAY)
            with pytest.raises(Refused, match="copies are being made"):
                dispatches.mark_sent(dispatch, actor=actor)
        worker.work(app, until_idle=True)
        with held(world, key) as (dispatch, actor):
            dispatches.mark_sent(dispatch, actor=actor)
            assert way_of(dispatch) == [(S.DRAFT, "ok"), (S.ISSUED, "ok"), (S.SENT, "ok")]
            assert {letter.number for letter in dispatch.letters} == {"มท 0817.2/ว 1"}
            assert len({letter.public_id for letter in dispatch.letters}) == 2


def test_a_letter_of_a_paper_office_is_signed_then_numbered(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla", ways=PAPER)
        key = drafted(world, "dla")
        with held(world, key) as (dispatch, actor):
            with pytest.raises(Refused, match="signs a letter before"):
                dispatches.issue(dispatch, number="", dated=DAY, actor=actor, seen_version=None)
            job_id = dispatches.print_for_signing(dispatch, actor=actor, seen_version=dispatch.version).id
        worker.work(app, until_idle=True)
        printed = made(job_id)
        assert printed.content[:2] == b"PK" and printed.letters == [], "a print is no letter yet"
        issued(world, key)
        worker.work(app, until_idle=True)
        with held(world, key) as (dispatch, _actor):
            assert len(dispatch.letters) == 2
            dispatches.file_scan(dispatch, b"%PDF-1.7 signed", "ลงนาม.pdf")
            with pytest.raises(Refused, match="filed already"):
                dispatches.file_scan(dispatch, b"%PDF-1.7 other", "อื่น.pdf")
            public_id = dispatch.letters[0].public_id
        known = genuine(public_id or "")
        assert known is not None
        assert [one.form for one in known.versions] == [Form.ISSUED, Form.SCANNED], "both are the letter"


def test_what_is_taken_back_while_it_is_printed_leaves_no_file_for_the_printer(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        set_up(world, "dla", ways=PAPER)
        key = drafted(world, "dla")
        with held(world, key) as (dispatch, actor):
            dispatches.print_for_signing(dispatch, actor=actor, seen_version=None)

        def printing(papers: dict[str, Paper], **rest: Any) -> Iterator[tuple[str, bytes]]:
            yield from print_papers(papers, **rest)
            with held(world, key) as (dispatch, actor):
                dispatches.take_back(dispatch, actor=actor)

        monkeypatch.setattr(making, "print_papers", printing)
        worker.work(app, until_idle=True)
        with held(world, key) as (dispatch, _actor):
            assert dispatch.state is S.DRAFT and dispatch.print_file_id is None


def test_what_was_printed_for_signing_is_void_once_it_is_taken_back(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla", ways=PAPER)
        key = drafted(world, "dla")
        with held(world, key) as (dispatch, actor):
            job_id = dispatches.print_for_signing(dispatch, actor=actor, seen_version=None).id
            with pytest.raises(Refused, match="on its way to be signed"):
                drafting.discard(dispatch)
        with held(world, key) as (dispatch, actor):
            dispatches.take_back(dispatch, actor=actor)
            assert (dispatch.state, dispatch.data_file_id) == (S.DRAFT, None)
        worker.work(app, until_idle=True)
        assert "ดึงหนังสือกลับ" in made(job_id).job.message


def test_a_second_person_checks_where_the_office_wants_it(app: Portal, world: World, make: Make) -> None:
    with app.app_context():
        set_up(world, "dla", ways=Ways(register=Register.GENERAL, checked=True))
        key = drafted(world, "dla")
        with held(world, key) as (dispatch, actor):
            with pytest.raises(Refused, match="second person"):
                dispatches.issue(dispatch, number="", dated=DAY, actor=actor, seen_version=None)
            with pytest.raises(Refused, match="wrote this letter yourself"):
                dispatches.check(dispatch, actor=actor, seen_version=None)
        with acting_as(colleague(world, make)) as other:
            dispatch = db.session.get_one(Dispatch, key)
            dispatches.check(dispatch, actor=other, seen_version=dispatch.version)
            assert dispatch.checked_by_id == other.account_id
            with pytest.raises(Refused, match="take it back"):
                drafting.change(dispatch, Draft(dispatch.signatory_id), actor=other, seen_version=None)
        issued(world, key)
        assert state(key) is S.ISSUED


def no_signatory(world: World) -> None:
    with writing(), privileged("nobody signs") as session:
        for dispatch in session.scalars(select(Dispatch)):
            dispatch.signatory_id = None


def order_ended(world: World) -> None:
    with writing(), privileged("the order has ended") as session:
        for one in session.scalars(select(Signatory)):
            one.until = date(2018, 11, 8)


def setting_gone(world: World) -> None:
    with acting_as(world.actor("dla")):
        save_texts(SETTINGS_KIND, SETTINGS[SETTINGS_KIND] | {"address": ""})


SETTINGS_KIND = OfficeKind.DLA


@pytest.mark.parametrize(
    ("meanwhile", "words"),
    [
        (no_signatory, "เลือกผู้ลงนาม"),
        (order_ended, f"คำสั่งที่ให้{SIGNATORY}ลงนามไม่มีผล"),
        (setting_gone, "ที่ตั้ง"),
    ],
)
def test_what_is_wrong_is_told_before_a_number_is_given(
    app: Portal, world: World, meanwhile: Callable[[World], None], words: str
) -> None:
    with app.app_context():
        set_up(world, "dla", ways=HERE)
        key = drafted(world, "dla")
        meanwhile(world)
        with held(world, key) as (dispatch, actor):
            assert [words in one.message for one in problems(dispatch, DAY)] == [True]
            with pytest.raises(Refused) as refused:
                dispatches.issue(dispatch, number="", dated=DAY, actor=actor, seen_version=None)
            assert words in refused.value.message
        with privileged("a test counts") as session:
            assert session.scalar(select(func.count()).select_from(LetterNumber)) == 0


def test_a_day_before_the_figures_and_a_day_ahead_are_told(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla", ways=HERE)
        key = drafted(world, "dla")
        with held(world, key) as (dispatch, actor):
            for day, words in ((date(2018, 11, 8), "tells the figures"), (date(2018, 11, 10), "lies ahead")):
                with pytest.raises(Refused, match=words) as refused:
                    dispatches.issue(dispatch, number="", dated=day, actor=actor, seen_version=None)
                assert refused.value.field == "dated"
                db.session.rollback()
        with held(world, key) as (dispatch, actor):
            day = date(2018, 11, 10)
            dispatches.issue(dispatch, number="", dated=day, ahead=True, actor=actor, seen_version=None)
            assert dispatch.dated == day


def test_an_issued_letter_is_never_changed_or_thrown_away(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla", ways=HERE)
        key = drafted(world, "dla")
        issued(world, key)
        with held(world, key) as (dispatch, actor):
            for act in (
                lambda: drafting.discard(dispatch),
                lambda: drafting.change(dispatch, Draft(None), actor=actor, seen_version=None),
                lambda: dispatches.take_back(dispatch, actor=actor),
            ):
                with pytest.raises(Refused, match="issued on"):
                    act()


def test_a_withdrawn_letter_says_so_to_who_holds_it(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla", ways=HERE)
        key = drafted(world, "dla")
        issued(world, key)
        worker.work(app, until_idle=True)
        with privileged("a test looks") as session:
            public_id = session.scalars(select(Letter.public_id)).first()
        assert public_id
        found = genuine(public_id)
        assert found is not None and found.holds and found.number == "มท 0817.2/ว 1"
        with held(world, key) as (dispatch, actor):
            with pytest.raises(Refused):
                dispatches.withdraw(dispatch, "  ", actor=actor)
            dispatches.withdraw(dispatch, "ผิดเรื่อง", actor=actor)
        found = genuine(public_id)
        assert found is not None and not found.holds and found.replaced_by == ""
        with held(world, key) as (dispatch, _actor):
            assert way_of(dispatch)[-1] == (S.WITHDRAWN, "bad")
        assert genuine("0" * 32) is None, "no other id finds anything"


def test_a_letter_holds_until_the_one_that_replaces_it_is_issued(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla", ways=HERE)
        key = drafted(world, "dla")
        issued(world, key)
        worker.work(app, until_idle=True)
        with held(world, key) as (dispatch, actor):
            other = dispatches.replace_by(dispatch, "ตัวเลขผิด", actor=actor).id
            with pytest.raises(Refused, match="there already"):
                dispatches.replace_by(dispatch, "อีกครั้ง", actor=actor)
        assert state(key) is S.ISSUED
        issued(world, other)
        assert (state(key), state(other)) == (S.REPLACED, S.ISSUED)
        with privileged("a test looks") as session:
            public_id = session.scalars(select(Letter.public_id).where(Letter.dispatch_id == key)).first()
        assert public_id
        found = genuine(public_id)
        assert found is not None and (found.holds, found.replaced_by) == (False, "มท 0817.2/ว 2")


def test_nobody_else_s_letter_is_found(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla")
        key = drafted(world, "dla")
        with acting_as(world.actor("dla")) as actor:
            assert dispatch_or_404(key, actor).id == key
        for person in ("nacc", "province"):
            with acting_as(world.actor(person)) as actor, pytest.raises(NotFound):
                dispatch_or_404(key, actor)


def test_no_letter_is_written_about_a_draft_of_a_round(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla")
        with acting_as(world.actor("dla")) as actor:
            round = db.session.get_one(Round, world.round_id)
            round.state = RoundState.DRAFT
            with db.session.no_autoflush, pytest.raises(Refused, match="has been opened"):
                drafting.begin(round, OfficeKind.DLA, Draft(None), actor=actor)
            db.session.rollback()


def test_a_proof_is_one_copy_and_keeps_nothing(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla")
        key = drafted(world, "dla")
        with held(world, key) as (dispatch, actor):
            job_id = dispatches.order_proof(dispatch, world.province["81"], actor=actor).id
        worker.work(app, until_idle=True)
        proof = made(job_id)
        assert proof.content.startswith(b"%PDF-") and proof.letters == []
        assert proof.file is not None and proof.file.name == "หนังสือ จังหวัดกระบี่.pdf"
        assert state(key) is S.DRAFT


def test_copies_tell_what_was_so_when_the_letter_was_issued(app: Portal, world: World) -> None:
    """What a letter is made from comes back whole, and equal data give equal bytes."""
    with app.app_context():
        set_up(world, "dla")
        ordered(world, "dla", ORDER)
        with privileged("a test looks") as session:
            kept = session.scalars(select(Dispatch)).one().data_file
            assert kept is not None
            content = kept.content
    made_from = unpacked(content)
    assert isinstance(made_from, MadeFrom) and packed(made_from) == content
    assert made_from.office.signatory_name == SIGNATORY
    assert {one.province for one in made_from.provinces.values()} == {"ลำปาง", "กระบี่"}
    assert made_from.references == ORDER.references
