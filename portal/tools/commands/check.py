"""``check``: what is wrong with an installation, a line for each thing, and what to do about it."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from config import ConfigurationError, from_environment
from portal.tools.installation import given, outside, places, stored
from portal.tools.installation.finding import Grade

_LOOKS = (given.look, stored.look, places.look, outside.look)


def run(environ: Mapping[str, str]) -> int:
    """Print each finding; 1 where something is wrong, 2 where the settings cannot be read at all."""
    try:
        settings = from_environment(given.readable(environ))
    except ConfigurationError as error:
        print(f"The settings cannot be read: {error}", file=sys.stderr)
        return 2
    found = []
    for look in _LOOKS:
        for finding in look(settings):
            print(finding, flush=True)
            found.append(finding.grade)
    wrong, warned = found.count(Grade.WRONG), found.count(Grade.WARNING)
    print(f"{len(found)} things looked at: {wrong} wrong, {warned} to look at")
    return 1 if wrong else 0
