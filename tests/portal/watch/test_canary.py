"""A respondent walks through the form; neither the log nor the figures tell of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from prometheus_client import generate_latest

from models.agency import Agency
from portal.ballot.keys import key_folder
from portal.core.database.session import db, privileged
from portal.core.web import Portal
from portal.watch.counting import REGISTRY
from portal.watch.exposing import GAUGES, look
from survey_forms import context
from tests.support.ballots import answers_counted
from tests.support.client import PortalClient
from tests.support.faults import failing
from tests.support.lines import saying
from tests.support.respondents import EIT, citizen_id, confirm, filled, link_codes, token_in
from tests.support.world import World

ADDRESS = "203.0.113.77"
FROM = {"REMOTE_ADDR": ADDRESS}
#: figures of the machine and of time, which move by themselves
OF_THE_MACHINE = ("portal_disk", "portal_database", "portal_duty", "portal_window", "portal_job_oldest")


def telling(app: Portal, world: World, code: str) -> list[str]:
    """Every word by which a respondent could be told."""
    with app.app_context(), privileged("a test asks for names") as session:
        agency = session.get_one(Agency, world.agency["a1"])
        names = [agency.name, str(agency.code)]
    return [code, code[:8], ADDRESS, *names, *(citizen_id(number) for number in (1, 2, 3)), "/s/"]


def walk(client: FlaskClient, url: str, number: int) -> int:
    """Open the form, answer, be thanked; gives the status of the answer."""
    page = client.get(url, environ_overrides=FROM).text
    sent = client.post(url, data=filled(token_in(page), citizen_id(number), EIT), environ_overrides=FROM)
    client.get(f"{url}/thanks", environ_overrides=FROM)
    return sent.status_code


def figures_of(app: Portal) -> dict[str, object]:
    """What would be exposed: counted by the web processes, and looked at."""
    with app.app_context():
        looked = look(app.settings)
    counted = {"counted": generate_latest(REGISTRY).decode()}
    return counted | {name: one for name, one in looked.items() if not name.startswith(OF_THE_MACHINE)}


@pytest.mark.postgres
def test_a_respondent_leaves_no_line_and_moves_no_figure(app: Portal, world: World) -> None:
    confirm(app, world)
    code = link_codes(app, world)[EIT]
    client, url = app.test_client(), f"/s/{code}"
    before = figures_of(app)
    with saying() as said:
        assert walk(client, url, 1) == 303
        again = walk(client, url, 1)
        lost = client.get(f"/s/{code[:8]}", environ_overrides=FROM).status_code
        bent = client.get(f"/S/{code}.", environ_overrides=FROM).status_code
        said.handler.held.say_all()
    with app.app_context():
        assert answers_counted(world.round_id) == 1, "the walk was a real one"
    assert again != 303 and (lost, bent) == (404, 302)
    assert said.text == ""
    assert figures_of(app) == before


def test_what_goes_wrong_for_a_respondent_is_said_at_the_hour_without_anything_of_theirs(
    app: Portal, world: World
) -> None:
    confirm(app, world)
    code = link_codes(app, world)[EIT]
    client, url = app.test_client(), f"/s/{code}"
    form = filled(token_in(client.get(url).text), citizen_id(2), EIT)
    before = figures_of(app)
    with saying() as said:
        context.clear()
        with failing("FROM survey_link", code=1):
            fault = client.get(url, environ_overrides=FROM)
        client.get(url, environ_overrides=FROM)  # the survey is known again
        with app.app_context():
            key_folder().destroy_mark_key(world.round_id)
        away = client.post(url, data=form, environ_overrides={**FROM, "HTTP_X_FORWARDED_FOR": ADDRESS})
        assert said.text == "", "nothing at its moment"
        said.handler.held.say_all()
    assert (fault.status_code, away.status_code) == (500, 503)
    assert {line.get("kind") for line in said.lines} >= {"OperationalError", "KeyMissing"}
    (number,) = re.findall(r"\b[0-9A-F]{8}\b", fault.text)
    assert number in {line["request"] for line in said.lines}, "the id on the page is the id in the log"
    for word in [*telling(app, world, code), "eit", "EIT", "self"]:
        assert word not in said.text
    assert not re.search(r"\d\d:\d\d", said.text) and all("at" not in line for line in said.lines)
    assert figures_of(app) == before


def test_the_same_looks_do_see_what_a_desk_does(
    app: Portal, client_as: Callable[[str], PortalClient]
) -> None:
    """The positive control: were a respondent counted or written down as a desk is, it would be seen."""
    client = client_as("dla")
    before = figures_of(app)
    with saying() as said:
        client.get("/jobs")
    assert [line["endpoint"] for line in said.lines] == ["jobs.index"]
    assert figures_of(app) != before


def test_answers_are_told_until_yesterday_in_hundreds_and_no_gauge_has_a_label_of_a_respondent(
    app: Portal, world: World
) -> None:
    allowed = {"part", "kind", "duty", "round", "stage", "place"}
    assert {label for _words, labels in GAUGES.values() for label in labels} <= allowed
    with app.app_context():
        (told,) = look(app.settings)["portal_answers_until_yesterday"]
        db.session.remove()
    assert told == ((), 0)
