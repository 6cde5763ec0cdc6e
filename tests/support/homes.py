"""A home as its person reads it: the lines of "what to do next", each with its words and its link."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape


@dataclass(frozen=True)
class Line:
    """One line of the list. ``kind``: of its deadline, "idle" where it is not possible yet."""

    title: str
    text: str
    due: str
    kind: str
    url: str
    action: str


def lines_in(html: str) -> list[Line]:
    """The lines of a home's list, in order."""
    found = re.search(r'<ul class="ita-todo">(.*?)</ul>', html, re.DOTALL)
    return [_line(item) for item in re.findall(r"<li.*?</li>", found[1], re.DOTALL)] if found else []


def resting_words(html: str) -> str:
    """What stands where there is no line; "" where there is one."""
    found = re.search(r'<div class="ita-card-body">\s*<p>\s*<svg.*?</svg>(.*?)</p>', html, re.DOTALL)
    return _words(found[1]) if found and not lines_in(html) else ""


def _line(item: str) -> Line:
    link = re.search(r'<a class="btn[^"]*"\s+href="([^"]*)">(.*?)</a>', item, re.DOTALL)
    kind = re.search(r'class="ita-due(?: is-(\w+))?"', item)
    return Line(
        title=_inside(item, r"<h3>(.*?)</h3>"),
        text=_inside(item, r"<p>(.*?)</p>"),
        due=_inside(item, r'<span class="ita-due[^"]*">(.*?)</span>'),
        kind=(kind[1] or "") if kind else "",
        url=unescape(link[1]) if link else "",
        action=_words(link[2]) if link else "",
    )


def _inside(item: str, pattern: str) -> str:
    found = re.search(pattern, item, re.DOTALL)
    return _words(found[1]) if found else ""


def _words(html: str) -> str:
    """Text without tags, with single plain spaces."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).replace("\u00a0", " ").split())
