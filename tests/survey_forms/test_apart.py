"""A filled form that is compressed: the same page, small, and its length tells nothing of what was typed."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator

import pytest

from models.instrument import InstrumentKind
from portal.core.web import Portal
from survey_forms.apart import gzip_apart
from survey_forms.page import Rules, page_of
from tests.support.respondents import LINES, citizen_id, confirm, filled, link_codes, token_in
from tests.support.world import World
from tests.survey_forms.surveys import QUESTIONNAIRE

PAGE = b"<p>1234567890121</p>" * 40
MOST_BYTES = 30 * 1024
PACKED = {"Accept-Encoding": "gzip"}


@pytest.fixture(autouse=True)
def _request(app: Portal) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.mark.parametrize("typed", [b"", b"x", b"1234567890121" * 9, bytes(70_000), "กขค".encode() * 30_000])
def test_it_is_the_same_page_unpacked(typed: bytes) -> None:
    pieces = [(PAGE, typed), (b"", typed), (PAGE, b"end"), (b"", b"")]
    assert gzip.decompress(gzip_apart(pieces)) == b"".join(text + filled for text, filled in pieces)


def test_the_length_is_the_same_for_every_id() -> None:
    """Also for the one that the page holds already, which one compressor for all of it would give away."""
    chance = random.Random(5)
    guesses = [b"1234567890121", *(str(chance.randrange(10**12, 10**13)).encode() for _ in range(200))]
    assert len({len(gzip_apart([(PAGE, one), (PAGE, b"")])) for one in guesses}) == 1
    assert len({len(gzip.compress(PAGE + one + PAGE)) for one in guesses}) > 1, "else this test sees nothing"
    assert all(one in gzip_apart([(PAGE, one), (PAGE, b"")]) for one in guesses), "it stands as it was typed"


def test_the_length_is_the_same_for_every_answer() -> None:
    page, slots = page_of(QUESTIONNAIRE, Rules(10, 3, "12345678", demo=False)), {"id.value": ' value="1"'}
    chosen = [{}, {"c0.1": " checked"}, {"c0.3": " checked"}, {"c0.2": " checked", "c1.1": " checked"}]
    assert len({len(page.filled_gzip(slots | some)) for some in chosen}) == 1
    for some in chosen:
        unpacked = gzip.decompress(page.filled_gzip(slots | some)).decode()
        assert unpacked.replace(" " * 8, "") == page.filled(slots | some).decode()


@pytest.mark.parametrize("kind", [InstrumentKind.IIT, InstrumentKind.EIT])
def test_a_form_that_comes_back_is_small(app: Portal, world: World, kind: InstrumentKind) -> None:
    confirm(app, world)
    client, url = app.test_client(), f"/s/{link_codes(app, world)[kind]}"
    form = filled(token_in(client.get(url).text), citizen_id(5)[:-1], kind)
    lengths = {}
    for missing in (range(0), range(2), range(LINES[kind])):
        sent = {name: value for name, value in form.items() if name not in {f"q{n}" for n in missing}}
        packed = client.post(url, data=sent, headers=PACKED)
        assert (packed.status_code, packed.headers["Content-Encoding"]) == (422, "gzip")
        assert "Accept-Encoding" in packed.headers["Vary"]
        plain = gzip.decompress(packed.data).replace(b" " * 8, b"")
        assert plain == client.post(url, data=sent).data
        lengths[len(missing)] = (len(packed.data), len(plain))
    print(kind.name, lengths)
    assert max(packed for packed, _plain in lengths.values()) <= MOST_BYTES, lengths
