"""The bill of materials as a document of CycloneDX: from the lock file, what is shipped, the system."""

from __future__ import annotations

import hashlib
import re
import subprocess
import tomllib
import uuid
from datetime import datetime
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from scripts.sbom.lock import OWN, Locked, packages_of

ROOT = Path(__file__).parents[2]
VERSION = SchemaVersion.V1_6
#: a licence's name that is longer is a text
_LONGEST_NAME = 80
#: names from the content of the document: the same content, the same number
_NUMBERED_BY = uuid.UUID("7d0c6b0e-5a0b-5c0e-9a4f-2f1f6a3f9d55")


class NotValid(Exception):
    """The document is not as the schema of CycloneDX has it; the text says where."""


def document(commit: str, moment: datetime) -> str:
    """The bill of materials of this checkout as JSON: the same for the same content on the same machine.

    Raises UnreadLine for a lock file that is not understood.
    """
    bom = _bom(commit, moment)
    bom.serial_number = uuid.UUID(int=0)
    bom.serial_number = uuid.uuid5(_NUMBERED_BY, hashlib.sha256(_written(bom).encode()).hexdigest())
    return _written(bom)


def check(text: str) -> None:
    """Raises NotValid where a document breaks the schema."""
    fault = JsonStrictValidator(VERSION).validate_str(text)
    if fault is not None:
        raise NotValid(str(fault))


def _written(bom: Bom) -> str:
    return make_outputter(bom, OutputFormat.JSON, VERSION).output_as_string(indent=2) + "\n"


def _bom(commit: str, moment: datetime) -> Bom:
    project = _table("pyproject.toml")["project"]
    portal = Component(
        name=project["name"],
        type=ComponentType.APPLICATION,
        version=f"{project['version']}+{commit[:12]}" if commit else project["version"],
        description=project["description"],
        licenses=[_licence("MIT")],
        bom_ref="portal",
    )
    bom = Bom()
    bom.metadata.component, bom.metadata.timestamp = portal, moment
    locked = packages_of((ROOT / "requirements" / "runtime.txt").read_text())
    packages = {one.name: _package(one) for one in locked}
    beside = _table("scripts/sbom/beside.toml")
    others = [_shipped(one) for one in beside["shipped"]] + [_of_the_system(one) for one in beside["system"]]
    for component in [*packages.values(), *others]:
        bom.components.add(component)
    bom.register_dependency(portal, [packages[one.name] for one in locked if OWN in one.asked_by] + others)
    for component in packages.values():
        needs = [packages[one.name] for one in locked if component.name in one.asked_by]
        bom.register_dependency(component, needs)
    return bom


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / name).read_text())


def _package(one: Locked) -> Component:
    """A package of Python: its hashes are those of the files from which it may be installed."""
    where = PackageURL("pypi", name=re.sub(r"[-_.]+", "-", one.name).lower(), version=one.version)
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(str(where)),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in one.hashes],
    )
    return Component(
        name=one.name,
        version=one.version,
        purl=where,
        bom_ref=str(where),
        licenses=_licences_of(one.name),
        external_references=[files],
        properties=[Property(name="portal:installed-where", value=one.marker)] if one.marker else [],
    )


def _licences_of(name: str) -> list[License]:
    """What the installed package says of its licence; nothing where it is not installed here, or silent."""
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return []
    given = next((said[field] for field in ("License-Expression", "License") if field in said), "")
    if given and len(given) <= _LONGEST_NAME and "\n" not in given:
        return [_licence(given)]
    kinds = [one for one in said.get_all("Classifier", []) if one.startswith("License :: ")]
    names = [one.rpartition(" :: ")[2] for one in kinds]
    return [LicenseFactory().make_with_name(one) for one in names if one != "OSI Approved"]


def _licence(given: str) -> License:
    return LicenseFactory().make_from_string(given)


def _shipped(one: dict[str, Any]) -> Component:
    """A part of others that lies in this repository as files, each with its own hash."""
    return Component(
        name=one["name"],
        version=one.get("version"),
        type=ComponentType.LIBRARY,
        purl=PackageURL.from_string(one["purl"]) if "purl" in one else None,
        bom_ref=f"shipped:{one['name']}",
        licenses=[_licence(one["licence"])],
        components=[_file(name) for name in one["files"]],
    )


def _file(name: str) -> Component:
    digest = hashlib.sha256((ROOT / name).read_bytes()).hexdigest()
    return Component(
        name=name,
        type=ComponentType.FILE,
        bom_ref=f"file:{name}",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
    )


def _of_the_system(one: dict[str, Any]) -> Component:
    """A library of the system, with its version where this machine is a Debian that has it."""
    name = one["name"]
    version = _installed(name)
    return Component(
        name=name,
        version=version or None,
        purl=PackageURL("deb", "debian", name, version or None),
        bom_ref=f"system:{name}",
    )


def _installed(name: str) -> str:
    try:
        said = subprocess.run(
            ["dpkg-query", "-W", "-f", "${Version}\n", name], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return ""
    return next(iter(said.stdout.splitlines()), "")
