"""A draft is begun, kept from what makes no letter, and thrown away; its words are tried before any print."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from models.dispatch import Dispatch
from models.letter_office import OfficeKind
from models.letter_text import TextKind
from models.round import Round, RoundState
from portal.content.year import load_year
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.letters import drafting, papers, texts, trying
from portal.letters.drafting import Draft
from portal.letters.trying import problem_of
from portal.rounds import setup
from portal.tools.demo.windows import shifted_windows
from tests.portal.letters.test_refusals import begun, dates_gone, held
from tests.support.letters import Order, drafted, issued, set_up
from tests.support.world import NOW, World, acting_as

DAY = NOW.date()
ONE_AGENCY = Draft(None, text=(TextKind.AGENCY, 0))


def test_of_a_round_that_is_a_draft_nothing_is_written(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla")
        with writing(), privileged("a round that is prepared") as session:
            session.info["unrecorded"] = True
            content, days = replace(load_year(2561), fiscal_year=2570), shifted_windows(NOW)
            key = setup.make_round(session, content, name="รอบหน้า", windows=days, state=RoundState.DRAFT).id
        with pytest.raises(Refused, match="has been opened"):
            begun(world, round_id=key)


def test_a_draft_is_thrown_away_and_an_issued_letter_is_not(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "nacc")
        with held(world, drafted(world, "nacc"), "nacc") as (dispatch, _actor):
            drafting.discard(dispatch)
            assert db.session.scalar(select(func.count(Dispatch.id))) == 0
        issued(world, "nacc", Order(number="1"))
        with acting_as(world.actor("nacc")) as actor:
            dispatch = db.session.scalars(select(Dispatch)).one()
            with pytest.raises(Refused):
                drafting.discard(dispatch)
            with pytest.raises(Refused):
                drafting.change(dispatch, Draft(None), actor=actor, seen_version=None)


@pytest.mark.parametrize(
    ("draft", "agency", "field", "says"),
    [
        (Draft(None), "a1", "text", "words of its own"),
        (ONE_AGENCY, None, "agency", "goes to"),
        (ONE_AGENCY, "b1", "agency", "from the list"),
    ],
)
def test_a_letter_to_one_agency_has_its_words_and_its_agency(
    app: Portal, world: World, draft: Draft, agency: str | None, field: str, says: str
) -> None:
    """Words for all agencies go to no single one, and the one lies in the province and in the round."""
    chosen = world.agency[agency] if agency else None
    with app.app_context():
        set_up(world, "province")
        with pytest.raises(Refused, match=says) as refused:
            begun(world, "province", replace(draft, to_agency=chosen))
        assert refused.value.field == field


def test_the_file_of_a_letter_to_one_agency_has_the_agency_s_name(app: Portal, world: World) -> None:
    draft = replace(ONE_AGENCY, to_agency=world.agency["a1"])
    with app.app_context():
        set_up(world, "province")
        with acting_as(world.actor("province")) as actor:
            round = db.session.get_one(Round, world.round_id)
            dispatch = drafting.begin(round, OfficeKind.PROVINCE, draft, actor=actor)
            assert problem_of(dispatch, DAY) is None
            made_from = papers.gathered(dispatch)
            (key,) = papers.addressees(made_from)
            assert "เกาะคา" in papers.file_name(made_from, key)


def test_words_that_cannot_be_read_any_more_are_said(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla")
        with held(world, drafted(world, "dla")) as (dispatch, _actor):
            version = texts.text_of(dispatch)
            with pytest.MonkeyPatch.context() as patch:
                broken = replace_source(version, "เรื่อง: ก\nเรียน: ข\n\n{ไม่มีฟิลด์นี้}\n\nจึงเรียนมา\n")
                patch.setattr(texts, "text_of", lambda _dispatch: broken)
                problem = problem_of(dispatch, DAY)
            assert problem is not None and problem.field == "text" and "บรรทัด" in problem.message


def replace_source(version: object, source: str) -> object:
    """A version of a text with other words, in no session."""
    return type("Version", (), {"kind": version.kind, "source": source})()  # type: ignore[attr-defined]


def test_what_is_missing_in_the_round_is_said_by_who_gathers(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without dates, agencies or results the words are at no fault."""
    with app.app_context():
        for person in ("dla", "nacc"):
            set_up(world, person)
        to_dla, to_governors = drafted(world, "nacc"), drafted(world, "dla")
        with held(world, to_dla, "nacc") as (dispatch, _actor):
            assert problem_of(dispatch, DAY) is None
            monkeypatch.setattr(trying, "_sums", lambda *_asked: iter(()))
            assert problem_of(dispatch, DAY) is None
        dates_gone(world)
        with held(world, to_governors) as (dispatch, _actor):
            assert problem_of(dispatch, DAY) is None
            with pytest.raises(Refused, match="dates"):
                papers.gathered(dispatch)


@pytest.mark.parametrize("kind", [TextKind.RESULTS, TextKind.RESULTS_NACC])
def test_words_about_results_are_at_no_fault_before_there_are_any(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch, kind: TextKind
) -> None:
    with app.app_context():
        person = "dla" if kind is TextKind.RESULTS else "nacc"
        set_up(world, person)
        with held(world, drafted(world, person), person) as (dispatch, _actor):
            about = replace_source(texts.text_of(dispatch), texts.shipped_of(kind).source)
            about.kind = kind  # type: ignore[attr-defined]
            monkeypatch.setattr(texts, "text_of", lambda _dispatch: about)
            assert problem_of(dispatch, DAY) is None
