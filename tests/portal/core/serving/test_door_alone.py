"""The door without a server: which bodies reach the application, how, and what is said to the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from portal.core.serving.door import Door, Limits, Way, address_of, environ_of
from portal.core.serving.lanes import Bounds, Lane
from tests.support.rsgi import Exchange, Headers, Scope, asked, awaited

PLAIN = [("content-type", "text/plain")]
REFUSALS = {400: (PLAIN, b"not whole"), 408: (PLAIN, b"too long"), 503: (PLAIN, b"many people")}
Start = Callable[..., object]


class Application:
    """Answers with the body that it was given, and remembers what it was asked."""

    def __init__(self, *parts: bytes) -> None:
        self.asked: list[dict[str, Any]] = []
        self.closed = 0
        self._parts = parts

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        self.asked.append(environ)
        start("200 OK", [("Content-Type", "text/plain"), ("X-Kind", "tried")])
        self._body = environ["wsgi.input"].read()
        return self

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._parts or (self._body,))

    def close(self) -> None:
        self.closed += 1


def door(app: Any, *, count_clients: bool = True, **limits: Any) -> Door:
    kept = Limits(**{"small": 0, **limits})
    lane = Lane(Bounds(places=2, waiting=9, beginners=9, patience=60))
    return Door(
        app,
        lanes=[lane],
        way_of=lambda _scope: Way(lane),
        refusals=REFUSALS,
        count_clients=count_clients,
        limits=kept,
    )


def length(size: int) -> tuple[str, str]:
    return "content-length", str(size)


@pytest.mark.parametrize("small", [0, 100], ids=["part by part", "at once"])
def test_a_body_in_parts_reaches_the_application_whole(small: int) -> None:
    answer = asked(door(app := Application(), small=small), Exchange([b"name=", b"a", b"b"]), length(7))
    assert (answer.status, answer.body, answer.streamed) == (200, b"name=ab", False)
    assert answer.headers == {"content-type": "text/plain", "x-kind": "tried"}
    assert app.closed == 1


@pytest.mark.parametrize("headers", [(), (length(0),)], ids=["no length", "a length of nothing"])
def test_a_request_without_a_body_is_not_waited_for(headers: tuple[tuple[str, str], ...]) -> None:
    answer = asked(door(Application()), Exchange([b"never"], seconds=60), *headers, method="GET")
    assert (answer.status, answer.body, answer.read) == (200, b"", 0)


def test_a_body_of_unsaid_length_is_measured() -> None:
    app = Application()
    asked(door(app), Exchange([b"abc", b"de"]), ("transfer-encoding", "chunked"))
    assert app.asked[0]["CONTENT_LENGTH"] == "5"
    assert "HTTP_TRANSFER_ENCODING" not in app.asked[0]


def test_of_a_body_larger_than_any_form_nothing_is_kept_but_its_size() -> None:
    """The application refuses it by its size and never sees a half of it."""
    app = Application()
    exchange = asked(door(app, kept=10), Exchange([b"x" * 8] * 4), length(32))
    assert (exchange.body, exchange.read) == (b"", 32)
    assert app.asked[0]["CONTENT_LENGTH"] == "32"


def test_a_body_without_end_is_not_read_for_ever() -> None:
    app = Application()
    exchange = asked(door(app, kept=10, drained=20), Exchange([b"x" * 8] * 100), length(800))
    assert exchange.read < 40
    assert app.asked[0]["CONTENT_LENGTH"] == "800", "refused by the size that it said"


@pytest.mark.parametrize("small", [0, 100], ids=["part by part", "at once"])
def test_half_a_form_is_no_form(small: int) -> None:
    answer = asked(door(app := Application(), small=small), Exchange([b"name="]), length(7))
    assert (answer.status, answer.body) == (400, b"not whole")
    assert answer.headers["connection"] == "close"
    assert answer.headers["cache-control"] == "no-store"
    assert app.asked == []


@pytest.mark.parametrize(
    "limits",
    [{"silence": 0.01}, {"grace": 0.02, "slowest": 1e9}, {"small": 100, "silence": 0.01}],
    ids=["silent", "steady, but too slow", "small"],
)
def test_a_body_that_does_not_come_in_time_is_not_waited_for(limits: dict[str, Any]) -> None:
    answer = asked(door(app := Application(), **limits), Exchange([b"a"] * 50, seconds=0.05), length(50))
    assert (answer.status, answer.body) == (408, b"too long")
    assert app.asked == []


def test_a_client_that_goes_away_in_a_small_body_is_not_acted_on() -> None:
    class Gone(Exchange):
        async def __call__(self) -> bytes:
            raise RuntimeError("stream")

    answer = asked(door(app := Application(), small=100), Gone(), length(7))
    assert (answer.status, app.asked) == (400, [])


def together(behind: Door, clients: Iterable[str]) -> list[int]:
    """The answers to forms that are on the way at the same time."""
    sent = [Exchange([b"abc"], seconds=0.05) for _client in clients]

    async def all_of_them() -> None:
        scopes = [Scope(Headers([length(3)]), client=client) for client in clients]
        await asyncio.gather(
            *(behind.__rsgi__(scope, exchange) for scope, exchange in zip(scopes, sent, strict=True))
        )

    awaited(all_of_them())
    return [exchange.status for exchange in sent]


def test_one_client_has_so_many_bodies_on_the_way_and_another_has_its_own() -> None:
    behind = door(Application(), of_one_client=2)
    first, other = "192.0.2.7:1", "[2001:db8::1]:1"
    assert together(behind, [first, first, first, other]) == [200, 200, 503, 200]
    assert together(behind, [first, first]) == [200, 200], "what has come is no longer on the way"


def test_small_bodies_of_many_behind_one_address_have_a_room_of_their_own() -> None:
    """An operator's address has hundreds of phones behind it; what they send is small."""
    behind = door(Application(), small=100, of_one_client=1, small_of_one_client=3, small_at_once=5)
    one, other = "192.0.2.7:1", "192.0.2.8:1"
    assert together(behind, [one] * 4 + [other] * 3) == [200, 200, 200, 503, 200, 200, 503]
    assert Limits.small_of_one_client > 5 * Limits.of_one_client


