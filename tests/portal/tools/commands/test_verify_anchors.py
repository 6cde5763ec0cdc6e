"""The check by anchors: what was tampered with before the last anchor is found each time, and its words."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from config import ROOT
from portal.core import audit
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.record import anchors
from portal.tools import witness
from tests.support.command_line import Command
from tests.support.tampering import WAYS, Record, owned, put, read, tampered

pytestmark = pytest.mark.postgres
CHAINS = ("system", "agency:1", "agency:2", "province:52")


@dataclass(frozen=True)
class Kept:
    """What an auditor has: anchors of another day, the public key, and the database as it is now."""

    folder: Path
    key: Path
    url: str

    def check(self) -> witness.Verdict:
        return witness.check(str(self.key), str(self.folder), self.url)


def happened(app: Portal, by: random.Random, count: int) -> None:
    """Events on some chains, each unlike the others."""
    with app.app_context(), writing(), privileged("a test records") as session:
        for _number in range(count):
            after = {"ชื่อ": 'ทดสอบ\t\\n"', "n": by.random(), "no": None}
            audit.record(
                session, act="test.act", thing="round", row=by.random(), chain=by.choice(CHAINS), after=after
            )


def anchored(app: Portal, tmp_path: Path, by: random.Random) -> Kept:
    """A record with 27 anchors, so that one of them names all heads again, and events after the last."""
    for _number in range(27):
        happened(app, by, 3)
        with app.app_context():
            anchors.write()
    happened(app, by, 12)
    with app.app_context():
        (tmp_path / "key.pem").write_text(anchors.public_key() or "")
    shutil.copytree(app.settings.anchors, tmp_path / "elsewhere")
    return Kept(tmp_path / "elsewhere", tmp_path / "key.pem", app.settings.database_owner_url)


def seen_of(kept: Kept) -> dict[str, int]:
    """How many events of each chain the last anchors saw."""
    found = witness.read_anchors(kept.folder, witness.public_key(str(kept.key)))
    return {chain: max(mark.sequence for mark in marks) for chain, marks in found.marks.items()}


@pytest.mark.parametrize("trials", [60, pytest.param(1_000, marks=pytest.mark.proof)])
def test_what_an_anchor_saw_cannot_be_changed_unseen(
    app: Portal, tmp_path: Path, trials: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every way, with care and without; younger events change unseen, which the check says."""
    kept = anchored(app, tmp_path, random.Random(0))
    seen = seen_of(kept)
    found: Counter[str] = Counter()
    unseen: Counter[str] = Counter()
    with owned(kept.url) as engine:
        whole = read(engine)
        for trial in range(trials):
            by = random.Random(trial)
            way = list(WAYS)[trial % len(WAYS)]
            care = trial // len(WAYS) % 2 == 0
            chain = by.choice([name for name in CHAINS if seen.get(name, 0) > 1])
            place = by.randrange(seen[chain])
            put(engine, tampered(whole, chain, place, way, by, care=care))
            verdict = kept.check()
            assert [change.chain for change in verdict.changes] == [chain], (trial, way, care)
            assert verdict.changes[0].place <= place + 1 and not verdict.good
            found[f"{way}, {'with' if care else 'without'} care"] += 1
            if trial % 5 == 0:
                unseen[way] += young_change(engine, kept, whole, seen, way, by)
        put(engine, whole)
    assert kept.check().good
    with capsys.disabled():
        print(
            f"\nfound {found.total():,} of {trials:,}: {dict(found)}; younger, undetectable: {dict(unseen)}"
        )
    assert found.total() == trials and set(found) == {
        f"{way}, {care} care" for way in WAYS for care in ("with", "without")
    }
    assert unseen.total() == len(range(0, trials, 5))


