"""OIT checklists for tests, brought to any state by the services themselves."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from models.disclosure import Disclosure, DisclosureAnswer, DisclosureState, Review
from models.instrument import Instrument, OitItem
from models.kinds import AgencyKind
from models.participation import Participation, PreparationState
from portal.core.access import the_actor
from portal.core.database.session import db, privileged, writing
from portal.disclosure import answering as disclosure
from portal.disclosure import review as disclosure_review
from portal.disclosure import scoring as disclosure_scoring
from portal.disclosure.checklist import find_disclosure, items_of
from portal.tools.drill import checklists
from tests.support.world import NOW, World, acting_as

S = DisclosureState


def link_of(item: OitItem) -> str:
    """Where the tests' agency discloses an item."""
    return f"https://kohkha.example.go.th/{item.code}.pdf"


def confirm_preparation(world: World, agency: str = "a1", at: datetime = NOW) -> None:
    """As if the executive had confirmed the data of the preparation."""
    with writing(), privileged("a test confirms the preparation") as session:
        row = session.get_one(Participation, world.participation[agency])
        row.state, row.confirmed_at = PreparationState.CONFIRMED, at


def ask_only(world: World, codes: set[str], *kinds: AgencyKind) -> None:
    """Let these items of the round ask agencies of these kinds only."""
    with writing(), privileged("a test asks items of some agencies") as session:
        query = select(OitItem).join(Instrument).where(Instrument.round_id == world.round_id)
        for item in session.scalars(query.where(OitItem.code.in_(codes))):
            item.kinds = [kind.value for kind in kinds]


def own(world: World, agency: str = "a1") -> Participation:
    """The participation in the scoped session of the acting person."""
    return db.session.get_one(Participation, world.participation[agency])


def first_item(world: World, place: int = 0) -> int:
    """The id of an item by its place (from 0); needs an actor."""
    return items_of(world.round_id)[place].id


def begin(world: World, agency: str = "a1", admin: str = "agency_admin") -> None:
    """Every item answered, not submitted."""
    with acting_as(world.actor(admin)) as actor:
        checklists.answer_all(own(world, agency), actor=actor, link=link_of)


def bring_to(world: World, state: DisclosureState, *, failing: int = 0) -> None:
    """Agency a1's checklist in a state; ``failing`` items fail where it is returned (1 unless given)."""
    confirm_preparation(world)
    begin(world)
    if state is S.DRAFT:
        return
    with acting_as(world.actor("agency_admin")) as actor:
        disclosure.submit(own(world), version=stored(world).version, actor=actor)
    if state is S.SUBMITTED:
        return
    with acting_as(world.actor("executive")) as actor:
        if state is S.RETURNED:
            for place in range(failing or 1):
                mark(world, place, Review.FAIL, reason="ลิงก์เปิดไม่ได้")
            disclosure_review.return_disclosure(own(world), version=stored(world).version, actor=actor)
            return
        checklists.pass_all(own(world), actor=actor)
        disclosure_review.confirm_review(own(world), version=stored(world).version, actor=actor)
    if state is S.CONFIRMED:
        return
    with acting_as(world.actor("assessor")) as actor:
        checklists.score_all(own(world), actor=actor, points=lambda _item: Decimal(100))
        disclosure_scoring.finish_scoring(own(world), version=stored(world).version, actor=actor)


def mark(world: World, place: int, review: Review, *, reason: str = "", version: int | None = None) -> None:
    """The executive's mark on the item at a place, by the acting person of the session."""
    answer = answer_at(world, place)
    disclosure_review.judge_item(
        own(world),
        answer.oit_item_id,
        review,
        version=version or answer.version,
        actor=the_actor(),
        reason=reason,
    )


def stored(world: World, agency: str = "a1") -> Disclosure:
    """The checklist as the acting person's session sees it."""
    found = find_disclosure(own(world, agency))
    assert found is not None
    return found


def answer_at(world: World, place: int = 0, agency: str = "a1") -> DisclosureAnswer:
    """The answer at a place of the checklist."""
    return sorted(stored(world, agency).answers, key=lambda answer: answer.item.position)[place]
