"""Who entered or sent a thing does not judge it, whatever right they hold now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from models.account import Account, Grant, Role
from models.contributor import Contributor, Part
from models.disclosure import Disclosure, DisclosureState, Review
from models.participation import Participation, PreparationState
from models.roster import RosterVerdict
from portal.assessors import judgement
from portal.core import clock
from portal.core.access import SEPARATED, Actor
from portal.core.access import Permission as P
from portal.core.contributors import own_work
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.core.sign_in import actor_for_grant
from portal.core.web import Portal
from portal.disclosure import review, scoring
from portal.disclosure.state import REVIEWING, SCORING, step_reason
from portal.disclosure.workflow import DISCLOSURE
from portal.people import accounts
from portal.preparation import desk
from portal.preparation.workflow import PREPARATION
from portal.tools.drill import checklists
from tests.factories.base import Make
from tests.factories.people import ContributorFactory
from tests.support.checklists import answer_at, bring_to, own, stored
from tests.support.client import PortalClient
from tests.support.rosters import fill_roster
from tests.support.world import World, acting_as, row

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
REFUSED = "entered or sent a part of these data"


def moved_over(world: World, role: Role, **place: Any) -> Actor:
    """The admin's right has ended, and the same person holds another now."""
    with writing(), privileged("a test moves a person") as session:
        account = session.get_one(Account, world.account["agency_admin"])
        session.get_one(Grant, world.grant["agency_admin"]).valid_until = clock.now()
        session.flush()
        grant = accounts.give_grant(session, account, role, **place)
        return actor_for_grant(session, grant.id)


def contributors() -> set[tuple[Part, int]]:
    with privileged("a test looks") as session:
        rows = session.execute(select(Contributor.part, Contributor.account_id))
        return {(part, account_id) for part, account_id in rows}


def test_the_executive_that_was_the_admin_confirms_nothing_of_their_own(
    app: Any, world: World, client_as: ClientAs
) -> None:
    base = f"/rounds/{world.round_id}/preparation"
    admin = client_as("agency_admin")
    assert admin.submit(f"{base}/headcount", {"headcount": "52"}).status_code == 302
    with app.app_context():
        assert contributors() == {(Part.PREPARATION, world.account["agency_admin"])}
        with writing(), privileged("the rest of the data") as session:
            participation = session.get_one(Participation, world.participation["a1"])
            participation.roster_count = 5
    assert admin.submit(f"{base}/submit").status_code == 302
    with app.app_context():
        moved_over(world, Role.EXECUTIVE, agency_id=world.agency["a1"])
        version = str(row(Participation, world.participation["a1"]).version)
    same_person = client_as("agency_admin")
    assert "ท่านเคยกรอกหรือส่งข้อมูลชุดนี้ด้วยตนเอง" in same_person.get(f"{base}/confirm").text
    sent = same_person.submit(f"{base}/confirm", {"version": version, "confirm": "1"})
    assert sent.status_code in {409, 422} and "ท่านเคยกรอก" in sent.text
    sent = client_as("executive").submit(f"{base}/confirm", {"version": version, "confirm": "1"})
    assert sent.status_code == 302
    with app.app_context():
        assert row(Participation, world.participation["a1"]).state is PreparationState.CONFIRMED
        assert contributors() == {(Part.PREPARATION, world.account["agency_admin"])}


def test_who_answered_oit_neither_passes_nor_confirms_it(app: Any, world: World) -> None:
    with app.app_context():
        bring_to(world, DisclosureState.SUBMITTED)
        assert contributors() == {(Part.DISCLOSURE, world.account["agency_admin"])}
        actor = moved_over(world, Role.EXECUTIVE, agency_id=world.agency["a1"])
        with acting_as(actor):
            answer, disclosure = answer_at(world), stored(world)
            assert step_reason(disclosure, "confirm", actor=actor)
            assert REVIEWING.closed(own(world), disclosure)
            with pytest.raises(Refused, match=REFUSED):
                review.judge_item(
                    own(world), answer.oit_item_id, Review.PASS, version=answer.version, actor=actor
                )
            for act in (review.confirm_review, review.return_disclosure):
                with pytest.raises(Refused, match=REFUSED):
                    act(own(world), version=disclosure.version, actor=actor)


