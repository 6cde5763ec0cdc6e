"""A correction of an opened round's words: what it writes and leaves, what is refused, taken back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from models.audit import AuditEvent
from models.instrument import Choice, Instrument, OitItem, Scale
from models.round import Round, RoundState
from models.year import RoundText, WordingCorrection
from portal.core.corrected import corrections_of
from portal.core.database.session import db, privileged, writing
from portal.core.errors import DoesNotFit, NotFound, Refused, Stale
from portal.core.web import Portal
from portal.rounds.correcting.acts import ACT, correct, look
from portal.rounds.correcting.things import THINGS, place_of
from tests.support.corrections import (
    REASON,
    at_a_desk,
    corrected,
    first_place,
    named_place,
    open_with_texts,
    round_of,
)
from tests.support.rooms import add_draft
from tests.support.world import NOW, World

pytestmark = pytest.mark.postgres
#: a letter more than there was: always a correction
MORE = "ๆ"


@pytest.mark.parametrize("name", THINGS)
def test_words_of_every_kind_of_row_are_corrected_and_recorded(app: Portal, world: World, name: str) -> None:
    round_id = open_with_texts(app)
    with at_a_desk(app, world) as nacc:
        place = first_place(round_id, name)
        code, (field, before) = place.code, next(iter(place.words.items()))
        corrected(place, nacc, **{field: f" {before}{MORE} "})
        db.session.expire_all()
        row = db.session.scalars(select(WordingCorrection)).one()
        assert getattr(place.row, field) == before + MORE
        assert (row.thing, row.row_id, row.field, row.before, row.after) == (
            name,
            place.row.id,
            field,
            before,
            before + MORE,
        )
        assert (row.reason, row.account_id, row.code) == (REASON, world.account["nacc"], code)
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == ACT)).one()
        assert (event.thing, event.row) == (name, str(place.row.id))
        assert event.before == {field: before}
        assert event.after == {field: before + MORE, "reason": REASON}
        assert place_of(place.round, name, place.row.id).version == row.id


def editions(round_id: int) -> dict[str, int]:
    rows = db.session.scalars(select(Instrument).where(Instrument.round_id == round_id))
    return {row.kind.value: row.edition for row in rows}


@pytest.mark.parametrize(
    ("name", "moved"),
    [
        ("question", {"iit"}),
        ("sub_item", {"iit"}),
        ("oit_item", {"oit"}),
        ("choice", {"iit", "eit", "oit"}),
        ("roster_group", set()),
    ],
)
def test_forms_that_show_the_words_are_made_anew(
    app: Portal, world: World, name: str, moved: set[str]
) -> None:
    with at_a_desk(app, world) as nacc:
        before = editions(world.round_id)
        place = first_place(world.round_id, name)
        field, words = next(iter(place.words.items()))
        corrected(place, nacc, **{field: words + MORE})
        db.session.expire_all()
        after = editions(world.round_id)
        assert {kind for kind in after if after[kind] != before[kind]} == moved


def test_several_fields_are_one_act_and_what_did_not_change_is_none(app: Portal, world: World) -> None:
    with at_a_desk(app, world) as nacc:
        place = named_place(world.round_id, "oit_item", "O1")
        words = place.words
        typed = {"title": words["title"] + MORE, "criterion": words["criterion"] + MORE}
        corrected(place, nacc, **typed)
        rows = db.session.scalars(select(WordingCorrection.field)).all()
        assert set(rows) == {"title", "criterion"}
        assert len(db.session.scalars(select(AuditEvent).where(AuditEvent.act == ACT)).all()) == 1


def test_it_is_corrected_back_and_both_corrections_stand(app: Portal, world: World) -> None:
    with at_a_desk(app, world) as nacc:
        place = named_place(world.round_id, "oit_item", "O1")
        title = place.words["title"]
        after = corrected(place, nacc, title=title + MORE)
        now = place_of(after.round, "oit_item", after.row.id)
        corrected(now, nacc, title=title)
        db.session.expire_all()
        assert place.row.title == title
        rows = db.session.scalars(select(WordingCorrection).order_by(WordingCorrection.id)).all()
        assert [(row.before, row.after) for row in rows] == [(title, title + MORE), (title + MORE, title)]


def test_small_steps_do_not_lead_to_another_question(app: Portal, world: World) -> None:
    """Each is measured by the words that the round was opened with."""
    with at_a_desk(app, world) as nacc:
        place = named_place(world.round_id, "oit_item", "O1")
        title = place.words["title"]
        with pytest.raises(Refused, match="Too much"):
            for step in range(1, 30):
                corrected(place, nacc, title=title + "กขคงจฉชซฌญ"[:step])
                place = place_of(place.round, "oit_item", place.row.id)


def test_who_looked_before_another_correction_is_told(app: Portal, world: World) -> None:
    with at_a_desk(app, world) as nacc:
        place = named_place(world.round_id, "oit_item", "O1")
        title = place.words["title"]
        corrected(place, nacc, title=title + MORE)
        with pytest.raises(Stale):
            corrected(place, nacc, seen=0, title=title + "ฯ")
        other = named_place(world.round_id, "oit_item", "O2")
        corrected(other, nacc, title=other.words["title"] + MORE)


@pytest.mark.parametrize("state", [RoundState.CLOSED, RoundState.OPENED])
def test_a_closed_round_is_corrected_too(app: Portal, world: World, state: RoundState) -> None:
    with app.app_context(), writing(), privileged("a test closes") as session:
        session.get_one(Round, world.round_id).state = state
    with at_a_desk(app, world) as nacc:
        place = named_place(world.round_id, "oit_item", "O1")
        corrected(place, nacc, title=place.words["title"] + MORE)


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"title": " \t "}, "title", "not taken away"),
        ({}, "title", "Nothing differs"),
        ({"title": "ทำเนียบผู้บริหารของจังหวัด"}, "title", "Too much"),
        ({"title": "{}" + "ก" * 400}, "title", "letters fit"),
        ({"criterion": "{} 3"}, "criterion", "A number"),
        ({"kinds": "[]", "position": "9"}, "title", "Nothing differs"),
    ],
)
def test_what_is_no_correction_is_refused_at_its_field(
    app: Portal, world: World, typed: dict[str, str], field: str, words: str
) -> None:
    with at_a_desk(app, world):
        place = named_place(world.round_id, "oit_item", "O1")
        sent = {name: said.replace("{}", place.words.get(name, "")) for name, said in typed.items()}
        with pytest.raises(Refused, match=words) as refused:
            look(place, sent)
        assert refused.value.field == field


@pytest.mark.parametrize(("reason", "kind"), [(" ", Refused), ("ก" * 301, DoesNotFit)])
def test_a_reason_is_asked(app: Portal, world: World, reason: str, kind: type[Refused]) -> None:
    with at_a_desk(app, world) as nacc:
        place = named_place(world.round_id, "oit_item", "O1")
        with pytest.raises(kind) as refused:
            corrected(place, nacc, reason=reason, title=place.words["title"] + MORE)
        assert refused.value.field == "reason"


def test_choices_of_a_scale_stay_told_apart(app: Portal, world: World) -> None:
    with at_a_desk(app, world) as nacc:
        place = first_place(world.round_id, "choice")
        others = select(Choice).where(Choice.scale_id == place.row.scale_id, Choice.id != place.row.id)
        other = db.session.scalars(others).first()
        assert other is not None
        corrected(place_of(place.round, "choice", other.id), nacc, label=other.label + MORE)
        with pytest.raises(Refused):
            look(place_of(place.round, "choice", place.row.id), {"label": other.label})


def test_a_draft_and_rows_of_other_rounds_have_no_corrections(app: Portal, world: World) -> None:
    with at_a_desk(app, world):
        draft = add_draft(db.session())
        mine = first_place(draft.id, "oit_item")
        with pytest.raises(Refused, match="draft"):
            look(mine, {"title": mine.words["title"] + MORE})
        for name, row_id in (("oit_item", mine.row.id), ("oit_item", 10**6), ("round", world.round_id)):
            with pytest.raises(NotFound):
                place_of(round_of(world.round_id), name, row_id)


def test_a_row_without_words_has_nothing_to_correct(app: Portal, world: World) -> None:
    """Nothing is added where nothing stood; rows that a preview makes up have no number."""
    with at_a_desk(app, world):
        scale = db.session.scalars(select(Scale).where(Scale.round_id == world.round_id)).first()
        assert scale is not None and not scale.name
        with pytest.raises(NotFound):
            place_of(round_of(world.round_id), "scale", scale.id)
        assert corrections_of("oit_item", None) == ()


def test_what_is_filled_into_a_text_stays(app: Portal, world: World) -> None:
    round_id = open_with_texts(app)
    with at_a_desk(app, world) as nacc:
        place = first_place(round_id, "round_text")
        with pytest.raises(Refused, match="What the system fills in"):
            look(place, {"words": "แบบสำรวจ %(kin)s"})
        corrected(place, nacc, words="แบบสำรวจ %(kind)s")
        assert db.session.scalars(select(RoundText.words)).one() == "แบบสำรวจ %(kind)s"


HOSTILE: list[tuple[str, dict[str, Any]]] = [
    ("no correction at all", {}),
    ("one of other words", {"after": "อื่น"}),
    ("one that began from other words", {"before": "อื่น"}),
    ("one of another row", {"row_id": 10**6}),
    ("one of another field", {"field": "criterion"}),
]


@pytest.mark.parametrize(("what", "wrong"), HOSTILE, ids=[what for what, _wrong in HOSTILE])
def test_the_database_lets_words_change_by_their_own_correction_only(
    app: Portal, world: World, what: str, wrong: dict[str, Any]
) -> None:
    with at_a_desk(app, world):
        place = named_place(world.round_id, "oit_item", "O1")
        title = place.words["title"]
        if wrong:
            said = {"row_id": place.row.id, "field": "title", "before": title, "after": title + MORE}
            more = {"thing": "oit_item", "code": "O1", "reason": REASON, "made_at": NOW}
            db.session.add(WordingCorrection(round_id=world.round_id, **(said | wrong | more)))
            db.session.flush()
        with pytest.raises(DBAPIError, match="this round was opened"):
            db.session.execute(
                update(OitItem).where(OitItem.id == place.row.id).values(title=title + MORE),
                execution_options={"synchronize_session": False},
            )
        db.session.rollback()


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("instrument", "weight", Decimal(1)),
        ("choice", "points", Decimal(1)),
        ("question", "scale_id", 3),
        ("sub_item", "slot", 44),
        ("oit_item", "kinds", ["pao"]),
    ],
)
def test_a_correction_opens_no_way_for_what_is_scored(
    app: Portal, world: World, table: str, column: str, value: Any
) -> None:
    """Not even in the same statement as words that have their correction."""
    with at_a_desk(app, world):
        place = first_place(world.round_id, table)
        field, words = next(iter(place.words.items()))
        said = {"row_id": place.row.id, "field": field, "before": words, "after": words + MORE}
        more = {"thing": table, "code": "O1", "reason": REASON, "made_at": NOW}
        db.session.add(WordingCorrection(round_id=world.round_id, **said, **more))
        db.session.flush()
        setattr(place.row, field, words + MORE)
        setattr(place.row, column, value)
        with pytest.raises(DBAPIError, match="this round was opened"):
            db.session.flush()
        db.session.rollback()


def test_nothing_is_corrected_by_half(app: Portal, world: World) -> None:
    """Where one field is refused the other one stays too."""
    with at_a_desk(app, world) as nacc:
        place = named_place(world.round_id, "oit_item", "O1")
        typed = {"title": place.words["title"] + MORE, "criterion": "คนละเรื่องทั้งหมด"}
        with pytest.raises(Refused):
            correct(place.round, "oit_item", place.row.id, typed, reason=REASON, actor=nacc, seen=0)
        assert db.session.scalars(select(WordingCorrection)).all() == []
