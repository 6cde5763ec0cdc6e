"""The unguessable links of the surveys: one living link per (participation, instrument)."""

from __future__ import annotations

import secrets

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from models.instrument import InstrumentKind
from models.participation import Participation
from models.survey import SurveyLink
from portal.core import audit, clock
from portal.core.errors import Refused

#: without signs that look alike on a printed page (0 o, 1 i l): 31 signs, 4.95 bits each
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
#: 21 signs are 104 bits
CODE_LENGTH = 21
SURVEYS = (InstrumentKind.IIT, InstrumentKind.EIT)


def make_links(participation: Participation) -> dict[InstrumentKind, SurveyLink]:
    """The living links of a participation; those that are missing are made. Flushes."""
    session = _session_of(participation)
    links = living_links(participation)
    missing = [kind for kind in SURVEYS if kind not in links]
    with audit.act("links.make"):
        for kind in missing:
            links[kind] = _add(session, participation, kind)
        session.flush()
    return links


def rotate_link(participation: Participation, instrument: InstrumentKind) -> SurveyLink:
    """Revoke the living link of a survey and make a new one: copies of the old one stop working. Flushes.

    Raises Refused for an instrument that is no survey.
    """
    if instrument not in SURVEYS:
        raise Refused("Only surveys have links")
    session = _session_of(participation)
    with audit.act("links.rotate"):
        old = living_links(participation).get(instrument)
        if old is not None:
            old.revoked_at = clock.now()
            session.flush()  # the old one goes first: at no moment do two live
        new = _add(session, participation, instrument)
        session.flush()
    return new


def living_links(participation: Participation) -> dict[InstrumentKind, SurveyLink]:
    """The links that are not revoked, by instrument."""
    query = select(SurveyLink).where(
        SurveyLink.participation_id == participation.id, SurveyLink.revoked_at.is_(None)
    )
    return {link.instrument: link for link in _session_of(participation).scalars(query)}


def survey_url(link: SurveyLink) -> str:
    """The address that respondents get, on posters and in messages."""
    return url_of_code(link.code)


def url_of_code(code: str) -> str:
    """As ``survey_url``, for a code that was read without its row."""
    public_url: str = current_app.settings.public_url  # type: ignore[attr-defined]
    return f"{public_url}/s/{code}"


def new_code() -> str:
    """A code that nobody guesses."""
    return "".join(secrets.choice(ALPHABET) for _sign in range(CODE_LENGTH))


def is_code(text: str) -> bool:
    """True where a text can be a code at all; anything else is never asked of the database."""
    return len(text) == CODE_LENGTH and set(text) <= set(ALPHABET)


def _add(session: Session, participation: Participation, instrument: InstrumentKind) -> SurveyLink:
    link = SurveyLink(participation=participation, instrument=instrument, code=new_code(), revoked_at=None)
    link.agency_id, link.province_id = participation.agency_id, participation.province_id
    link.participation_id = participation.id
    session.add(link)
    return link


def _session_of(participation: Participation) -> Session:
    session = object_session(participation)
    assert session is not None, "the participation belongs to a session"
    return session
