"""Every door, asked by everybody about everything: no foreign row in an answer, no foreign row changed.

The requests are generated from the application's own routes. A route with a parameter that this file does not
know, or one that nobody ever reaches, makes it red.
"""

from __future__ import annotations

import hashlib
import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZipFile, is_zipfile

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.pool import NullPool
from werkzeug.routing import Rule

from models.base import Base
from portal.content import local
from portal.core.access import GRANTS, Permission
from portal.core.api.path import is_of_the_api
from portal.core.web import Portal
from tests.support.api import token_of
from tests.support.client import PortalClient
from tests.support.furniture import ASKED_BY, CODE, VISIBLE, Furniture, furnish, words_of
from tests.support.world import PEOPLE, World

pytestmark = pytest.mark.postgres
ROLE_OF = {person: role for person, role, _place in PEOPLE}
#: reached only after an act that has its own test: (endpoint, why)
ELSEWHERE = {
    "registry_import.report": "needs an uploaded file: tests/views/test_registry_import.py",
    "registry_import.result": "needs an uploaded file: tests/views/test_registry_import.py",
    "registry_import.wrong_rows": "needs an uploaded file: tests/views/test_registry_import.py",
    "registry_import.absent_agencies": "needs an uploaded file: tests/views/register/test_importing.py",
    "registry_import.retire": "needs an uploaded file: tests/views/register/test_importing.py",
    "roster_import.dry_run": "needs an uploaded file: tests/views/test_preparation.py",
    "sector_start.show": "needs a second sector: tests/views/register/test_sectors.py",
    "results.file": "needs an opened round: tests/views/test_results.py",
    "disclosure.confirm": "needs a checklist that passed whole: tests/views/test_disclosure.py",
    "disclosure.return_": "needs a failed item: tests/views/test_disclosure.py",
    "second_factor.remove_passkey": "needs a passkey: tests/views/people/test_second_factor.py",
    "account_workbook.dry_run": "needs an uploaded file: tests/views/people/bulk/test_bulk.py",
    "account_workbook.faults": "needs an uploaded file: tests/views/people/bulk/test_bulk.py",
    "seats.end": "needs somebody who acts: tests/views/people/seats/test_seats.py",
    "seats.undo": "needs a planned handover: tests/views/people/seats/test_seats.py",
    "scoring.finish": "needs a confirmed checklist: tests/views/test_disclosure.py",
    "dispatch_acts.withdraw": "needs an issued letter: tests/views/letters/test_acts.py",
    "dispatch_acts.replace": "needs an issued letter: tests/views/letters/test_acts.py",
    "interviews.ask_void": "needs a recorded interview: tests/views/test_assessor.py",
    "personal_requests.correct": "of an open request: tests/views/personal/test_requests.py",
    "personal_requests.remove": "of an open request: tests/views/personal/test_requests.py",
    "destruction.write": "needs an opened round: tests/views/destruction/test_screens.py",
    "item_words.edit": "closed once the round is open: tests/views/rounds/test_year.py",
    "round_workbook.look": "needs an uploaded file: tests/views/rounds/test_workbook.py",
    "round_workbook.faults": "needs an uploaded file: tests/views/rounds/test_workbook.py",
    "round_table.columns": "needs an uploaded file: tests/views/rounds/test_foreign.py",
    "size_file.look": "needs an uploaded file: tests/views/register/test_places.py",
    "dispatches.scan": "needs a signed paper that was filed: tests/views/letters/test_acts.py",
    "receivers.of_letter": "needs a letter that was sent: tests/views/letters/test_inbox.py",
    "receivers.file_of_letter": "needs a letter that was sent: tests/views/letters/test_inbox.py",
    "dispatches.print_file": "needs copies that were made: tests/views/letters/test_signing.py",
    "personal_keeping.pdf": "needs an erasure that was printed: tests/views/personal/test_keeping.py",
    "result_trends.file": "needs an opened round: tests/views/results/test_trends.py",
    "results_api.results": "needs an opened round: tests/views/results/test_api.py",
    "results_api.agency_result": "needs an opened round: tests/views/results/test_api.py",
    "results_api.result_trends": "needs an opened round: tests/views/results/test_api.py",
}
#: pages about a round that is still made, and what their queries name
OF_DRAFTS = ("builder.", "builder_acts.", "rules_acts.", "trends.", "rounds.delete")
#: pages about any generated list, by its name
OF_LISTS = ("saved_lists.", "many.")
ASKING: dict[str, dict[str, Any]] = {
    "letter_drafts.citable": {"office": "dla"},
    "builder_acts.move": {"thing": "question", "code": CODE},
    "builder_acts.move_choice": {"code": f"{CODE}.1"},
    "rules_acts.move": {"thing": "group", "code": "1"},
    # the first row of each
    **{
        f"{view}.{page}_view": {"id": 1}
        for view in ("descriptive_fields", "assessor_conflicts", "agency_kinds", "agency_sizes")
        for page in ("details", "edit", "delete")
    },
}
#: one request in so many is sent by `make test`; `make proof` sends them all
SAMPLE = 6


