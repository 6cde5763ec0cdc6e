"""What a person typed on a form that was not taken: which fields go on, and the page that shows them again.

One place says what may ever be given back or kept (``NOT_KEPT``, ``NEVER``); files never are, because they
stand beside the fields. ``fill`` gives WTForms what was typed when a page is made again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, g, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from models.citizen_id import InvalidCitizenId, check

#: POST endpoints of which nothing is kept on the server, and why; send.js keeps their pages
NOT_KEPT: dict[str, str] = {
    "interviews.answer": "answers of an interview go into the ballot box and nowhere else",
    "sign_in.form": "a password",
    "forgotten.reset": "a code and a password",
    "forgotten.prove": "a code",
    "sign_in.activate": "a code",
    "sign_in.activate_person": "a code and a password",
    "sign_in.activate_sign_in": "a code and a password",
    "sign_in.join": "a code",
    "sign_in.password": "passwords",
    "second_step.form": "a second factor",
    "second_step.passkey": "asked by passkeys.js",
    "second_step.leave": "nothing to type",
    "api_tokens.new": "a password",
    "second_factor.app": "the number of an app",
    "second_factor.begin_app": "a password",
    "second_factor.remove_app": "a password",
    "second_factor.passkey": "a password, and what a device signed",
    "second_factor.passkey_options": "asked by passkeys.js",
    "second_factor.remove_passkey": "a password",
    "second_factor.codes": "a password",
    "slips.fetch": "a passphrase",
    "slips.order": "a passphrase",
    "round_preview.nothing": "a preview, which takes nothing",
    "survey.send": "answers and a citizen ID; its own door keeps them on the page",
    "survey.not_me": "a citizen ID; its own door keeps it on the page",
}
#: names of fields that are neither kept nor shown again, on whatever form they stand
NEVER = frozenset({"csrf_token", "password", "old", "new", "confirm", "passphrase"})
#: which state of a row a page showed; a page made again after a conflict shows the present one
VERSIONS = frozenset({"version", "row_version"})
#: fields that a page writes for itself, never a person
WRITTEN_BY_PAGES = VERSIONS | {
    "sent_from",
    "sit",
    "url",
    "step",
    "back",
    "action",
    "rowid",
    "id",
    "grant",
    "stay",
    "do",
}
#: POST-only endpoints and the page on which their form stands
PAGES: dict[str, str] = {
    "account_acts.ask_code": "account_acts.code",
    "account_acts.end_grant": "account_acts.grants",
    "account_acts.end_sessions": "account_acts.sessions",
    "account_acts.issue_code": "account_acts.code",
    "account_batches.undo": "account_batches.ask",
    "account_making.send_list": "account_making.ask",
    "agency_changes.take_back": "agency_changes.show",
    "announcements.acknowledge": "announcements.show",
    "announcing.remove": "announcing.show",
    "announcing.replace": "announcing.show",
    "announcing.send": "announcing.show",
    "assessor.judge": "assessor.roster",
    "assessor.show_names": "assessor.roster",
    "builder_acts.act": "builder.tree",
    "builder_acts.act_on_scale": "builder.all_scales",
    "builder_acts.take_back": "rounds.rules",
    "certificate_batches.print_": "certificate_batches.show",
    "chasing.take_back": "chasing.agency",
    "reminders.add": "reminders.show",
    "reminders.of_agency": "chasing.agency",
    "reminders.remove": "reminders.show",
    "reminders.turn": "reminders.show",
    "certificates.print_": "results.agency",
    "contacts.looked_through": "contacts.show",
    "destruction.print_": "destruction.show",
    "dispatch_acts.check": "dispatches.show",
    "dispatch_acts.proof": "dispatches.show",
    "dispatch_acts.sent": "dispatches.show",
    "dispatch_acts.sign": "dispatches.show",
    "dispatch_acts.take_back": "dispatches.show",
    "disclosure.pass_item": "disclosure.review_item",
    "disclosure.undo_item": "disclosure.review_item",
    "disclosure.withdraw": "disclosure.answers",
    "home.put_away": "home.index",
    "inbox.open_": "inbox.show",
    "inbox.stamped": "inbox.show",
    "inbox_acts.acknowledge": "inbox.show",
    "receivers.mail_of_letter": "receivers.of_letter",
    "receivers.mail_of_passed_on": "receivers.passed_on",
    "interviews.answer": "interviews.call",
    "interviews.outcome": "interviews.call",
    "interviews.void": "interviews.ask_void",
    "item_words.take_back": "oit_items.index_view",
    "jobs.again": "jobs.show",
    "jobs.stop": "jobs.show",
    "letter_offices.remove_signatory": "letter_offices.signatory",
    "letter_texts.go_back": "letter_texts.versions",
    "links.poster": "links.show",
    "api_tokens.end": "api_tokens.index",
    "api_tokens.end_another": "api_tokens.of_all",
    "me.end_others": "me.show",
    "me.end_session": "me.show",
    "me.forget_browsers": "me.show",
    "lost_passwords.refuse": "lost_passwords.ask_refuse",
    "corrections_of_headcount.withdraw": "corrections_of_headcount.ask",
    "personal_keeping.print_": "personal_keeping.show",
    "personal_requests.shown": "personal_requests.show",
    "preparation.submit": "preparation.overview",
    "preparation.withdraw": "preparation.overview",
    "province_sizes.from_register": "province_sizes.edit",
    "record.check_chains": "record.index_view",
    "registry_import.apply": "registry_import.report",
    "registry_import.retire": "registry_import.report",
    "roster.export": "preparation.roster",
    "roster_import.apply": "roster_import.dry_run",
    "roster_import.faults": "roster_import.dry_run",
    "roster_import.groups": "roster_import.dry_run",
    "roster_import.undo": "preparation.roster",
    "right_requests.confirm": "right_requests.index",
    "right_requests.refuse": "right_requests.index",
    "right_requests.withdraw": "right_requests.index",
    "rosters.unmask": "rosters.row",
    "round_texts.remove": "round_texts.index",
    "round_rules.remove_sample": "rounds.rules",
    "rules_acts.act": "rounds.rules",
    "rounds.drill": "rounds.show",
    "rounds.make_keys": "rounds.show",
    "rounds.take_up": "rounds.show",
    "sampling.draw": "sampling.show",
    "second_factor.begin_app": "second_factor.app",
    "second_factor.passkey_options": "second_factor.passkey",
    "second_step.leave": "second_step.form",
    "second_step.passkey": "second_step.form",
    "scoring.clear": "scoring.item",
    "sharing.back": "sharing.look",
    "sharing.delete_rule": "sharing.rules",
    "sharing.raise_rule": "sharing.rules",
    "size_file.take_back": "size_file.form",
    "slips.fetch": "slips.show",
    "slips.hand_over": "slips.show",
    "sampling.extend": "sampling.show",
    "trends.act": "trends.show",
    "sign_in.activate_person": "sign_in.activate",
    "sign_in.activate_sign_in": "sign_in.activate",
    "sign_in.join": "sign_in.activate",
    "round_workbook.take_back": "round_workbook.form",
    "sector_start.take_places": "sector_start.show",
}
#: a header of send.js: the page stays as it is until the answer is there
BY_SCRIPT = "X-Sent-By-Script"
_MOST_TEXT = 200_000
#: thirteen digits as people write a citizen ID; digits inside a web address are none
_THIRTEEN = re.compile(r"(?<![\w/=&?.%-])\d(?:[ -]?\d){12}(?![\w/=&?%-])")
_ANY_FIRST = "0123456789"


@dataclass(frozen=True)
class Typed:
    """Fields as they were sent. ``why``: "ended" (kept while signed out), "refused", "stale", "old"."""

    fields: tuple[tuple[str, str], ...]
    why: str
    message: str = ""

    @property
    def data(self) -> MultiDict[str, str]:
        """The fields as a form reads them."""
        return MultiDict(self.fields)


@dataclass(frozen=True)
class Line:
    """One typed value with its label, to be read and copied."""

    label: str
    text: str


def page_of(endpoint: str, values: Mapping[str, Any]) -> str | None:
    """The address of the page on which the form of a POST endpoint stands; None where it has none.

    Its own address where that can be read too (then with its query), else the page named in ``PAGES``.
    """
    rules = [rule for rule in current_app.url_map.iter_rules(endpoint) if "GET" in (rule.methods or ())]
    if rules:
        return request.full_path.rstrip("?")
    page = PAGES.get(endpoint)
    if endpoint.endswith(".action_view"):
        page = endpoint.replace(".action_view", ".index_view")
    if page is None:
        return None
    needed = next(current_app.url_map.iter_rules(page)).arguments
    return url_for(page, **{name: value for name, value in values.items() if name in needed})


def sent_fields() -> tuple[tuple[str, str], ...]:
    """The fields of this request's form that may be shown again: no file, no secret, nothing too long."""
    if not _from_here():
        return ()
    try:
        sent = request.form
    except HTTPException:  # a body that was refused is not read by asking again
        return ()
    pairs = tuple((name, text) for name, text in sent.items(multi=True) if name not in NEVER)
    return pairs if sum(len(text) for _name, text in pairs) <= _MOST_TEXT else ()


