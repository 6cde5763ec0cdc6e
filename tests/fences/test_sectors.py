"""Nobody at a desk of one sector sees a unit of another: every class on both walls, and every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import inspect, select, text

from models.account import Account, Grant
from models.announcement import Announcement, AnnouncementPlace
from models.letter_office import LetterOffice
from models.sector import USUAL_SECTOR
from portal.core.access import scope_of
from portal.core.api.path import is_of_the_api
from portal.core.database.session import STAND_BEHIND_THE_WALL, db, privileged, wall_of
from portal.core.scopes import all_classes, within_sector
from portal.core.web import Portal
from tests.fences.test_every_door import Request, _foreign_ids, _url, requests_for, rows_of, text_of
from tests.support.api import token_of
from tests.support.client import PortalClient, client_of
from tests.support.furniture import Furniture, furnish, words_of
from tests.support.sectors import OFFICE, give_round, part
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres
#: rows that several sectors see: the NACC's letterhead and what it announces to all
SHARED = {LetterOffice, Announcement, AnnouncementPlace}
#: whom nothing of the other sector may reach: a person of each, and the agencies hidden from them
HIDDEN = {"dla": ("b1", "b2"), OFFICE: ("a1", "a2")}
#: acts that end the walk, and one on a draft that the furniture has sent all the same
NOT_SENT = {"sign_in.leave", "sign_in.desks", "dispatch_acts.discard"}
#: one request in so many is sent by `make test`; `make proof` sends them all
SAMPLE = 9


def keys_seen(model: Any) -> set[Any]:
    """The keys of all rows that the desk is shown through the session."""
    keys = [
        model.__mapper__.get_property_by_column(one).class_attribute for one in inspect(model).primary_key
    ]
    return {_plain(row) for row in db.session.execute(select(*keys))}


def _plain(row: Any) -> tuple[str, ...]:
    return tuple(str(getattr(value, "value", value)) for value in row)


def keys_behind_the_wall(scope: Any, model: Any) -> set[Any]:
    """The keys of all rows that the database shows to the role of a scope; none where it may not ask."""
    columns = ", ".join(f'"{column.name}"' for column in inspect(model).primary_key)
    with db.engine.connect() as connection, connection.begin():
        connection.execute(STAND_BEHIND_THE_WALL, wall_of(scope))
        may = text("SELECT has_table_privilege(current_user, :name, 'SELECT')")
        if not connection.scalar(may, {"name": f'public."{model.__tablename__}"'}):
            return set()
        return {
            _plain(row) for row in connection.execute(text(f'SELECT {columns} FROM "{model.__tablename__}"'))
        }


def of_sectors(app: Portal, world: World) -> list[Any]:
    """The classes whose rows are of a sector."""
    scope = scope_of(world.actor("dla"))
    assert scope.sector_id is not None, "there are two sectors"
    return [model for model in all_classes() if within_sector(model, scope) is not None]


def test_no_row_is_seen_from_two_sectors(app: Portal, world: World) -> None:
    furnish(app, world)
    world, _key = part(app, world)
    with app.app_context():
        classes = of_sectors(app, world)
        assert len(classes) >= 60
        seen: dict[str, dict[Any, set[Any]]] = {}
        for person in HIDDEN:
            actor = world.actor(person)
            with acting_as(actor):
                seen[person] = {model: keys_seen(model) for model in classes}
            if app.settings.sqlite:
                continue
            for model in classes:
                behind = keys_behind_the_wall(scope_of(actor), model)
                if behind or seen[person][model]:
                    assert behind == seen[person][model], (person, model)
        both = {
            model.__name__: seen["dla"][model] & seen[OFFICE][model]
            for model in classes
            if model not in SHARED
        }
        assert not {name: rows for name, rows in both.items() if rows}
        filled = [model for model in classes if seen["dla"][model]]
        assert len(filled) >= 45, "the positive control: the first sector has rows of most kinds"


def test_with_one_sector_nothing_is_added(app: Portal, world: World) -> None:
    with app.app_context():
        assert [world.actor(person).sector_id for person in world.grant] == [None] * len(world.grant)


def test_the_nacc_sees_all_sectors_and_an_office_none_without_its_own(app: Portal, world: World) -> None:
    world, _key = part(app, world)
    with app.app_context():
        assert world.actor("nacc").sector_id is None
        with privileged("a test forgets whose somebody is") as session:
            session.execute(text("UPDATE account SET sector_id = NULL WHERE username = 'dla'"))
        classes = [model for model in of_sectors(app, world) if model not in SHARED]
        with acting_as(world.actor("dla")):
            assert not any(keys_seen(model) for model in classes)


@dataclass
class Walk:
    """A person's walk through a parted world: of which sector the person is, and what is asked."""

    world: World
    furniture: Furniture
    client: PortalClient
    sector_id: int
    asked: list[Request]


