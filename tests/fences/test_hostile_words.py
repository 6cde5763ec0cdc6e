"""Words from outside make no fault: hostile values in the parameters, arguments and fields of every address.

Addresses and forms are those that a walk through the application finds, from each role's home. Every
parameter, argument, field and header is tried, each with a share of the values (``SHARE``): they are dealt in
turn, the same in every run and another share on each database, so that each value comes to every kind of
place and the whole takes a minute or two on a database and two cores. Values go into all fields of a form
together, a third of them on each database, and all of them into headers. `make test` sends a sample of that.
"""

from __future__ import annotations

import inspect
import itertools
import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote, urljoin, urlsplit

import pytest
from werkzeug.routing import Rule

from portal.core.sent.unsent import VERSIONS
from portal.core.web import Portal
from tests.fences.test_every_door import values_of
from tests.fences.test_forms_as_sent import as_it_stands_now
from tests.support.api import of_programmes
from tests.support.client import PortalClient
from tests.support.furniture import VISIBLE, Furniture
from tests.support.hostile import HOSTILE, HOSTILE_BYTES
from tests.support.pages import Control, PageForm
from tests.support.rooms import furnish_rooms
from tests.support.walking import Walk, endpoint_of, walk
from tests.support.world import World

#: one of so many values goes into one place
SHARE = {"addresses": 16, "queries": 20, "fields": 14, "whole forms": 3}
#: the first place at the table, by database
TURN = {"sqlite": 0, "postgres": 1}
#: arguments that `url_for` takes as something else, should a page hand on all that it was asked with
HANDED_ON = {"endpoint", "_scheme", "_external", "_anchor", "_method"}
#: requests of each kind that `make test` sends
SAMPLE = 60
#: people who walk for it
SAMPLE_OF_PEOPLE = 3
#: fields without which nothing behind them is reached; each is tried alone in another place
KEPT = {"csrf_token", "sent_from"}
OPENED_ANEW = {"sign_in.leave": "ends the session that sends"}
_NAMED = re.compile(r"(?:args|values)(?:\.get(?:list)?\(|\[)\s*\"(\w+)\"|\"(\w+)\" in request\.args")
#: what each person came to, by database: the furnished worlds are alike, and one walk serves them all
WALKED: dict[str, dict[str, Walk]] = {}
Value = TypeVar("Value")
#: each value as it stands in an address, and bytes that are no text
QUOTED = [(label, quote(value[:6000], safe="")) for label, value in HOSTILE.items()]
QUOTED += [(value, value) for value in HOSTILE_BYTES]
Sender = Callable[[PortalClient], Any]
#: who sends, what it is called in the list of faults, how it is sent
Shot = tuple[str, str, Sender]
HEADERS = """
Referer Accept-Language Accept-Encoding User-Agent X-Forwarded-For X-Forwarded-Host Host If-Modified-Since
If-None-Match Range HX-Request Content-Type Content-Length Cookie Origin
""".split()


@dataclass
class Site:
    """What the people of the world found by clicking, and their browsers."""

    app: Portal
    clients: dict[str, PortalClient]
    walks: dict[str, Walk]
    furniture: Furniture
    turn: int
    found: list[str] = field(default_factory=list)

    def ask(self, person: str, what: str, send: Sender) -> None:
        """Send one request; what is wrong with its answer is kept."""
        try:
            answer = send(self.clients[person])
        except Exception as error:
            self.found.append(f"{person} {what}: {type(error).__name__} {str(error)[:200]}")
            return
        status, text = answer.status_code, answer.get_data().decode("utf-8", "replace")
        _close(answer)
        if status >= 500 or "Traceback (most recent" in text:
            self.found.append(f"{person} {what}: {status}")
        if "taken=1" in str(answer.headers.get_all("Set-Cookie")):
            self.found.append(f"{person} {what}: a header of the sender's")

    def reached_by(self, endpoint: str) -> str:
        """Somebody who may come in, or the first person."""
        return next((person for person, went in self.walks.items() if endpoint in went.reached), "nacc")


@pytest.fixture
def site(app: Portal, world: World, client_as: Callable[[str], PortalClient], engine: str, kind: str) -> Site:
    furniture = furnish_rooms(app, world)
    clients = {person: client_as(person) for person in (*VISIBLE, "")}
    if kind == "headers":  # it has pages of its own, and a walk takes minutes
        return Site(app, clients, {}, furniture, TURN[engine])
    if engine not in WALKED:
        WALKED[engine] = {person: _walk(app, person, client) for person, client in clients.items()}
    return Site(app, clients, WALKED[engine], furniture, TURN[engine])


