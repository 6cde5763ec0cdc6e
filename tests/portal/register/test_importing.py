"""The register's import against a database: planned, applied, and applied again."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from models.agency import Agency
from models.job import Job, JobState
from models.participation import Participation
from models.place import District, Province
from models.register_import import RegisterImport
from models.thai import sort_key
from portal.content import local
from portal.core import audit
from portal.core.database.session import db, privileged, writing
from portal.core.files import keep, stored_file
from portal.core.imports.spreadsheet import Table
from portal.core.jobs import worker
from portal.core.jobs.kinds import JobContext, JobFailed
from portal.core.jobs.queue import enqueue
from portal.core.web import Portal
from portal.register import places
from portal.register.file import read_agencies
from portal.register.importing import apply_registry, keep_table, run
from portal.register.plan import RegistryPlan, plan_registry
from portal.tools.commands import import_agencies
from tests.factories.base import Make
from tests.factories.places import AgencyFactory
from tests.support.record import events_of
from tests.support.world import World, acting_as, row

pytestmark = pytest.mark.postgres

HEADER = "lao_code8,type,name_th,full_name_th,size,province_code,province_th,district_code,district_th"
KOKHA = "05520401,SUBDIST_MUN,เกาะคา,เทศบาลตำบลเกาะคา,M,52,ลำปาง,5204,เกาะคา"
THAPHA = "06520402,TAO,ท่าผา,องค์การบริหารส่วนตำบลท่าผา,S,52,ลำปาง,5204,เกาะคา"
NEW = "06520403,TAO,ใหม่,องค์การบริหารส่วนตำบลใหม่,S,52,ลำปาง,5204,เกาะคา"
UNCODED = ",TAO,ไร้รหัส,องค์การบริหารส่วนตำบลไร้รหัส,S,52,ลำปาง,5204,เกาะคา"


def table(*lines: str) -> Table:
    return read_agencies("\n".join((HEADER, *lines)).encode(), "agencies.csv")


def planned(*lines: str) -> RegistryPlan:
    with privileged("a test plans") as session:
        return plan_registry(session, table(*lines))


def applied(*lines: str) -> RegistryPlan:
    with writing(), privileged("a test imports") as session:
        return apply_registry(session, table(*lines))


def reasons(plan: RegistryPlan) -> list[tuple[int, str, str]]:
    return [(wrong.row.number, wrong.wrong.column, wrong.wrong.reason) for wrong in plan.wrong]


def test_rows_are_sorted_into_new_changed_unchanged_and_wrong(app: Portal) -> None:
    changed = THAPHA.replace("ท่าผา", "ท่าผาใหม่").replace(",S,", ",M,")
    with app.app_context():
        plan = planned(KOKHA, changed, NEW, "x")
    assert plan.counts == {"new": 1, "changed": 1, "unchanged": 1, "wrong": 1}
    assert {name: (str(a), str(b)) for name, (a, b) in plan.changed[0].changes.items()} == {
        "name": ("ท่าผา", "ท่าผาใหม่"),
        "full_name": ("องค์การบริหารส่วนตำบลท่าผา", "องค์การบริหารส่วนตำบลท่าผาใหม่"),
        "size": ("เล็ก", "กลาง"),
    }
    assert plan.absent == [], "nobody of the one province that the file names"


def test_a_dry_run_saves_nothing(app: Portal) -> None:
    with app.app_context():
        planned(NEW)
        assert planned(NEW).counts["new"] == 1
        assert events_of("registry.import") == []


def test_an_import_does_what_its_plan_said_and_a_second_one_nothing(app: Portal, world: World) -> None:
    renamed = KOKHA.replace("เกาะคา,เทศบาลตำบลเกาะคา", "เกาะคาเหนือ,เทศบาลตำบลเกาะคาเหนือ")
    with app.app_context():
        assert applied(renamed, NEW, UNCODED).counts == {"new": 2, "changed": 1, "unchanged": 0, "wrong": 0}
        agency = row(Agency, world.agency["a1"])
        assert (agency.full_name, agency.sort_key) == ("เทศบาลตำบลเกาะคาเหนือ", sort_key("เกาะคาเหนือ"))
        with privileged("a test looks") as session:
            made = session.scalars(select(Agency).where(Agency.code == "06520403")).one()
            assert (made.kind, made.district.code, made.province_id) == (
                local.SAO,
                "5204",
                world.province["52"],
            )
            assert made.active is True
        assert applied(renamed, NEW, UNCODED).counts == {"new": 0, "changed": 0, "unchanged": 3, "wrong": 0}
        assert len(events_of("registry.import")) == 1


def test_old_rounds_keep_their_snapshot(app: Portal, world: World) -> None:
    with app.app_context():
        applied(KOKHA.replace("เทศบาลตำบลเกาะคา", "เทศบาลตำบลชื่อใหม่"))
        assert row(Agency, world.agency["a1"]).full_name == "เทศบาลตำบลชื่อใหม่"
        assert row(Participation, world.participation["a1"]).full_name == "เทศบาลตำบลเกาะคา"


def test_one_event_per_province_holds_counts_changes_and_digest(app: Portal, world: World) -> None:
    krabi = "05810202,SUBDIST_MUN,ทดลอง,เทศบาลตำบลทดลอง,S,81,กระบี่,8102,เขาพนม"
    with app.app_context():
        plan = applied(KOKHA.replace(",M,", ",L,"), NEW, krabi)
        found = {event.chain: event for event in events_of("registry.import")}
        lampang = found[f"province:{world.province['52']}"]
        key = str(world.agency["a1"])
        assert set(found) == {f"province:{world.province[code]}" for code in ("52", "81")}
        assert lampang.before == {key: {"size": "M"}}
        assert lampang.after == {
            "new": 1,
            "changed": {key: {"size": "L"}},
            "file": "agencies.csv",
            "sha256": plan.sha256,
        }
        with privileged("a test looks") as session:
            assert audit.first_broken(session) is None


def test_an_agency_without_a_code_is_known_by_place_and_name(app: Portal) -> None:
    with app.app_context():
        applied(UNCODED)
        assert planned(UNCODED).counts["unchanged"] == 1
        coded = applied(f"06520499{UNCODED}")
        assert coded.changed[0].changes == {"code": (None, "06520499")}
        assert planned(UNCODED).counts["unchanged"] == 1, "a file without the code does not take it away"


def test_a_row_that_repeats_an_agency_is_wrong(app: Portal) -> None:
    with app.app_context():
        plan = planned(KOKHA, NEW, KOKHA, UNCODED, NEW, UNCODED, f"06520499{UNCODED}")
    said = "The same agency stands in row %(row)s"
    assert reasons(plan) == [(number, "code", said) for number in (4, 6, 7, 8)]
    assert [wrong.wrong.values for wrong in plan.wrong] == [{"row": 2}, {"row": 3}, {"row": 5}, {"row": 5}]


def test_the_same_name_in_two_districts_is_two_agencies(app: Portal) -> None:
    other = UNCODED.replace("5204,เกาะคา", "5201,เมืองลำปาง")
    with app.app_context():
        assert applied(UNCODED, other).counts["new"] == 2
        assert planned(UNCODED, other).counts["unchanged"] == 2


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("5204,เกาะคา", "9999,ไม่มี", "district"),
        ("5204,เกาะคา", ",ไม่มี", "district"),
        ("5204,เกาะคา", "5204,ห้างฉัตร", "district"),
        ("52,ลำปาง", "81,กระบี่", "province"),
        ("52,ลำปาง", ",ลำพูน", "province"),
    ],
)
def test_places_that_do_not_fit_make_a_wrong_row(app: Portal, old: str, new: str, column: str) -> None:
    with app.app_context():
        plan = planned(NEW.replace(old, new))
    assert [wrong.wrong.column for wrong in plan.wrong] == [column]


def test_a_place_is_found_by_its_names_alone(app: Portal) -> None:
    with app.app_context():
        plan = planned(NEW.replace("52,ลำปาง,5204", ",ลำปาง,"))
    assert plan.new[0].place.district == "เกาะคา"


def test_a_plan_takes_five_queries_however_long_the_file(app: Portal) -> None:
    lines = [NEW.replace("06520403", f"0652{n:04}").replace("ใหม่", f"ใหม่{n}") for n in range(300)]
    with app.app_context():
        statements: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
        assert planned(*lines).counts["new"] == 300
    asked = [text for text in statements if "set_config" not in text and "SELECT" in text]
    assert len(asked) == 5


def test_the_command_reports_and_imports_only_when_told(
    app: Portal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "agencies.csv"
    file.write_text("\n".join((HEADER, NEW, "x")), encoding="utf-8")
    assert import_agencies.run(app, file, apply=False) == 1
    with app.app_context():
        assert planned(NEW).counts["new"] == 1
    assert import_agencies.run(app, file, apply=True) == 1
    with app.app_context():
        assert planned(NEW).counts["unchanged"] == 1
    assert "agencies.csv" in capsys.readouterr().out
    file.write_bytes(b"\0\0")
    assert import_agencies.run(app, file, apply=True) == 2


def test_places_are_loaded_once(app: Portal, world: World) -> None:
    with app.app_context():
        with writing(), privileged("a test loads places") as session:
            assert places.load_places(session) == (77, 925), (
                "the test world's provinces lack their region, three of its districts are right"
            )
        with writing(), privileged("a test loads places again") as session:
            assert places.load_places(session) == (0, 0)
            assert session.scalar(select(func.count()).select_from(Province)) == 77
            assert session.scalar(select(func.count()).select_from(District)) == 928
            assert session.get_one(Province, world.province["52"]).code == "52"


def test_the_demonstration_register_goes_in_whole(app: Portal) -> None:
    with app.app_context(), writing(), privileged("a test loads the register") as session:
        places.load_places(session)
        plan = places.load_demo_agencies(session)
        assert plan.wrong == []
        assert plan.counts["new"] + plan.counts["changed"] + plan.counts["unchanged"] > 7000


@pytest.mark.reference
def test_the_whole_country_goes_in_within_five_seconds_and_then_changes_nothing(app: Portal) -> None:
    folder = os.environ.get("REFERENCE_DIR")
    if not folder:
        pytest.skip("needs the real lists: set REFERENCE_DIR to their folder (see README)")
    content = (Path(folder) / "agencies-2560.csv").read_bytes()
    with app.app_context():
        with writing(), privileged("a test loads places") as session:
            places.load_places(session)
        began = time.process_time()
        with writing(), privileged("a test imports the country") as session:
            plan = apply_registry(session, read_agencies(content, "agencies-2560.csv"))
        took = time.process_time() - began
        # three agencies of the test world bear codes of the real list
        assert plan.counts["new"] + plan.counts["changed"] + plan.counts["unchanged"] == 7852
        assert plan.wrong == []
        assert took < 5
        with writing(), privileged("a test imports again") as session:
            again = apply_registry(session, read_agencies(content, "agencies-2560.csv"))
        assert again.counts == {"new": 0, "changed": 0, "unchanged": 7852, "wrong": 0}


# -- what a file lacks changes nothing ---------------------------------------------------------------------


def lacking(*columns: str, changes: dict[str, str] | None = None) -> Table:
    """The test world's first agency as a file without some columns."""
    full = {"รหัส อปท.": "05520401", "ประเภท": "ทต.", "ชื่อ": "เกาะคา", "ขนาด": "M", "รหัสอำเภอ": "5204"}
    row = {name: text for name, text in {**full, **(changes or {})}.items() if name not in columns}
    return read_agencies(f"{','.join(row)}\n{','.join(row.values())}\n".encode(), "part.csv")