def young_change(
    engine: object, kept: Kept, whole: Record, seen: dict[str, int], way: str, by: random.Random
) -> bool:
    """True where a change with care after the last anchor passes, as it must; that it can is said."""
    chain = by.choice([name for name in CHAINS if len(whole.chains[name]) - seen[name] > 1])
    events = len(whole.chains[chain])
    place = by.randrange(seen[chain], events)
    other = tampered(whole, chain, place, way, by, care=True)
    if way == "order":  # its other place may be an older one
        other = Record(dict(whole.chains), dict(whole.heads))
        other.chains[chain] = [dict(event) for event in whole.chains[chain]]
        other.chains[chain][seen[chain] :] = reversed(other.chains[chain][seen[chain] :])
        other.relink(chain, seen[chain])
    put(engine, other)  # type: ignore[arg-type]
    verdict = kept.check()
    words = "\n".join(witness.told(verdict))
    assert "no check detects it" in words
    return verdict.good


def test_a_whole_record_is_said_to_be_whole_by_the_command(
    app: Portal, tmp_path: Path, prompt: Command
) -> None:
    kept = anchored(app, tmp_path, random.Random(1))
    told = prompt("verify-anchors", "--key", kept.key, "--anchors", kept.folder, "--database", kept.url)
    assert told.code == 0, told
    lines = told.out.splitlines()
    assert lines[0].startswith("Anchors: 27 are signed with the key, from anchor 1 (2018-11-09T")
    assert "YOUNGER than the last anchor: 12 events in " in told.out
    assert lines[-1] == "Nothing was changed that an anchor saw."
    with app.app_context():
        assert f"The last one is {anchors.one(27).spoken}:" in told.out


def test_the_words_name_chain_event_and_the_anchors_between(
    app: Portal, tmp_path: Path, prompt: Command
) -> None:
    kept = anchored(app, tmp_path, random.Random(2))
    with owned(kept.url) as engine:
        whole = read(engine)
        put(engine, tampered(whole, "agency:1", 6, "field", random.Random(0), care=True))
    marks = witness.read_anchors(kept.folder, witness.public_key(str(kept.key))).marks["agency:1"]
    last = max((mark for mark in marks if mark.sequence <= 6), key=lambda mark: mark.sequence)
    next_one = min((mark for mark in marks if mark.sequence > 6), key=lambda mark: mark.sequence)
    told = prompt("verify-anchors", "--key", kept.key, "--anchors", kept.folder, "--database", kept.url)
    assert told.code == 1
    assert (
        "CHANGED: chain agency:1: event" in told.out
        and "rewritten, so that their hashes fit again" in told.out
    )
    assert f"anchor {next_one.anchor} (" in told.out and f"after anchor {last.anchor} (" in told.out
    assert told.out.splitlines()[-1] == "NOT as the anchors saw it."


def test_anchors_that_were_changed_forged_or_taken_away_are_told(app: Portal, tmp_path: Path) -> None:
    kept = anchored(app, tmp_path, random.Random(3))
    file = kept.folder / "anchor-0000003.txt"
    body = file.read_bytes()
    file.write_bytes(body.replace(b"number: 3", b"number: 3 "))
    assert kept.check().anchors.faults == ["anchor 3 is damaged, forged or signed with another key"]
    file.write_bytes((kept.folder / "anchor-0000004.txt").read_bytes())
    assert kept.check().anchors.faults == ["anchor 3 is damaged, forged or signed with another key"]
    file.unlink()
    verdict = kept.check()
    assert verdict.good and verdict.anchors.missing == [3]
    assert any("Not in the folder: 3." in line for line in witness.told(verdict))


def test_a_second_anchor_of_one_number_does_not_fit_into_the_row(app: Portal, tmp_path: Path) -> None:
    """With the key and the folder both, a row is made anew: beside one anchor of the old row it shows."""
    kept = anchored(app, tmp_path, random.Random(4))
    for number in (26, 27):
        (app.settings.anchors / f"anchor-{number:07d}.txt").unlink()
    with app.app_context():
        anchors.write()
    shutil.copy(app.settings.anchors / "anchor-0000026.txt", kept.folder)
    assert kept.check().anchors.faults == ["anchor 27 does not follow anchor 26: one was made anew"]


