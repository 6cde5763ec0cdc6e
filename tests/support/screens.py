"""Doing things by pages and their forms alone, as a browser without script sends them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from werkzeug.test import TestResponse

from tests.support.client import PortalClient
from tests.support.pages import PageForm, read_page

#: an activation code as a page shows it
CODE = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}")


def form_at(client: PortalClient, url: str, *fields: str, action: str = "") -> PageForm:
    """The form of a page that has these fields, or goes to this address."""
    page = client.get(url)
    assert page.status_code == 200, (url, page.status_code)
    forms = read_page(page.text, url).forms
    fits = [
        form
        for form in forms
        if form.method == "post"
        and {*fields} <= {one.name for one in form.controls}
        and (not action or urlsplit(form.url).path == action)
    ]
    assert fits, f"{url} has no form with {fields} {action}"
    return max(fits, key=lambda form: len(form.controls))


def fill(client: PortalClient, url: str, values: dict[str, str]) -> TestResponse:
    """Fill the form of a page that has these fields, and send it; it is taken."""
    form = form_at(client, url, *values)
    for name, value in values.items():
        form = form.put(name, value)
    return taken(form.send(client))


def upload(client: PortalClient, url: str, name: str, content: bytes) -> TestResponse:
    """Choose a file in the form of a page, and send it; it is taken."""
    return taken(form_at(client, url, "file").send(client, file=(name, content)))


def press(client: PortalClient, url: str, action: str) -> TestResponse:
    """Press the button of a page that goes to an address; it is taken."""
    return taken(form_at(client, url, action=action).send(client))


def taken(answer: TestResponse) -> TestResponse:
    """The answer of an act that was done."""
    assert answer.status_code in (200, 302, 303), (answer.request.path, answer.status_code, _said(answer))
    return answer


def _said(answer: TestResponse) -> str:
    """What a page says is wrong."""
    return " ".join(re.findall(r'class="[^"]*(?:ita-error|invalid)[^"]*"[^>]*>([^<]+)<', answer.text))


def code_in(answer: TestResponse) -> str:
    """The activation code that a page shows."""
    found = CODE.search(answer.text)
    assert found is not None, "the page shows a code"
    return found[0]
