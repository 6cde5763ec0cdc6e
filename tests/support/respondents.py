"""Respondents of tests: citizen IDs that fit their check digit, links, and filled forms."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from stdnum.th import pin

from models.instrument import InstrumentKind
from models.participation import Participation, PreparationState
from models.survey import SurveyLink
from portal.ballot import links
from portal.ballot.box import Box
from portal.ballot.interviews import box_of
from portal.core.database.session import privileged, writing
from survey_forms import context
from tests.support.world import NOW, World

IIT, EIT = InstrumentKind.IIT, InstrumentKind.EIT
#: scored lines of the surveys of 2561
LINES = {IIT: 51, EIT: 19}


def citizen_id(number: int) -> str:
    """The n-th made-up ID; its first digit is accepted and its check digit fits."""
    body = f"{1 + number % 8}{number:011d}"
    return body + pin.calc_check_digit(body)


def confirm(app: Flask, world: World, *agencies: str) -> None:
    """The executives of these agencies have confirmed (all, unless named)."""
    with app.app_context(), writing(), privileged("a test confirms") as session:
        for key in agencies or tuple(world.participation):
            row = session.get_one(Participation, world.participation[key])
            row.state = PreparationState.CONFIRMED
            row.confirmed_at = NOW - timedelta(days=1)
    context.clear()


def link_codes(app: Flask, world: World, agency: str = "a1") -> dict[InstrumentKind, str]:
    """The codes of an agency's living links, made where they are missing."""
    with app.app_context(), writing(), privileged("a test asks for links") as session:
        row = session.get_one(Participation, world.participation[agency])
        made: dict[InstrumentKind, SurveyLink] = links.make_links(row)
        return {kind: link.code for kind, link in made.items()}


def box(world: World, agency: str = "a1", kind: InstrumentKind = InstrumentKind.IIT) -> Box:
    """The box of an agency (needs an application context)."""
    with privileged("a test asks for a box") as session:
        return box_of(session, session.get_one(Participation, world.participation[agency]), kind)


def token_in(page: str) -> str:
    """The token that a form carries."""
    start = page.index('name="t" value="') + len('name="t" value="')
    return page[start : page.index('"', start)]


def filled(token: str, typed_id: str, kind: InstrumentKind, choice: int = 1) -> dict[str, str]:
    """A whole form."""
    return {"t": token, "id": typed_id, **{f"q{slot}": str(choice) for slot in range(LINES[kind])}}
