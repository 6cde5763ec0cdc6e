"""The style and the scripts that the forms' pages carry inside, and the policy that allows exactly these."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

_FOLDER = Path(__file__).parent / "assets"


def _style() -> str:
    return "".join(line.strip() for line in (_FOLDER / "form.css").read_text().splitlines())


def _script(*names: str) -> str:
    lines = (line.strip() for name in names for line in (_FOLDER / name).read_text().splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


STYLE = _style()
SCRIPT = _script("form.js", "keep.js")
#: what a page runs after which nothing of a form is needed any more (``keep.js`` kept it)
FORGET = 'try{localStorage.removeItem("ita-answers "+location.pathname.split("/")[2])}catch(e){}'
#: cached pages cannot carry a nonce, so the policy works by hashes
POLICY = (
    f"default-src 'none'; style-src {_hash(STYLE)}; script-src {_hash(SCRIPT)} {_hash(FORGET)}; "
    "connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def squeeze(html: str) -> str:
    """A page without the blank space between its tags."""
    return re.sub(r">\s+<", "><", html.strip())