@pytest.mark.parametrize(
    "missing", [["ขนาด"], ["ประเภท"], ["ชื่อ"], ["รหัสอำเภอ"], ["ประเภท", "ชื่อ", "รหัสอำเภอ"]]
)
def test_a_missing_column_changes_nothing(app: Portal, missing: list[str]) -> None:
    with app.app_context(), privileged("a test plans") as session:
        plan = plan_registry(session, lacking(*missing))
    assert plan.counts == {"new": 0, "changed": 0, "unchanged": 1, "wrong": 0}


def test_a_file_of_codes_and_sizes_changes_sizes_only(app: Portal, world: World) -> None:
    part = lacking("ประเภท", "ชื่อ", "รหัสอำเภอ", changes={"ขนาด": "L"})
    with app.app_context(), writing(), privileged("a test imports") as session:
        plan = apply_registry(session, part)
    assert [dict(row.changes) for row in plan.changed] == [{"size": (local.M, local.L)}]
    with app.app_context(), privileged("a test looks") as session:
        row = session.get_one(Agency, world.agency["a1"])
        assert (row.full_name, row.size, row.district.code) == ("เทศบาลตำบลเกาะคา", local.L, "5204")


def test_a_size_that_is_missing_stays_also_where_something_else_changes(app: Portal, world: World) -> None:
    with app.app_context(), writing(), privileged("a test imports") as session:
        plan = apply_registry(session, lacking("ขนาด", changes={"ชื่อ": "เกาะคาใหม่"}))
        assert plan.counts["changed"] == 1
    with app.app_context(), privileged("a test looks") as session:
        row = session.get_one(Agency, world.agency["a1"])
        assert (row.name, row.size) == ("เกาะคาใหม่", local.M)
        assert "|ทตเกาะคาใหม่|" in row.search_key