@pytest.mark.parametrize(
    ("key", "folder", "given", "why"),
    [
        ("none.pem", ".", "x.db", "holds no public key"),
        ("key.pem", "nowhere", "x.db", "is no folder"),
        ("key.pem", ".", "x.db", "There is no anchor in"),
        ("key.pem", "elsewhere", "x.db", "There is no file"),
        ("key.pem", "elsewhere", "key.pem", "is no database of SQLite and no plain dump"),
        ("key.pem", "elsewhere", "postgresql://ita:secret@127.0.0.1:1/ita", "The database cannot be read"),
    ],
)
def test_what_cannot_be_checked_is_said(
    app: Portal, tmp_path: Path, prompt: Command, key: str, folder: str, given: str, why: str
) -> None:
    anchored(app, tmp_path, random.Random(5))
    database = given if "://" in given else tmp_path / given
    words = ("--key", tmp_path / key, "--anchors", tmp_path / folder, "--database", database)
    told = prompt("verify-anchors", *words)
    assert (told.code, told.out) == (2, "") and why in told.err and "secret" not in told.err


@pytest.mark.only("postgres")
def test_a_role_that_sees_a_part_is_refused(app: Portal, tmp_path: Path) -> None:
    """Rows that the database hides would count as removed."""
    kept = anchored(app, tmp_path, random.Random(6))
    with pytest.raises(witness.Unusable, match=r"a part of the record only|cannot be read"):
        witness.check(str(kept.key), str(kept.folder), app.settings.database_url)


@pytest.mark.only("postgres")
def test_a_plain_dump_is_read_as_the_database_is(app: Portal, tmp_path: Path) -> None:
    """As pg_dump writes it: tables by COPY in the text format."""
    import psycopg

    kept = anchored(app, tmp_path, random.Random(7))
    dump = tmp_path / "dump.sql"
    with psycopg.connect(kept.url.replace("+psycopg", "")) as connection, dump.open("wb") as out:
        out.write(b"SET client_encoding = 'UTF8';\n")
        for table in ("audit_event", "audit_head"):
            names = [
                row.name for row in connection.execute(f"SELECT * FROM {table} LIMIT 0").description or ()
            ]
            columns = ", ".join(f'"{name}"' if name in {"row", "before", "after"} else name for name in names)
            out.write(f"COPY public.{table} ({columns}) FROM stdin;\n".encode())
            with connection.cursor().copy(f"COPY {table} TO STDOUT") as rows:
                for row in rows:
                    out.write(bytes(row))
            out.write(b"\\.\n\n")
    live, dumped = kept.check(), witness.check(str(kept.key), str(kept.folder), str(dump))
    assert dumped.good and (dumped.chains, dumped.events) == (live.chains, live.events)
    changed = dump.read_text().replace("\ttest.act\t", "\ttest.art\t", 1)
    dump.write_text(changed)
    assert not witness.check(str(kept.key), str(kept.folder), str(dump)).good


def test_the_check_runs_alone_without_the_portal(app: Portal, tmp_path: Path) -> None:
    """Carried away as one file: nothing of the portal is found there, and nothing is asked for."""
    kept = anchored(app, tmp_path, random.Random(8))
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(ROOT / "portal" / "tools" / "witness.py", alone)
    given = ["--key", str(kept.key), "--anchors", str(kept.folder), "--database", kept.url]
    command = [sys.executable, "witness.py", *given]
    done = subprocess.run(
        command, cwd=alone, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("Nothing was changed that an anchor saw.\n")


def test_a_hostile_database_is_judged_and_breaks_nothing(app: Portal, tmp_path: Path) -> None:
    """Bytes for text, text for numbers, no JSON: an event that fits no hash."""
    kept = anchored(app, tmp_path, random.Random(9))
    if not kept.url.startswith("sqlite"):
        pytest.skip("nothing to do: PostgreSQL keeps the types of its columns")
    with owned(kept.url) as engine:
        whole = read(engine)
        for values in (
            "act = x'ff00'",
            "at = 'yesterday'",
            "after = '[' || after",
            "sequence = 'many'",
            "chain = x'ff'",
            "hash = ''",
            "previous_hash = x'00'",
        ):
            with engine.begin() as connection:
                connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
                statement = f"UPDATE audit_event SET {values} WHERE chain = 'agency:1' AND sequence = 2"
                connection.exec_driver_sql(statement)
            verdict = kept.check()
            assert not verdict.good, values
            assert witness.told(verdict)
            with engine.begin() as connection:
                connection.exec_driver_sql("DELETE FROM audit_event")
            put(engine, whole)
    assert kept.check().good
