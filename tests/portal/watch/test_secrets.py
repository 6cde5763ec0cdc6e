"""Secrets put in as canaries: whatever fails, none is in a line, a table, a file, a job or an error page."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from config import ConfigurationError, KeyFile, Settings, from_environment
from models.account import Account, SignInSession
from models.job import Job, JobState
from models.onboarding import MailPurpose
from portal.core import audit
from portal.core.database.session import db, privileged, writing
from portal.core.jobs import queue, worker
from portal.core.jobs.kinds import KINDS, JobContext, Kind
from portal.core.web import Portal
from portal.people import accounts
from portal.people.entry import mailing
from portal.people.slips import strongbox
from tests.support.canaries import files_of, found, stored
from tests.support.client import PortalClient, client_of
from tests.support.command_line import type_in
from tests.support.factors import give_app, give_codes, give_password, number_of
from tests.support.faults import failing, misspelt
from tests.support.lines import Said, saying
from tests.support.respondents import citizen_id
from tests.support.world import PASSWORD, World

WRONG, NEW = "wrong-kratom-nam-tok-77", "new-saphan-mai-phai-88"
#: typed into the wrong field
AS_NAME = "name-kluai-tak-saeng-55"
#: where the database fails, and how: away, or by a mistake of ours
FAULTS = (
    partial(failing, "FROM account"),
    partial(misspelt, "FROM account"),
    partial(misspelt, "INSERT INTO"),
    partial(misspelt, "UPDATE "),
)


@dataclass
class Drive:
    """A person who types secrets while things fail, and what was answered."""

    client: PortalClient
    secrets: dict[str, str | bytes] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)

    def send(self, url: str, **form: str) -> Any:
        """Send a form while the database fails in each way, then once well; gives that answer."""
        for fault in FAULTS:
            with fault():
                self._note(self.client.submit(url, form))
        answer = self.client.submit(url, form)
        self._note(answer)
        return answer

    def _note(self, answer: Any) -> None:
        self.statuses.add(answer.status_code)
        if answer.status_code >= 500:
            self.failed.append(answer.text)
        for cookie in answer.headers.getlist("Set-Cookie"):
            value = cookie.partition("=")[2].partition(";")[0]
            if len(value) > 20:
                self.secrets[f"cookie {len(self.secrets)}"] = value


def left_of(drive: Drive, said: Said, app: Portal, channels: tuple[str, str]) -> list[str]:
    """Which of the driver's secrets stand anywhere that stays."""
    said.handler.held.say_all()
    places = {
        "the lines": said.text,
        "the tables": stored(app.settings.database_owner_url),
        "the files": files_of(app.settings.instance_dir, but=("keys", "mail")),
        "error pages": "\n".join(drive.failed),
        "stdout": channels[0],
        "stderr": channels[1],
    }
    return found(drive.secrets, places)


