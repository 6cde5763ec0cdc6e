"""Import a register of agencies from a file: a dry run, or with ``apply`` the import itself."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from models.descriptive import FieldOwner
from portal.core import described
from portal.core.database.session import privileged, writing
from portal.core.imports.errors import UnreadableFile
from portal.core.texts import _
from portal.register.file import read_agencies
from portal.register.importing import apply_registry
from portal.register.plan import RegistryPlan, plan_registry
from portal.tools.commands import refused

WRONG_SHOWN = 50


def run(app: Flask, path: Path, *, apply: bool) -> int:
    """Print the report of a file, and import it where ``apply`` is set.

    Gives 0, 1 where some rows are wrong, 2 where the file cannot be read (the text says why).
    """
    with app.app_context():
        try:
            with privileged("fields that a register may say") as session:
                fields = described.in_use(session, FieldOwner.AGENCY)
            table = read_agencies(path.read_bytes(), path.name, fields)
        except (UnreadableFile, OSError) as error:
            refused.say(error)
            return 2
        if apply:
            with writing(), privileged("import of the register by command") as session:
                plan = apply_registry(session, table)
        else:
            with privileged("dry run of the register by command") as session:
                plan = plan_registry(session, table)
        for note in table.notes:
            print(_(note.text, **note.values))
        _print_report(plan, applied=apply)
    return 1 if plan.wrong else 0


def _print_report(plan: RegistryPlan, *, applied: bool) -> None:
    words = {
        "new": _("New agencies"),
        "changed": _("Changed agencies"),
        "unchanged": _("Unchanged agencies"),
        "wrong": _("Wrong rows"),
    }
    print(f"{plan.name}: " + ", ".join(f"{words[sort]} {n:,}" for sort, n in plan.counts.items()))
    for row in plan.wrong[:WRONG_SHOWN]:
        print("  " + _("Row %(row)s", row=row.row.number) + ": " + _(row.wrong.reason, **row.wrong.values))
    if len(plan.wrong) > WRONG_SHOWN:
        print("  " + _("and %(count)s more", count=len(plan.wrong) - WRONG_SHOWN))
    print(_("The file is imported") if applied else _("Nothing was saved: this was a dry run"))
