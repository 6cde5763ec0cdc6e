"""Import of the register of agencies: a plan against the database, applied in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.descriptive import FieldOwner
from models.job import Lane
from models.letter import StoredFile
from portal.core import audit, described, described_files
from portal.core.access import Permission as P
from portal.core.database.session import privileged, writing
from portal.core.files import REGISTER_TO_IMPORT, keep, stored_file
from portal.core.imports.spreadsheet import Table
from portal.core.jobs.kinds import JobContext, JobFailed, job_kind
from portal.register import contact_columns, kept
from portal.register import writing as writing_many
from portal.register.kept import contacts_of_new, highest_agency, keep_import, plain
from portal.register.plan import ChangedAgency, RegistryPlan, plan_registry, values_of


def keep_table(session: Session, table: Table, *, account_id: int | None) -> StoredFile:
    """Keep a read file for its report and the import; flushed."""
    return keep(
        session, stored_file(table.name[:200], REGISTER_TO_IMPORT, table.to_json()), account_id=account_id
    )


def kept_table(session: Session, file_id: int) -> Table | None:
    """The read file of a dry run; None where there is no such file (or it is another kind of file)."""
    query = select(StoredFile.content).where(
        StoredFile.id == file_id, StoredFile.content_type == REGISTER_TO_IMPORT
    )
    content = session.scalar(query)
    return None if content is None else Table.from_json(content)


def apply_registry(session: Session, table: Table, *, account_id: int | None = None) -> RegistryPlan:
    """Plan again and write the plan with bulk statements; gives what was done.

    Needs a privileged session. One event per province holds the counts, each change, and the file's digest;
    a row of ``RegisterImport`` keeps what can be taken back.
    """
    writing_many.one_after_the_other(session)
    described.hold(session, FieldOwner.AGENCY)
    plan = plan_registry(session, table)
    if plan.empty:
        return plan
    highest = highest_agency(session)
    writing_many.add(session, (values_of(row.parsed, row.place) for row in plan.new))
    writing_many.rewrite(
        session,
        ((row.agency_id, {**values_of(row.parsed, row.place), "code": row.code}) for row in plan.changed),
    )
    contact_columns.write(
        session, ((row.agency_id, row.place.province_id, _after(row.changes)) for row in plan.changed)
    )
    contact_columns.write(session, contacts_of_new(session, plan, after_id=highest))
    new = kept.new_agencies(session, plan, after_id=highest)
    described_files.write(session, FieldOwner.AGENCY, ((key, row.parsed.described) for key, row in new))
    described_files.write(
        session, FieldOwner.AGENCY, ((row.agency_id, _after(row.changes)) for row in plan.changed)
    )
    audit.write(session, list(_events(plan)))
    plan.import_id = keep_import(session, plan, after_id=highest, account_id=account_id).id
    return plan


def _events(plan: RegistryPlan) -> Iterator[audit.Entry]:
    new: dict[int, int] = {}
    changed: dict[int, list[ChangedAgency]] = {}
    for made in plan.new:
        new[made.place.province_id] = new.get(made.place.province_id, 0) + 1
    for row in plan.changed:
        changed.setdefault(row.province_id, []).append(row)
    for province_id in sorted({*new, *changed}):
        rows = changed.get(province_id, [])
        yield audit.Entry(
            chain=f"province:{province_id}",
            act="registry.import",
            thing="agency",
            row="",
            before={str(row.agency_id): _plain(row, 0) for row in rows},
            after={
                "new": new.get(province_id, 0),
                "changed": {str(row.agency_id): _plain(row, 1) for row in rows},
                "file": plan.name,
                "sha256": plan.sha256,
            },
        )


def _after(changes: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    return {name: pair[1] for name, pair in changes.items()}


def _plain(row: ChangedAgency, side: int) -> dict[str, Any]:
    return {name: plain(pair[side]) for name, pair in row.changes.items()}


@job_kind("registry.import", permission=P.AGENCIES_IMPORT, lane=Lane.SHORT)
def run(context: JobContext) -> None:
    """Import the table that the dry run kept. One transaction: a killed run leaves nothing half done."""
    with privileged("reading the file of an import") as session:
        table = kept_table(session, context.arguments["file_id"])
    if table is None:
        raise JobFailed("The file of this import is gone: send it again")
    context.progress(0, len(table.rows))
    with writing(), privileged("import of the register") as session:
        plan = apply_registry(session, table, account_id=context.actor.account_id if context.actor else None)
        url = f"{context.arguments.get('url', '')}?job={context.job_id}"
        result = {**plan.counts, "file": plan.name, "url": url, "import_id": plan.import_id}
        context.finish(result, session=session)  # with the import: nobody writes it twice
