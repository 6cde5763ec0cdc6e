"""The rows of a round's content: settings, windows, rules, texts, scales, instruments with all in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models.instrument import Choice, Indicator, Instrument, InstrumentKind, OitItem, Question, Scale, SubItem
from models.round import CombineRule, GradeBand, HeadcountGroup, RosterGroup, Round, SampleRule, Window
from models.year import RoundText, RoundTranslation
from portal.content.year import ContentInstrument, ContentQuestion, YearContent
from portal.core import audit

#: columns of a round itself that its content says
SETTINGS = (
    "fiscal_year", "scheme", "demo_wording", "grace_seconds", "office_grace_seconds", "first_digits",
    "detail_threshold", "total_threshold",
)  # fmt: skip


def settings_of(content: YearContent) -> dict[str, Any]:
    """What a content says of the round itself, as columns of it."""
    return {name: getattr(content, name) for name in SETTINGS} | {
        "eit_combine": CombineRule(content.eit_combine)
    }


def write_content(session: Session, round: Round, content: YearContent) -> None:
    """Make the rows of a stored round those of a content; flushed, and no event for any of them.

    The rows that were there go: only a draft has none that anything else names.
    """
    with audit.unrecorded(session):
        clear_content(session, round)
        for name, value in settings_of(content).items():
            setattr(round, name, value)
        round.windows = [Window(**vars(row)) for row in content.windows]
        _add_rules(round, content)
        _add_texts(session, round, content)
        scales = _add_scales(session, round, content)
        for instrument in content.instruments:
            _add_instrument(session, round, instrument, scales)
        session.flush()


def clear_content(session: Session, round: Round) -> None:
    """Delete the rows of a draft's content: instruments with all in them, then the scales that lines name."""
    for model in (Instrument, Scale, RoundText, RoundTranslation):
        session.execute(delete(model).where(model.round_id == round.id))
    for kept in (round.windows, round.bands, round.sample_rules, round.roster_groups, round.headcount_groups):
        kept.clear()
    session.flush()


def _add_rules(round: Round, content: YearContent) -> None:
    """Grade bands, groups of roster and headcount, and the minimum-sample rule."""
    round.bands = [GradeBand(grade=row.grade, lower=row.lower, passes=row.passes) for row in content.bands]
    round.roster_groups = [
        RosterGroup(position=place, name=group) for place, group in enumerate(content.roster_groups, start=1)
    ]
    round.headcount_groups = [
        HeadcountGroup(position=place, name=group)
        for place, group in enumerate(content.headcount_groups, start=1)
    ]
    round.sample_rules = [
        SampleRule(
            instrument=row.instrument,
            position=row.position,
            agency_kind=row.agency_kind,
            agency_size=row.agency_size,
            province_size=row.province_size,
            upto=row.upto,
            fixed=row.fixed,
            percent=row.percent,
        )
        for row in content.sample_rows
    ]


def _add_texts(session: Session, round: Round, content: YearContent) -> None:
    """Texts of public pages and what there is in further languages; the round must have its id."""
    session.add_all(RoundText(round_id=round.id, **vars(row)) for row in content.texts)
    session.add_all(RoundTranslation(round_id=round.id, **vars(row)) for row in content.translations)


def _add_scales(session: Session, round: Round, content: YearContent) -> dict[str, Scale]:
    """The answer scales by their codes; the round must have its id."""
    scales = {}
    for row in content.scales:
        choices = [
            Choice(position=place, label=label, points=points)
            for place, (label, points) in enumerate(zip(row.labels, row.points, strict=True), start=1)
        ]
        scales[row.code] = Scale(round_id=round.id, code=row.code, name=row.name, choices=choices)
    session.add_all(scales.values())
    return scales


def _add_instrument(
    session: Session, round: Round, content: ContentInstrument, scales: Mapping[str, Scale]
) -> None:
    """One instrument with its indicators, questions, lines and items."""
    instrument = Instrument(
        round=round, kind=InstrumentKind(content.code), name=content.name, weight=content.weight
    )
    indicators: dict[str, Indicator] = {}
    for place, row in enumerate(content.indicators, start=1):
        parent = indicators[row.parent] if row.parent else None
        indicators[row.code] = Indicator(
            instrument=instrument, parent=parent, code=row.code, name=row.name, position=place
        )
    session.add(instrument)
    session.add_all(
        Question(
            instrument=instrument,
            indicator=indicators[row.indicator],
            scale=scales[row.scale],
            code=row.code,
            text=row.text,
            note=row.note,
            position=place,
            sub_items=list(_sub_items(row, scales)),
        )
        for place, row in enumerate(content.questions, start=1)
    )
    session.add_all(
        OitItem(
            instrument=instrument,
            indicator=indicators[item.indicator],
            code=item.code,
            title=item.title,
            criterion=item.criterion,
            example=item.example,
            kinds=list(item.kinds),
            position=place,
        )
        for place, item in enumerate(content.items, start=1)
    )


def _sub_items(question: ContentQuestion, scales: Mapping[str, Scale]) -> Iterator[SubItem]:
    for line in question.lines:
        own = scales[line.scale] if line.own_scale else None
        yield SubItem(position=line.position, slot=line.slot, text=line.text, own_scale=own)
