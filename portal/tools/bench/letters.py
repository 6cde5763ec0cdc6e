"""Letters: one alone, one through a printer that waits, and those of a whole country, unsigned and signed."""

from __future__ import annotations

import resource
import time
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from config import KeyFile
from portal.core import clock
from portal.letters.figures import facts_of, province_statuses
from portal.letters.words.composing import circular_for
from portal.tools.bench.table import Figure, Table, timed
from reports.letter_data import Circular, Office, ProvinceStatus
from reports.letters import render_circular
from reports.printers import let_go
from reports.printing import print_paper, print_papers
from reports.signature import SignatureSettings, signing

_PASSPHRASE = "throwaway"  # noqa: S105 -- of a key that lives as long as the bench
#: of the middle-sized provinces: one letter again and again would know its names
_AROUND = 2


def letters(table: Table, round: Any, *, times: int) -> None:
    """What letters take, each figure beside that of letters without their tables."""
    papers = _circulars(round)
    by_size = sorted(papers.values(), key=lambda paper: paper.status.total)
    middle = by_size[len(by_size) // 2]
    near = cycle(by_size[max(0, len(by_size) // 2 - _AROUND) :][: 2 * _AROUND + 1])
    limit, _high = timed(lambda: render_circular(_bare(middle)), times=times)
    one, high = timed(lambda: render_circular(next(near)), times=times)
    named = "the letter without its table"
    table.add(Figure(f"one letter, {middle.status.total} agencies", one, high, limit, named))
    one, high = timed(lambda: print_paper(next(near)), times=times)
    table.add(Figure("one proof, through a warm printer", one, high, limit, named))
    _country(table, "two processes", papers, limit)
    with TemporaryDirectory(prefix="bench-key-") as folder:
        _country(table, "two processes, signed", papers, limit, _throwaway_key(Path(folder)))


def _circulars(round: Any) -> dict[str, Circular]:
    """The circular of each province, with the place for its signature."""
    facts, office = facts_of(round), Office(name="กรมตัวอย่าง", number_prefix="มท 0000")

    def circular(status: ProvinceStatus) -> Circular:
        made = circular_for(status, office=office, facts=facts, number="มท 0000/ว 1", dated=facts.deadline)
        return replace(made, letter=replace(made.letter, signature_field=True))

    return {str(key): circular(status) for key, status in province_statuses(round).items()}


def _bare(paper: Circular) -> Circular:
    return replace(paper, status=replace(paper.status, districts=()))


def _country(
    table: Table, how: str, papers: Mapping[str, Circular], limit: float, key: KeyFile | None = None
) -> None:
    """All letters as a batch makes them; the note tells the CPU of all processes and the largest of them."""
    let_go()
    begun, before = time.perf_counter(), _cpu()
    made = signing(SignatureSettings(key), clock.now()) if key else nullcontext(_as_it_is)
    with made as sign:
        count = sum(1 for _key, body in print_papers(papers) if sign(body))
    let_go()  # only the dead tell what they took
    took, cpu = time.perf_counter() - begun, _cpu() - before
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    note = f"{cpu:.1f} s CPU, largest process {largest} MB"
    table.add(
        Figure(f"{count} letters, {how}", took, took, limit * count / 2, "the same without tables", note)
    )


def _as_it_is(body: bytes) -> bytes:
    return body


def _cpu() -> float:
    """CPU seconds of this process and of those that it has ended."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _throwaway_key(folder: Path) -> KeyFile:
    """A key in a PKCS#12 file, under a certificate of its own."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bench")])
    now = clock.now()
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    encryption = serialization.BestAvailableEncryption(_PASSPHRASE.encode())
    content = pkcs12.serialize_key_and_certificates(b"bench", key, certificate, [], encryption)
    path = folder / "key.p12"
    path.write_bytes(content)
    return KeyFile(path, _PASSPHRASE)
