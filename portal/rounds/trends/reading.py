"""What several rounds ask, read at once: as many queries for five rounds as for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models.instrument import Choice, Indicator, Instrument, InstrumentKind, OitItem, Question, Scale, SubItem
from models.round import Round
from portal.content.year import ContentIndicator
from portal.rounds.trends.things import Asked, Place, Points, Thing

Scales = dict[int, tuple[tuple[str, ...], Points]]


def asked_in(session: Session, round_ids: Sequence[int]) -> dict[int, Asked]:
    """What each of these rounds asks, as ``things.asked_by`` gives it of a content; five queries."""
    things: dict[int, dict[Place, Thing]] = defaultdict(dict)
    for round_id, thing in _questions(session, round_ids, _scales(session, round_ids)):
        things[round_id][thing.place] = thing
    for round_id, thing in _items(session, round_ids):
        things[round_id][thing.place] = thing
    indicators, weights = _instruments(session, round_ids)
    rounds = session.execute(select(Round.id, Round.eit_combine).where(Round.id.in_(round_ids)))
    return {
        round_id: Asked(
            things[round_id],
            {kind: tuple(rows) for kind, rows in indicators[round_id].items()},
            weights[round_id],
            combine.value,
        )
        for round_id, combine in rounds
    }


def _scales(session: Session, round_ids: Sequence[int]) -> Scales:
    query = select(Choice.scale_id, Choice.label, Choice.points).join(Scale)
    query = query.where(Scale.round_id.in_(round_ids)).order_by(Choice.scale_id, Choice.position)
    found: dict[int, list[tuple[str, Decimal | None]]] = defaultdict(list)
    for scale, label, points in session.execute(query):
        found[scale].append((label, points))
    return {
        key: (tuple(row[0] for row in rows), tuple(row[1] for row in rows)) for key, rows in found.items()
    }


def _questions(session: Session, round_ids: Sequence[int], scales: Scales) -> list[tuple[int, Thing]]:
    query = (
        select(
            Instrument.round_id,
            Instrument.kind,
            Question.code,
            Indicator.code,
            Question.text,
            Question.scale_id,
            SubItem.own_scale_id,
            SubItem.text,
        )
        .join(Question, Question.instrument_id == Instrument.id)
        .join(Indicator, Indicator.id == Question.indicator_id)
        .join(SubItem, SubItem.question_id == Question.id)
        .where(Instrument.round_id.in_(round_ids))
        .order_by(Instrument.id, Question.position, SubItem.position)
    )
    lines: dict[tuple[int, InstrumentKind, str, str, str], list[tuple[int, str]]] = defaultdict(list)
    for round_id, kind, code, indicator, text, scale, own, line in session.execute(query):
        lines[round_id, kind, code, indicator, text].append((own or scale, line))
    return [
        (
            round_id,
            Thing(
                kind,
                code,
                indicator,
                text,
                "\n".join(line for _scale, line in rows if line),
                tuple(scales[scale][1] for scale, _line in rows),
                tuple(label for scale, _line in rows for label in scales[scale][0]),
            ),
        )
        for (round_id, kind, code, indicator, text), rows in lines.items()
    ]


def _items(session: Session, round_ids: Sequence[int]) -> list[tuple[int, Thing]]:
    query = (
        select(
            Instrument.round_id,
            Instrument.kind,
            OitItem.code,
            Indicator.code,
            OitItem.title,
            OitItem.criterion,
            OitItem.kinds,
        )
        .join(OitItem, OitItem.instrument_id == Instrument.id)
        .join(Indicator, Indicator.id == OitItem.indicator_id)
        .where(Instrument.round_id.in_(round_ids))
        .order_by(Instrument.id, OitItem.position)
    )
    return [
        (round_id, Thing(kind, code, indicator, title, criterion, kinds=tuple(kinds)))
        for round_id, kind, code, indicator, title, criterion, kinds in session.execute(query)
    ]


def _instruments(
    session: Session, round_ids: Sequence[int]
) -> tuple[dict[int, dict[InstrumentKind, list[ContentIndicator]]], dict[int, dict[InstrumentKind, Decimal]]]:
    above = aliased(Indicator)
    query = (
        select(
            Instrument.round_id,
            Instrument.kind,
            Instrument.weight,
            Indicator.code,
            Indicator.name,
            above.code,
        )
        .outerjoin(Indicator, Indicator.instrument_id == Instrument.id)
        .outerjoin(above, above.id == Indicator.parent_id)
        .where(Instrument.round_id.in_(round_ids))
        .order_by(Instrument.id, Indicator.position)
    )
    found: dict[int, dict[InstrumentKind, list[ContentIndicator]]] = defaultdict(lambda: defaultdict(list))
    weights: dict[int, dict[InstrumentKind, Decimal]] = defaultdict(dict)
    for round_id, kind, weight, code, name, parent in session.execute(query):
        weights[round_id][kind] = weight
        rows = found[round_id][kind]
        if code is not None:
            rows.append(ContentIndicator(code, name, parent))
    return found, weights
