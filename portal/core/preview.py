"""A page shown as somebody else will have it, from a draft: real templates, and nothing that acts.

Scripts are left out; forms and links lead to a page that says that nothing was done. Such a page may stand
in a frame of our own pages; every other one stands in none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, render_template, url_for

from portal.core.web import ONLY_OUR_FILES

IN_NO_FRAME, IN_OUR_FRAME = "frame-ancestors 'none'", "frame-ancestors 'self'"
#: the policy of the page that holds a preview in a frame
WITH_FRAME = f"{ONLY_OUR_FILES}; frame-src 'self'"
_SCRIPT = re.compile(r"<script\b[^>]*></script>")
_FORM = re.compile(r"<form\b[^>]*>")
_ACTION = re.compile(r'\s(?:action|method)="[^"]*"')
_LINK = re.compile(r'(<a\b[^>]*?\shref=")([^"]*)"')


def nowhere() -> str:
    """The address that says that nothing was done."""
    return url_for("round_preview.nothing")


def shown(template: str, *, title: str, links: Mapping[str, str] | None = None, **values: Any) -> Response:
    """A page of the desks as a preview. ``title`` says whose it is.

    ``links``: what the beginning of an address is in the preview; every other link leads nowhere.
    """
    page = render_template(template, preview=title, **values)
    return framed(make_response(harmless(page, links or {})))


def harmless(page: str, links: Mapping[str, str]) -> str:
    """The page without scripts, with forms and links that do nothing."""

    def form(found: re.Match[str]) -> str:
        bare = _ACTION.sub("", found[0])
        return f'{bare[:-1]} method="post" action="{nowhere()}">'

    def link(found: re.Match[str]) -> str:
        target = found[2]
        if not target.startswith("#"):
            known = (new + target[len(old) :] for old, new in links.items() if target.startswith(old))
            target = next(known, nowhere())
        return f'{found[1]}{target}"'

    return _LINK.sub(link, _FORM.sub(form, _SCRIPT.sub("", page)))


def framed(response: Response) -> Response:
    """The same response, which a page of ours may show in a frame."""
    policy = response.headers.get("Content-Security-Policy", ONLY_OUR_FILES)
    response.headers["Content-Security-Policy"] = policy.replace(IN_NO_FRAME, IN_OUR_FRAME)
    return response