def test_who_answered_oit_does_not_score_it(app: Any, world: World) -> None:
    with app.app_context():
        bring_to(world, DisclosureState.CONFIRMED)
        actor = moved_over(world, Role.ASSESSOR, body_id=world.body["body1"])
        with acting_as(actor):
            assert SCORING.closed(own(world), stored(world))
            answer = answer_at(world)
            with pytest.raises(Refused, match=REFUSED):
                scoring.score_item(
                    own(world), answer.oit_item_id, points=None, note="", version=answer.version, actor=actor
                )
            with pytest.raises(Refused, match=REFUSED):
                checklists.score_all(own(world), actor=actor, points=lambda _item: 100)  # type: ignore[arg-type, return-value]


def test_who_kept_a_roster_does_not_judge_it(app: Any, world: World) -> None:
    fill_roster(app, world, confirmed=False)
    with app.app_context():
        with acting_as(world.actor("agency_admin")) as actor:
            desk.set_headcount(own(world), 52, actor=actor)
        with writing(), privileged("the executive confirms") as session:
            participation = session.get_one(Participation, world.participation["a1"])
            participation.state, participation.confirmed_at = PreparationState.CONFIRMED, clock.now()
        actor = moved_over(world, Role.ASSESSOR, body_id=world.body["body1"])
        with acting_as(actor):
            assert judgement.why_not_judge(own(world))
            with pytest.raises(Refused, match=REFUSED):
                judgement.judge(own(world), RosterVerdict.REPRESENTATIVE, note="", actor=actor)
        with acting_as(world.actor("assessor")) as other:
            assert judgement.judge(own(world), RosterVerdict.REPRESENTATIVE, note="", actor=other)


def test_every_step_either_enters_or_judges() -> None:
    """A new transition of these tables cannot stand outside the separation."""
    for workflow, part in ((PREPARATION, Part.PREPARATION), (DISCLOSURE, Part.DISCLOSURE)):
        rule = SEPARATED[part]
        for step in workflow.transitions:
            assert step.permission in {rule.entered_by, *rule.judged_by}, (workflow.thing, step.name)


def test_reading_and_being_someone_else_changes_nothing(app: Any, world: World) -> None:
    with app.app_context(), acting_as(world.actor("executive")) as actor:
        for rule in SEPARATED.values():
            for permission in rule.judged_by:
                assert own_work(permission, own(world), actor) is None
    with app.app_context():
        assert contributors() == set()


@pytest.mark.parametrize(
    ("part", "permission", "refused"),
    [
        (Part.PREPARATION, P.PREPARATION_CONFIRM, True),
        (Part.PREPARATION, P.ROSTER_JUDGE, True),
        (Part.PREPARATION, P.DISCLOSURE_REVIEW, False),
        (Part.PREPARATION, P.DISCLOSURE_SCORE, False),
        (Part.DISCLOSURE, P.DISCLOSURE_REVIEW, True),
        (Part.DISCLOSURE, P.DISCLOSURE_SCORE, True),
        (Part.DISCLOSURE, P.PREPARATION_CONFIRM, False),
        (Part.PREPARATION, P.PREPARATION_READ, False),
    ],
)
def test_a_part_separates_from_its_own_judgement_alone(
    app: Portal, make: Make, world: World, part: Part, permission: P, refused: bool
) -> None:
    with app.app_context():
        one, other = (row(Participation, world.participation[key]) for key in ("a1", "a2"))
        account, who = row(Account, world.account["executive"]), world.actor("executive")
    make(ContributorFactory, account=account, participation=one, part=part)
    with app.app_context(), acting_as(world.actor("dla")):
        for subject in (one, Disclosure(participation_id=one.id)):
            assert (own_work(permission, subject, who) is not None) is refused
        assert own_work(permission, other, who) is None, "of another agency"
        assert own_work(permission, one) is None, "somebody else sits here"
