"""Mail: into files in the demonstration, to a server where one is set, and never a password in clear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portal.core import mail
from portal.core.web import Portal
from tests.support.mail import PERSON, certified, mails, read, smtp

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
    assert not server.received and not server.told


@pytest.mark.usefixtures("settings")
def test_no_mail_leaves_this_machine_in_clear(app: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "LOOPBACK", frozenset())  # the server of the test stands elsewhere
    with smtp() as server, app.app_context():
        app.settings = replace(app.settings, mail_url=server.url, mail_from="ita@example.go.th")
        with pytest.raises(mail.NotSent, match="in clear only"):
            mail.send(**MAIL)
    assert not server.received


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("sealed", [False, True], ids=["STARTTLS", "TLS from the beginning"])
def test_over_a_line_nobody_reads_a_server_is_told_who_sends(
    sealed: bool, app: Portal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Name and password, which are quoted in the address, are given once the line is closed to others."""
    tls, trusted = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with smtp(tls, sealed=sealed) as server, app.app_context():
        url = server.url.replace("://", "://ita%40x:p%2Fw@")
        app.settings = replace(app.settings, mail_url=url, mail_from="ita@example.go.th")
        mail.send(**MAIL)
    assert server.told == [PERSON]
    assert read(server.received[0])["To"] == MAIL["to"]


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("case", ["another password", "a server that nobody vouches for"])
def test_a_server_that_is_not_sure_of_us_or_we_of_it_is_given_no_mail(
    case: str, app: Portal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tls, trusted = certified(tmp_path)
    word = "p%2Fw"
    if case == "another password":
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        word = "secret"
    with smtp(tls) as server, app.app_context():
        url = server.url.replace("://", f"://ita%40x:{word}@")
        app.settings = replace(app.settings, mail_url=url, mail_from="ita@example.go.th")
        with pytest.raises(mail.NotSent) as error:
            mail.send(**MAIL)
    assert "secret" not in str(error.value) and not server.received
    assert set(server.told) == ({("ita@x", "secret")} if case == "another password" else set())


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("parting", ["", "421 too many on this line"], ids=["without a word", "421"])
def test_several_mails_take_one_line_and_a_server_that_parted_is_called_again(
    parting: str, app: Portal
) -> None:
    with smtp() as server, app.app_context():
        app.settings = replace(app.settings, mail_url=server.url)
        send_three()
        assert (len(server.received), server.called) == (3, 1)
        server.most_on_a_line, server.parting = 2, parting
        send_three()
    assert (len(server.received), server.called) == (6, 3), "each mail once"


def send_three() -> None:
    with mail.line() as line:
        for _number in range(3):
            line.send(**MAIL)


@pytest.mark.usefixtures("settings")
def test_a_line_outlives_a_refused_mail_and_a_broken_one_costs_the_mail_in_hand_only(app: Portal) -> None:
    with smtp() as server, app.app_context(), mail.line() as line:
        app.settings = replace(app.settings, mail_url=server.url)
        line.send(**MAIL)
        server.answers = {MAIL["to"]: "550 nobody"}
        with pytest.raises(mail.NotSent) as refused:
            line.send(**MAIL)
        server.answers = {}
        line.send(**MAIL)
        assert (len(server.received), server.called, refused.value.later) == (2, 1, False)
        server.breaks = True
        with pytest.raises(mail.NotSent) as broken:
            line.send(**MAIL)
        assert broken.value.unsure and len(server.received) == 3, "it is not handed over twice"
        server.breaks = False
        line.send(**MAIL)
        assert (len(server.received), server.called) == (4, 2)


@pytest.mark.usefixtures("settings")
def test_a_server_that_takes_no_mail_on_any_line_is_called_twice_for_one(app: Portal) -> None:
    with smtp() as server, app.app_context(), mail.line() as line:
        app.settings = replace(app.settings, mail_url=server.url)
        line.send(**MAIL)
        server.answers = {MAIL["to"]: "421 going down"}
        with pytest.raises(mail.NotSent) as error:
            line.send(**MAIL)
        assert error.value.later and not error.value.unsure and len(server.received) == 1
