"""Mail: into files in the demonstration, to a server where one is set, and never a password in clear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from portal.core import mail
from portal.core.web import Portal
from tests.support.mail import mails, read, smtp

MAIL = {"to": "somebody@example.go.th", "subject": "ตั้งรหัสผ่านใหม่", "text": "เปิดลิงก์นี้"}


@pytest.fixture
def settings(app: Portal) -> Iterator[None]:
    before = app.settings
    yield
    app.settings = before


def test_the_demonstration_writes_files_that_only_its_owner_reads(app: Portal) -> None:
    with app.app_context():
        assert mail.offered() and mail.into_files()
        mail.send(**MAIL)
    (sent,) = mails(app)
    assert (sent["To"], sent["Subject"], sent.get_content().strip()) == tuple(MAIL.values())
    assert (app.settings.instance_dir / mail.FOLDER).stat().st_mode & 0o777 == 0o700


@pytest.mark.usefixtures("settings")
def test_without_a_server_a_real_installation_offers_nothing(app: Portal) -> None:
    app.settings = replace(app.settings, demo=False)
    with app.app_context():
        assert not mail.offered() and not mail.into_files()
        with pytest.raises(mail.NotSent):
            mail.send(**MAIL)
    assert mails(app) == []


@pytest.mark.usefixtures("settings")
def test_a_server_is_given_the_mail_from_the_set_sender(app: Portal) -> None:
    with smtp() as server, app.app_context():
        app.settings = replace(app.settings, mail_url=server.url, mail_from="ita@example.go.th")
        assert mail.offered() and not mail.into_files()
        mail.send(**MAIL)
    sent = read(server.received[0])
    assert (sent["From"], sent["To"], sent["Subject"]) == ("ita@example.go.th", MAIL["to"], MAIL["subject"])
    assert sent["Auto-Submitted"] == "auto-generated"
    assert mails(app) == []


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("case", ["refused", "nobody there", "a password in clear", "two addresses"])
def test_what_was_not_sent_is_told_without_whom_it_was_for(app: Portal, case: str) -> None:
    with smtp() as server, app.app_context():
        server.refuses = case == "refused"
        url = "smtp://127.0.0.1:9" if case == "nobody there" else server.url
        if case == "a password in clear":
            url = url.replace("://", "://somebody:secret@")
        app.settings = replace(app.settings, mail_url=url, mail_from="ita@example.go.th")
        to = "a@example.go.th\nBcc: b@example.go.th" if case == "two addresses" else MAIL["to"]
        with pytest.raises(mail.NotSent) as error:
            mail.send(**{**MAIL, "to": to})
    assert "example.go.th" not in str(error.value) and "secret" not in str(error.value)
    assert not server.received and not any("secret" in word or "AUTH" in word for word in server.said)


@pytest.mark.usefixtures("settings")
def test_over_a_line_nobody_reads_a_server_is_told_who_sends(
    app: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """STARTTLS is taken where it is offered, before name and password, which were quoted in the address."""
    told: list[object] = []

    class Line:
        def __init__(self, host: str, port: int, **_options: object) -> None:
            told.append((type(self).__name__, host, port))

        def __enter__(self) -> Line:
            return self

        def __exit__(self, *_error: object) -> None:
            told.append("end")

        def ehlo(self) -> None:
            told.append("ehlo")

        def has_extn(self, name: str) -> bool:
            return name == "starttls"

        def starttls(self, context: object) -> None:
            told.append("starttls")

        def login(self, name: str, password: str) -> None:
            told.append((name, password))

        def send_message(self, message: object) -> None:
            told.append("mail")

    class Sealed(Line):
        pass

    monkeypatch.setattr(mail.smtplib, "SMTP", Line)
    monkeypatch.setattr(mail.smtplib, "SMTP_SSL", Sealed)
    with app.app_context():
        for url in ("smtp://ita%40x:p%2Fw@mail.example.go.th", "smtps://mail.example.go.th"):
            app.settings = replace(app.settings, mail_url=url, mail_from="ita@example.go.th")
            mail.send(**MAIL)
    open_line, sealed = told[: told.index("end") + 1], told[told.index("end") + 1 :]
    assert open_line == [
        ("Line", "mail.example.go.th", 587), "ehlo", "starttls", "ehlo", ("ita@x", "p/w"), "mail", "end"
    ]  # fmt: skip
    assert sealed == [("Sealed", "mail.example.go.th", 465), "ehlo", "mail", "end"]