def test_what_a_file_lacks_is_said() -> None:
    assert {"columns": "ขนาด"} in [note.values for note in lacking("ขนาด").notes]
    assert lacking().notes == ()


def test_a_name_without_a_code_that_two_agencies_have_needs_the_code(app: Portal, make: Make) -> None:
    with app.app_context(), privileged("a test looks") as session:
        place = session.scalars(select(District).where(District.code == "5204")).one()
        session.expunge_all()
    for code in ("06520498", "06520499"):
        make(AgencyFactory, district=place, name="แฝด", code=code)
    row_of_both = ",TAO,แฝด,องค์การบริหารส่วนตำบลแฝด,S,52,ลำปาง,5204,เกาะคา"
    with app.app_context():
        plan = planned(row_of_both, f"06520498{row_of_both}")
    assert reasons(plan) == [
        (2, "code", "Several agencies of this district have this name: the code is needed")
    ]
    assert [row.code for row in plan.changed] == ["06520498"], "with its code it is found"


def test_another_code_is_another_agency_whatever_its_name(app: Portal) -> None:
    with app.app_context():
        plan = planned(THAPHA.replace("06520402", "06520477"))
    assert plan.counts == {"new": 1, "changed": 0, "unchanged": 0, "wrong": 0}


# -- as a job ----------------------------------------------------------------------------------------------


