"""A link opens after what chats and people's hands did to it, and nothing else opens."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from models.instrument import InstrumentKind
from portal.ballot.links import ALPHABET, new_code
from portal.core.web import Portal
from survey_forms.addresses import mended
from tests.support.respondents import confirm, link_codes
from tests.support.world import World

CODE = "abcdefghjkmnpqrstuv23"
FULL = "".join(chr(ord(sign) + 0xFEE0) for sign in CODE)
AS_CAME = [
    CODE.upper(),
    CODE.title(),
    f"{CODE}.",
    f"{CODE}),",
    f"<{CODE}>",
    f"{CODE}”",
    f" {CODE} ",
    f"{CODE}\u200b",
    f"{CODE[:7]}\u200b{CODE[7:]}",
    f"{CODE[:7]}\n  {CODE[7:]}",
    f"{CODE[:9]}-\r\n{CODE[9:]}",
    f"{CODE[:9]}\u00ad{CODE[9:]}",
    f"*{CODE}*",
    f"{CODE}ค่ะ",
    f"{CODE}ตอบแบบสำรวจ",
    f"{CODE}?fbclid=IwAR0abc",
    f"{CODE}&utm_source=line",
    f"{CODE}/",
    f"{CODE}/index.html",
    FULL,
    CODE.replace("a", "а").replace("c", "С"),
    CODE.replace("2", "๒").replace("3", "๓"),
]


@pytest.mark.parametrize("came", AS_CAME)
def test_the_code_is_found_again(came: str) -> None:
    assert mended(came) == CODE


@pytest.mark.parametrize("came", ["", CODE[:-1], "thanks", "ค่ะ" * 30, "0" * 21, "-" * 5000 + CODE])
def test_where_no_code_is_none_is_found(came: str) -> None:
    assert mended(came) == ""


def test_a_code_that_is_whole_stays_as_it_is() -> None:
    assert all(mended(code) == code for code in (new_code() for _once in range(200)))
    assert mended(ALPHABET) == ALPHABET[:21]


@pytest.mark.postgres
def test_a_mangled_link_leads_to_its_form(app: Portal, world: World) -> None:
    confirm(app, world)
    code = link_codes(app, world)[InstrumentKind.EIT]
    client = app.test_client()
    for came in (
        f"/S/{code}",
        f"/s/{code.upper()}",
        f"/s/{code}/",
        f"/s/{code}%E2%80%8B",
        f"/s/{code}.",
        f"/s/%3C{code}%3E",
        f"/s/{quote(code + 'ค่ะ')}",
        f"/s/{code[:8]}%0A%20{code[8:]}",
        f"/s/{code}%FF",
        f"/s/{code}.?fbclid=abc",
    ):
        answer = client.get(came)
        assert answer.status_code == 302, came
        assert answer.headers["Location"].endswith(f"/s/{code}"), came
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert client.get(f"/s/{code}?fbclid=abc").status_code == 200
    for none in ("/s/", f"/s/{code[:-1]}.", f"/s/{new_code()}.", f"/s/{code}/thanks/"):
        assert client.get(none).status_code in {302, 404}, none
    assert client.get(f"/s/{new_code()}.").status_code == 404
