"""The register that a drill walks: the real one, one of its size, or a province."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

from config import Settings
from portal.register.file import Wrong, parse, read_agencies
from portal.tools.drill import register_file


def test_the_real_register_is_walked_where_it_lies(
    tmp_path: Path,
) -> None:
    (tmp_path / register_file.REGISTRY).write_bytes(b"code,name\n")
    settings = Settings(tmp_path, "sqlite://", "sqlite://", tmp_path, "a key of this test")
    real = register_file.registry_file(replace(settings, reference_dir=tmp_path))
    assert real == (b"code,name\n", register_file.REGISTRY)
    for elsewhere in (None, tmp_path / "none"):
        content, name = register_file.registry_file(replace(settings, reference_dir=elsewhere))
        assert (name, content.count(b"\n")) == (register_file.MADE_UP, 7_853)


def test_made_up_agencies_can_be_imported_and_some_have_no_code() -> None:
    """No code twice, no name twice in a district; beside the one agency of the demonstration's without."""
    content = register_file.made_up(7_400)
    table = read_agencies(content, "agencies.csv")
    assert len(table.rows) == 7_400 and not [row for row in table.rows if isinstance(parse(row), Wrong)]
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    codes = [row["lao_code8"] for row in rows if row["lao_code8"]]
    assert len(codes) == len(set(codes)) == 7_400 - 1 - 4


def test_a_small_walk_takes_the_agencies_of_one_province() -> None:
    content, name = register_file.small_register()
    _head, *lines = content.decode().splitlines()
    assert (name, len(lines)) == ("agencies.csv", 18)
    assert all(f",{register_file.SMALL_PROVINCE}," in line for line in lines)
