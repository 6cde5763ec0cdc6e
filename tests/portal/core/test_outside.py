"""Words from outside: what is left out, which numbers there are, and where a redirect leads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from werkzeug.datastructures import MultiDict
from wtforms.validators import NumberRange

from models.agency import Agency
from models.participation import Participation
from portal.core.database.session import privileged
from portal.core.errors import DoesNotFit
from portal.core.outside import LARGEST, Words, clean, whole
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.world import World
from views.assessors.sampling import SizeForm
from views.rounds.rules_form import BandRow


@pytest.mark.parametrize(
    "text", ["", " ", "²", "①", "1.0", "1e3", "--1", "9" * 5000, "2147483648", "1_0", None]
)
def test_what_is_no_number_of_a_column_is_none(text: str | None) -> None:
    assert whole(text) is None


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), (" 07 ", 7), ("๒๕๖๑", 2561), ("-1", -1), (str(LARGEST), LARGEST)]
)
def test_numbers_in_digits_of_any_script(text: str, number: int) -> None:
    assert whole(text) == number


def test_words_hold_no_character_that_a_database_cannot() -> None:
    assert clean("a\0b\ud800c\uffffd\x1be") == "abcde"
    assert clean("ก\tข\r\nค") == "ก\tข\r\nค"
    words = Words([("na\0me", "x\0"), ("n", "²"), ("n", "7")])
    assert (words["name"], words.get("n", 5, type=int), words.getlist("n")) == ("x", 5, ["²", "7"])


@pytest.mark.parametrize(
    "address", ["/jobs/2147483648", "/jobs/99999999999999999999", "/jobs/" + "9" * 5000, "/jobs/๑"]
)
def test_an_id_that_no_column_holds_is_not_found(
    client_as: Callable[[str], PortalClient], address: str
) -> None:
    assert client_as("nacc").get(address).status_code == 404


def test_a_line_break_in_a_redirect_leads_home(app: Portal) -> None:
    with app.test_request_context():
        assert app.redirect("/a\r\nSet-Cookie: taken=1").headers["Location"] == "/"
        assert app.redirect("/a?b=%0d").headers["Location"] == "/a?b=%0d"


@pytest.mark.parametrize(("field", "value"), [("code", "1" * 400), ("name", "ก" * 5000)])
@pytest.mark.postgres
def test_a_text_longer_than_its_column_is_refused_on_both_databases(
    app: Portal, world: World, field: str, value: str
) -> None:
    with app.app_context(), privileged("a test writes") as session:
        setattr(session.get_one(Agency, world.agency["a1"]), field, value)
        with pytest.raises(DoesNotFit) as refused:
            session.flush()
        assert refused.value.field == field
        session.rollback()


@pytest.mark.postgres
def test_a_number_larger_than_its_column_is_refused_on_both_databases(app: Portal, world: World) -> None:
    with app.app_context(), privileged("a test writes") as session:
        session.get_one(Participation, world.participation["a1"]).headcount = 2**31
        with pytest.raises(DoesNotFit):
            session.flush()
        session.rollback()


@pytest.mark.parametrize("typed", ["NaN", "-sNaN", "Infinity", "1e400", "1e999999"])
def test_a_decimal_that_is_no_number_is_refused_at_its_field(app: Portal, typed: str) -> None:
    with app.test_request_context(method="POST"):
        form = BandRow(MultiDict({"grade": "A", "lower": typed}), meta={"csrf": False})
        assert not form.validate()
        assert form.lower.errors


def test_a_field_keeps_its_bounds_with_other_validators(app: Portal) -> None:
    with app.test_request_context(method="POST"):
        form = SizeForm(MultiDict({"people": "9" * 4000}), meta={"csrf": False})
        form.people.validators = [NumberRange(1, 5)]
        assert not form.validate()
        assert len(form.people.errors) == 1


def test_an_argument_named_as_a_part_of_the_address_does_not_change_the_links_of_a_page(
    client_as: Callable[[str], PortalClient], world: World
) -> None:
    page = client_as("nacc").get(
        f"/rounds/{world.round_id}/status/provinces/1?province_id=x&round_id=9&endpoint=x&_scheme=ftp&q=ก"
    )
    assert page.status_code == 200
    assert f"/rounds/{world.round_id}/status/provinces/1.xlsx?q=" in page.text


@pytest.mark.parametrize("day", ["31/12/9999", "1/1/0001", "31 ธ.ค. 9999"])
def test_a_day_at_the_end_of_time_is_refused_at_its_field(
    client_as: Callable[[str], PortalClient], day: str
) -> None:
    answer = client_as("nacc").get("/admin/record/", query_string={"flt_at_to": day})
    assert answer.status_code == 200
    assert "2443" in answer.text


def test_pages_and_files_are_kept_by_nobody_and_named_static_files_for_a_year(
    app: Portal, client_as: Callable[[str], PortalClient]
) -> None:
    nacc = client_as("nacc")
    for address in ("/", "/nothing", "/admin/agencies/", "/admin/agencies/export/csv/"):
        answer = nacc.get(address)
        assert answer.headers["Cache-Control"] == "private, no-store", address
        answer.close()
    for address, kept in (
        ("/static/look.css", "no-cache"),
        ("/static/look.css?v=1", "public, max-age=31536000, immutable"),
    ):
        answer = nacc.get(address)
        assert answer.headers["Cache-Control"] == kept
        answer.close()
