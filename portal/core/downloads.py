"""Files that leave: a name for people, one for programs that know no Thai, and never a path in either."""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import Response

from reports.archive import safe_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
PDF = "application/pdf"
_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")


def attachment(body: object, content_type: str, name: str, *, plain: str, inline: bool = False) -> Response:
    """A file to keep (or, ``inline``, to look at). ``name`` may be Thai; ``plain`` says the same in ASCII.

    ``plain`` has no ending: it gets that of ``name``.
    """
    response = Response(body, content_type=content_type)  # type: ignore[arg-type]
    response.headers["Content-Disposition"] = disposition(name, plain=plain, inline=inline)
    return response


def disposition(name: str, *, plain: str, inline: bool = False) -> str:
    """The header of a file with both of its names (RFC 6266)."""
    name = safe_name(name)
    ending = _PLAIN.sub("", name.rpartition(".")[2]) if "." in name else ""
    ascii_name = safe_name(_PLAIN.sub("-", plain).strip("-.") or "file")
    ascii_name = f"{ascii_name}.{ending}" if ending else ascii_name
    kind = "inline" if inline else "attachment"
    if name == ascii_name:
        return f'{kind}; filename="{name}"'
    return f"{kind}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name)}"
