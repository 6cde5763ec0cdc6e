"""The addresses of an OIT answer, as people type them: one on each line."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from models.thai import arabic_digits
from portal.core.errors import Refused

MOST_LINKS = 20
LONGEST = 2000
#: "1.", "2)" or a dash in front, as people number their lines
_NUMBERED = re.compile(r"^(?:[0-9๐-๙]{1,2}\s*[.)]|[-•*])\s*(?=\S)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\ufeff]")


def read_links(text: str) -> list[str]:
    """The addresses in the order of their lines, each once.

    Raises Refused, naming the line, for what is no http or https address, and for more than twenty.
    """
    links: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        address = _NUMBERED.sub("", line.strip())
        if not address:
            continue
        _check(address, number)
        if address not in links:
            links.append(address)
    if len(links) > MOST_LINKS:
        raise Refused("At most %(most)s links: there are %(number)s now", most=MOST_LINKS, number=len(links))
    return links


def _check(address: str, number: int) -> None:
    if len(address) > LONGEST:
        raise Refused(
            "Line %(line)s: the address is longer than %(most)s characters", line=number, most=LONGEST
        )
    if re.search(r"\s", address):
        raise Refused(
            "Line %(line)s: an address has no spaces; put each address on its own line", line=number
        )
    if not address.lower().startswith(("http://", "https://")):
        raise Refused("Line %(line)s: an address begins with http:// or https://", line=number)
    if not _names_a_site(address):
        raise Refused("Line %(line)s: this address names no web site, check it again", line=number)


def _names_a_site(address: str) -> bool:
    if _CONTROL.search(address) or "\\" in address:
        return False
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    if not host or parts.username is not None or parts.password is not None or host != arabic_digits(host):
        return False
    return "." in host.strip(".") and ".." not in host and not host.startswith(".")
