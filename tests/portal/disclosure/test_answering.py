"""OIT between admin, executive and assessor: every step, from every state, by every role, out of time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from models.account import Grant
from models.audit import AuditEvent
from models.disclosure import Disclosure, DisclosureState, Review
from models.instrument import Scale
from models.participation import Participation
from portal.core.database.session import privileged, writing
from portal.core.errors import Closed, NotFound, Refused, Stale, UserError
from portal.core.web import Portal
from portal.disclosure import answering, review, scoring
from portal.disclosure.addresses import read_links
from portal.disclosure.checklist import checklist_of
from portal.disclosure.progress import OitCounts, oit_counts, oit_states
from portal.disclosure.state import step_reason
from portal.disclosure.workflow import DISCLOSURE
from portal.tools.drill import checklists
from tests.support.checklists import (
    answer_at,
    begin,
    bring_to,
    confirm_preparation,
    first_item,
    mark,
    own,
    stored,
)
from tests.support.world import NOW, World, acting_as, row

S = DisclosureState
pytestmark = pytest.mark.postgres
Clock = Callable[[object], None]

STEPS: dict[str, Callable[..., Any]] = {
    "submit": answering.submit,
    "withdraw": answering.withdraw,
    "return": review.return_disclosure,
    "confirm": review.confirm_review,
    "finish": scoring.finish_scoring,
}
DOER = {
    "submit": "agency_admin",
    "withdraw": "agency_admin",
    "return": "executive",
    "confirm": "executive",
    "finish": "assessor",
}
SOURCES: dict[str, Any] = {step.name: step.sources for step in DISCLOSURE.transitions}


def take(world: World, step: str, person: str = "") -> Disclosure:
    """Take a step as a person (its own doer unless given)."""
    with acting_as(world.actor(person or DOER[step])) as actor:
        key = STEPS[step](own(world), version=stored(world).version, actor=actor).id
    found = row(Disclosure, key)
    assert isinstance(found, Disclosure)
    return found


def save(world: World, place: int = 0, **changes: Any) -> None:
    """Save the answer at a place as the admin."""
    with acting_as(world.actor("agency_admin")) as actor:
        answer = answer_at(world, place)
        values: dict[str, Any] = {
            "disclosed": True,
            "links": ["https://new.example.go.th/"],
            "explanation": "",
            **changes,
        }
        values.setdefault("version", answer.version)
        answering.save_answer(own(world), answer.oit_item_id, actor=actor, **values)


def state_of(world: World) -> DisclosureState:
    """The state as it is stored."""
    with acting_as(world.actor("nacc")):
        return stored(world).state


# -- the steps -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("step", list(STEPS))
def test_a_step_is_refused_from_every_state_but_its_own(
    app: Portal, world: World, step: str, state: DisclosureState
) -> None:
    with app.app_context():
        bring_to(world, state)
        if state in SOURCES[step]:
            return  # its own states are walked below, with their guards
        with pytest.raises(Refused):
            take(world, step)
        assert state_of(world) is state


@pytest.mark.parametrize("step", list(STEPS))
def test_a_step_is_for_its_own_role_only(app: Portal, world: World, step: str) -> None:
    source = S.DRAFT if step == "submit" else next(iter(SOURCES[step]))
    with app.app_context():
        bring_to(world, source)
        for person in ("agency_admin", "executive", "assessor", "nacc", "dla", "province", "interviewer"):
            if person == DOER[step]:
                continue
            with pytest.raises(NotFound):
                take(world, step, person)
        assert state_of(world) is source


@pytest.mark.parametrize("step", list(STEPS))
def test_a_step_is_closed_outside_its_window_and_says_when(
    app: Portal, world: World, step: str, clock: Clock
) -> None:
    source = S.DRAFT if step == "submit" else next(iter(SOURCES[step]))
    with app.app_context():
        bring_to(world, source)
        for moment in (NOW - timedelta(days=60), NOW + timedelta(days=200)):
            clock(moment)
            with pytest.raises(Closed) as refused:
                take(world, step)
            assert "256" in refused.value.message
        clock(NOW)
        assert state_of(world) is source


def test_foreign_people_do_not_find_the_checklist(app: Portal, world: World) -> None:
    with app.app_context():
        bring_to(world, S.SUBMITTED)
        for person in ("agency_admin_other", "executive_other", "assessor_other"):
            with acting_as(world.actor("nacc")):
                participation, answer = own(world), answer_at(world)
                version, item = stored(world).version, answer.oit_item_id
            with pytest.raises(NotFound), acting_as(world.actor(person)) as actor:
                review.judge_item(participation, item, Review.PASS, version=1, actor=actor)
            for step in STEPS:
                with pytest.raises(NotFound), acting_as(world.actor(person)) as actor:
                    STEPS[step](participation, version=version, actor=actor)


def test_the_whole_way_of_the_letter(app: Portal, world: World) -> None:
    with app.app_context():
        bring_to(world, S.RETURNED, failing=2)
        with pytest.raises(Refused, match="failed item is mended"):
            take(world, "submit")
        save(world, 0)
        with acting_as(world.actor("agency_admin")):
            assert answer_at(world, 0).review is Review.PENDING
            assert answer_at(world, 0).review_reason, "the executive sees what was wrong the last time"
        save(world, 1, explanation="แก้ไขแล้ว")
        assert take(world, "submit").submission == 2
        with acting_as(world.actor("executive")) as actor:
            checklists.pass_all(own(world), actor=actor)
        assert take(world, "confirm").confirmed_at == NOW
        with pytest.raises(Refused, match="has its points"):
            take(world, "finish")
        with acting_as(world.actor("assessor")) as actor:
            checklists.score_all(own(world), actor=actor, points=lambda _item: Decimal(0))
        assert take(world, "finish").scored_at == NOW
        assert state_of(world) is S.SCORED


def test_passed_items_keep_their_mark_unless_they_change(app: Portal, world: World) -> None:
    with app.app_context():
        bring_to(world, S.SUBMITTED)
        with acting_as(world.actor("executive")):
            mark(world, 0, Review.FAIL, reason="เอกสารไม่ใช่ของปีที่ประเมิน")
            mark(world, 1, Review.PASS)
            mark(world, 2, Review.PASS)
        take(world, "return")
        save(world, 0)
        save(world, 2)
        take(world, "submit")
        with acting_as(world.actor("executive")):
            marks = [answer_at(world, place).review for place in range(4)]
        assert marks == [Review.PENDING, Review.PASS, Review.PENDING, Review.PENDING]


def test_a_site_mended_without_a_new_answer_is_said_by_a_tick(app: Portal, world: World) -> None:
    with app.app_context():
        bring_to(world, S.RETURNED)
        with acting_as(world.actor("agency_admin")):
            links = [link.url for link in answer_at(world).links]
        save(world, 0, links=links)
        with acting_as(world.actor("agency_admin")):
            assert answer_at(world).review is Review.FAIL, "the same answer again mends nothing"
        save(world, 0, links=links, mended=True)
        assert take(world, "submit").state is S.SUBMITTED


def test_submitting_waits_for_the_preparation_and_for_every_item(app: Portal, world: World) -> None:
    with app.app_context():
        begin(world)
        with pytest.raises(Refused, match="confirmed the data"):
            take(world, "submit")
        confirm_preparation(world)
        save(world, 3, disclosed=None, links=[])
        with pytest.raises(Refused) as refused:
            take(world, "submit")
        assert "O4" in refused.value.message
        save(world, 3)
        assert take(world, "submit").submitted_at == NOW


def test_nothing_is_sent_to_an_executive_who_is_not_there(app: Portal, world: World) -> None:
    with app.app_context():
        bring_to(world, S.DRAFT)
        with writing(), privileged("the executive leaves") as session:
            session.info["unrecorded"] = True
            session.get_one(Grant, world.grant["executive"]).valid_until = NOW - timedelta(days=1)
        with pytest.raises(Refused, match="executive"):
            take(world, "submit")


def test_taking_back_ends_with_the_first_mark(app: Portal, world: World) -> None:
    with app.app_context():
        bring_to(world, S.SUBMITTED)
        assert take(world, "withdraw").state is S.DRAFT
        take(world, "submit")
        with acting_as(world.actor("executive")):
            mark(world, 5, Review.PASS)
        with pytest.raises(Refused, match="begun the review"):
            take(world, "withdraw")


def test_returning_needs_a_failed_item_and_confirming_all_passed(app: Portal, world: World) -> None:
    with app.app_context():
        bring_to(world, S.SUBMITTED)
        with acting_as(world.actor("executive")) as actor:
            checklists.pass_all(own(world), actor=actor)
        with pytest.raises(Refused, match="at least one item"):
            take(world, "return")
        with acting_as(world.actor("executive")):
            mark(world, 7, Review.FAIL, reason="ข้อมูลไม่ครบตามเกณฑ์")
        with pytest.raises(Refused, match="every item has passed"):
            take(world, "confirm")
        assert take(world, "return").state is S.RETURNED


@pytest.mark.parametrize("state", list(S))
def test_answers_marks_and_points_belong_to_their_states(
    app: Portal, world: World, state: DisclosureState
) -> None:
    with app.app_context():
        bring_to(world, state)
        acts: dict[str, tuple[bool, Callable[[], None]]] = {
            "answer": (state in {S.DRAFT, S.RETURNED}, lambda: save(world, 9)),
            "mark": (state is S.SUBMITTED, lambda: _mark(world)),
            "score": (state is S.CONFIRMED, lambda: _score(world)),
        }
        for name, (possible, act) in acts.items():
            if possible:
                act()
                continue
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.message, name


def _mark(world: World) -> None:
    with acting_as(world.actor("executive")):
        mark(world, 9, Review.PASS)


def _score(world: World, points: str = "100") -> None:
    with acting_as(world.actor("assessor")) as actor:
        answer = answer_at(world, 9)
        scoring.score_item(
            own(world),
            answer.oit_item_id,
            points=Decimal(points),
            note="",
            version=answer.version,
            actor=actor,
        )


# -- versions --------------------------------------------------------------------------------------------


def test_an_executive_cannot_pass_an_answer_that_changed(app: Portal, world: World) -> None:
    with app.app_context():
        bring_to(world, S.SUBMITTED)
        with acting_as(world.actor("executive")):
            seen = answer_at(world).version
        take(world, "withdraw")
        save(world, 0)
        take(world, "submit")
        with pytest.raises(Stale), acting_as(world.actor("executive")):
            mark(world, 0, Review.PASS, version=seen)


def test_changing_only_the_links_moves_the_version(app: Portal, world: World) -> None:
    with app.app_context():
        bring_to(world, S.DRAFT)
        with acting_as(world.actor("agency_admin")):
            before = answer_at(world).version
        save(world, 0, links=["https://a.example.go.th/1", "https://a.example.go.th/2"])
        with acting_as(world.actor("agency_admin")):
            answer = answer_at(world)
            assert answer.version > before
            assert [link.url for link in answer.links] == [
                "https://a.example.go.th/1",
                "https://a.example.go.th/2",
            ]
        with pytest.raises(Stale):
            save(world, 0, version=before)


# -- answers ---------------------------------------------------------------------------------------------


def test_reading_makes_no_rows_and_beginning_makes_them_once(app: Portal, world: World) -> None:
    with app.app_context():
        with acting_as(world.actor("agency_admin")):
            checklist = checklist_of(own(world))
            assert (checklist.disclosure, checklist.total, checklist.answered) == (None, 48, 0)
        for _again in range(2):
            with acting_as(world.actor("agency_admin")):
                assert len(answering.ensure_disclosure(own(world)).answers) == 48
        with privileged("a test looks") as session:
            events = session.scalars(select(AuditEvent).where(AuditEvent.act == "disclosure.begin")).all()
            assert len(events) == 1


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"disclosed": True, "links": [], "explanation": " "}, "at least one link"),
        ({"disclosed": False, "links": [], "explanation": ""}, "why it is not disclosed"),
        ({"disclosed": False, "links": ["https://a.example.go.th/"], "explanation": "x"}, "no links"),
        ({"explanation": "ก" * 5001}, "at most"),
    ],
)
def test_an_answer_without_sense_is_refused(
    app: Portal, world: World, values: dict[str, Any], reason: str
) -> None:
    with app.app_context():
        begin(world)
        with pytest.raises(Refused, match=reason):
            save(world, 0, **values)


def test_one_event_tells_one_saved_answer(app: Portal, world: World) -> None:
    with app.app_context():
        begin(world)
        save(world, 0, links=["https://a.example.go.th/1", "https://a.example.go.th/2"])
        with privileged("a test looks") as session:
            event = session.scalars(select(AuditEvent).where(AuditEvent.act == "disclosure.answer")).one()
            session.expunge(event)
        assert event.after["links"] == ["https://a.example.go.th/1", "https://a.example.go.th/2"]
        assert event.chain == f"agency:{world.agency['a1']}"


@pytest.mark.parametrize(
    "line",
    [
        "javascript:alert(1)",
        "ftp://a.example.go.th/",
        "www.example.go.th",
        "http://",
        "https://localhost/",
        "https://user:word@example.go.th/",
        "https://a b.go.th/",
        "https://example.go.th\\@evil.example/",
        "https://example.go.th:notaport/",
        "https://..go.th/",
        "https://exa\u202emple.go.th/",
        "https://example.go.th/" + "a" * 2000,
        "//example.go.th/",
        "data:text/html,x",
        "https://๑๒๗.๐.๐.๑/",
    ],
)
def test_what_is_no_web_address_is_refused_with_its_line(app: Portal, line: str) -> None:
    with app.test_request_context(), pytest.raises(Refused) as refused:
        read_links(f"https://good.example.go.th/\n{line}")
    assert refused.value.values["line"] == 2


def test_addresses_are_read_as_people_write_them() -> None:
    text = "1. https://a.example.go.th/ก\r\n\n ๒) HTTP://b.example.go.th/?q=1\n- https://a.example.go.th/ก\n"
    assert read_links(text) == ["https://a.example.go.th/ก", "HTTP://b.example.go.th/?q=1"]
    assert read_links("https://เทศบาล.ไทย/หน้า\nhttps://ok.example.go.th:8443/") == [
        "https://เทศบาล.ไทย/หน้า",
        "https://ok.example.go.th:8443/",
    ]
    with pytest.raises(Refused, match="At most"):
        read_links("\n".join(f"https://a.example.go.th/{n}" for n in range(21)))


# -- points ----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("thawed")
def test_points_come_from_the_round(app: Portal, world: World) -> None:
    with app.app_context():
        bring_to(world, S.CONFIRMED)
        with pytest.raises(Refused, match="Choose the points"):
            _score(world, "50")
        with writing(), privileged("a test changes the points") as session:
            scale = session.scalars(select(Scale).where(Scale.code == "YESNO")).one()
            scale.code = scoring.SCALE
            scale.choices[1].points = Decimal(50)
        _score(world, "50")
        with pytest.raises(Refused):
            _score(world, "0")


# -- counts ----------------------------------------------------------------------------------------------


def test_counts_of_many_agencies_come_at_once_and_inside_the_scope(app: Portal, world: World) -> None:
    with app.app_context():
        bring_to(world, S.RETURNED)
        begin(world, "b1", "agency_admin_other")
        a1, b1 = world.participation["a1"], world.participation["b1"]
        with acting_as(world.actor("nacc")):
            counts = oit_counts(round_id=world.round_id)
            assert counts == {
                a1: OitCounts(S.RETURNED, 48, 48, 0, 1, 0),
                b1: OitCounts(S.DRAFT, 48, 48, 0, 0, 0),
            }
            assert counts[a1].pending == 47
            assert oit_states(world.round_id) == {
                world.province["52"]: {S.RETURNED: 1},
                world.province["81"]: {S.DRAFT: 1},
            }
        with acting_as(world.actor("province")):
            assert set(oit_counts(participation_ids=[a1, b1])) == {a1}


def test_every_closed_step_says_why(app: Portal, world: World) -> None:
    with app.app_context():
        confirm_preparation(world)
        for state in (None, *S):
            if state is not None:
                with privileged("a test starts over") as session:
                    for old in session.scalars(select(Disclosure)):
                        session.delete(old)
                bring_to(world, state)
            for step, person in DOER.items():
                with acting_as(world.actor(person)) as actor:
                    found = stored(world) if state is not None else None
                    reason = step_reason(found, step, actor=actor)
                assert reason is None or (isinstance(reason, UserError) and len(reason.message) > 20)


def test_an_item_of_another_round_is_not_found(app: Portal, world: World) -> None:
    with app.app_context():
        begin(world)
        with pytest.raises(NotFound), acting_as(world.actor("agency_admin")) as actor:
            answering.save_answer(
                own(world), 10**6, disclosed=None, links=[], explanation="", version=0, actor=actor
            )
        with acting_as(world.actor("agency_admin")):
            assert first_item(world)
            assert isinstance(own(world), Participation)