@pytest.mark.postgres
def test_what_people_type_to_come_in_stays_nowhere(
    app: Portal, world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    me = world.account["agency_admin"]
    with app.app_context():
        give_password(me)
        app_secret = give_app(me)
        recovery = give_codes(me)
        with writing(), privileged("a code of a test") as session, audit.act("a test"):
            slip = accounts.issue_code(session, session.get_one(Account, world.account["executive"]))
            with_mail = session.get_one(Account, world.account["province"])
            with_mail.email, with_mail.email_proved_at = "somebody@example.go.th", with_mail.activated_at
        address, letter = mailing._code(world.account["province"], MailPurpose.RESET) or ("", "")
    assert address
    drive = Drive(client_of(app))
    drive.secrets = {
        "the right password": PASSWORD, "a wrong password": WRONG, "a new one": NEW, "one as name": AS_NAME,
        "an app's secret": app_secret, "a slip's code": slip, "a mail's code": letter,
        "a used recovery code": recovery[0], "another": recovery[1], "a citizen ID as name": citizen_id(7),
    }  # fmt: skip
    with saying() as said:
        drive.send("/sign-in", username="agency_admin", password=WRONG)
        drive.send("/sign-in", username=AS_NAME, password=PASSWORD)
        drive.send("/sign-in", username=citizen_id(7), password=citizen_id(7))
        drive.send("/activate", code=slip)
        drive.send("/activate/person", code=slip, password=NEW, name="x", position="x", phone="0 2555 0100")
        drive.send("/reset", code=letter, password=NEW)
        drive.client = client_of(app)
        second = drive.send("/sign-in", username="agency_admin", password=PASSWORD)
        assert second.location == "/sign-in/second"
        number = drive.secrets["a number of the app"] = number_of(app_secret)
        drive.send("/sign-in/second", code="000000")
        assert drive.send("/sign-in/second", code=recovery[0]).location == "/"
        with drive.client.session_transaction() as cookie:
            token = drive.secrets["a session's token"] = cookie["_user_id"]
        drive.send("/password", old=WRONG, new=NEW)
        assert drive.send("/password", old=PASSWORD, new=NEW).status_code == 302
        drive.send("/me/factors/app/remove", password=WRONG)
    assert drive.statuses >= {302, 422, 500, 503}, "it was driven into each kind of fault"
    with app.app_context(), privileged("a test looks") as session:
        assert session.query(SignInSession).count() > 0
    assert number and token
    assert left_of(drive, said, app, capfd.readouterr()) == []


def test_the_search_finds_what_a_trace_would_give_away(
    app: Portal, capfd: pytest.CaptureFixture[str]
) -> None:
    """The positive control: in clear, as bytes, in another spelling, as a short number."""
    secrets: dict[str, str | bytes] = {"bytes": b"\x01secret-of-a-test", "code": "ABCD-EFGH-2345"}
    drive = Drive(client_of(app), {**secrets, "number": "493817"})
    with saying() as said:
        try:
            raise ValueError("abcdefgh2345")
        except ValueError as error:
            logging.getLogger("portal.test").error("took %s", 493817, exc_info=error)
        print(b"\x01secret-of-a-test".hex())
    there = left_of(drive, said, app, capfd.readouterr())
    assert there == ["bytes in stdout", "code in the lines", "number in the lines"]
    assert found({"number": "493817"}, {"a hash": "9493817a 12.493817 493817.2"}) == []


def test_keys_and_passphrases_are_in_no_table_line_or_file(
    app: Portal, world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    drive = Drive(client_of(app))
    drive.client.sign_in_as(world.account["dla"])
    keys = app.settings.key_dir
    secrets: dict[str, str | bytes] = {file.name: file.read_bytes() for file in keys.iterdir()}
    assert len(secrets) >= 2, "the world's round has keys"
    passphrase = strongbox.new_passphrase()
    drive.secrets = {**secrets, "a passphrase": passphrase, "the cookies' key": app.settings.secret_key}
    with saying() as said:
        drive.send("/slips", passphrase=passphrase)
        drive.send("/slips/1/fetch", passphrase=passphrase)
        drive.client.get("/watch")
    assert left_of(drive, said, app, capfd.readouterr()) == []


@contextmanager
def job_kind(name: str, run: Callable[[JobContext], None]) -> Iterator[None]:
    """A kind of job for a test."""
    KINDS[name] = Kind(run, None)
    try:
        yield
    finally:
        del KINDS[name]


@pytest.mark.postgres
def test_a_job_that_fails_says_where_and_no_value(
    app: Portal, world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    """The database's words: a row that lacks something, a value that does not fit."""
    typed = "name-of-a-canary-31"

    def whole_row(_context: JobContext) -> None:
        with writing(), privileged("a test leaves out what a row needs") as session:
            session.execute(text("UPDATE account SET name = :given, username = NULL"), {"given": typed})

    def no_number(_context: JobContext) -> None:
        with privileged("a test asks for nonsense") as session:
            session.execute(text("SELECT CAST(CAST(:given AS TEXT) AS INTEGER)"), {"given": typed})
            raise RuntimeError("SQLite takes everything for a number")

    with saying() as said, app.app_context():
        for number, run in enumerate((whole_row, no_number)):
            with job_kind(f"test.{number}", run):
                with writing(), privileged("a test's job") as session:
                    session.add(Job(kind=f"test.{number}", title="t", created_at=audit.clock.now()))
                claim = queue.claim()
                assert claim is not None
                worker.run(claim)
        with privileged("a test looks") as session:
            assert {job.state for job in session.scalars(select(Job))} == {JobState.FAILED}
        db.session.remove()
    traces = [line["trace"] for line in said.lines if "trace" in line]
    assert len(traces) == 2 and "IntegrityError" in traces[0] and "username" in traces[0]
    drive = Drive(client_of(app), {"a value": typed})
    assert left_of(drive, said, app, capfd.readouterr()) == []


def test_mail_that_fails_names_neither_password_nor_receiver(
    app: Portal, world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    before = app.settings
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens there
        url = f"smtp://ita:mail-canary-9%2F1@127.0.0.1:{taken.getsockname()[1]}"
        app.settings = replace(before, demo=False, mail_url=url, mail_from="ita@example.go.th")
        try:
            with saying() as said, app.app_context():
                with writing(), privileged("a test's mail") as session, audit.act("a test"):
                    account = session.get_one(Account, world.account["province"])
                    account.email = "receiver-canary@example.go.th"
                    mailing.ask(session, account, MailPurpose.PROVE)
                claim = queue.claim()
                assert claim is not None
                worker.run(claim)
                with privileged("a test looks") as session:
                    job = session.scalars(select(Job)).one()
                    assert job.state is JobState.FAILED
                    told = f"{job.message}{job.title}{job.arguments}{job.result}"
        finally:
            app.settings = before
    secrets = {"a password": "mail-canary-9", "a receiver": "receiver-canary@example.go.th"}
    places = {"lines": said.text, "the job": told, "channels": "".join(capfd.readouterr())}
    assert found(secrets, places) == []


CANARY = "config-canary-4711"
#: settings with a mistake, and the command that meets it
WRONG_SETTINGS: list[tuple[dict[str, str], tuple[str, ...]]] = [
    ({"DATABASE_URL": f"postgresql://ita:{CANARY}@127.0.0.1:1/ita"}, ("verify-record",)),
    ({"DATABASE_URL": f"postgresql://ita:{CANARY}@127.0.0.1:1/ita"}, ("db-upgrade",)),
    ({"DATABASE_URL": f"postgresql:/ita:{CANARY}@127.0.0.1/ita"}, ("serve",)),
    ({"DATABASE_URL": f"postgresql://ita:x/{CANARY}@db.example/ita"}, ("serve",)),
    ({"DATABASE_URL": f"postgresql://ita:x@{CANARY}@127.0.0.1:1/ita"}, ("db-upgrade",)),
    ({"DATABASE_OWNER_URL": f"postgresql://ita:{CANARY}/x@db.example/ita"}, ("db-upgrade",)),
    ({"DATABASE_URL": f"oracle://ita:{CANARY}@db.example/ita"}, ("verify-record",)),
    ({"MAIL_URL": f"smtp://ita:{CANARY}/x@mail.example", "MAIL_FROM": "a@b"}, ("verify-record",)),
    ({"MAIL_URL": f"smtp://ita:{CANARY}[x@mail.example", "MAIL_FROM": "a@b"}, ("verify-record",)),
    ({"MAIL_URL": f"smtp://ita:{CANARY}℀@mail.example", "MAIL_FROM": "a@b"}, ("verify-record",)),
    ({"MAIL_URL": f"smtp://ita:{CANARY}@mail.example"}, ("verify-record",)),
    ({"METRICS_PORT": CANARY}, ("worker",)),
    ({"METRICS_PORT": "9100", "METRICS_HOST": "192.0.2.1", "METRICS_TOKEN": CANARY}, ("worker",)),
    ({"SIGNING_KEY_DLA": f"pkcs11:token=t;object=o?module-path=/m&pin-value={CANARY}"}, ("serve",)),
    ({"SIGNING_KEY_DLA": "pkcs11:token=t", "SIGNING_PASSPHRASE_DLA": CANARY}, ("serve",)),
    ({"TIME_STAMP_URL": f"https://ita:{CANARY}/x@stamp.example"}, ("serve",)),
    ({"DEMO": "0", "SECRET_KEY": CANARY}, ("serve",)),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "words"), WRONG_SETTINGS, ids=lambda given: next(iter(given)))
def test_a_wrong_setting_is_named_and_never_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path / "instance"))
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    told = type_in(*words)
    assert told.code != 0 and told.err.strip() and "Traceback" not in told.err
    assert CANARY not in told.out + told.err


@pytest.mark.parametrize(
    "url", ["postgresql://postgres:{}@127.0.0.1:1/ita", "postgresql://postgres:x/{}@h/ita"]
)
def test_a_superusers_password_is_not_said_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@127.0.0.1:1/ita")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner@127.0.0.1:1/ita")
    told = type_in("db-roles", "--apply", url.format(CANARY))
    assert told.code != 0 and told.err.strip() and CANARY not in told.out + told.err


