"""A survey in the order of its form: sections, blocks of lines that share their choices, numbers, slots."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import NoResultFound

from models.answer_codec import BadAnswer
from models.instrument import Indicator, Instrument, InstrumentKind, Scale
from portal.ballot.questionnaire import Questionnaire, load_questionnaire
from portal.core.database.session import privileged
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.rounds import (
    ChoiceFactory,
    IndicatorFactory,
    InstrumentFactory,
    QuestionFactory,
    ScaleFactory,
    SubItemFactory,
)
from tests.support.world import World

EIT = InstrumentKind.EIT


class Draft:
    """One indicator of a round of its own, with a scale of four and one of two choices."""

    def __init__(self, app: Portal, make: Make) -> None:
        self._app, self.make = app, make
        self.instrument: Instrument = make(InstrumentFactory, kind=EIT)
        self.begin("คุณภาพการดำเนินงาน")
        self.four, self.two = self._scale("ก", "ข", "ค", "ง"), self._scale("มี", "ไม่มี")
        self._slot = 0

    def _scale(self, *labels: str) -> Scale:
        scale: Scale = self.make(ScaleFactory)
        for place, label in enumerate(labels, start=1):
            self.make(ChoiceFactory, scale=scale, position=place, label=label)
        return scale

    def begin(self, name: str) -> None:
        """The next questions belong to a new indicator."""
        self.indicator: Indicator = self.make(IndicatorFactory, instrument=self.instrument, name=name)

    def ask(
        self, text: str, *lines: tuple[str, Scale | None], scale: Scale | None = None, note: str = ""
    ) -> None:
        """A question with these lines; without any it is its own line."""
        question = self.make(
            QuestionFactory, indicator=self.indicator, scale=scale or self.four, text=text, note=note
        )
        for place, (words, own_scale) in enumerate(lines or (("", None),), start=1):
            self.make(
                SubItemFactory,
                question=question,
                position=place,
                slot=self._slot,
                text=words,
                own_scale=own_scale,
            )
            self._slot += 1

    def read(self) -> Questionnaire:
        with self._app.app_context(), privileged("test") as session:
            return load_questionnaire(session, self.instrument.round_id, EIT)

    def blocks(self) -> list[tuple[str, list[str]]]:
        """The head of each block, and its lines."""
        (section,) = self.read().sections
        return [(block.lead, [line.text for line in block.lines]) for block in section.blocks]


@pytest.fixture
def draft(app: Portal, make: Make) -> Draft:
    return Draft(app, make)


def test_lone_questions_of_one_scale_stand_in_one_block(draft: Draft) -> None:
    draft.ask("หนึ่ง")
    draft.ask("สอง")
    draft.ask("สาม", scale=draft.two)
    draft.ask("สี่")
    assert draft.blocks() == [("", ["หนึ่ง", "สอง"]), ("", ["สาม"]), ("", ["สี่"])]


def test_a_question_with_lines_is_their_head_and_joins_nobody(draft: Draft) -> None:
    draft.ask("หนึ่ง")
    draft.ask("เรื่องใดบ้าง", ("เรื่องแรก", None), ("เรื่องที่สอง", None))
    draft.ask("สอง")
    assert draft.blocks() == [("", ["หนึ่ง"]), ("เรื่องใดบ้าง", ["เรื่องแรก", "เรื่องที่สอง"]), ("", ["สอง"])]


def test_a_single_line_with_words_of_its_own_stands_under_its_question(draft: Draft) -> None:
    draft.ask("เรื่องใดบ้าง", ("เรื่องเดียว", None))
    assert draft.blocks() == [("เรื่องใดบ้าง", ["เรื่องเดียว"])]


def test_a_question_with_a_note_keeps_a_block_of_its_own(draft: Draft) -> None:
    draft.ask("หนึ่ง")
    draft.ask("สอง", note="หมายถึงปีงบประมาณนี้")
    draft.ask("สาม")
    assert draft.blocks() == [("", ["หนึ่ง"]), ("", ["สอง"]), ("", ["สาม"])]


def test_a_line_turned_the_other_way_round_breaks_its_questions_block(draft: Draft) -> None:
    draft.ask("เรื่องใดบ้าง", ("แรก", None), ("กลับด้าน", draft.two), ("สุดท้าย", None), note="หมายเหตุ")
    (section,) = draft.read().sections
    assert [(block.lead, block.note, block.choices) for block in section.blocks] == [
        ("เรื่องใดบ้าง", "หมายเหตุ", ("ก", "ข", "ค", "ง")),
        ("", "", ("มี", "ไม่มี")),
        ("", "", ("ก", "ข", "ค", "ง")),
    ]


def test_an_indicator_without_questions_is_no_screen_and_numbers_run_through(draft: Draft) -> None:
    draft.ask("หนึ่ง", ("ก", None), ("ข", None))
    draft.begin("ว่าง")
    draft.begin("การสื่อสาร")
    draft.ask("สอง")
    survey = draft.read()
    assert [section.title for section in survey.sections] == ["คุณภาพการดำเนินงาน", "การสื่อสาร"]
    assert [(line.number, line.field) for line in survey.lines] == [(1, "q0"), (2, "q1"), (3, "q2")]


def test_answers_are_encoded_by_slot_and_a_choice_beyond_its_scale_is_refused(draft: Draft) -> None:
    draft.ask("หนึ่ง")
    draft.ask("สอง", scale=draft.two)
    survey = draft.read()
    assert survey.limits == (4, 2)
    assert survey.encode({0: 4}) == b"\x04\x00", "what was not answered is 0"
    with pytest.raises(BadAnswer):
        survey.encode({1: 3})


def test_a_round_without_the_survey_has_no_questionnaire(app: Portal, world: World) -> None:
    with app.app_context(), privileged("test") as session, pytest.raises(NoResultFound):
        load_questionnaire(session, 10**6, EIT)
