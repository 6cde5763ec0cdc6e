"""A province's certificates as one file for the printer: by their numbers, without those withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO

import pytest
from pikepdf import Pdf

from models.certificate import Certificate, CertificateRelease
from models.job import JobState
from portal.certificates import batches, making, releasing
from portal.certificates.lists import ProvincePile, provinces_of
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.letters.sealing import Copy
from reports.printing import Paper, RenderingFailed
from tests.portal.certificates.test_making import run
from tests.support.certificates import one, ordered, province_ordered, released, the_round
from tests.support.world import World, acting_as

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("no_loop_here")]


def titles(content: bytes) -> list[str]:
    """The papers of a file by their bookmarks; each begins on a sheet of its own."""
    with Pdf.open(BytesIO(content)) as pdf, pdf.open_outline() as outline:
        found = [str(item.title) for item in outline.root]
        assert len(pdf.pages) == 2 * len(found)
        return found


def withdraw(world: World, *agencies: str) -> None:
    keys = [one(world, agency).id for agency in agencies]
    with acting_as(world.actor("nacc")):
        for key in keys:
            releasing.withdraw(db.session.get_one(Certificate, key), "คะแนนผิด")


def title(world: World, agency: str) -> str:
    row = one(world, agency)
    return f"หนังสือรับรอง {row.number}-2561 {row.data['full_name']}"


def test_all_are_printed_once_and_stand_in_one_file_by_their_numbers(app: Portal, world: World) -> None:
    with app.app_context():
        released(world)
        run(app, ordered(world, "province", "a2"))
        before = one(world, "a2").file_id
        made = run(app, province_ordered(world, "province"))
        assert one(world, "a1").number < one(world, "a2").number
        assert titles(made.content) == [title(world, "a1"), title(world, "a2")]
        assert one(world, "a2").file_id == before and one(world, "a1").file_id is not None
        assert made.job.result["certificates"] == 2 and made.job.result["left_out"] == 0
        assert "ในไฟล์มีหนังสือรับรอง 2 ฉบับ" in made.job.result["words"]
        assert "ถูกยกเลิก" not in made.job.result["words"]


def test_withdrawn_ones_are_left_out_and_that_is_said(app: Portal, world: World) -> None:
    """Also one that was printed before, and withdrawn after the file was ordered."""
    with app.app_context():
        released(world)
        run(app, province_ordered(world, "province"))
        waiting = province_ordered(world, "nacc")
        withdraw(world, "a2")
        made = run(app, waiting)
        assert titles(made.content) == [title(world, "a1")]
        assert "ไม่รวมฉบับที่ถูกยกเลิก 1 ฉบับ" in made.job.result["words"]
        with acting_as(world.actor("province")):
            assert provinces_of(the_round(world)) == [ProvincePile(world.province["52"], "ลำปาง", 2, 1, 1)]


def test_one_that_is_withdrawn_while_others_are_printed_is_left_out(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def withdrawn_meanwhile(papers: Mapping[str, Paper]) -> Iterator[tuple[str, bytes]]:
        yield from printing(papers)
        withdraw(world, "a1")

    with app.app_context():
        released(world)
        waiting = province_ordered(world, "nacc")
        printing = batches.print_papers
        monkeypatch.setattr(batches, "print_papers", withdrawn_meanwhile)
        assert titles(run(app, waiting).content) == [title(world, "a2")]


def test_where_none_is_in_force_nothing_is_ordered_or_made(app: Portal, world: World) -> None:
    with app.app_context():
        released(world)
        waiting = province_ordered(world, "province")
        withdraw(world, "a1", "a2")
        job = run(app, waiting).job
        assert job.state is JobState.FAILED and "ไม่มีฉบับที่จะพิมพ์" in job.message
        assert one(world, "a1").file_id is None
        with pytest.raises(Refused, match="nothing to print"):
            province_ordered(world, "province")


@pytest.mark.parametrize("person", ["province_other", "agency_admin_other"])
def test_a_province_that_is_not_seen_is_not_there(app: Portal, world: World, person: str) -> None:
    with app.app_context():
        released(world)
        with acting_as(world.actor(person)):
            assert provinces_of(the_round(world)) == []
        with pytest.raises(NotFound):
            province_ordered(world, person)


def test_an_agency_gets_its_own_alone(app: Portal, world: World) -> None:
    with app.app_context():
        released(world)
        made = run(app, province_ordered(world, "agency_admin"))
        assert titles(made.content) == [title(world, "a1")] and one(world, "a2").file_id is None


def test_each_is_signed_as_it_is_printed_and_none_twice(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How a key signs is tried with a single certificate: tests/portal/certificates/test_making.py."""
    opened: list[int] = []

    @contextmanager
    def seal(release: CertificateRelease) -> Iterator[Callable[[bytes], Copy]]:
        opened.append(release.id)
        yield lambda body: Copy(body + b"% signed", "0" * 64, len(body))

    monkeypatch.setattr(making, "seal_of", seal)
    with app.app_context():
        released(world)
        run(app, province_ordered(world, "province"))
        run(app, province_ordered(world, "nacc"))
        assert len(opened) == 1 and {one(world, agency).body_sha256 for agency in ("a1", "a2")} == {"0" * 64}


def test_a_press_that_fails_is_said_and_what_is_finished_is_kept(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(papers: Mapping[str, Paper]) -> Iterator[tuple[str, bytes]]:
        yield next(iter(printing({key: papers[key] for key in list(papers)[:1]})))
        raise RenderingFailed("no")

    printing = batches.print_papers
    monkeypatch.setattr(batches, "print_papers", fail)
    with app.app_context():
        released(world)
        job = run(app, province_ordered(world, "province")).job
        assert job.state is JobState.FAILED and "ฉบับที่พิมพ์แล้วยังเก็บไว้" in job.message
        assert [one(world, agency).file_id is None for agency in ("a1", "a2")].count(False) == 1