def test_behind_a_proxy_only_all_bodies_together_are_counted() -> None:
    behind = door(Application(), count_clients=False, of_one_client=1, at_once=3)
    assert together(behind, ["192.0.2.1:1"] * 4) == [200, 200, 200, 503]


def test_all_clients_together_have_so_many_bodies_on_the_way() -> None:
    behind = door(Application(), of_one_client=9, at_once=2)
    assert together(behind, [f"192.0.2.{number}:1" for number in range(3)]) == [200, 200, 503]


def test_who_is_refused_for_the_crowd_is_told_when_to_come_again() -> None:
    answer = asked(door(Application(), at_once=0), Exchange([b"abc"]), length(3))
    assert (answer.status, answer.headers["retry-after"]) == (503, "10")
    assert answer.body == b"many people"


def test_a_long_answer_goes_out_part_by_part_in_its_order() -> None:
    app = Application(b"one", b"two", b"three")
    answer = asked(door(app), Exchange(), method="GET")
    assert (answer.status, answer.streamed, answer.sent) == (200, True, [b"one", b"two", b"three"])
    assert app.closed == 1


def test_an_answer_without_a_part_is_an_empty_page() -> None:
    def nothing(_environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        start("204 NO CONTENT", [])
        return []

    answer = asked(door(nothing), Exchange(), method="GET")
    assert (answer.status, answer.body) == (204, b"")


def test_an_answer_is_closed_where_its_client_went_away_meanwhile() -> None:
    class Gone(Exchange):
        async def send_bytes(self, part: bytes) -> None:
            raise ConnectionError

    app = Application(b"one", b"two", b"three")
    with pytest.raises(ConnectionError):
        asked(door(app), Gone(), method="GET")
    assert app.closed == 1, "its file or session is let go"


def test_the_application_is_told_the_address_and_the_words_of_the_request() -> None:
    headers = [("host", "127.0.0.1:8000"), ("cookie", "a=1"), ("cookie", "b=2")]
    headers += [("accept", "text/html"), ("accept", "*/*"), ("content-type", "text/csv")]
    told = environ_of(Scope(Headers(headers)), b"", 0)
    assert told["PATH_INFO"].encode("latin-1").decode() == "/ทดลอง"
    assert (told["REQUEST_METHOD"], told["QUERY_STRING"]) == ("POST", "page=2")
    assert (told["SERVER_NAME"], told["SERVER_PORT"]) == ("127.0.0.1", "8000")
    assert (told["HTTP_COOKIE"], told["HTTP_ACCEPT"]) == ("a=1; b=2", "text/html,*/*")
    assert told["CONTENT_TYPE"] == "text/csv"
    assert "CONTENT_LENGTH" not in told, "nothing was sent"


@pytest.mark.parametrize(
    ("client", "address"),
    [("192.0.2.7:50000", "192.0.2.7"), ("[2001:db8::1]:443", "2001:db8::1")],
)
def test_an_address_is_told_without_its_port(client: str, address: str) -> None:
    scope = Scope(Headers([]), client=client, server="[::1]:8000")
    assert address_of(scope) == environ_of(scope, b"", 0)["REMOTE_ADDR"] == address
    assert environ_of(scope, b"", 0)["SERVER_NAME"] == "::1"
