"""What goes on of a form that was not taken: which fields, on which page, in which words."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import g
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, SelectField, StringField

from portal.core.sent import unsent
from portal.core.sent.unsent import Line, Typed
from portal.core.web import LARGEST_BODY, Portal
from tests.support.respondents import citizen_id

FIELDS = (("name", "เกาะคา"), ("size", "m"), ("sent_from", "3.abc"), ("version", "7"))


class AgencyForm(FlaskForm):
    """A form as a page has it."""

    name = StringField("ชื่อ")
    size = SelectField("ขนาด", choices=[("s", "เล็ก"), ("m", "กลาง")])
    version = HiddenField()
    password = PasswordField("รหัสผ่าน")


def sent(app: Portal, path: str = "/jobs/1/stop", **request: Any) -> Any:
    """A request that carries a form."""
    request.setdefault("data", dict(FIELDS))
    return app.test_request_context(path, method="POST", **request)


@pytest.mark.parametrize(
    ("endpoint", "values", "page"),
    [
        ("jobs.stop", {"job_id": 4}, "/jobs/4"),
        ("roster.export", {"round_id": 1, "more": 9}, "/rounds/1/preparation/roster"),
        ("agencies.action_view", {}, "/admin/agencies/"),
        ("sign_in.leave", {}, None),
    ],
)
def test_a_refused_form_goes_back_to_the_page_it_stands_on(
    app: Portal, endpoint: str, values: dict[str, Any], page: str | None
) -> None:
    with sent(app):
        assert unsent.page_of(endpoint, values) == page


def test_a_page_that_can_be_read_is_its_own_with_its_query(app: Portal) -> None:
    with sent(app, "/sign-in?next=/jobs"):
        assert unsent.page_of("sign_in.form", {}) == "/sign-in?next=/jobs"


def test_every_page_named_for_a_form_can_be_read(app: Portal) -> None:
    known = {rule.endpoint: rule.methods or set() for rule in app.url_map.iter_rules()}
    for sent_to, page in unsent.PAGES.items():
        assert "POST" in known[sent_to] and "GET" in known[page], (sent_to, page)


def test_a_secret_is_not_shown_again(app: Portal) -> None:
    secrets = dict.fromkeys(unsent.NEVER, "หนึ่งสองสาม")
    with sent(app, data={**secrets, "name": "เกาะคา"}):
        assert unsent.sent_fields() == (("name", "เกาะคา"),)


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://[::1"}, False),
    ],
)
def test_words_that_another_site_sent_are_not_shown_as_a_persons(
    app: Portal, headers: dict[str, str], ours: bool
) -> None:
    with sent(app, headers=headers):
        assert bool(unsent.sent_fields()) is ours


def test_a_form_too_long_to_show_is_not_shown_in_parts(app: Portal) -> None:
    with sent(app, data={"name": "ก" * 200_001, "size": "m"}):
        assert unsent.sent_fields() == ()


def test_a_body_that_was_refused_is_not_read_by_asking_again(app: Portal) -> None:
    with sent(app, data={"name": "x" * (LARGEST_BODY + 1)}):
        assert unsent.sent_fields() == ()


def test_a_conflict_shows_the_present_version_and_not_the_one_that_was_sent(app: Portal) -> None:
    with sent(app):
        unsent.show_again("refused", "เพราะ")
        assert unsent.version_shown(9) == "7"
        unsent.show_again("stale")
        assert unsent.version_shown(9) == 9
        assert unsent.value_of("name") == "เกาะคา"


@pytest.mark.parametrize(("method", "version"), [("GET", 9), ("POST", "7")])
def test_a_form_that_comes_back_with_errors_keeps_its_version(
    app: Portal, method: str, version: object
) -> None:
    with app.test_request_context("/", method=method, data={"version": "7"}):
        assert unsent.version_shown(9) == version
        assert unsent.value_of("name", "ที่บันทึกไว้") == "ที่บันทึกไว้"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"บัตร {citizen_id(1)}", "บัตร •••••••••••••"),
        ("-".join(citizen_id(1)), "•••••••••••••"),
        ("1234567890123", "1234567890123"),
        (f"https://a.go.th/?id={citizen_id(1)}", f"https://a.go.th/?id={citizen_id(1)}"),
        (f"เลขที่ {citizen_id(1)}4", f"เลขที่ {citizen_id(1)}4"),
    ],
    ids=["plain", "with dashes", "no citizen ID", "in an address", "fourteen digits"],
)
def test_a_citizen_id_becomes_dots_and_another_number_stays(text: str, kept: str) -> None:
    assert unsent.without_citizen_ids(text) == kept


@pytest.mark.parametrize(
    ("path", "data", "stays"),
    [
        ("/jobs/1/stop", {}, False),
        ("/sign-in", {}, True),
        ("/jobs/1/stop", {"file": (BytesIO(b"x"), "รายชื่อ.xlsx")}, True),
        ("/jobs/1/stop", {"file": (BytesIO(b""), "")}, False),
    ],
    ids=["a plain form", "a password", "with a file", "with a file field left empty"],
)
def test_secrets_and_files_stay_on_their_page(
    app: Portal, path: str, data: dict[str, Any], stays: bool
) -> None:
    with sent(app, path, data=data):
        assert unsent.stays_on_page() is stays


@pytest.mark.parametrize(
    ("fields", "typed"),
    [((("name", "x"),), True), ((("name", "  "),), False), ((("version", "7"), ("back", "/")), False)],
)
def test_what_a_page_writes_for_itself_is_nothing_typed(
    fields: tuple[tuple[str, str], ...], typed: bool
) -> None:
    assert unsent.something_typed(fields) is typed


def test_only_the_form_that_it_is_about_is_filled_again(app: Portal) -> None:
    class Other(FlaskForm):
        year = StringField()
        version = HiddenField()

    with sent(app):
        assert unsent.fill(AgencyForm(formdata=None)) is None, "this page shows nothing again"
        unsent.show_again("refused")
        filled = unsent.fill(AgencyForm(formdata=None))
        assert filled is not None and filled["name"] == "เกาะคา"
        assert unsent.fill(Other(formdata=None)) is None, "a version alone is no field of it"


def test_what_was_typed_is_read_under_its_labels_and_in_the_words_of_its_choice(app: Portal) -> None:
    with sent(app):
        assert unsent.lines() == []
        unsent.show_again("refused")
        unsent.remember(AgencyForm(formdata=None))
        assert unsent.lines() == [Line("ชื่อ", "เกาะคา"), Line("ขนาด", "กลาง")]


def test_without_labels_only_words_worth_copying_stand_there(app: Portal) -> None:
    with sent(app):
        g.typed = Typed((("name", "เกาะคา"), ("size", "m"), ("sent_from", "3.abcdef")), "old")
        assert unsent.lines() == [Line("", "เกาะคา")]


def test_a_password_page_shows_nothing_to_copy(app: Portal) -> None:
    with sent(app, "/sign-in"):
        g.typed = Typed((("username", "somebody"),), "old")
        assert unsent.lines() == []
