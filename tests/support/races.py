"""Several people press at the same moment: the same act from many threads that begin together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from werkzeug.test import TestResponse

from portal.core.web import Portal
from tests.support.client import PortalClient, client_of
from tests.support.world import World

Given = TypeVar("Given")
#: within the connections that one process may have open, at two for each request
AT_ONCE = 6


def at_once(acts: Sequence[Callable[[], Given]]) -> list[Given]:
    """Run each act in a thread of its own, all begun together; what each gave, in their order."""
    begin = threading.Barrier(len(acts))

    def one(act: Callable[[], Given]) -> Given:
        begin.wait(timeout=30)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=120) for future in [pool.submit(one, act) for act in acts]]


def visitors(app: Portal, world: World, *people: str) -> list[PortalClient]:
    """A browser for each of these people (a name may stand several times); "" is nobody."""
    made = []
    for person in people:
        client = client_of(app)
        if person:
            client.sign_in_as(world.account[person])
        client.csrf_token()
        made.append(client)
    return made


def pressed(clients: Sequence[PortalClient], url: str, *forms: dict[str, str]) -> list[TestResponse]:
    """Every browser sends its form at the same moment: one form for all of them, or one for each."""
    each = forms if len(forms) > 1 else forms * len(clients)
    sent = [{**form, **client.page()} for client, form in zip(clients, each, strict=True)]
    return at_once(
        [lambda c=client, f=form: c.post(url, data=f) for client, form in zip(clients, sent, strict=True)]  # type: ignore[misc]
    )


def statuses(answers: Sequence[TestResponse]) -> list[int]:
    """The answers' statuses in order of size; a machine's fault (500) is told by its page."""
    for answer in answers:
        assert answer.status_code < 500, answer.text
    return sorted(answer.status_code for answer in answers)