@dataclass(frozen=True)
class Request:
    """One generated request: a route filled with the ids of one agency, or of two mixed."""

    rule: Rule
    values: tuple[tuple[str, Any], ...]
    query: tuple[tuple[str, Any], ...]
    about: frozenset[str]


def routes(app: Portal, method: str) -> list[Rule]:
    """The routes of a method behind the gate."""
    rules = app.extensions["access_rules"]
    return [
        rule
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and rules[rule.endpoint] not in ("open", None)
    ]


def values_of(rule: Rule, ids: dict[str, Any], world: World) -> dict[str, Any]:
    """The parameters of a route for one agency. Fails for a parameter nobody told us about."""
    known = {
        "round_id": world.round_id,
        "instrument": "iit",
        "kind": "xlsx",
        "name": "x",
        "ext": "png",
        "code": "iit",
        "came": "x",
        "key": "iit:-:-:-",
        "grant_id": world.grant["agency_admin"],
        "request_id": 1,
        "account_id": 1,
        "passkey_id": 1,
        "sector_id": 1,
        "token_id": 1,
        "stage": "preparation",
        "language": "en",
        "lookup": "agency",
        "row_id": 1,
        "thing": "agency",
        "thing_id": ids["agency_id"],
        "export_type": "csv",
        "agency": local.SAO.code,
        **ids,
    }
    if rule.endpoint.startswith(OF_DRAFTS):
        known |= {"round_id": ids["draft_id"], "kind": "iit"}
    if rule.endpoint.startswith(OF_LISTS):
        known["name"] = "agencies"
    if rule.endpoint == "announcing.edit":
        known["announcement_id"] = ids["unsent_id"]
    # a parameter of a few fixed words names them itself
    for name, converter in rule._converters.items():
        words = getattr(converter, "items", None)
        if words and known.get(name) not in words:
            known[name] = sorted(words)[0]
    unknown = rule.arguments - known.keys()
    assert not unknown, f"{rule.rule} has parameters that this test cannot fill: {unknown}"
    return {name: known[name] for name in rule.arguments}


OBJECTS = (
    "extension_id",
    "participation_id",
    "entry_id",
    "interview_id",
    "answer_id",
    "job_id",
    "file_id",
    "result_id",
    "letter_id",
    "certificate_id",
    "province_id",
    "mail_id",
    "note_id",
    "change_id",
    "kept_id",
    "thing_id",
    "announcement_id",
)


def requests_for(app: Portal, method: str, world: World, furniture: Furniture) -> Iterator[Request]:
    """Every route about every agency, and with each id alone exchanged for another agency's."""
    for rule in routes(app, method):
        seen = set()
        for key, other in itertools.product(furniture.ids, repeat=2):
            base = values_of(rule, furniture.ids[key], world)
            variants = [base]
            if other != key:
                foreign = values_of(rule, furniture.ids[other], world)
                variants = [{**base, name: foreign[name]} for name in base if name in OBJECTS]
            for values in variants:
                packed = tuple(sorted(values.items(), key=lambda item: item[0]))
                if packed in seen:
                    continue
                seen.add(packed)
                query: tuple[tuple[str, Any], ...] = ()
                # an address of the API refuses a word that it does not know
                if not base.keys() & set(OBJECTS) and not is_of_the_api(rule.rule):
                    asking = ASKING.get(rule.endpoint, {"id": furniture.ids[key]["agency_id"]})
                    query = tuple(asking.items())
                yield Request(rule, packed, query, frozenset({key, other}))


def text_of(answer: Any) -> str:
    """Everything that a person can read in an answer: pages, files inside workbooks, PDF as it is."""
    content = answer.get_data()
    if is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    return content.decode("utf-8", "replace")


def leaks(person: str, text: str) -> list[str]:
    """Words of agencies that this person may not see."""
    hidden = [key for key in ("a1", "a2", "b1", "b2") if key not in VISIBLE[person]]
    return [word for key in hidden for word in words_of(key) if word in text]


def allowed(person: str, rule: Any) -> bool:
    """True where the person's role holds the permission of a route."""
    return rule == "signed_in" or (isinstance(rule, Permission) and rule in GRANTS[ROLE_OF[person]])


