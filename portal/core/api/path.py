"""The addresses of the API: they read no cookie, and answer in JSON whatever happens."""

from __future__ import annotations

from flask import request

#: what every address of the API begins with
API = "/api/"
#: and of what is served now
V1 = f"{API}v1"


def is_of_the_api(path: str) -> bool:
    """True for an address of the API, also for one that is not there."""
    return f"{path}/".startswith(API)


def at_api() -> bool:
    """True while a request of the API is answered."""
    return is_of_the_api(request.path)