def without_citizen_ids(text: str) -> str:
    """The text as it may be kept on the server: a citizen ID in it becomes dots."""
    return _THIRTEEN.sub(lambda match: "•" * 13 if _is_citizen_id(match[0]) else match[0], text)


def stays_on_page() -> bool:
    """True for a form of which the server keeps nothing, or not all: its page is the better keeper."""
    return request.endpoint in NOT_KEPT or any(file.filename for file in request.files.values())


def something_typed(fields: Iterable[tuple[str, str]]) -> bool:
    """True where a person wrote or chose something, not only the page."""
    return any(text.strip() and name not in WRITTEN_BY_PAGES for name, text in fields)


def show_again(why: str, message: str = "") -> None:
    """From here on this request's page shows what was sent with it; it says why, in ``message``."""
    fields = sent_fields()
    if why == "stale":
        fields = tuple(pair for pair in fields if pair[0] not in VERSIONS)
    g.typed = Typed(fields, why, message)


def now_shown() -> Typed | None:
    """What this request's page shows again; None on every other page."""
    shown: Typed | None = g.get("typed")
    return shown


def fill(form: Any) -> MultiDict[str, str] | None:
    """What was typed, for a form of a page that is made again; None where it is not about this form."""
    remember(form)
    typed = now_shown()
    if typed is None:
        return None
    names = {name for name, _text in typed.fields} - WRITTEN_BY_PAGES
    own = [field.name for field in form]
    return (
        typed.data
        if any(name == one or name.startswith(f"{one}-") for name in names for one in own)
        else None
    )


