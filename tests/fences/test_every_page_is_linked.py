"""Every page can be reached by clicking: each address of a GET is met on a walk from somebody's home.

The walks are in worlds of different days: data being entered, all handed in, a checklist that failed, a round
that was opened.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.participation import Participation, PreparationState
from models.round import Round, RoundState
from portal.core.access import Permission as P
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.api import of_programmes
from tests.support.client import PortalClient
from tests.support.furniture import VISIBLE
from tests.support.rooms import furnish_rooms
from tests.support.walking import walk
from tests.support.world import NOW, World

#: reached by an act, or by a machine: where that is tried
NOT_BY_A_LINK = {
    "admin.index": "the menu leads to its pages; it leads home",
    "assessor_conflicts.delete_view": "once there is one: tests/views/assessors",
    "history.undo": "of one's own last change: tests/views/record/test_histories.py",
    "sectors.details_view": "who reads a sector may change it, and is led to its form",
    "sector_start.show": "of another sector than the first: tests/views/register/test_sectors.py",
    "sharing.look": "once something was planned: tests/views/assessors",
    "registry_import.report": "after a file was sent: tests/journeys/test_registry.py",
    "registry_import.result": "after the import: tests/journeys/test_registry.py",
    "registry_import.absent_agencies": "after a file that lacks some was sent: tests/views/register",
    "registry_import.wrong_rows": "after a file with faults was sent: tests/journeys/test_registry.py",
    "personal_keeping.pdf": "once rosters are erased and the certificate printed: tests/views/personal",
    "personal_requests.register": "from a person found: tests/views/personal/test_requests.py",
    "personal_requests.correct": "of such a request: tests/views/personal/test_requests.py",
    "personal_requests.remove": "of such a request: tests/views/personal/test_requests.py",
    "roster_import.dry_run": "after a file was sent: tests/journeys/test_preparation.py",
    "interviews.after": "after an interview was saved: tests/journeys/test_assessor.py",
    "interviews.ask_void": "of a recorded interview: tests/journeys/test_assessor.py",
    "disclosure.confirm": "once every item has passed: tests/journeys/test_disclosure.py",
    "disclosure.return_": "once an item has failed: tests/journeys/test_disclosure.py",
    "scoring.finish": "once every item is scored: tests/journeys/test_disclosure.py",
    "assessor_bodies.details_view": "who reads bodies also changes them: the list leads to the form",
    "rosters.show": "the list is looked up by an agency's name: tests/views/rosters",
    "rosters.row": "from the roster above",
    "right_requests.index": "once a right waits for a second officer: tests/views/people",
    "second_factor.remove_app": "once an app is set up: tests/views/people/test_second_factor.py",
    "second_factor.remove_passkey": "once there is a passkey: tests/views/people/test_second_factor.py",
    "second_factor.codes": "once there is an app or a passkey: tests/views/people/test_second_factor.py",
    "contacts.review": "where coming in with a slip leads: tests/journeys/test_entry.py",
    "account_workbook.dry_run": "after a file was sent: tests/views/people/test_bulk.py",
    "account_workbook.faults": "after a file with faults was sent: tests/views/people/test_bulk.py",
    "round_preview.nothing": "what is pressed in a preview: tests/views/rounds/test_preview.py",
    "oit_preview.review": "a role is chosen there: tests/views/rounds/test_preview_in_the_browser.py",
    "oit_preview.score": "a role is chosen there: tests/views/rounds/test_preview_in_the_browser.py",
    "interview_preview.show": "a role is chosen there: tests/views/rounds/test_preview_in_the_browser.py",
    "round_table.columns": "after a table was sent: tests/views/rounds/test_foreign.py",
    "size_file.look": "after a file was sent: tests/views/register/test_places.py",
    "round_workbook.look": "after a workbook was sent: tests/journeys/test_new_year.py",
    "round_workbook.faults": "after a workbook with faults was sent: tests/journeys/test_new_year.py",
    "trends.one": "of a row that is not sure: tests/journeys/test_new_year.py",
    "receivers.of_letter": "of a letter that was sent: tests/journeys/test_inbox.py",
    "receivers.file_of_letter": "of a letter that was sent: tests/views/letters/test_inbox.py",
    "result_trends.file": "once two years may be compared: tests/views/results/test_trends.py",
    "status.agency_file": "a button orders it: tests/views/status/test_papers.py",
    "dispatches.print_file": "once copies were made: tests/views/letters/test_signing.py",
    "letter_drafts.citable": "asked by the field that finds letters: tests/views/letters/test_signing.py",
    "health.alive": "asked by machines: tests/portal/watch/test_health.py",
    "health.ready": "asked by machines: tests/portal/watch/test_health.py",
    "sign_in.desks": "with a second right: tests/portal/core/test_sign_in.py",
}


@pytest.mark.proof
@pytest.mark.timeout(900)
def test_every_page_is_reached_by_clicking(
    app: Portal, world: World, client_as: Callable[[str], PortalClient]
) -> None:
    furnish_rooms(app, world)
    reached: set[str] = set()
    broken: list[str] = []
    for day, people in (
        (as_furnished, tuple(VISIBLE)),
        (everything_entered_again, ("agency_admin", "executive_other")),
        (opened, ("nacc", "agency_admin")),
    ):
        day(app, world)
        for person in people:
            went = walk(app, client_as(person), per_endpoint=3)
            reached |= went.reached
            broken += [f"{person} {link}" for link in went.broken]
    assert not broken, "links that lead nowhere:\n" + "\n".join(broken)
    assert not unlinked(app, reached), f"nobody can click to {sorted(unlinked(app, reached))}"
    linked = sorted(reached & NOT_BY_A_LINK.keys())
    assert not linked, f"linked by now, and still in the table: {linked}"


@pytest.mark.long
@pytest.mark.own_app
def test_a_planted_page_that_nothing_links_to_is_found(
    app: Portal, client_as: Callable[[str], PortalClient]
) -> None:
    app.add_url_rule("/planted", "planted", lambda: "nobody comes here")
    app.extensions["access_rules"]["planted"] = P.RECORD_READ
    reached = walk(app, client_as("nacc"), start="/admin/record/", per_endpoint=1).reached
    assert "record.index_view" in reached and "planted" in unlinked(app, reached)
    assert "record.index_view" not in unlinked(app, reached)


def unlinked(app: Portal, reached: set[str]) -> set[str]:
    """Pages that no walk came to and no line of the table explains."""
    return pages(app) - reached - NOT_BY_A_LINK.keys()


def pages(app: Portal) -> set[str]:
    """The endpoints of every GET behind the gate that are there for somebody."""
    rules = app.extensions["access_rules"]
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rules[rule.endpoint] not in (None, "open")
        if not of_programmes(app, rule.endpoint)
    }


def as_furnished(app: Portal, world: World) -> None:
    """Two agencies confirmed, the round open, another one drafted."""


def everything_entered_again(app: Portal, world: World) -> None:
    """The first agency's data are being entered, the second agency's wait for the executive."""
    with app.app_context(), writing(), privileged("another day") as session:
        session.info["unrecorded"] = True
        for key, state in (("a1", PreparationState.ENTERING), ("b1", PreparationState.SUBMITTED)):
            row = session.get_one(Participation, world.participation[key])
            row.state, row.confirmed_at = state, None


def opened(app: Portal, world: World) -> None:
    """The round's boxes are open."""
    with app.app_context(), writing(), privileged("another day") as session:
        session.info["unrecorded"] = True
        round = session.get_one(Round, world.round_id)
        round.state, round.closed_at = RoundState.OPENED, NOW
        for key in ("a1", "b1"):
            row = session.get_one(Participation, world.participation[key])
            row.state, row.confirmed_at = PreparationState.CONFIRMED, NOW