def kept_file(world: World, content: Table | None) -> int:
    """The id of a read file that waits for its import, or of another kind of file."""
    with writing(), privileged("a test keeps a file") as session:
        if content is not None:
            return keep_table(session, content, account_id=world.account["dla"]).id
        file = keep(session, stored_file("x.pdf", "application/pdf", b"%PDF"), account_id=None)
        return file.id


def test_the_job_imports_the_kept_file_and_says_where_it_is_to_be_read(app: Portal, world: World) -> None:
    with app.app_context():
        file_id = kept_file(world, table(NEW, THAPHA, "x"))
        with acting_as(world.actor("dla")) as actor:
            arguments = {"file_id": file_id, "url": "/admin/registry/import/1/result"}
            job_id = enqueue("registry.import", title="ทดลอง", arguments=arguments, actor=actor).id
    worker.work(app, until_idle=True)
    with app.app_context():
        job = row(Job, job_id)
        assert job.state is JobState.DONE
        counted = {name: job.result[name] for name in ("new", "changed", "unchanged", "wrong")}
        assert counted == {"new": 1, "changed": 0, "unchanged": 1, "wrong": 1}
        assert job.result["url"] == f"/admin/registry/import/1/result?job={job_id}"
        made = row(RegisterImport, job.result["import_id"])
        assert (made.account_id, made.file_name) == (world.account["dla"], "agencies.csv")


def test_a_job_whose_file_is_gone_or_another_asks_to_send_it_again(app: Portal, world: World) -> None:
    with app.app_context():
        for file_id in (9999, kept_file(world, None)):
            with pytest.raises(JobFailed, match="send it again"):
                run(JobContext(1, {"file_id": file_id}, {}, None))
        assert events_of("registry.import") == []
