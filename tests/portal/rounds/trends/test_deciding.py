"""Two rounds side by side: decided, accepted together, confirmed, taken back; true to an edited draft."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.instrument import InstrumentKind
from models.round import Round, RoundState
from models.year import Likeness, YearLink
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.rounds import desk
from portal.rounds.building import steps
from portal.rounds.building.edits import items
from portal.rounds.content.reading import content_of
from portal.rounds.trends import deciding, pairs
from portal.rounds.trends.pairs import Pair, Row
from portal.rounds.trends.reading import asked_in
from portal.rounds.trends.things import asked_by
from tests.support.rooms import add_draft
from tests.support.statements import asked
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres
OIT = InstrumentKind.OIT


@pytest.fixture
def nacc(app: Portal, world: World) -> Iterator[Actor]:
    with app.app_context(), acting_as(world.actor("nacc")) as actor:
        yield actor


@pytest.fixture
def draft(nacc: Actor) -> Round:
    return add_draft(db.session())


@pytest.fixture
def earlier(world: World, draft: Round) -> Round:
    return db.session.get_one(Round, world.round_id)


def pair(draft: Round, earlier: Round) -> Pair:
    db.session.flush()
    db.session.expire_all()
    return pairs.pair_of(draft, earlier)


def row(found: Pair, code: str) -> Row:
    return next(one for one in found.rows if one.kind is OIT and one.code == code)


def change_title(draft: Round, actor: Actor, code: str, title: str) -> None:
    one = next(item for item in content_of(db.session(), draft).instrument("oit").items if item.code == code)
    steps.change(
        draft,
        lambda it: items.change_item(
            it, code, new_code=code, indicator=one.indicator, title=title, criterion=one.criterion,
            example=one.example, kinds=one.kinds,
        ),
        act="round.save_item", actor=actor, seen_version=draft.version,
    )  # fmt: skip


def test_what_is_read_at_once_is_what_the_content_asks(app: Portal, draft: Round, earlier: Round) -> None:
    with asked(app) as statements:
        found = asked_in(db.session(), [draft.id, earlier.id])
    assert len([one for one in statements if one.startswith("SELECT")]) == 5
    assert found == {one.id: asked_by(content_of(db.session(), one)) for one in (draft, earlier)}


def test_a_round_that_was_copied_is_the_same_all_over(draft: Round, earlier: Round, nacc: Actor) -> None:
    before = pair(draft, earlier)
    assert all(one.sure and one.suggestion.what is Likeness.SAME for one in before.rows if one.suggestion)
    with pytest.raises(Refused, match="undecided"):
        deciding.confirm(draft, earlier, actor=nacc)
    assert deciding.accept_sure(draft, earlier) == len(before.rows)
    assert deciding.accept_sure(draft, earlier) == 0
    after = pair(draft, earlier)
    assert (after.decided, after.together) == (len(after.rows), len(after.rows))
    deciding.confirm(draft, earlier, actor=nacc)
    assert pair(draft, earlier).confirmed
    for act in (
        lambda: deciding.accept_sure(draft, earlier),
        lambda: deciding.take_back_together(draft, earlier),
        lambda: deciding.take_back(draft, earlier, OIT, code="O1", earlier_code="O1"),
        lambda: deciding.decide(draft, earlier, OIT, code="O1", earlier_code="", what=Likeness.NEW),
    ):
        with pytest.raises(Refused, match="take the confirmation back"):
            act()
    deciding.reopen(draft, earlier)
    assert not pair(draft, earlier).confirmed
    assert deciding.take_back_together(draft, earlier) == len(after.rows)
    assert pair(draft, earlier).decided == 0


def test_acts_are_recorded(draft: Round, earlier: Round, nacc: Actor) -> None:
    deciding.decide(draft, earlier, OIT, code="O1", earlier_code="O2", what=Likeness.CHANGED)
    deciding.accept_sure(draft, earlier)
    deciding.take_back(draft, earlier, OIT, code="O1", earlier_code="O2")
    db.session.flush()
    acts = [one.act for one in db.session.scalars(select(AuditEvent).order_by(AuditEvent.id))]
    assert [act for act in acts if "trend" in act] == [
        "round.trend_decide", "round.trend_accept", "round.trend_take_back",
    ]  # fmt: skip


def test_one_is_decided_again_and_a_dropped_one_found(draft: Round, earlier: Round) -> None:
    deciding.decide(draft, earlier, OIT, code="", earlier_code="O2", what=Likeness.DROPPED)
    assert not row(pair(draft, earlier), "O2").earlier_code
    deciding.decide(draft, earlier, OIT, code="O1", earlier_code="O2", what=Likeness.SAME)
    deciding.decide(draft, earlier, OIT, code="O1", earlier_code="O2", what=Likeness.CHANGED)
    one = row(pair(draft, earlier), "O1")
    assert one.decided is not None
    assert (one.earlier_code, one.decided.likeness) == ("O2", Likeness.CHANGED)
    deciding.take_back(draft, earlier, OIT, code="O1", earlier_code="O2")
    assert row(pair(draft, earlier), "O1").decided is None


def test_an_earlier_one_is_laid_beside_one_later_one_alone(draft: Round, earlier: Round) -> None:
    deciding.decide(draft, earlier, OIT, code="O1", earlier_code="O2", what=Likeness.SAME)
    with pytest.raises(Refused, match="laid beside this one already"):
        deciding.decide(draft, earlier, OIT, code="O3", earlier_code="O2", what=Likeness.SAME)
    db.session.rollback()


@pytest.mark.parametrize(
    ("code", "earlier_code", "what", "refusal"),
    [
        ("O1", "", Likeness.SAME, Refused),
        ("", "O1", Likeness.CHANGED, Refused),
        ("O999", "O1", Likeness.SAME, NotFound),
        ("O1", "O999", Likeness.SAME, NotFound),
        ("", "", Likeness.NEW, NotFound),
    ],
)
def test_a_decision_names_what_there_is(
    draft: Round, earlier: Round, code: str, earlier_code: str, what: Likeness, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        deciding.decide(draft, earlier, OIT, code=code, earlier_code=earlier_code, what=what)


def test_decisions_go_with_a_code_and_not_with_other_words(draft: Round, earlier: Round, nacc: Actor) -> None:
    deciding.accept_sure(draft, earlier)
    deciding.confirm(draft, earlier, actor=nacc)
    title = row(pair(draft, earlier), "O3").later
    assert title is not None
    steps.change(
        draft, lambda it: items.remove_item(it, "O1"), act="round.remove_item", actor=nacc,
        seen_version=draft.version,
    )  # fmt: skip
    steps.change(
        draft, lambda it: items.number_anew(it, "oit"), act="round.number_anew", actor=nacc,
        seen_version=draft.version,
    )  # fmt: skip
    found = pair(draft, earlier)
    assert not found.confirmed, "O1 of the earlier year has to be looked at"
    assert (row(found, "O2").earlier_code, row(found, "O2").decided is not None) == ("O3", True)
    assert row(found, "O2").later == replace(title, code="O2")
    change_title(draft, nacc, "O2", "รายการที่เป็นอย่างอื่น")
    assert row(pair(draft, earlier), "O2").decided is None
    assert row(pair(draft, earlier), "O4").decided is not None


def test_an_opened_round_is_laid_beside_an_earlier_one_too(draft: Round, earlier: Round) -> None:
    draft.state = RoundState.OPENED
    db.session.flush()
    assert deciding.accept_sure(draft, earlier)
    assert [one.id for one in pairs.earlier_rounds(draft)] == [earlier.id]
    assert pairs.earlier_rounds(earlier) == []
    with pytest.raises(NotFound):
        pairs.earlier_or_404(earlier, draft.id)


def test_a_deleted_draft_leaves_no_decision(draft: Round, earlier: Round, nacc: Actor) -> None:
    deciding.accept_sure(draft, earlier)
    deciding.confirm(draft, earlier, actor=nacc)
    desk.delete_draft(draft)
    assert db.session.scalars(select(YearLink)).all() == []
