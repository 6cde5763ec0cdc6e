"""A walk through the portal by clicking: from a person's home along every link that the pages show."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from werkzeug.exceptions import HTTPException

from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.pages import PageForm, ReadPage, read_page

#: pages looked at per address of the application
PER_ENDPOINT = 6


@dataclass
class Walk:
    """What a person came to: pages by address, and every endpoint that a link or form led to."""

    pages: dict[str, ReadPage] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    reached: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)

    def forms(self, app: Portal, method: str) -> dict[str, PageForm]:
        """One form per endpoint and set of fields that it goes to."""
        found: dict[str, PageForm] = {}
        for page in self.pages.values():
            for form in page.forms:
                if form.method == method:
                    names = ",".join(sorted({one.name for one in form.controls}))
                    found.setdefault(f"{endpoint_of(app, form.url, method.upper())} {names}", form)
        return found


def endpoint_of(app: Portal, url: str, method: str = "GET") -> str:
    """The endpoint of an address of this site; empty where there is none."""
    parts = urlsplit(url)
    if parts.netloc not in {"", "localhost"} or parts.scheme not in {"", "http"}:
        return ""
    try:
        found = app.url_map.bind("localhost").match(parts.path or "/", method)
    except HTTPException:
        return ""
    return str(found[0])


def walk(app: Portal, client: PortalClient, *, start: str = "/", per_endpoint: int = PER_ENDPOINT) -> Walk:
    """Click from ``start`` along all links and search forms; a link that leads nowhere is ``broken``."""
    went = Walk()
    seen: Counter[str] = Counter()
    waiting = deque([(start, "")])
    known = {start}
    while waiting:
        url, came_from = waiting.popleft()
        endpoint = endpoint_of(app, url)
        if not endpoint or endpoint.endswith("static") or seen[endpoint] >= per_endpoint:
            continue
        seen[endpoint] += 1
        went.reached.add(endpoint)
        answer = client.get(url)
        if answer.status_code >= 400 and answer.status_code != 409:  # a refusal says why: it is a page
            went.broken.append(f"{came_from} -> {url}: {answer.status_code}")
            continue
        links = [answer.headers["Location"]] if answer.status_code in (301, 302, 303) else []
        if answer.status_code == 200 and answer.mimetype == "text/html":
            page = went.pages[url] = read_page(answer.text, url)
            went.texts[url] = answer.text
            links = page.links + [form.url for form in page.forms if form.method == "get"]
        for link in links:
            target = _inside(urljoin(url, link))
            if target and target not in known:
                known.add(target)
                waiting.append((target, url))
        answer.close()
    return went


def _inside(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"", "http"} or parts.netloc not in {"", "localhost"} or not parts.path:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