def walk_of(app: Portal, world: World, request: pytest.FixtureRequest, person: str, method: str) -> Walk:
    """All requests of a method in the proof, a sample otherwise; the round is of the person's sector."""
    furniture = furnish(app, world)
    world, other = part(app, world)
    if person == OFFICE:
        give_round(app, world, other)
    asked = list(requests_for(app, method, world, furniture))
    if request.config.getoption("--db") not in {"both", "rest"}:
        asked = asked[::SAMPLE]
    client = client_of(app)
    client.sign_in_as(world.account[person])
    return Walk(world, furniture, client, other if person == OFFICE else USUAL_SECTOR, asked)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("person", HIDDEN)
def test_no_page_shows_a_unit_of_another_sector(
    app: Portal, world: World, request: pytest.FixtureRequest, person: str
) -> None:
    walk = walk_of(app, world, request, person, "GET")
    hidden = [word for key in HIDDEN[person] for word in words_of(key)]
    token = {"Authorization": f"Bearer {token_of(app, walk.world, person)}"}
    found, shown = [], 0
    for one in walk.asked:
        url = _url(app, one)
        answer = walk.client.get(url, headers=token if is_of_the_api(url) else {})
        if answer.status_code >= 500:
            found.append(f"{url}: fault {answer.status_code}")
        words = text_of(answer)
        found += [f"{url}: shows {word}" for word in hidden if word in words]
        shown += answer.status_code == 200
    assert not found, "\n".join(sorted(set(found))[:60])
    assert shown > len(walk.asked) // 20, "the positive control: pages are reached"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("person", HIDDEN)
def test_no_act_of_an_office_changes_a_unit_of_another_sector(
    app: Portal, world: World, request: pytest.FixtureRequest, person: str
) -> None:
    walk = walk_of(app, world, request, person, "POST")
    hidden = [world.agency[key] for key in HIDDEN[person]]
    before, people = rows_of(app, hidden), others(app, walk.sector_id)
    neighbour = "province_other" if person == OFFICE else "province"
    sent = {**_foreign_ids(walk.furniture, neighbour), "confirm": "1", "understood": "y", "reason": "x"}
    found, done = [], 0
    for one in walk.asked:
        if one.rule.endpoint in NOT_SENT:
            continue
        answer = walk.client.submit(_url(app, one), sent)
        if answer.status_code >= 500:
            found.append(f"{_url(app, one)}: fault {answer.status_code}")
        done += answer.status_code in (302, 303)
    after = rows_of(app, hidden)
    found += [f"rows of {table} changed" for table in before if before[table] != after[table]]
    assert not found, "\n".join(sorted(set(found))[:60])
    assert others(app, walk.sector_id) == people, "nobody there is shut, renamed or given a right"
    assert done, "the positive control: some acts are done"


def others(app: Portal, sector_id: int) -> list[Any]:
    """The people of other sectors with their rights, as they are stored."""
    with app.app_context(), privileged("a test looks") as session:
        query = (
            select(Account.id, Account.name, Account.active, Account.version, Grant.id, Grant.valid_until)
            .join(Grant, Grant.account_id == Account.id)
            .where(Account.sector_id.is_distinct_from(sector_id))
        )
        return sorted(map(tuple, session.execute(query)), key=str)
