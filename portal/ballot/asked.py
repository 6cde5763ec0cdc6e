"""A survey as somebody reads it aloud: in a language of the round, beside what it says in Thai."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from models.instrument import InstrumentKind
from portal.ballot.languages import THAI, Wording, in_thai, offered, wordings_of
from portal.ballot.public_texts import PUBLIC
from portal.ballot.public_words import say_in
from portal.ballot.questionnaire import Questionnaire, load_questionnaire

FIRST = PUBLIC["interview.first"].product


@dataclass(frozen=True)
class ThaiLine:
    """What a line says in Thai, with the question above it and its choices."""

    lead: str
    note: str
    text: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """The questions in the language that was asked for, and the further languages that there are."""

    questionnaire: Questionnaire
    languages: tuple[str, ...]
    #: what the round says in it beside its questions
    wording: Wording
    #: in Thai by slot; empty where the questions themselves are
    thai: Mapping[int, ThaiLine] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The language that the questions are in."""
        return self.questionnaire.language

    @property
    def choices(self) -> tuple[str, ...]:
        """The languages that can be chosen, Thai first."""
        return (THAI, *self.languages)

    @property
    def first_words(self) -> str:
        """What an interviewer says before the first question."""
        return say_in(self.wording, FIRST)

    @property
    def first_words_in_thai(self) -> str:
        """The same in Thai."""
        return say_in(Wording(), FIRST)

    def lang_of(self, words: str) -> str:
        """The language of words on a page whose own words are Thai; "" where they are Thai too."""
        return "" if self.language == THAI or in_thai(words) else self.language


def asked_in(session: Session, round_id: int, kind: InstrumentKind, language: str) -> Asked:
    """The questions of a survey in a language; in Thai where the round does not ask them in it.

    Raises NoResultFound where the round has no such instrument.
    """
    wordings = wordings_of(session, round_id)
    thai = load_questionnaire(session, round_id, kind)
    languages = tuple(offered(wordings, kind.value, thai.codes))
    if language not in languages:
        return Asked(thai, languages, wordings[THAI])
    wording = wordings[language]
    return Asked(
        load_questionnaire(session, round_id, kind, wording=wording), languages, wording, _by_slot(thai)
    )


def _by_slot(thai: Questionnaire) -> dict[int, ThaiLine]:
    return {
        line.slot: ThaiLine(block.lead, block.note, line.text, line.choices)
        for section in thai.sections
        for block in section.blocks
        for line in block.lines
    }
