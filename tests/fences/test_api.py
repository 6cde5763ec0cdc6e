"""Every address of the API: only read, by a token alone, with a permission, described, and as described."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from portal.core.access import Permission, can
from portal.core.api.document import document
from portal.core.api.operations import operations
from portal.core.api.path import API, is_of_the_api
from portal.core.web import Portal
from tests.support.api import Reader, token_of
from tests.support.client import client_of
from tests.support.country import mixed_country
from tests.support.world import PEOPLE, World

pytestmark = pytest.mark.postgres


def faults(app: Portal) -> Iterator[str]:
    """What is wrong with the addresses below /api/."""
    served, described = operations(app), document(app)["paths"]
    rules = app.extensions["access_rules"]
    for rule in app.url_map.iter_rules():
        if not is_of_the_api(rule.rule):
            if rule.endpoint in served:
                yield f"{rule} is figures of programmes outside {API}"
            continue
        if (rule.methods or set()) - {"GET", "HEAD"}:
            yield f"{rule} takes more than GET"
        if not isinstance(rules[rule.endpoint], Permission):
            yield f"{rule} has no permission"
        if rule.rule.replace("<int:", "{").replace(">", "}") not in described:
            yield f"{rule} is not described"


def test_every_address_is_read_only_described_and_has_a_permission(app: Portal) -> None:
    assert not list(faults(app))
    assert len(operations(app)) >= 16


@pytest.mark.own_app
def test_a_planted_address_is_found(app: Portal) -> None:
    app.add_url_rule("/api/v1/planted", "planted", lambda: "", methods=["POST"])
    app.extensions["access_rules"]["planted"] = "open"
    assert len(list(faults(app))) == 3


def addresses(app: Portal, world: World) -> list[tuple[str, Permission]]:
    """Each address filled with ids of the world."""
    ids: dict[str, Any] = {"round_id": world.round_id, "participation_id": world.participation["a1"]}
    with app.test_request_context():
        return [
            (app.url_for(endpoint, **{name: ids[name] for name in rule.arguments}), one.permission)
            for endpoint, one in operations(app).items()
            for rule in app.url_map.iter_rules(endpoint)
        ]


def test_nobody_reads_one_without_a_token_and_none_acts(app: Portal, world: World) -> None:
    stranger = client_of(app)
    for address, _permission in addresses(app, world):
        assert stranger.get(address).status_code == 401, address
        for act in (stranger.post, stranger.put, stranger.patch, stranger.delete, stranger.options):
            answer = act(address)
            assert (answer.status_code, answer.mimetype) == (405, "application/problem+json"), address


def test_every_desk_gets_what_is_described_or_a_problem(app: Portal, world: World) -> None:
    mixed_country(app, world, 7)
    with app.app_context():
        actors = {person: world.actor(person) for person, _role, _place in PEOPLE}
        schemas = document(app)
    every = addresses(app, world)
    paths = {one.path.replace("<int:", "{").replace(">", "}"): one for one in operations(app).values()}
    assert schemas["paths"].keys() == paths.keys()
    read: set[str] = set()
    for person in ("nacc", "province", "agency_admin", "assessor"):
        programme = Reader(app, token_of(app, world, person))
        for address, permission in every:
            answer = programme.get(address.removeprefix("/api/v1"))
            may = can(actors[person], permission)
            assert answer.status_code in ((200, 404, 409) if may else (404,)), (person, address)
            name = shape_of(app, address) if answer.status_code == 200 else "Problem"
            validator(schemas, name).validate(answer.json)
            read |= {name}
    assert len(read) > 12, "most of the addresses do give figures here"


def shape_of(app: Portal, address: str) -> str:
    """The name of the shape that an address answers with."""
    endpoint, _ids = app.url_map.bind("localhost").match(address)
    return operations(app)[endpoint].answer.name


def validator(schemas: dict[str, Any], name: str) -> Draft202012Validator:
    """Holds an answer against a shape of the description."""
    whole = Resource.from_contents(schemas, default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("urn:api", whole)
    return Draft202012Validator({"$ref": f"urn:api#/components/schemas/{name}"}, registry=registry)
