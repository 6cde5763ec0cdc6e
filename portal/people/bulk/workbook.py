"""The workbook of accounts: downloaded as it stands, kept between dry run and import, read in by a job."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.descriptive import FieldKind, FieldOwner
from models.job import Job, Lane
from models.letter import StoredFile
from models.onboarding import AccountBatch, BatchKind
from portal.core import audit, clock, described
from portal.core.access import ROLES, Actor, scope_of
from portal.core.access import Permission as P
from portal.core.database.session import db, privileged, writing
from portal.core.described import Field
from portal.core.errors import NotFound
from portal.core.files import ACCOUNTS_TO_IMPORT, keep, stored_file
from portal.core.imports.spreadsheet import Table
from portal.core.jobs.kinds import NO_RIGHT, JobContext, JobFailed, job_kind
from portal.core.jobs.queue import enqueue
from portal.core.scopes import Reach
from portal.core.texts import _
from portal.people import settings
from portal.people.bulk import filling, standing
from portal.people.bulk.filling import FillPlan
from portal.people.bulk.standing import NEEDED, WORDS, Held, Which
from portal.people.bulk.workbook_file import LONGEST, columns_of
from reports import account_workbook

KIND = "people.workbook"


def fields() -> tuple[Field, ...]:
    """The descriptive fields of accounts that a workbook has columns for."""
    return described.fields_of(FieldOwner.ACCOUNT)


def download(rows: Iterable[Held]) -> bytes:
    """The workbook of these rows, with what is known of each person."""
    said = fields()
    words = account_workbook.Words(
        sheet=_("Accounts"),
        notes_sheet=_("Notes"),
        notes=[
            _("Fill in name, position, telephone and e-mail; the shaded columns say whom a row is about"),
            _("An empty cell changes nothing; an activated account is changed by its person alone"),
            _("Where nobody has an account yet, one is made if something is filled in"),
            _("These are personal data: keep this file safe and delete it after it was read in"),
        ],
        choose=_("Choose one of the roles"),
    )
    choices = {"role": [str(ROLES[role].label) for role in NEEDED]} | {
        field.name: [choice.label for choice in field.choices if choice.active]
        for field in said
        if field.kind is FieldKind.CHOICE
    }
    to_fill = {*LONGEST, *(field.name for field in said)}
    return account_workbook.workbook(
        _headings(said), _cells(rows, said), words, to_fill=to_fill, choices=choices
    )


def _headings(said: Iterable[Field]) -> dict[str, str]:
    return {column: names[0] for column, names in columns_of(said).items()}


def faults(plan: FillPlan) -> bytes:
    """The rows that cannot be used as a workbook to mend, each fault at its cell."""
    rows = (
        (
            wrong.row.number,
            wrong.row.cells,
            {fault.column: _(fault.reason, **fault.values) for fault in wrong.wrongs},
        )
        for wrong in plan.wrong
    )
    return account_workbook.faults(
        _headings(fields()), rows, sheet_name=_("Rows to mend"), row_heading=_("Row in the file sent")
    )


def keep_table(table: Table, *, actor: Actor) -> StoredFile:
    """Keep a read workbook for its dry run and the import; flushed."""
    file = stored_file(table.name[:200], ACCOUNTS_TO_IMPORT, table.to_json(), province_id=actor.province_id)
    return keep(db.session(), file, account_id=actor.account_id)


def kept_table(session: Session, file_id: int, *, actor: Actor) -> Table:
    """The workbook that this person keeps. Raises NotFound, also where a day has passed."""
    query = select(StoredFile.content).where(
        StoredFile.id == file_id,
        StoredFile.content_type == ACCOUNTS_TO_IMPORT,
        StoredFile.account_id == actor.account_id,
    )
    content = session.scalar(query)
    if content is None:
        raise NotFound
    return Table.from_json(content)


def plan(session: Session, table: Table, actor: Actor) -> FillPlan:
    """What the workbook would do at this desk. Needs a privileged session."""
    province = scope_of(actor).reach is Reach.PROVINCE
    return filling.plan_filling(session, table, Which().within(actor), province=province, fields=fields())


def order(file_id: int, name: str, *, actor: Actor, url: str) -> Job:
    """Order that a kept workbook is read in. Raises Refused."""
    settings.require_making(actor)
    return enqueue(
        KIND,
        title=_("Accounts from %(file)s", file=name),
        arguments={"file_id": file_id, "url": url},
        actor=actor,
    )


@job_kind(KIND, permission=P.ACCOUNTS_MAKE, lane=Lane.SHORT)
def run(context: JobContext) -> None:
    """Read the kept workbook in. One transaction: a killed run leaves nothing half done."""
    actor = context.asker
    if not settings.makes_accounts(actor):
        raise JobFailed(NO_RIGHT)
    with privileged("reading a workbook of accounts") as session:
        try:
            table = kept_table(session, context.arguments["file_id"], actor=actor)
        except NotFound as gone:
            raise JobFailed("The file of this import is gone: send it again") from gone
    context.progress(0, len(table.rows))
    with writing(), privileged("a workbook of accounts is read in") as session:
        counts = _apply(session, table, actor)
        words = _(
            "%(filled)s accounts were filled in, %(new)s were made",
            filled=f"{counts['filled']:,}",
            new=f"{counts['new']:,}",
        )
        context.finish({"words": words, "url": context.arguments["url"]}, session=session)


def _apply(session: Session, table: Table, actor: Actor) -> Mapping[str, int]:
    described.hold(session, FieldOwner.ACCOUNT)
    done = plan(session, table, actor)
    with audit.unrecorded(session):
        made, filled = filling.apply_filling(session, done)
        counts = {"new": len(made), "filled": len(filled), "left_out": len(done.left) + len(done.wrong)}
        batch = AccountBatch(
            kind=BatchKind.WORKBOOK,
            province_id=actor.province_id,
            file_name=table.name[:200],
            made_at=clock.now(),
            account_id=actor.account_id,
            counts=counts,
            changes={"accounts": made, "filled": filled},
        )
        session.add(batch)
        session.flush()
    audit.record(
        session,
        act="account.fill_many",
        thing="account_batch",
        row=batch.id,
        chain=f"province:{actor.province_id}" if actor.province_id else "system",
        after={**counts, "sha256": table.sha256},
    )
    return counts


def _cells(rows: Iterable[Held], said: Iterable[Field]) -> Iterator[tuple[str, ...]]:
    """The rows in the order of the columns."""
    said = list(said)
    for row in rows:
        yield (
            row.code or "",
            row.full_name,
            row.district,
            str(ROLES[row.role].label),
            row.username,
            row.person,
            row.position,
            row.phone,
            row.email,
            str(WORDS[row.standing]),
            *(described.words(field, (row.described or {}).get(field.key)) for field in said),
        )


def rows_of(session: Session, which: Which) -> list[Held]:
    """The rows of a workbook of these agencies. Needs a privileged session."""
    return list(standing.rows(session, which))
