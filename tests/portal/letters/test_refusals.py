"""What keeps a letter from being written, proved or filed, each in words for who presses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import delete

from models.dispatch import Dispatch, DispatchState
from models.job import JobState
from models.letter_office import Register, SigningOrder
from models.round import Round, RoundState, Window
from portal.content.year import load_year
from portal.core.access import Actor
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.jobs import worker
from portal.core.web import Portal
from portal.letters import dispatches, drafting, papers
from portal.letters.drafting import Draft
from portal.letters.offices import Ways, save_texts
from portal.letters.standing import acts_of, way_of
from portal.rounds import setup
from portal.tools.demo.windows import shifted_windows
from tests.factories.base import Make
from tests.factories.people import GrantFactory
from tests.support.letters import OFFICES, SETTINGS, Order, drafted, made, set_up
from tests.support.world import NOW, World, acting_as

S = DispatchState
HERE = Ways(register=Register.GENERAL)
CHECKED = Ways(register=Register.GENERAL, checked=True)
NOBODY_SIGNS = Draft(None)


@contextmanager
def held(world: World, dispatch_id: int, person: str = "dla") -> Iterator[tuple[Dispatch, Actor]]:
    with acting_as(world.actor(person)) as actor:
        yield db.session.get_one(Dispatch, dispatch_id), actor


def dates_gone(world: World) -> None:
    with writing(), privileged("the round's dates are taken away") as session:
        session.info["unrecorded"] = True
        session.execute(delete(Window))


def without_dates(world: World) -> int:
    """The round, and it has no dates."""
    dates_gone(world)
    return world.round_id


def without_agencies(world: World) -> int:
    """An open round in which no agency takes part."""
    with writing(), privileged("a round of nobody") as session:
        session.info["unrecorded"] = True
        content = replace(load_year(2561), fiscal_year=2570)
        days = shifted_windows(NOW)
        return setup.make_round(session, content, name="รอบอื่น", windows=days, state=RoundState.OPEN).id


def begun(world: World, person: str = "dla", draft: Draft = NOBODY_SIGNS, round_id: int = 0) -> Dispatch:
    with acting_as(world.actor(person)) as actor:
        round = db.session.get_one(Round, round_id or world.round_id)
        return drafting.begin(round, OFFICES[person], draft, actor=actor)


def test_an_office_that_nobody_described_writes_nothing(app: Portal, world: World) -> None:
    with app.app_context(), pytest.raises(Refused, match="office's settings first"):
        begun(world)


def test_only_the_office_s_own_people_sign(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla")
        with pytest.raises(Refused, match="from the list") as refused:
            begun(world, draft=Draft(98765))
        assert refused.value.field == "signatory"


@pytest.mark.parametrize("person", ["dla", "nacc"])
@pytest.mark.parametrize(
    ("nothing", "words"), [(without_dates, papers.NO_DATES), (without_agencies, papers.NO_AGENCIES)]
)
def test_a_letter_about_nothing_is_not_begun(
    app: Portal, world: World, person: str, nothing: Callable[[World], int], words: str
) -> None:
    with app.app_context():
        set_up(world, person)
        round_id = nothing(world)
        with pytest.raises(Refused) as refused:
            begun(world, person, round_id=round_id)
        assert refused.value.message_id == words


def test_a_checked_letter_is_taken_back_and_checked_again(app: Portal, world: World, make: Make) -> None:
    with app.app_context():
        set_up(world, "dla", ways=CHECKED)
        key = drafted(world, "dla")
        grant = make(GrantFactory)
        colleague = replace(world.actor("dla"), account_id=grant.account_id, grant_id=grant.id)
        with acting_as(colleague) as other:
            dispatch = db.session.get_one(Dispatch, key)
            assert set(acts_of(dispatch, actor=other)) == {"check", "issue"}
            dispatches.check(dispatch, actor=other, seen_version=dispatch.version)
            dispatches.take_back(dispatch, actor=other)
            assert (dispatch.state, dispatch.checked_by_id, dispatch.data_file_id) == (S.DRAFT, None, None)


def test_an_office_that_changes_its_way_shows_where_its_letters_are(
    app: Portal, world: World, make: Make
) -> None:
    with app.app_context():
        set_up(world, "dla", ways=Ways(SigningOrder.SIGN_FIRST, Register.GENERAL))
        key = drafted(world, "dla")
        with held(world, key) as (dispatch, actor):
            assert set(acts_of(dispatch, actor=actor)) == {"sign", "issue"}
            dispatches.print_for_signing(dispatch, actor=actor, seen_version=dispatch.version)
        with acting_as(world.actor("dla")):
            save_texts(OFFICES["dla"], SETTINGS[OFFICES["dla"]], ways=HERE)
        with held(world, key) as (dispatch, _actor):
            assert way_of(dispatch) == [
                (S.DRAFT, "ok"),
                (S.SIGNING, "info"),
                (S.ISSUED, "idle"),
                (S.SENT, "idle"),
            ]


def test_a_reason_is_asked_for_and_the_signed_paper_comes_after_the_number(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla", ways=HERE)
        key = drafted(world, "dla")
        with held(world, key) as (dispatch, actor):
            with pytest.raises(Refused, match="draft still"):
                dispatches.replace_by(dispatch, "ผิด", actor=actor)
            with pytest.raises(Refused, match="once the letter has its number"):
                dispatches.file_scan(dispatch, b"%PDF-1.7", "ก.pdf")
            for act, words in ((dispatches.replace_by, "replaced"), (dispatches.withdraw, "withdrawn")):
                with pytest.raises(Refused, match=f"Say why the letter is {words}") as refused:
                    act(dispatch, " ", actor=actor)
                assert refused.value.field == "reason"


def test_a_proof_needs_its_font(app: Portal, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        set_up(world, "dla")
        key = drafted(world, "dla")
        monkeypatch.setattr(dispatches, "missing_font", lambda _texts: "TH Sarabun New")
        with held(world, key) as (dispatch, actor), pytest.raises(Refused) as refused:
            dispatches.order_proof(dispatch, None, actor=actor)
        assert refused.value.values == {"font": "TH Sarabun New"}


def proved(app: Portal, world: World, key: int, meanwhile: Callable[[], None]) -> int:
    with held(world, key) as (dispatch, actor):
        job_id = dispatches.order_proof(dispatch, None, actor=actor).id
    meanwhile()
    worker.work(app, until_idle=True)
    return job_id


def test_a_proof_is_of_an_addressee_of_the_letter(app: Portal, world: World) -> None:
    """Without a province it is the first copy."""
    with app.app_context():
        set_up(world, "dla")
        key = drafted(world, "dla", Order(province_ids=(world.province["81"],)))
        proof = made(proved(app, world, key, lambda: None))
        assert proof.file is not None and proof.file.name == "หนังสือ จังหวัดกระบี่.pdf"


@pytest.mark.parametrize(
    ("meanwhile", "words"),
    [("discarded", "ไม่มีร่างหนังสือ"), ("dates gone", "วัน")],
)
def test_what_became_of_a_draft_is_said_of_its_proof(
    app: Portal, world: World, meanwhile: str, words: str
) -> None:
    with app.app_context():
        set_up(world, "dla")
        key = drafted(world, "dla")

        def act() -> None:
            if meanwhile == "dates gone":
                dates_gone(world)
                return
            with held(world, key) as (dispatch, _actor):
                drafting.discard(dispatch)

        proof = made(proved(app, world, key, act))
        assert proof.job.state is JobState.FAILED and words in proof.job.message, proof.job.message
