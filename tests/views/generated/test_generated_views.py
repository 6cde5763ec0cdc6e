"""Every generated view that the desks really have: it opens, and all its words are Thai."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from models.account import Role
from models.base import Base
from portal.core.access import GRANTS
from portal.core.texts import label_of
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.world import World
from views.generated.base import ScopedModelView

THAI = re.compile("[\u0e00-\u0e7f]")
#: words that are the same in Thai texts
ALSO_THAI = {"IIT", "EIT", "OIT", "CSV", "URL"}
PEOPLE = {Role.DLA: "dla", Role.NACC: "nacc", Role.PROVINCE: "province"}


def views_of(app: Portal) -> tuple[ScopedModelView, ...]:
    found: tuple[ScopedModelView, ...] = app.extensions.get("generated_views", ())
    return found


def person_for(view: ScopedModelView, permission: object) -> str:
    return next(person for role, person in PEOPLE.items() if permission in GRANTS[role])


def url_of(view: ScopedModelView, world: World) -> str:
    return str(view.url).replace("<int:round_id>", str(world.round_id))


def is_thai(words: object) -> bool:
    return bool(THAI.search(str(words))) or str(words) in ALSO_THAI


def test_every_list_and_form_opens(
    app: Portal, world: World, client_as: Callable[[str], PortalClient]
) -> None:
    for view in views_of(app):
        url = url_of(view, world)
        page = client_as(person_for(view, view.permissions.read)).get(url + "/")
        assert page.status_code == 200, url
        if view.permissions.create:
            form = client_as(person_for(view, view.permissions.create)).get(url + "/new/")
            assert form.status_code == 200, url
        if view.permissions.export:
            file = client_as(person_for(view, view.permissions.export)).get(url + "/export/csv/")
            assert file.status_code == 200, url
            assert file.data, url


def test_every_row_opens_and_every_sort_and_filter_runs(
    app: Portal, world: World, client_as: Callable[[str], PortalClient]
) -> None:
    for view in views_of(app):
        url, client = url_of(view, world), client_as(person_for(view, view.permissions.read))
        page = client.get(url + "/").text
        for address in sorted(set(re.findall(r'href="([^"]*(?:details|edit)/\?id=\d+)', page)))[:2]:
            assert client.get(address).status_code == 200, address
        for name in view._sortable_columns:
            assert client.get(f"{url}/?sort={name}&desc=1").status_code == 200, (url, name)
        for name in view.filters:
            assert client.get(f"{url}/?flt_{name}=1").status_code == 200, (url, name)
        assert client.get(f"{url}/?search=ก").status_code == 200, url


def test_all_their_words_are_thai(app: Portal) -> None:
    with app.test_request_context():
        for view in views_of(app):
            words = [view.name, view.one, *(label for _name, label in view._list_columns)]
            words += [label for _name, label in view._details_columns]
            words += [filter.label for filter in view.filters.values()]
            words += [saved.label for saved in view.saved_views] + [
                act.label for act in view.actions.values()
            ]
            words += [title for title, _names in view.field_groups if title]  # a lone group has none
            if view.form_columns:
                words += [field.label.text for field in view.edit_form()]
            assert not [str(word) for word in words if not is_thai(word)], view.endpoint


def enums() -> list[type]:
    kinds = {
        getattr(column.type, "enum_class", None)
        for table in Base.metadata.tables.values()
        for column in table.c
    }
    return sorted((kind for kind in kinds if kind), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", enums(), ids=lambda kind: kind.__name__)
def test_every_state_and_kind_has_thai_words(app: Portal, kind: type) -> None:
    with app.test_request_context():
        assert not [member for member in kind if not is_thai(label_of(member))]  # type: ignore[attr-defined]
