"""Drafts of letters: begun, changed and thrown away, until they are checked or issued."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from models.dispatch import Dispatch, DispatchState
from models.letter_office import OfficeKind
from models.letter_text import Addressee, TextKind
from models.participation import Participation
from models.round import Round, RoundState
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.lookup import hold
from portal.core.sent.versions import require_version
from portal.letters import citing, papers, texts
from portal.letters.offices import KIND_OF, office_row
from portal.letters.workflow import where_it_stands

MOST_REFERENCES = 20


@dataclass(frozen=True)
class Draft:
    """What an officer enters for a letter.

    ``to_provinces`` None: every province of the round. ``to_agency``: the one that it goes to, where its
    words are for one. ``text``: which words, in which version; None: those in use. ``picked``: a letter of
    the portal, cited behind the ``references`` unless it is among them.
    """

    signatory_id: int | None
    urgency: str = ""
    references: tuple[str, ...] = ()
    to_provinces: tuple[int, ...] | None = None
    text: tuple[TextKind, int] | None = None
    picked: int | None = None
    to_agency: int | None = None


def begin(
    round: Round, writer: OfficeKind, draft: Draft, *, actor: Actor, replaces: Dispatch | None = None
) -> Dispatch:
    """A new draft of an office; flushed.

    Raises Refused for a round that is a draft, an office without settings, and words that make no letter.
    """
    office = office_row(writer, actor.province_id)
    if office is None:
        raise Refused("Fill in the office's settings first")
    if round.state is RoundState.DRAFT:
        raise Refused("Letters are written about a round that has been opened")
    dispatch = Dispatch(
        round_id=round.id,
        office_id=office.id,
        province_id=office.province_id,
        kind=KIND_OF[writer],
        subject="",
        made_at=clock.now(),
        made_by_id=actor.account_id,
        replaces_id=replaces.id if replaces else None,
    )
    with audit.act("dispatch.begin"), db.session.no_autoflush:
        dispatch.office, dispatch.round = office, round
        _write(dispatch, draft, actor)
        db.session.add(dispatch)
        db.session.flush()
    return dispatch


def change(dispatch: Dispatch, draft: Draft, *, actor: Actor, seen_version: int | None) -> None:
    """Write in a draft. Raises Refused in any other state, Stale."""
    hold(dispatch)
    require_version(dispatch, seen_version)
    _require_draft(dispatch)
    with audit.act("dispatch.change"):
        _write(dispatch, draft, actor)
        db.session.flush()


def discard(dispatch: Dispatch) -> None:
    """Throw a draft away. Raises Refused in any other state."""
    hold(dispatch)
    _require_draft(dispatch)
    with audit.act("dispatch.discard"):
        db.session.delete(dispatch)
        db.session.flush()


def _write(dispatch: Dispatch, draft: Draft, actor: Actor) -> None:
    signs = {one.id for one in dispatch.office.signatories}
    if draft.signatory_id is not None and draft.signatory_id not in signs:
        raise Refused("Choose who signs from the list", field="signatory")
    dispatch.signatory_id, dispatch.urgency = draft.signatory_id, draft.urgency
    whose = (dispatch.office.kind, dispatch.office.province_id)
    dispatch.cites = citing.with_picked(draft.references, draft.picked, *whose)
    if len(dispatch.cites) > MOST_REFERENCES:
        raise Refused("A letter has at most %(most)s references", field="references", most=MOST_REFERENCES)
    dispatch.cited_ids = citing.cited_by(dispatch.cites, *whose)
    dispatch.to_provinces = None if draft.to_provinces is None else list(draft.to_provinces)
    if dispatch.office.province_id is not None:
        dispatch.to_provinces = [dispatch.office.province_id]
    dispatch.written_by_id = actor.account_id
    texts.choose(dispatch, draft.text)
    dispatch.to_agency_id = _agency_of(dispatch, draft.to_agency)
    if dispatch.to_provinces is not None and texts.is_one_letter(dispatch):
        raise Refused(
            "This text is one letter to the governors of all provinces: choose no province, or another text",
            field="provinces",
        )
    dispatch.subject = papers.subject_of(dispatch)


def taking_part(round: Round) -> Sequence[Participation]:
    """The agencies of a round inside the actor's scope, in the order of their districts and names."""
    query = select(Participation).where(Participation.round_id == round.id)
    return db.session.scalars(query.order_by(Participation.district_name, Participation.sort_key)).all()


def _agency_of(dispatch: Dispatch, chosen: int | None) -> int | None:
    """The one agency that the letter goes to; None for any other letter. Raises Refused."""
    if dispatch.addressee is not Addressee.AGENCY:
        if chosen is not None:
            raise Refused("A letter to one agency has words of its own: choose them too", field="text")
        return None
    if chosen is None:
        raise Refused("Choose the agency that the letter goes to", field="agency")
    there = select(Participation.agency_id).where(
        Participation.round_id == dispatch.round_id, Participation.agency_id == chosen
    )
    if db.session.scalar(there) is None:
        raise Refused("Choose the agency from the list", field="agency")
    return chosen


def _require_draft(dispatch: Dispatch) -> None:
    if dispatch.state is not DispatchState.DRAFT:
        raise where_it_stands(dispatch)
