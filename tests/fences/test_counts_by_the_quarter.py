"""No page and no file shows an agency's own people a count of answers that is newer than the last quarter."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import url_for
from sqlalchemy import update

from models.survey import AnswerCount, QuarterCount
from portal.core.access import GRANTS, Permission
from portal.core.api.path import is_of_the_api
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.fences.test_every_door import ROLE_OF, routes, text_of, values_of
from tests.support.api import token_of
from tests.support.client import PortalClient
from tests.support.furniture import furnish
from tests.support.world import World

#: what came by now, and at the last quarter; neither stands on a page by chance
NOW, THEN = 98_765, 43_210
#: furniture's people known: how many more answers there are is said too
KNOWN = (40, 2)
SAID, SAID_TO_PROGRAMMES = "ยอด ณ ", '"counted_at":"'


def written(number: int) -> tuple[str, str]:
    """A number as pages and as files write it."""
    return f"{number:,}", str(number)


NEWER = [word for number in (NOW, *(NOW - people for people in KNOWN)) for word in written(number)]


def urls(app: Portal, world: World, person: str) -> Iterator[str]:
    """Every page that the person's role opens, about the own agency; of files each kind."""
    with app.test_request_context():
        ids = furnish(app, world).ids["a1"]
        for rule in routes(app, "GET"):
            needed = app.extensions["access_rules"][rule.endpoint]
            if isinstance(needed, Permission) and needed not in GRANTS[ROLE_OF[person]]:
                continue
            values = values_of(rule, ids, world)
            for ext in ("xlsx", "csv") if "ext" in values else ("",):
                yield url_for(rule.endpoint, **({**values, "ext": ext} if ext else values))


@pytest.mark.parametrize("person", ["agency_admin", "executive"])
def test_no_page_shows_a_newer_count(
    app: Portal, world: World, client_as: Callable[[str], PortalClient], person: str
) -> None:
    asked = list(urls(app, world, person))
    with app.app_context(), writing(), privileged("answers come, and come") as session:
        session.execute(update(AnswerCount).values(count=NOW))
        session.execute(update(QuarterCount).values(count=THEN))
    shown, unsaid = [], []
    client, token = client_as(person), {"Authorization": f"Bearer {token_of(app, world, person)}"}
    for url in asked:
        text = text_of(client.get(url, headers=token if is_of_the_api(url) else {}))
        assert not [word for word in NEWER if word in text], url
        if any(word in text for word in written(THEN)):
            shown.append(url)
            unsaid += [] if SAID in text or SAID_TO_PROGRAMMES in text else [url]
    assert unsaid == [], "beside each count stands since when it stands"
    own = "/links" if person == "agency_admin" else f"/{world.round_id}/"
    places = ("/status/agencies/", "/api/v1/", ".csv", own)
    assert all(any(place in url for url in shown) for place in places), "the positive control"
    page = next(url for url in shown if "/status/agencies/" in url and not is_of_the_api(url))
    office = client_as("province").get(page).text
    assert written(NOW)[0] in office and SAID not in office, "offices see what is true now"
