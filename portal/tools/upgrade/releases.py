"""The releases of a drill: this one, the next, and what comes after it, made from this one.

The next one adds to tables in which people answer, and puts something into each answer's counter that this
one knows nothing of. The one after it demands it: from then on this one serves no more.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory

from config import ROOT
from portal.core.database import revision

_LEFT_OUT = shutil.ignore_patterns(".*", "instance", "tests", "requirements", "htmlcov")
_COUNTING = Path("portal") / "ballot" / "putting.py"
#: what the next release writes otherwise: each stands there exactly once
_CHANGES = {
    "instrument, channel, agency_id, province_id, count)": (
        "instrument, channel, agency_id, province_id, count, origin)"
    ),
    "SELECT :participation, :instrument, :channel, :agency, :province, 1 {where}": (
        "SELECT :participation, :instrument, :channel, :agency, :province, 1, 'next' {where}"
    ),
    "DO UPDATE SET count = answer_count.count + 1": (
        "DO UPDATE SET count = answer_count.count + 1, origin = 'next'"
    ),
}
_HEAD = '''"""A migration of the drill."""

import sqlalchemy as sa
from alembic import op

from portal.core.database import additions

revision = {name!r}
down_revision = {after!r}


'''
ADDS = """def upgrade():
    origin = sa.Column("origin", sa.String(40), server_default="", nullable=False)
    additions.add_column("answer_count", origin)
    additions.add_index("ix_sealed_answer_channel", "sealed_answer", ["channel"])
    additions.add_rule("ck_answer_count_origin", "answer_count", ["origin"], "length(origin) < 9")
"""
DEMANDS = """def upgrade():
    with additions.by_itself():
        op.execute("UPDATE answer_count SET origin = 'before' WHERE origin = ''")
    additions.add_rule("ck_answer_count_origin_given", "answer_count", ["origin"], "origin <> ''")
"""


@dataclass(frozen=True)
class Release:
    """A programme in a folder, and the revision that its migrations lead to."""

    name: str
    code: Path
    revision: str


def make(folder: Path) -> tuple[Release, Release, Release]:
    """This release, the next, and the one after it, in a new folder."""
    after = str(ScriptDirectory(str(ROOT / "migrations")).get_current_head())
    number = int(revision.newest())
    this = Release("this release", ROOT, after)
    oldest = revision.oldest_served_by(after)
    following = _copied(this, folder / "next", f"{number + 1:04}_serves_{oldest}", ADDS)
    _change(following.code / _COUNTING)
    last = _copied(following, folder / "last", f"{number + 2:04}_serves_{number + 1:04}", DEMANDS)
    return this, following, last


def _copied(before: Release, code: Path, name: str, body: str) -> Release:
    shutil.copytree(before.code, code, ignore=_LEFT_OUT)
    file = code / "migrations" / "versions" / f"{name}_of_the_drill.py"
    file.write_text(_HEAD.format(name=name, after=before.revision) + body)
    return Release(f"the release {code.name}", code, name)


def _change(file: Path) -> None:
    text = file.read_text()
    for old, new in _CHANGES.items():
        assert text.count(old) == 1, f"the drill no longer knows {file.name}: {old}"
        text = text.replace(old, new)
    file.write_text(text)
