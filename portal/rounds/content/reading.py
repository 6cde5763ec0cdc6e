"""The content of a round that is stored, as the plain data that every other way in gives too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models.instrument import Indicator, Instrument, OitItem, Question, Scale, SubItem
from models.round import Round, RoundState
from models.year import RoundText, RoundTranslation
from portal.content.places import told_apart
from portal.content.year import (
    ContentBand,
    ContentIndicator,
    ContentInstrument,
    ContentItem,
    ContentLine,
    ContentQuestion,
    ContentSampleRow,
    ContentScale,
    ContentText,
    ContentTranslation,
    ContentWindow,
    YearContent,
    in_order,
)
from portal.core.lookup import hold_still

Row = TypeVar("Row", RoundText, RoundTranslation)


def content_of(session: Session, round: Round) -> YearContent:
    """Everything of a round that is not an answer, in a number of queries that does not grow with it.

    A draft stands still meanwhile: a step of somebody else writes its rows anew, and half of the old rows
    with half of the new are no content. Raises NotFound for a draft that was deleted meanwhile.
    """
    if round.state is RoundState.DRAFT:
        hold_still(round)
    scales = _scales(session, round)
    return told_apart(
        YearContent(
            fiscal_year=round.fiscal_year,
            scheme=round.scheme,
            scales=tuple(_scale(row) for row in scales),
            instruments=tuple(_instruments(session, round, {row.id: row.code for row in scales})),
            sample_rows=tuple(_sample_rows(round)),
            bands=tuple(ContentBand(row.grade, row.lower, row.passes) for row in round.bands),
            roster_groups=tuple(row.name for row in round.roster_groups),
            headcount_groups=tuple(row.name for row in round.headcount_groups),
            first_digits=round.first_digits,
            detail_threshold=round.detail_threshold,
            total_threshold=round.total_threshold,
            eit_combine=round.eit_combine.value,
            grace_seconds=round.grace_seconds,
            office_grace_seconds=round.office_grace_seconds,
            demo_wording=round.demo_wording,
            windows=in_order(
                ContentWindow(row.stage, row.kind, row.opens_at, row.closes_at) for row in round.windows
            ),
            texts=tuple(ContentText(row.key, row.words) for row in _rows(session, RoundText, round)),
            translations=tuple(
                ContentTranslation(row.language, row.thing, row.code, row.field, row.words)
                for row in _rows(session, RoundTranslation, round)
            ),
        )
    )


def _rows(session: Session, model: type[Row], round: Round) -> list[Row]:
    return list(session.scalars(select(model).where(model.round_id == round.id).order_by(model.id)))


def _scales(session: Session, round: Round) -> list[Scale]:
    query = select(Scale).where(Scale.round_id == round.id).order_by(Scale.id)
    return list(session.scalars(query.options(selectinload(Scale.choices))))


def _scale(row: Scale) -> ContentScale:
    return ContentScale(
        row.code,
        tuple(choice.label for choice in row.choices),
        tuple(choice.points for choice in row.choices),
        row.name,
    )


def _instruments(session: Session, round: Round, scales: dict[int, str]) -> Iterator[ContentInstrument]:
    questions = selectinload(Instrument.indicators).selectinload(Indicator.questions)
    query = (
        select(Instrument)
        .where(Instrument.round_id == round.id)
        .order_by(Instrument.id)
        .options(
            selectinload(Instrument.indicators).joinedload(Indicator.parent),
            selectinload(Instrument.indicators).selectinload(Indicator.oit_items),
            questions.selectinload(Question.sub_items),
        )
    )
    for row in session.scalars(query):
        yield ContentInstrument(
            code=row.kind.value,
            name=row.name,
            weight=row.weight,
            indicators=tuple(_indicator(one) for one in row.indicators),
            questions=tuple(_question(one, scales) for one in _in_order(row.indicators)),
            items=tuple(_item(one) for one in _items_in_order(row.indicators)),
        )


def _in_order(indicators: Iterable[Indicator]) -> list[Question]:
    found = [question for indicator in indicators for question in indicator.questions]
    return sorted(found, key=lambda row: row.position)


def _items_in_order(indicators: Iterable[Indicator]) -> list[OitItem]:
    found = [item for indicator in indicators for item in indicator.oit_items]
    return sorted(found, key=lambda row: row.position)


def _indicator(row: Indicator) -> ContentIndicator:
    return ContentIndicator(row.code, row.name, row.parent.code if row.parent else None)


def _question(row: Question, scales: dict[int, str]) -> ContentQuestion:
    scale = scales[row.scale_id]
    lines = tuple(_line(line, scale, scales) for line in row.sub_items)
    return ContentQuestion(row.code, row.indicator.code, scale, row.text, row.note, lines)


def _line(row: SubItem, scale: str, scales: dict[int, str]) -> ContentLine:
    own = scales[row.own_scale_id] if row.own_scale_id else scale
    return ContentLine(row.position, row.slot, row.text, own, own != scale)


def _item(row: OitItem) -> ContentItem:
    return ContentItem(row.code, row.indicator.code, row.title, row.criterion, row.example, tuple(row.kinds))


def _sample_rows(round: Round) -> Iterator[ContentSampleRow]:
    for row in round.sample_rules:
        yield ContentSampleRow(
            instrument=row.instrument,
            position=row.position,
            agency_kind=row.agency_kind,
            agency_size=row.agency_size,
            province_size=row.province_size,
            upto=row.upto,
            fixed=row.fixed,
            percent=row.percent,
        )
