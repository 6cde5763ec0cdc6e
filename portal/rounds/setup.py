"""Make a round from the content of a fiscal year, and snapshot the agencies that it assesses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, literal, select, true
from sqlalchemy.orm import Session, object_session, selectinload

from models.agency import Agency
from models.instrument import Indicator, Instrument, InstrumentKind, Question, Scale, SubItem
from models.participation import Participation
from models.place import District, Province
from models.round import (
    Round,
    RoundState,
    Stage,
    WindowKind,
)
from models.scoring import IndicatorSpec, InstrumentSpec, QuestionSpec, SubItemSpec
from models.sector import USUAL_SECTOR
from portal.content.year import ContentWindow, YearContent
from portal.core import audit
from portal.rounds.content.writing import settings_of, write_content

Windows = Mapping[tuple[Stage, WindowKind], tuple[datetime, datetime]]


def make_round(
    session: Session,
    content: YearContent,
    *,
    name: str,
    windows: Windows | None = None,
    state: RoundState = RoundState.DRAFT,
    sector_id: int | None = None,
) -> Round:
    """Add a round with everything that its content says; flushed. ``windows``: others than the content's.

    One event tells that the round was made; its hundreds of lines of content leave none.
    """
    if windows is not None:
        spans = (ContentWindow(*key, *span) for key, span in windows.items())
        content = replace(content, windows=tuple(spans))
    round = Round(name=name, **settings_of(content))
    round.sector_id = sector_id or USUAL_SECTOR
    with audit.unrecorded(session):
        session.add(round)
        session.flush()
    write_content(session, round, content)
    if state is not RoundState.DRAFT:  # what an opened round asks is frozen: first all of it
        with audit.unrecorded(session):
            session.flush()
            round.state = state
            session.flush()
    audit.record(
        session,
        act="round.make",
        thing="round",
        row=round.id,
        after={
            "name": name,
            "fiscal_year": content.fiscal_year,
            "scheme": content.scheme,
            "state": state.value,
        },
    )
    return round


def snapshot_agencies(session: Session, round: Round, *, among: ColumnElement[bool] | None = None) -> int:
    """Give every active agency of its sector that has none its participation in the round.

    Gives how many were made.

    ``among``: a condition on their rows, where not all take part. One statement, so the session must be
    privileged. Agencies that came later are added by calling it again.
    """
    present = select(Participation.id).where(
        Participation.round_id == round.id, Participation.agency_id == Agency.id
    )
    taken = {
        "round_id": literal(round.id),
        "agency_id": Agency.id,
        "province_id": Agency.province_id,
        "code": Agency.code,
        "kind": Agency.kind,
        "size": Agency.size,
        "name": Agency.name,
        "full_name": Agency.full_name,
        "sort_key": Agency.sort_key,
        "search_key": Agency.search_key + District.search_key + Province.search_key,
        "district_id": Agency.district_id,
        "district_name": District.name,
        "province_name": Province.name,
        "province_size": Province.size,
    }
    source = (
        select(*taken.values())
        .join(District, District.id == Agency.district_id)
        .join(Province, Province.id == Agency.province_id)
        .where(Agency.active, Province.sector_id == round.sector_id, ~present.exists())
        .where(true() if among is None else among)
        .order_by(Agency.province_id, Agency.sort_key, Agency.id)
    )
    count = select(func.count()).select_from(Participation).where(Participation.round_id == round.id)
    before = session.scalar(count) or 0
    session.connection().execute(insert(Participation).from_select(list(taken), source))
    made = (session.scalar(count) or 0) - before
    if made:
        audit.record(session, act="round.snapshot", thing="round", row=round.id, after={"agencies": made})
    return made


def spec_of(instrument: Instrument) -> InstrumentSpec:
    """The instrument as the rules of scoring take it, read with one query per table."""
    session = object_session(instrument)
    assert session is not None, "an instrument without a session has no questions to read"
    query = (
        select(Indicator)
        .where(Indicator.instrument_id == instrument.id)
        .order_by(Indicator.position)
        .options(
            selectinload(Indicator.oit_items),
            selectinload(Indicator.questions).selectinload(Question.scale).selectinload(Scale.choices),
            selectinload(Indicator.questions)
            .selectinload(Question.sub_items)
            .selectinload(SubItem.own_scale)
            .selectinload(Scale.choices),
        )
    )
    rows = session.scalars(query).all()
    return InstrumentSpec(
        code=instrument.kind.value,
        weight=instrument.weight,
        indicators=tuple(_indicator_spec(row, rows) for row in rows if row.parent_id is None),
    )


def instruments_of(session: Session, round_id: int) -> dict[InstrumentKind, Instrument]:
    """The instruments of a round by their kind."""
    rows = session.scalars(select(Instrument).where(Instrument.round_id == round_id))
    return {row.kind: row for row in rows}


def _indicator_spec(row: Indicator, rows: Iterable[Indicator]) -> IndicatorSpec:
    return IndicatorSpec(
        code=row.code,
        subs=tuple(_indicator_spec(sub, rows) for sub in rows if sub.parent_id == row.id),
        questions=tuple(_question_spec(question) for question in row.questions),
        items=tuple(item.code for item in row.oit_items),
    )


def _question_spec(question: Question) -> QuestionSpec:
    return QuestionSpec(
        question.code,
        tuple(
            SubItemSpec(line.code, line.slot, tuple(choice.points for choice in line.scale.choices))
            for line in question.sub_items
        ),
    )
