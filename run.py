"""Assembly and entry point: ``create_app`` for the server, and every command line.

python run.py COMMAND; ``python run.py --help`` lists the commands.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from config import ConfigurationError, Settings, from_environment

Command = Callable[[argparse.Namespace], int]


def create_app(settings: Settings | None = None) -> Any:
    """The whole application with both doors open."""
    from portal import catalogue
    from portal.core import gate, web
    from portal.watch import counting
    from survey_forms import assembly as survey_forms
    from views import assembly as desks

    settings = settings or from_environment()
    if not settings.demo and not settings.testing:
        os.environ.pop("PORTAL_CLOCK", None)
    assert catalogue.MODULES, "imported, so that a worker knows every kind of job"
    app = web.make_app(settings)
    survey_forms.register(app)
    desks.register(app)
    gate.close(app)
    counting.register(app)
    return app


def _app() -> Any:
    """The application for a command line: the database is there. Raises ConfigurationError."""
    from portal.core.database import revision

    settings = from_environment()
    revision.look_once(settings)
    return create_app(settings)


def create_served_app() -> Any:
    """The application in a worker of the web server, which ends with its server."""
    from portal.core import lines
    from portal.core.serving.processes import die_with_parent, may_be_ended, stand_ready
    from portal.core.serving.web import SWITCH, door_of
    from portal.watch import counting
    from survey_forms import busy

    die_with_parent()
    may_be_ended()
    lines.begin()
    sys.setswitchinterval(SWITCH)
    app = create_app()
    door = door_of(app, busy=busy.refusals(app), told=counting.refused)
    stand_ready()
    return door


def _start(args: argparse.Namespace) -> int:
    """What ``make run`` does after the set-up: database, demonstration, serve, accounts."""
    from portal.core.database import revision
    from portal.core.serving import supervisor

    settings = from_environment()
    settings.instance_dir.mkdir(parents=True, exist_ok=True)
    supervisor.refuse_taken_port(settings)
    if not supervisor.when_it_answers(lambda: revision.is_current(settings.database_owner_url)):
        _db_upgrade(args)
    if not settings.demo:
        return supervisor.serve(settings)
    if not revision.has_rounds(settings.database_owner_url):
        from portal.tools.demo import load

        load.load(create_app(settings))
    # printed by a process of its own: making the application here would only delay the first page
    command = [sys.executable, __file__, "demo-accounts"]
    return supervisor.serve(settings, greet=lambda: subprocess.run(command, check=False))


def _serve(args: argparse.Namespace) -> int:
    from portal.core.serving import supervisor

    return supervisor.serve(from_environment())


def _web(args: argparse.Namespace) -> int:
    from portal.core.serving import supervisor, web
    from portal.watch import folder

    settings = from_environment()
    supervisor.look_where_nobody_did(settings)
    if settings.metrics_port:
        folder.prepare(settings.counts_dir)
    web.serve(settings)
    return 0


def _worker(args: argparse.Namespace) -> int:
    from functools import partial

    from portal.core.serving import supervisor, worker
    from portal.core.serving.processes import stand_ready
    from portal.watch import exposing

    settings = from_environment()
    supervisor.look_where_nobody_did(settings)
    app = create_app()
    stand_ready()
    figures = (partial(exposing.serve, app, settings),) if settings.metrics_port else ()
    return worker.serve(app, beside=figures)


def _db_upgrade(args: argparse.Namespace) -> int:
    from portal.core.database import migrate, revision

    settings = from_environment()
    settings.instance_dir.mkdir(parents=True, exist_ok=True)
    if revision.is_ahead(stands := revision.look_once(settings, current=False)):
        print(f"The database ({stands}) is ahead of this programme ({revision.newest()}): nothing was done")
        return 0 if revision.serves(stands) else 1
    migrate.upgrade(settings.database_owner_url)
    print("The database is at the newest migration")
    return 0


def _new_migration(args: argparse.Namespace) -> int:
    from portal.tools.commands import new_migration

    return new_migration.run(args.name)


def _db_roles(args: argparse.Namespace) -> int:
    from portal.tools.commands import db_roles

    return db_roles.run(from_environment(), apply_as=args.apply)


def _demo_reset(args: argparse.Namespace) -> int:
    from portal.tools.commands import demo_reset

    return demo_reset.run(from_environment(), create_app)


def _demo_accounts(args: argparse.Namespace) -> int:
    from portal.tools.commands import demo_accounts

    return demo_accounts.run(_app())


def _create_admin(args: argparse.Namespace) -> int:
    from portal.tools.commands import create_admin

    if args.restore:
        return create_admin.restore(_app(), username=args.username, forget_factor=args.forget_factor)
    if args.name is None:
        args.usage("the following arguments are required: name")
    return create_admin.run(_app(), username=args.username, name=args.name, role=args.role)


def _import_agencies(args: argparse.Namespace) -> int:
    from portal.tools.commands import import_agencies

    return import_agencies.run(_app(), args.path, apply=args.apply)


def _index_field(args: argparse.Namespace) -> int:
    from portal.tools.commands import index_field

    owner_url = from_environment().database_owner_url
    return index_field.run(_app(), owner_url, owner=args.of, key=args.key, drop=args.drop)


def _open_boxes(args: argparse.Namespace) -> int:
    from portal.tools.commands import open_boxes

    return open_boxes.run(_app(), round_id=args.round, key_file=args.key)


def _erase_rosters(args: argparse.Namespace) -> int:
    from portal.tools.commands import erase_rosters

    return erase_rosters.run(_app(), round_id=args.round, sure=args.yes)


def _drill_key(args: argparse.Namespace) -> int:
    from portal.tools.commands import drill_key

    return drill_key.run(_app(), round_id=args.round, key_file=args.key)


def _export_key(args: argparse.Namespace) -> int:
    from portal.tools.commands import export_key

    return export_key.run(_app(), round_id=args.round, key_file=args.key, forget=args.forget)


def _verify_record(args: argparse.Namespace) -> int:
    from portal.tools.commands import verify_record

    return verify_record.run(_app())


def _back_test(args: argparse.Namespace) -> int:
    from portal.tools.commands import back_test

    return back_test.run(number=args.number)


def _check(args: argparse.Namespace) -> int:
    from portal.tools.commands import check

    return check.run(os.environ)


def _backup(args: argparse.Namespace) -> int:
    from portal.tools.commands import backup

    settings = from_environment()
    return backup.tell(settings) if args.last else backup.run(settings)


def _backup_key(args: argparse.Namespace) -> int:
    from portal.tools.commands import backup_keys

    return backup_keys.make(from_environment(), args.key)


def _restore(args: argparse.Namespace) -> int:
    from portal.tools.commands import restore

    return restore.run(from_environment(), args.backup, key_file=args.key, lists=args.closed)


def _settle_restored(args: argparse.Namespace) -> int:
    from portal.tools.commands import restore

    return restore.settle(from_environment(), lists=args.closed)


def _copy_roster_keys(args: argparse.Namespace) -> int:
    from portal.tools.commands import backup_keys

    return backup_keys.copy_roster_keys(from_environment(), args.to, public_key=args.holder)


def _restore_roster_keys(args: argparse.Namespace) -> int:
    from portal.tools.commands import backup_keys

    return backup_keys.restore_roster_keys(from_environment(), args.copy, key_file=args.key)


def _drill_restore(args: argparse.Namespace) -> int:
    from portal.core.database import revision
    from portal.tools.commands import drill_restore

    settings = from_environment()
    if args.share is not None:
        return drill_restore.run_filled(settings, create_app, args.share, only=args.on)
    revision.look_once(settings)
    return drill_restore.run(settings, create_app)


def _anchor_key(args: argparse.Namespace) -> int:
    from portal.tools.commands import anchor_key

    return anchor_key.run(_app())


def _verify_anchors(args: argparse.Namespace) -> int:
    from portal.tools import witness

    return witness.run(args)


def _bench(args: argparse.Namespace) -> int:
    from portal.tools.commands import bench

    return bench.run(from_environment(), create_app, small=args.small)


def _attack(args: argparse.Namespace) -> int:
    from portal.tools.commands import attack

    return attack.run(from_environment(), create_app, small=args.small, only=args.only)


def _faults(args: argparse.Namespace) -> int:
    from portal.tools.commands import faults

    chosen = {"small": args.small, "only": args.only, "on": args.on, "minutes": args.minutes}
    return faults.run(from_environment(), create_app, **chosen)


def _drill_upgrade(args: argparse.Namespace) -> int:
    from portal.tools.commands import drill_upgrade

    return drill_upgrade.run(from_environment(), create_app, small=args.small, on=args.on)


def _drill_behind(args: argparse.Namespace) -> int:
    from portal.tools.commands import drill_behind

    return drill_behind.run(from_environment(), create_app, small=args.small, on=args.on)


def _drill(args: argparse.Namespace) -> int:
    from portal.tools.commands import drill

    return drill.run(from_environment(), create_app, small=args.small)


def _commands() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="The ITA portal")
    add = parser.add_subparsers(dest="command", required=True, metavar="COMMAND").add_parser
    for name, act, text in (
        ("start", _start, "bring the database up, load the demonstration, serve"),
        ("serve", _serve, "the web server and the job worker, each started again when it ends"),
        ("web", _web, "the web server alone"),
        ("worker", _worker, "a job worker alone"),
        ("db-upgrade", _db_upgrade, "run the migrations as the database's owner"),
        ("demo-reset", _demo_reset, "throw the demonstration away and make it anew"),
        ("demo-accounts", _demo_accounts, "print the demonstration's accounts"),
        ("verify-record", _verify_record, "check every chain of the record"),
        ("check", _check, "say what is wrong with this installation"),
        ("anchor-key", _anchor_key, "print the public key that proves the record's anchors"),
    ):
        add(name, help=text).set_defaults(act=act)
    _commands_with_options(add)
    _commands_of_backups(add)
    return parser


def _commands_of_backups(add: Any) -> None:
    backup = add("backup", help="copy the database, seal it, verify it, and let old backups go")
    backup.add_argument("--last", action="store_true", help="say only when the last good one was made")
    backup.set_defaults(act=_backup)
    key = add("backup-key", help="make the key that opens backups, for its holder to keep offline")
    key.add_argument("--key", metavar="FILE", type=Path, required=True)
    key.set_defaults(act=_backup_key)
    restore = add("restore", help="put a backup back into an empty place; what was closed since stays closed")
    restore.add_argument("backup", type=Path)
    restore.add_argument("--key", metavar="FILE", type=Path, required=True)
    settle = add(
        "settle-restored", help="after another tool restored PostgreSQL: close what was closed since"
    )
    for command, act in ((restore, _restore), (settle, _settle_restored)):
        text = "another list of closed rounds, where the key folder of that time is lost"
        command.add_argument("--closed", metavar="LIST", type=Path, nargs="+", default=(), help=text)
        command.set_defaults(act=act)
    copy = add("copy-roster-keys", help="a safe copy of the keys of rosters, sealed to its own holder")
    copy.add_argument("--to", metavar="FILE", type=Path, required=True)
    copy.add_argument("--holder", metavar="PUBLIC_KEY", required=True)
    copy.set_defaults(act=_copy_roster_keys)
    back = add("restore-roster-keys", help="put the keys of rosters back where they are missing")
    back.add_argument("copy", type=Path)
    back.add_argument("--key", metavar="FILE", type=Path, required=True)
    back.set_defaults(act=_restore_roster_keys)

    drill = add("drill-restore", help="back up, restore in another place, and prove that all is there")
    drill.add_argument("--share", type=float, help="on a portal of its own, filled: 1 is the whole country")
    drill.add_argument("--on", choices=("sqlite", "postgres"), help="with --share: on one database alone")
    drill.set_defaults(act=_drill_restore)


def _commands_with_options(add: Any) -> None:
    for name, act, text in (
        ("bench", _bench, "measure and print the figures"),
        ("drill", _drill, "the whole assessment, counted against its plan"),
    ):
        long = add(name, help=text)
        long.add_argument("--small", action="store_true", help="in seconds: everything is done, little of it")
        long.set_defaults(act=act)
    judged = add("back-test", help="how well the forecast names who will miss, over made-up arrivals")
    judged.add_argument("--number", type=int, default=2_000, help="agencies for each seed")
    judged.set_defaults(act=_back_test)
    attack = add("attack", help="attack the promise of the ballot box in a portal of its own")
    attack.add_argument("--small", action="store_true", help="95 respondents instead of 2,158")
    attack.add_argument("--only", choices=("sqlite", "postgres"), help="on one database alone")
    attack.set_defaults(act=_attack)
    faults = add("faults", help="break a portal of its own while people answer, and count every answer")
    faults.add_argument("--small", action="store_true", help="a few faults and 160 people on each database")
    kinds = ("web", "worker", "database", "opening", "restart", "disk")
    faults.add_argument("--only", nargs="+", choices=kinds, default=(), help="these kinds of faults")
    faults.add_argument("--on", choices=("sqlite", "postgres"), help="on one database alone")
    faults.add_argument("--minutes", type=float, help="a part of the 42 minutes, everything in proportion")
    faults.set_defaults(act=_faults)
    upgrade = add("drill-upgrade", help="upgrade a portal of its own and take it back while people answer")
    upgrade.add_argument("--small", action="store_true", help="a few people, and a minute")
    upgrade.add_argument("--on", choices=("sqlite", "postgres"), help="on one database alone")
    upgrade.set_defaults(act=_drill_upgrade)
    behind = add("drill-behind", help="the whole register done but a planted set, which every list must show")
    behind.add_argument("--small", action="store_true", help="one province, an agency left at each step")
    behind.add_argument("--on", choices=("sqlite", "postgres"), help="on one database alone")
    behind.set_defaults(act=_drill_behind)
    anchors = add("verify-anchors", help="check a database's record against anchors that were kept elsewhere")
    anchors.add_argument("--key", required=True, metavar="FILE", help="the public key (PEM)")
    anchors.add_argument("--anchors", required=True, metavar="FOLDER", help="where the anchors lie")
    anchors.add_argument("--database", required=True, metavar="FILE_OR_URL", help="SQLite, plain dump or URL")
    anchors.set_defaults(act=_verify_anchors)
    migration = add("new-migration", help="write a migration from the difference between models and database")
    migration.add_argument("name", help="what it does, in a few words")
    migration.set_defaults(act=_new_migration)
    roles = add("db-roles", help="print the SQL that makes PostgreSQL's roles, or apply it")
    roles.add_argument("--apply", metavar="SUPERUSER_URL", help="apply it with this connection")
    roles.set_defaults(act=_db_roles)
    admin = add("create-admin", help="make the first account, or restore one; prints its activation code")
    admin.add_argument("username")
    admin.add_argument("name", nargs="?")
    admin.add_argument("--restore", action="store_true", help="a fresh code for an officer's account")
    admin.add_argument("--forget-factor", action="store_true", help="takes the second factor away too")
    admin.add_argument("--role", choices=("nacc", "dla"), default="dla")
    admin.set_defaults(act=_create_admin, usage=admin.error)
    agencies = add("import-agencies", help="dry run of a CSV or XLSX file of agencies; --apply takes it over")
    agencies.add_argument("path", type=Path)
    agencies.add_argument("--apply", action="store_true")
    agencies.set_defaults(act=_import_agencies)
    index = add("index-field", help="make or drop an index of a descriptive field, while people work")
    index.add_argument("--of", choices=("agency", "account"), default="agency")
    index.add_argument("key", help="the field's key, as its page says it")
    index.add_argument("--drop", action="store_true", help="drop it instead")
    index.set_defaults(act=_index_field)
    boxes = add("open-boxes", help="open the boxes of a closed round with its private key")
    boxes.add_argument("--round", type=int, required=True)
    boxes.add_argument("--key", metavar="FILE", help="the private key; the demonstration keeps its own")
    boxes.set_defaults(act=_open_boxes)
    erase = add("erase-rosters", help="erase the personal data of a round's rosters that are kept no longer")
    erase.add_argument("--round", type=int, required=True)
    erase.add_argument("--yes", action="store_true", help="it is meant: nothing of it can be brought back")
    erase.set_defaults(act=_erase_rosters)
    drill = add("drill-key", help="prove that a round's private key opens what its public key sealed")
    drill.add_argument("--round", type=int, required=True)
    drill.add_argument("--key", metavar="FILE")
    drill.set_defaults(act=_drill_key)
    take = add("export-key", help="write a round's private key to a file for its offline holder")
    take.add_argument("--round", type=int, required=True)
    take.add_argument("--key", metavar="FILE", required=True)
    take.add_argument("--forget", action="store_true", help="drill the file, then remove the key here")
    take.set_defaults(act=_export_key)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    args = _commands().parse_args(arguments)
    try:
        act: Command = args.act
        return act(args)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