@pytest.fixture
def some_of_the_site(
    app: Portal,
    world: World,
    client_as: Callable[[str], PortalClient],
    engine: str,
    chance: random.Random,
) -> Site:
    """What a stranger and a few people come to, others with every seed."""
    furniture = furnish_rooms(app, world)
    clients = {person: client_as(person) for person in (*VISIBLE, "")}
    walking = [*chance.sample(list(VISIBLE), SAMPLE_OF_PEOPLE), ""]
    walks = {person: _walk(app, person, clients[person]) for person in walking}
    return Site(app, clients, walks, furniture, TURN[engine])


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    seed = request.config.getoption("randomly_seed", default=0)
    return random.Random(seed if isinstance(seed, int) else 0)


def _walk(app: Portal, person: str, client: PortalClient) -> Walk:
    went = walk(app, client, start="/" if person else "/sign-in", per_endpoint=2)
    went.texts.clear()
    return went


@pytest.mark.proof
@pytest.mark.once
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("kind", ["addresses", "queries", "fields", "headers"])
def test_no_word_from_outside_makes_a_fault(site: Site, world: World, kind: str) -> None:
    for shot in KINDS[kind](site, world):
        site.ask(*shot)
    assert not site.found, "\n".join(site.found)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_sample_of_words_from_outside_makes_no_fault(
    some_of_the_site: Site, world: World, chance: random.Random
) -> None:
    """Some of each kind, others with every seed."""
    for shots_of in KINDS.values():
        for shot in chance.sample(list(shots_of(some_of_the_site, world)), SAMPLE):
            some_of_the_site.ask(*shot)
    assert not some_of_the_site.found, "\n".join(some_of_the_site.found)


def addresses(site: Site, world: World) -> Iterator[Shot]:
    """Every value in every parameter of every address."""
    for rule, name, label, value in _paths(site):
        ids = values_of(rule, {**site.furniture.ids["a1"], "filename": "x"}, world)
        address = _fill(rule, {key: quote(str(one)) for key, one in ids.items()} | {name: value})
        person = site.reached_by(rule.endpoint)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            send = _getter(address) if method == "GET" else _poster(address)
            yield person, f"{method} {rule} {name}={label}", send


def queries(site: Site, world: World) -> Iterator[Shot]:
    """Values in every argument that a link, a search form or a view's code knows."""
    place = site.turn
    for url, (person, endpoint, names) in _asked(site).items():
        parts = {one for rule in site.app.url_map.iter_rules(endpoint) for one in rule.arguments}
        yield person, f"{url} parts", _getter(f"{url}?{'&'.join(f'{one}=x' for one in parts | HANDED_ON)}")
        for name in sorted(names | _names_in_code(site.app, endpoint) | {"page"}):
            place += 1
            for label, value in _dealt(QUOTED, place, SHARE["queries"]):
                yield person, f"{url} {name}={label}", _getter(f"{url}?id=1&{name}={value}")


def fields(site: Site, world: World) -> Iterator[Shot]:
    """Values in every field of every form as it was served."""
    for form, person, name, label in _fields(site):
        if endpoint_of(site.app, form.url, "POST") not in OPENED_ANEW:
            names = {name} if name else _to_fill(form)
            yield person, f"{form.url} {name or 'all'}={label}", _filler(form, names, HOSTILE[label])


def headers(site: Site, world: World) -> Iterator[Shot]:
    """Values in what a browser says of itself."""
    pages = (("nacc", "/"), ("", "/sign-in"), ("dla", "/admin/agencies/"), ("", "/s/abc"), ("", "/static/x"))
    for (who, url), name, label in itertools.product(pages, HEADERS, HOSTILE):
        value = HOSTILE[label].encode().decode("latin-1").replace("\r", "").replace("\n", "")[:8000]
        for method in ("GET", "POST"):
            yield who, f"{method} {url} {name}={label}", _sender(method, url, {name: value})


KINDS: dict[str, Callable[[Site, World], Iterator[Shot]]] = {
    "addresses": addresses,
    "queries": queries,
    "fields": fields,
    "headers": headers,
}


def _dealt(values: list[Value], place: int, share: int) -> list[Value]:
    return values[place % share :: share]


def _paths(site: Site) -> Iterator[tuple[Rule, str, str, str]]:
    every = site.app.url_map.iter_rules()
    # what programmes read is asked by schemathesis (tests/fences/test_api.py)
    rules = [one for one in every if one.endpoint != "static" and not of_programmes(site.app, one.endpoint)]
    holes = [(rule, name) for rule in rules for name in sorted(rule.arguments)]
    for place, (rule, name) in enumerate(holes, site.turn):
        for label, value in _dealt(QUOTED, place, SHARE["addresses"]):
            yield rule, name, label, value


