"""No form of the desks loses what was typed: each act knows its page, and secrets are kept nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from sqlalchemy import delete, func, select
from wtforms import PasswordField

from models.kept_form import KeptForm
from portal.core.database.session import privileged, writing
from portal.core.sent import unsent
from portal.core.sign_in import IDLE
from portal.core.web import Portal
from tests.fences.test_every_door import routes, values_of
from tests.support.client import PortalClient
from tests.support.furniture import furnish
from tests.support.world import NOW, World

ClientAs = Callable[[str], PortalClient]
#: acts of one button, with nothing to type, that lead to no page of their own
BUTTONS_ONLY = {
    "sign_in.leave": "ends the session",
    "session.stay": "asked by session.js",
    "session.discard": "the button beside a kept form",
}


def forms(kind: type[FlaskForm] = FlaskForm) -> Iterator[type[FlaskForm]]:
    """Every form class of the application."""
    for one in kind.__subclasses__():
        yield one
        yield from forms(one)


def test_every_act_has_a_page_on_which_its_form_is_shown_again(app: Portal) -> None:
    readable = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    homeless = [
        rule.endpoint
        for rule in routes(app, "POST")
        if rule.endpoint not in readable | unsent.PAGES.keys() | BUTTONS_ONLY.keys()
        and not rule.endpoint.endswith(".action_view")
    ]
    assert homeless == []


def test_the_tables_of_typed_name_what_is_there(app: Portal) -> None:
    arguments = {rule.endpoint: rule.arguments for rule in app.url_map.iter_rules()}
    readable = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert unsent.NOT_KEPT.keys() <= arguments.keys()
    for endpoint, page in unsent.PAGES.items():
        assert endpoint in arguments
        assert page in readable, page
        assert arguments[page] <= arguments[endpoint], (endpoint, page)


def test_a_password_is_never_shown_again(app: Portal) -> None:
    secrets = {
        name
        for form in forms()
        for name, field in vars(form).items()
        if getattr(field, "field_class", None) is PasswordField
    }
    assert secrets <= unsent.NEVER


@pytest.mark.long
def test_what_is_sent_after_the_end_of_a_session_is_kept_unless_the_table_says_why_not(
    app: Portal, client_as: ClientAs, world: World, clock: Callable[[object], None]
) -> None:
    furniture = furnish(app, world)
    client = client_as("agency_admin")
    clock(NOW + IDLE * 1.1)
    with client.session_transaction() as stored:
        ended = stored["_user_id"]
    for rule in routes(app, "POST"):
        with client.session_transaction() as stored:
            stored["_user_id"] = ended
        values = values_of(rule, furniture.ids["a1"], world)
        with app.test_request_context():
            adapter = app.create_url_adapter(None) or app.url_map.bind("127.0.0.1")
            address = adapter.build(rule.endpoint, values)
        answer = client.submit(address, {"something": "ข้อความของคนหนึ่ง", "password": "ห้ามเก็บ"})
        assert answer.status_code == 302, rule.endpoint
        assert answer.headers["Location"].startswith("/sign-in"), rule.endpoint
        wanted = rule.endpoint not in unsent.NOT_KEPT and rule.endpoint not in BUTTONS_ONLY
        assert taken_out(app) == int(wanted), rule.endpoint


def taken_out(app: Flask) -> int:
    """How many forms were kept; they are gone afterwards."""
    with app.app_context(), writing(), privileged("a test counts") as session:
        found = session.scalar(select(func.count()).select_from(KeptForm)) or 0
        session.execute(delete(KeptForm))
    return found
