"""What is asked in two rounds: decided one by one or together, confirmed as a whole, taken back.

It touches no score and no question, so that it works in a draft and in a round that was opened alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from models.instrument import InstrumentKind
from models.round import Round
from models.year import Likeness, YearLink, YearMapping
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.lookup import hold
from portal.rounds.trends.pairs import Row, links_of, mapping_of, pair_of

#: so many decisions stand in the record of an act on several; of more their number
MOST_TOLD = 60


def decide(
    round: Round, earlier: Round, kind: InstrumentKind, *, code: str, earlier_code: str, what: Likeness
) -> None:
    """Say what one thing is; what was said of it before goes, and that the earlier one was dropped.

    Raises Refused where it was confirmed, where the words do not fit what is named, or where another thing
    has the earlier one; NotFound for a code that there is not.
    """
    _hold_open(round, earlier)
    pair = pair_of(round, earlier)
    known = {(row.kind, row.code) for row in pair.rows if row.later}
    before = {(row.kind, row.earlier_code) for row in pair.rows if row.earlier}
    code, earlier_code = _fitting(code, earlier_code, what)
    if (code and (kind, code) not in known) or (earlier_code and (kind, earlier_code) not in before):
        raise NotFound
    with audit.act("round.trend_decide"):
        _forget_said(round, earlier, kind, code, earlier_code)
        db.session.add(_link(round, earlier, kind, code, earlier_code, what))
        db.session.flush()


def _fitting(code: str, earlier_code: str, what: Likeness) -> tuple[str, str]:
    """Both codes as this decision keeps them. Raises Refused where one is missing."""
    if what in (Likeness.SAME, Likeness.CHANGED):
        if not code or not earlier_code:
            raise Refused("Choose the question or item of the earlier year", field="earlier")
        return code, earlier_code
    kept = (code, "") if what is Likeness.NEW else ("", earlier_code)
    if not any(kept):
        raise NotFound
    return kept


def _forget_said(round: Round, earlier: Round, kind: InstrumentKind, code: str, earlier_code: str) -> None:
    """Delete what was said of this thing, and that the earlier one was dropped."""
    session = db.session()
    for link in session.scalars(
        select(YearLink).where(*links_of(round, earlier), YearLink.instrument == kind)
    ):
        if (code and link.code == code) or (link.code is None and link.earlier_code == earlier_code):
            session.delete(link)
    session.flush()


def take_back(round: Round, earlier: Round, kind: InstrumentKind, *, code: str, earlier_code: str) -> None:
    """Take one decision back; nothing where there is none. Raises Refused where it was confirmed."""
    _hold_open(round, earlier)
    named = (
        YearLink.code == code if code else YearLink.code.is_(None) & (YearLink.earlier_code == earlier_code)
    )
    query = select(YearLink).where(*links_of(round, earlier), YearLink.instrument == kind, named)
    with audit.act("round.trend_take_back"):
        for link in db.session.scalars(query):
            db.session.delete(link)


def accept_sure(round: Round, earlier: Round) -> int:
    """Accept every sure suggestion; gives how many. Raises Refused where it was confirmed."""
    _hold_open(round, earlier)
    session = db.session()
    sure = [row for row in pair_of(round, earlier).rows if row.sure]
    with audit.unrecorded(session):
        for row in sure:
            assert row.suggestion is not None
            link = _link(round, earlier, row.kind, row.code, row.earlier_code, row.suggestion.what)
            link.together = True
            session.add(link)
    if sure:
        told = {f"{row.kind.value} {row.code or row.earlier_code}": _told(row) for row in sure[:MOST_TOLD]}
        _record("round.trend_accept", round, earlier, {**told, "number": str(len(sure))})
    return len(sure)


def take_back_together(round: Round, earlier: Round) -> int:
    """Take back all that was accepted together; gives how many. Raises Refused where it was confirmed."""
    _hold_open(round, earlier)
    session = db.session()
    gone = delete(YearLink).where(*links_of(round, earlier), YearLink.together.is_(True))
    number = session.execute(gone).rowcount  # type: ignore[attr-defined]
    if number:
        _record("round.trend_take_back", round, earlier, {"number": str(number)})
    return int(number)


def confirm(round: Round, earlier: Round, *, actor: Actor) -> bool:
    """Let what was decided count: scores of both years are compared from now on; False where they were.

    Raises Refused while something is undecided.
    """
    hold(round)
    if mapping_of(round, earlier) is not None:
        return False
    left = sum(1 for row in pair_of(round, earlier).rows if row.decided is None)
    if left:
        raise Refused("%(number)s questions and items are still undecided", number=left)
    with audit.act("round.trend_confirm"):
        db.session.add(
            YearMapping(
                round_id=round.id,
                earlier_id=earlier.id,
                confirmed_at=clock.now(),
                account_id=actor.account_id,
            )
        )
        db.session.flush()
    return True


def reopen(round: Round, earlier: Round) -> None:
    """Take the confirmation back: decisions can be changed, and nothing is compared until the next one."""
    hold(round)
    mapping = mapping_of(round, earlier)
    if mapping is not None:
        with audit.act("round.trend_reopen"):
            db.session.delete(mapping)


def _link(
    round: Round, earlier: Round, kind: InstrumentKind, code: str, earlier_code: str, what: Likeness
) -> YearLink:
    return YearLink(
        round_id=round.id,
        earlier_id=earlier.id,
        instrument=kind,
        code=code or None,
        earlier_code=earlier_code or None,
        likeness=what,
    )


def _told(row: Row) -> str:
    what = row.suggestion.what.value if row.suggestion else ""
    return f"{what} {row.earlier_code}" if row.later and row.earlier else what


def _record(act: str, round: Round, earlier: Round, after: Mapping[str, Any]) -> None:
    told = {"earlier": str(earlier.fiscal_year), **after}
    audit.record(db.session(), act=act, thing="round", row=round.id, after=told)


def _hold_open(round: Round, earlier: Round) -> None:
    hold(round)
    if mapping_of(round, earlier) is not None:
        raise Refused("It was confirmed: take the confirmation back before you change a decision")