def test_settings_that_are_printed_show_no_secret(tmp_path: Path) -> None:
    environment = {
        "INSTANCE_DIR": str(tmp_path), "SECRET_KEY": f"secret-{CANARY}", "METRICS_TOKEN": f"token-{CANARY}",
        "DATABASE_URL": f"postgresql://a:{CANARY}@h/ita", "DATABASE_OWNER_URL": f"postgresql://o:{CANARY}@h/ita",
        "MAIL_URL": f"smtps://a:{CANARY}@h", "MAIL_FROM": "a@b", "SIGNING_KEY_DLA": "/k.p12",
        "SIGNING_PASSPHRASE_DLA": CANARY, "SIGNING_KEY_NACC": "pkcs11:token=t;object=o?module-path=/m",
        "SIGNING_PASSPHRASE_NACC": CANARY,
    }  # fmt: skip
    made: Settings = from_environment(environment)
    assert made.mail_url and made.metrics_token and isinstance(made.signing_keys["DLA"], KeyFile)
    assert CANARY not in repr(made) and CANARY not in str(vars(made)["signing_keys"])


def test_a_password_whose_signs_are_written_out_is_read(tmp_path: Path) -> None:
    base = {"INSTANCE_DIR": str(tmp_path)}
    for url in (
        "postgresql://u:p%40%2F%23@h:5433/ita",
        "postgresql://u:p@/ita?host=/run/postgresql",
        "sqlite:////x@y/p.db",
    ):
        assert from_environment({**base, "DATABASE_URL": url}).database_url.endswith(url.partition(":")[2])
    with pytest.raises(ConfigurationError, match=r"MAIL_URL cannot be read.*write @ as %40"):
        from_environment({**base, "MAIL_URL": "smtp://u:a@b@h", "MAIL_FROM": "a@b"})
