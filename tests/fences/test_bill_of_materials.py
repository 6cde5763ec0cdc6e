"""The bill of materials names what the portal is made of: each locked package, and each file of others."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import UTC, datetime
from typing import Any

import pytest

from config import ROOT
from scripts.sbom.lock import UnreadLine, packages_of
from scripts.sbom.making import NotValid, check, document
from tests.fences.test_whole_app import tracked

LOCK = ROOT / "requirements" / "runtime.txt"
WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
#: files that somebody else made lie in these folders
OF_OTHERS = (
    "portal/static/vendor/*",
    "portal/static/fonts/*",
    "portal/static/icons.svg",
    "reports/assets/fonts/*",
)


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """The bill of this checkout, checked against the schema."""
    text = document("0123456789abcdef", WHEN)
    check(text)
    assert document("0123456789abcdef", WHEN) == text, "the same content gives the same file"
    bill: dict[str, Any] = json.loads(text)
    return bill


def test_each_package_of_the_lock_is_in_it_and_no_other(made: dict[str, Any]) -> None:
    locked = re.findall(r"(?m)^([a-z0-9][a-z0-9._-]*)==(\S+)", LOCK.read_text())
    named = {
        (one["name"], one["version"]): one
        for one in made["components"]
        if one.get("purl", "").startswith("pkg:pypi/")
    }
    assert len(locked) > 50 and set(locked) == set(named)
    for (name, version), one in named.items():
        assert one["purl"] == f"pkg:pypi/{name.replace('.', '-')}@{version}"
    digests = {known["content"] for one in named.values() for known in one["externalReferences"][0]["hashes"]}
    assert digests == set(re.findall(r"--hash=sha256:([0-9a-f]{64})", LOCK.read_text()))


def test_what_asks_for_what_is_in_it(made: dict[str, Any]) -> None:
    needs = {one["ref"]: one.get("dependsOn", []) for one in made["dependencies"]}
    direct = {ref.partition("@")[0] for ref in needs["portal"]}
    asked = re.findall(r"(?m)^([A-Za-z0-9-]+)", (ROOT / "requirements" / "runtime.in").read_text())
    assert {f"pkg:pypi/{name.lower()}" for name in asked} <= direct
    (jinja,) = [ref for ref in needs if ref.startswith("pkg:pypi/jinja2@")]
    assert any(ref.startswith("pkg:pypi/markupsafe@") for ref in needs[jinja])


def test_the_portal_itself_and_the_time_of_its_commit_are_in_it(made: dict[str, Any]) -> None:
    portal = made["metadata"]["component"]
    assert (portal["name"], portal["type"]) == ("ita-portal", "application")
    assert portal["version"].endswith("+0123456789ab")
    assert made["metadata"]["timestamp"].startswith("2026-01-02T03:04:05")


def test_each_file_of_others_is_named_with_a_licence(made: dict[str, Any]) -> None:
    shipped = [one for one in made["components"] if one["bom-ref"].startswith("shipped:")]
    assert all(one["licenses"] for one in shipped)
    named = {file["name"] for one in shipped for file in one["components"]}
    here = {str(page.relative_to(ROOT)) for folder in OF_OTHERS for page in tracked(folder)}
    assert {name for name in here if not name.endswith(".txt")} <= named, (
        "write it into scripts/sbom/beside.toml"
    )


def test_what_the_setup_asks_the_system_for_is_named(made: dict[str, Any]) -> None:
    setup = (ROOT / "scripts" / "setup.sh").read_text()
    asked = set(re.findall(r"has_library \S+ \|\| echo (lib\S+)", setup)) - {
        "libatomic1"
    }  # of the tests' node
    named = {one["name"] for one in made["components"] if one.get("purl", "").startswith("pkg:deb/")}
    assert len(asked) == 3 and asked <= named


@pytest.mark.parametrize("line", ["left-pad", "git+https://example.org/x", "    --hash=md5:00"])
def test_a_line_that_is_not_understood_is_no_package_left_out(line: str) -> None:
    with pytest.raises(UnreadLine, match=re.escape(line)):
        packages_of(f"flask==3.1 \\\n{line}\n")


def test_what_breaks_the_schema_is_refused(made: dict[str, Any]) -> None:
    with pytest.raises(NotValid):
        check(json.dumps({**made, "components": [{"name": "of no type"}]}))


def test_the_folder_that_it_is_written_to_is_never_committed() -> None:
    ignored = subprocess.run(["git", "check-ignore", "-q", "build/sbom.cdx.json"], cwd=ROOT, check=False)
    assert ignored.returncode == 0