def value_of(name: str, default: Any = "") -> Any:
    """What was typed into a field of a form written by hand, else ``default``."""
    typed = now_shown()
    return typed.data.get(name, default) if typed else default


def version_shown(present: Any, name: str = "version") -> Any:
    """The version that a form written by hand carries: the one its page was made from.

    A form that comes back with errors or after signing in keeps it; after a conflict it is the present one.
    """
    typed = now_shown()
    if typed is not None:
        return typed.data.get(name) or present
    return (request.form.get(name) if request.method == "POST" else None) or present


def remember(form: Any) -> None:
    """Learn the labels of a form of this request, to name what was typed by them."""
    labels: dict[str, Any] = g.setdefault("typed_labels", {})
    for field in form:
        if field.type not in {"HiddenField", "CSRFTokenField", "PasswordField"}:
            labels[field.name] = field


def lines() -> list[Line]:
    """What was typed, each under its label, for a person who wants to copy it."""
    typed = now_shown()
    if typed is None or request.endpoint in NOT_KEPT:
        return []
    labels: dict[str, Any] = g.get("typed_labels", {})
    fields = []
    for name, text in typed.fields:
        if text.strip() and name in labels:
            field = labels[name]
            words = dict(_choices(field)).get(text, text)
            fields.append(Line(str(field.label.text), str(words)))
        elif text.strip() and not labels and name not in WRITTEN_BY_PAGES and len(text) > 3:
            fields.append(Line("", text))
    return fields


def _choices(field: Any) -> list[tuple[str, Any]]:
    return [
        (str(choice[0]), choice[1]) for choice in getattr(field, "choices", None) or () if len(choice) > 1
    ]


def _from_here() -> bool:
    """False where the browser says that another site sent the form: its words are not shown as a person's."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.host
    except ValueError:  # no address at all
        return False


def _is_citizen_id(text: str) -> bool:
    try:
        check(text, first_digits=_ANY_FIRST)
    except InvalidCitizenId:
        return False
    return True
