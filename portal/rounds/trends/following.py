"""Decisions on a draft kept true while the draft is edited."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.round import Round
from models.year import YearLink, YearMapping
from portal.core import audit
from portal.rounds.trends.things import Asked, Place


def follow(session: Session, round: Round, before: Asked, after: Asked) -> None:
    """Keep decisions true to an edited draft: they move with a code, and go where the words changed.

    Where a decision goes, or a thing is new, a confirmation goes too. Flushed.
    """
    links = session.scalars(select(YearLink).where(YearLink.round_id == round.id)).all()
    if not links:
        return
    codes = moved({(one.instrument, one.code) for one in links if one.code}, before, after)
    others = [(one, codes[one.instrument, one.code]) for one in links if one.code]
    others = [(one, code) for one, code in others if code != one.code]
    with audit.unrecorded(session):
        for link, _code in others:
            session.delete(link)
        # all leave first: a code may go to where another one was
        session.flush()
        session.add_all(_copy(link, code) for link, code in others if code)
    incomplete = {link.earlier_id for link, code in others if not code}
    if len(after.things) > len(before.things):
        incomplete |= {link.earlier_id for link in links}
    gone = delete(YearMapping).where(YearMapping.round_id == round.id, YearMapping.earlier_id.in_(incomplete))
    session.execute(gone)


def moved(places: Iterable[Place], before: Asked, after: Asked) -> dict[Place, str]:
    """The code that each of these things of a draft has after an edit; "" where it is another or gone."""
    found: dict[Place, str] = {}
    for place in places:
        was, now = before.things.get(place), after.things.get(place)
        if was is None or (now is not None and was.same_words(now)):
            found[place] = place[1] if was else ""
            continue
        alike = [one.code for one in after.of(place[0]) if one.same_words(was)]
        found[place] = alike[0] if len(alike) == 1 else ""
    return found


def _copy(link: YearLink, code: str) -> YearLink:
    return YearLink(
        round_id=link.round_id,
        earlier_id=link.earlier_id,
        instrument=link.instrument,
        code=code,
        earlier_code=link.earlier_code,
        likeness=link.likeness,
        together=link.together,
    )