def _asked(site: Site) -> dict[str, tuple[str, str, set[str]]]:
    """One path per endpoint: who may come there, the endpoint, and the arguments that pages ask it with."""
    asked: dict[str, tuple[str, str, set[str]]] = {}
    paths: dict[str, str] = {}
    for person, went in site.walks.items():
        for url, names in _asked_by_links(went):
            endpoint = endpoint_of(site.app, url)
            if endpoint and endpoint != "static" and endpoint in went.reached:
                path = paths.setdefault(endpoint, urlsplit(url).path)
                asked.setdefault(path, (person, endpoint, set()))[2].update(names)
    return asked


def _asked_by_links(went: Walk) -> Iterator[tuple[str, set[str]]]:
    """Addresses that pages lead to, with the names of their parameters."""
    for url, page in went.pages.items():
        for link in (url, *page.links):
            target = urljoin(url, link)
            yield target, {name for name, _value in parse_qsl(urlsplit(target).query, True)}
        for form in page.forms:
            if form.method == "get":
                yield form.url, {one.name for one in form.controls}


def _names_in_code(app: Portal, endpoint: str) -> set[str]:
    """The names that the module of a view asks an address for; for a generated view, those of its base."""
    view = inspect.unwrap(app.view_functions[endpoint])
    module = sys.modules[view.__module__]
    named = {one or other for one, other in _NAMED.findall(inspect.getsource(module))}
    if endpoint.endswith("_view"):
        named |= {"page", "sort", "desc", "search", "id", "url"}
    if endpoint.endswith("ajax_lookup"):
        named |= {"query", "offset", "limit"}
    return named


def _fields(site: Site) -> Iterator[tuple[PageForm, str, str, str]]:
    """Each kind of form with a value in all of its fields, and each field alone with its share of the values.

    Of rows that repeat one is taken; the page of a form of which all was sent by others is not asked for.
    """
    seen: set[tuple[str, str]] = set()
    labels = list(HOSTILE)
    forms, places = itertools.count(site.turn), itertools.count(site.turn)
    for person, went in site.walks.items():
        for seen_form in went.forms(site.app, "post").values():
            endpoint = endpoint_of(site.app, seen_form.url, "POST")
            if seen.issuperset((endpoint, _alike(one)) for one in _free(seen_form)):
                continue
            form = as_it_stands_now(site.clients[person], seen_form)
            if form is None:
                continue
            fresh = [one for one in _free(form) if _once(seen, endpoint, _alike(one))]
            if fresh:
                dealt = _dealt(labels, next(forms), SHARE["whole forms"])
                yield from ((form, person, "", label) for label in dealt)
            for one in fresh:
                for label in _dealt(labels, next(places), SHARE["fields"]):
                    yield form, person, one.name, label


def _free(form: PageForm) -> list[Control]:
    return [one for one in form.controls if one.kind != "file" and one.name not in KEPT]


def _alike(one: Control) -> str:
    """The name of a field, the same for every row that repeats."""
    return re.sub(r"\d+", "0", one.name)


def _once(seen: set[tuple[str, str]], *key: str) -> bool:
    known = key in seen
    seen.add(key)  # type: ignore[arg-type]
    return not known


def _to_fill(form: PageForm) -> set[str]:
    """The fields that a person or a script fills: not the token, nor which state of a row was shown."""
    return {one.name for one in form.controls if one.kind != "file"} - KEPT - VERSIONS


def _filler(form: PageForm, names: set[str], value: str) -> Sender:
    """Sends the form with a value in these fields; once more from its page of now where that has changed."""

    def send(client: PortalClient) -> Any:
        answer = _put(form, names, value).send(client)
        if answer.status_code != 409 or names & VERSIONS:
            return answer
        _close(answer)
        fresh = as_it_stands_now(client, form)
        return _put(fresh, names, value).send(client) if fresh else answer

    return send


def _close(answer: Any) -> None:
    """An answer, and the file in which the test client kept a large body."""
    answer.close()
    answer.request.environ["wsgi.input"].close()


def _put(form: PageForm, names: set[str], value: str) -> PageForm:
    for name in names:
        form = form.put(name, value)
    return form


def _fill(rule: Rule, quoted: dict[str, str]) -> str:
    """An address of a rule with values that are quoted already."""
    return re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: quoted[found[1]], rule.rule)


def _getter(url: str) -> Sender:
    return lambda client: client.get(url)


def _sender(method: str, url: str, headers: dict[str, str]) -> Sender:
    return lambda client: client.open(url, method=method, headers=headers)


def _poster(url: str) -> Sender:
    return lambda client: client.submit(url, {"confirm": "", "id": "1"})
