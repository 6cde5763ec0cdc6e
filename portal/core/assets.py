"""Our own static files: an address that changes with the content, so that a browser may keep them a year.

``asset("look.css")`` in a template gives ``/static/look.css?v=<hash>``. Text files go out compressed. Fonts
are named by the style sheet itself, without a hash: a new font gets a new file name.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, g, request, send_from_directory, url_for

FOLDER = Path(__file__).parents[1] / "static"
COMPRESSED = frozenset({".css", ".js", ".svg", ".txt"})
A_YEAR = "public, max-age=31536000, immutable"

mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("text/javascript", ".js")


@dataclass(frozen=True)
class _Text:
    """A text file as it leaves: plain and compressed."""

    plain: bytes
    packed: bytes
    kind: str


def init_app(app: Flask) -> None:
    """Make ``asset`` known to the templates and serve the folder."""
    app.jinja_env.globals["asset"] = asset
    app.view_functions["static"] = _serve


def asset(name: str) -> str:
    """The address of a file of ``portal/static``. Raises FileNotFoundError for a name that is not there.

    A page of a tree has hundreds of icons, all of one file: its address is made once for a page.
    """
    known: dict[str, str] = g.setdefault("assets", {})
    if name not in known:
        known[name] = url_for("static", filename=name, v=_version(name, _stamp(name)))
    return known[name]


def _stamp(name: str) -> int:
    return (FOLDER / name).stat().st_mtime_ns


@lru_cache(maxsize=256)
def _version(name: str, _stamp: int) -> str:
    return hashlib.blake2b((FOLDER / name).read_bytes(), digest_size=6).hexdigest()


@lru_cache(maxsize=64)
def _text(name: str, _stamp: int) -> _Text:
    plain = (FOLDER / name).read_bytes()
    kind = mimetypes.guess_type(name)[0] or "text/plain"
    return _Text(plain, gzip.compress(plain, 9, mtime=0), kind)


def _serve(filename: str) -> Response:
    """A file of the folder; werkzeug's own sending refuses any way out of it (404)."""
    response = send_from_directory(FOLDER, filename)
    if Path(filename).suffix in COMPRESSED and response.status_code == 200 and not request.range:
        response = _packed(filename, response)
    named = "v" in request.args or Path(filename).suffix == ".woff2"
    response.headers["Cache-Control"] = A_YEAR if named else "no-cache"
    return response


def _packed(filename: str, sent: Response) -> Response:
    sent.close()
    text = _text(filename, _stamp(filename))
    wants = request.accept_encodings["gzip"] > 0
    response = Response(text.packed if wants else text.plain, content_type=f"{text.kind}; charset=utf-8")
    if wants:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response