@pytest.fixture
def every(request: pytest.FixtureRequest) -> Callable[[list[Any]], list[Any]]:
    """All of the generated requests in the long run and in its rest, a sample of them otherwise."""
    whole = request.config.getoption("--db") in {"both", "rest"}

    def choose(generated: list[Any]) -> list[Any]:
        if whole:
            return generated
        seed = request.config.getoption("randomly_seed", default=0)
        seed = seed if isinstance(seed, int) else 0
        return random.Random(seed).sample(generated, len(generated) // SAMPLE)

    return choose


@pytest.mark.timeout(900)
def test_no_page_shows_a_foreign_row(
    app: Portal,
    world: World,
    client_as: Callable[[str], PortalClient],
    every: Callable[[list[Any]], list[Any]],
) -> None:
    furniture = furnish(app, world)
    rules = app.extensions["access_rules"]
    asked = list(requests_for(app, "GET", world, furniture))
    reached: dict[str, int] = {}
    found: list[str] = []
    shown: set[str] = set()
    for person in VISIBLE:
        client, token = client_as(person), {"Authorization": f"Bearer {token_of(app, world, person)}"}
        for one in every(asked):
            endpoint = one.rule.endpoint
            url = _url(app, one)
            answer = client.get(url, headers=token if is_of_the_api(url) else {})
            text = text_of(answer)
            if answer.status_code >= 500:
                found.append(f"{person} {url}: fault {answer.status_code}")
            if not allowed(person, rules[endpoint]) and answer.status_code != 404:
                found.append(f"{person} {url}: {answer.status_code} without the permission")
            found += [f"{person} {url}: shows {word}" for word in leaks(person, text)]
            if "participation_id" in dict(one.values):
                key = _key_of(furniture, dict(one.values)["participation_id"])
                if key not in VISIBLE[person] and answer.status_code != 404:
                    found.append(f"{person} {url}: {answer.status_code} for a foreign participation")
            if answer.status_code in (200, 302) and allowed(person, rules[endpoint]):
                reached[endpoint] = reached.get(endpoint, 0) + 1
                shown.update(key for key in VISIBLE[person] if any(w in text for w in words_of(key)))
    assert not found, "\n".join(sorted(set(found))[:60])
    if every([1, 2]) == [1, 2]:
        never = {rule.endpoint for rule in routes(app, "GET")} - reached.keys() - ELSEWHERE.keys()
        assert not never, f"nobody ever reached {sorted(never)}"
        assert shown == {"a1", "a2", "b1", "b2"}, "the positive control: canaries do show to their own"


@pytest.mark.timeout(900)
def test_no_act_changes_a_foreign_row(
    app: Portal,
    world: World,
    client_as: Callable[[str], PortalClient],
    every: Callable[[list[Any]], list[Any]],
) -> None:
    furniture = furnish(app, world)
    asked = list(requests_for(app, "POST", world, furniture))
    found: list[str] = []
    for person in VISIBLE:
        if len(VISIBLE[person]) == 4:
            continue  # the country's offices have no foreign rows
        client = client_as(person)
        before = rows_of(app, hidden_from(world, person))
        for one in every(asked):
            if one.rule.endpoint in {"sign_in.leave", "sign_in.desks"}:
                continue
            foreign = _foreign_ids(furniture, person)
            answer = client.submit(
                _url(app, one), {**foreign, "confirm": "1", "understood": "y", "reason": "x"}
            )
            if answer.status_code >= 500:
                found.append(f"{person} {_url(app, one)}: fault {answer.status_code}")
            found += [f"{person} {_url(app, one)}: shows {word}" for word in leaks(person, text_of(answer))]
        after = rows_of(app, hidden_from(world, person))
        found += [
            f"{person} changed foreign rows of {table}" for table in before if before[table] != after[table]
        ]
    assert not found, "\n".join(sorted(set(found))[:60])


def hidden_from(world: World, person: str) -> list[int]:
    """The agencies that a person may not see."""
    return [world.agency[key] for key in world.agency if key not in VISIBLE[person]]


def rows_of(app: Portal, hidden: list[int]) -> dict[str, str]:
    """A digest of every table's rows that belong to these agencies."""
    digests = {}
    engine = create_engine(app.settings.database_owner_url, poolclass=NullPool)
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            owner = table.c.get("agency_id")
            if table.name == "agency":
                owner = table.c.id
            if owner is None:
                continue
            rows = connection.execute(select(table).where(owner.in_(hidden))).all()
            lines = sorted(repr(tuple(row)) for row in rows)
            digests[table.name] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return digests


def _foreign_ids(furniture: Furniture, person: str) -> dict[str, Any]:
    """A foreign object's ids under every name that a form might use."""
    hidden = next(key for key in furniture.ids if key not in VISIBLE[person])
    ids = furniture.ids[hidden]
    return {
        **ids,
        "id": ids["participation_id"],
        "rowid": ids["agency_id"],
        "participation": ids["participation_id"],
    }


def _key_of(furniture: Furniture, participation_id: int) -> str:
    return next(key for key, ids in furniture.ids.items() if ids["participation_id"] == participation_id)


def _url(app: Portal, one: Request) -> str:
    with app.test_request_context():
        return str(app.url_for(one.rule.endpoint, **dict(one.values), **dict(one.query)))


def test_jobs_belong_to_the_people_of_this_file() -> None:
    assert set(ASKED_BY) == {"a1", "a2", "b1", "b2"}
