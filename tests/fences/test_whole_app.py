"""Rules over the whole application: texts, reading without writing, valid pages, the policy page."""

from __future__ import annotations

import ast
import hashlib
import io
import itertools
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import html5lib
import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from sqlalchemy import create_engine, select
from sqlalchemy.pool import NullPool

from config import ROOT
from models.base import Base
from portal.core.access import GRANTS, Permission
from portal.core.jobs.kinds import KINDS
from portal.core.web import Portal
from portal.help import shelf
from tests.fences.test_every_door import Request, _url, allowed, requests_for
from tests.support.client import PortalClient
from tests.support.furniture import VISIBLE, furnish
from tests.support.world import World

KEYWORDS: dict[str, Any] = {
    "say": None,
    "_": None,
    "gettext": None,
    "lazy": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "Refused": None,
    "JobFailed": None,
    "Closed": None,
    "UserError": None,
    "Note": None,
    "Wrong": (2,),
    "TooMuch": None,
    "UnknownFormat": None,
    "UnsafeWorkbook": None,
    "UnreadableFile": None,
    "NoHeader": None,
}
#: written by the server at most once a minute while somebody is signed in
EXEMPT_TABLES = {"sign_in_session"}


def tracked(*folders: str) -> list[Path]:
    """The project's files, also those not yet committed."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "--", *folders]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).exists()]


def messages(path: Path) -> Iterator[str]:
    """The message ids that a file uses."""
    kind = {".py": "python", ".html": "jinja2"}.get(path.suffix)
    if kind is None:
        return
    options = {"extensions": "jinja2.ext.i18n"} if kind == "jinja2" else {}
    for _line, text, _comments, _context in extract(
        kind, io.BytesIO(path.read_bytes()), KEYWORDS, options=options
    ):
        yield text if isinstance(text, str) else str(next(iter(text or ("",))))


def test_every_text_has_its_thai() -> None:
    known: set[str] = set()
    for catalogue in (ROOT / "portal" / "translations").rglob("*.po"):
        with catalogue.open("rb") as file:
            for message in read_po(file, locale="th"):
                if message.id and any(_each(message.string)):
                    known.add(_each(message.id)[0])
    used = {
        (text, path.relative_to(ROOT).as_posix())
        for path in tracked("portal", "views", "survey_forms")
        for text in messages(path)
        if text
    }
    assert len(used) > 300
    missing = sorted(f"{path}: {text}" for text, path in used if text not in known)
    assert not missing, "\n".join(missing)


def test_one_text_has_one_thai() -> None:
    """Catalogues are merged: where two rooms differ, which one is shown would be chance."""
    found: dict[str, set[str]] = {}
    for catalogue in (ROOT / "portal" / "translations").rglob("messages.po"):
        with catalogue.open("rb") as file:
            for message in read_po(file, locale="th"):
                if message.id:
                    found.setdefault(str(message.id), set()).add(str(message.string))
    differing = {text: words for text, words in found.items() if len(words) > 1}
    assert not differing


def test_placeholders_of_a_translation_are_those_of_its_text() -> None:
    wrong = []
    for catalogue in (ROOT / "portal" / "translations").rglob("*.po"):
        with catalogue.open("rb") as file:
            for message in read_po(file, locale="th"):
                ids = _each(message.id)
                if any(_names(text) - _names("".join(ids)) for text in _each(message.string)):
                    wrong.append(f"{catalogue.parent.parent.parent.name}: {ids[0]}")
    assert not wrong, "\n".join(wrong)


def _each(text: Any) -> list[str]:
    """A text, or the forms of a plural."""
    return [text] if isinstance(text, str) else [str(form) for form in text]


def _names(text: str) -> set[str]:
    return {part.partition(")")[0] for part in text.split("%(")[1:]}


def test_every_permission_is_given_to_somebody() -> None:
    given = set().union(*GRANTS.values())
    assert given == set(Permission)


def test_every_kind_of_job_is_known_to_a_worker(app: Portal) -> None:
    kinds = set()
    for path in tracked("portal"):
        if path.suffix == ".py":
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "job_kind":
                    kinds.add(path.name)
    assert kinds and len(KINDS) >= len(kinds)


def test_config_imports_nothing_of_ours() -> None:
    tree = ast.parse((ROOT / "config.py").read_text())
    roots = {"portal", "models", "views", "survey_forms", "reports", "run"}
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert not {name.partition(".")[0] for name in names} & roots


#: what the frame of every page reads (portal/templates/base.html); pages of a preview say so to it
OF_THE_FRAME = {"nav", "tabs", "desk", "round", "rounds", "preview"}
PREVIEWS = {ROOT / "views/rounds/preview.py", ROOT / "portal/core/preview.py"}


def test_no_page_gives_what_the_frame_reads_another_meaning() -> None:
    """A page that called its own tabs so had them in the bottom menu of the phone."""
    wrong, seen = [], 0
    for path in tracked("portal/*.py", "views/*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "render_template":
                given = {word.arg for word in node.keywords if word.arg}
                seen += len(given)
                wrong += [
                    f"{path}:{node.lineno} {name}" for name in given & OF_THE_FRAME if path not in PREVIEWS
                ]
    assert seen > 100
    assert wrong == []


def test_roles_are_asked_for_in_few_places() -> None:
    """Who may do what stands in core/access.py; elsewhere a role chooses words or a home, never a right."""
    wrong = []
    for path in tracked("views", "survey_forms"):
        if path.suffix == ".py" and "actor.role ==" in path.read_text():
            wrong.append(path.name)
    assert not wrong


@pytest.mark.long
@pytest.mark.timeout(600)
def test_reading_writes_nothing_and_every_page_is_whole(
    app: Portal, world: World, client_as: Callable[[str], PortalClient]
) -> None:
    """Everybody visits every page once: valid HTML, a title, labels, no inline script or style."""
    furniture = furnish(app, world)
    rules = app.extensions["access_rules"]
    clients = {person: client_as(person) for person in VISIBLE}
    before = contents(app)
    found: list[str] = []
    visited: set[tuple[str, str]] = set()
    asked = list(requests_for(app, "GET", world, furniture))
    for person, one in itertools.product(VISIBLE, asked):
        seen = (person, one.rule.endpoint) in visited
        if seen or not _mine(one, person) or not allowed(person, rules[one.rule.endpoint]):
            continue
        answer = clients[person].get(_url(app, one))
        if answer.status_code == 200 and answer.mimetype == "text/html":
            visited.add((person, one.rule.endpoint))
            policy = answer.headers["Content-Security-Policy"]
            page = Read.of(answer.text)
            wrong = [fault for fault in page.faults() if fault != SCRIPT or "'sha256-" not in policy]
            found += [f"{one.rule.endpoint}: {fault}" for fault in wrong]
            if rules[one.rule.endpoint] != "open":
                found += [f"{one.rule.endpoint}: {fault}" for fault in page.unnamed_forms()]
            if not shows_its_place(page.tree):
                found.append(f"{one.rule.endpoint}: no place in a guide is shown to {person}")
            assert "'unsafe-inline'" not in policy
    assert len({endpoint for _person, endpoint in visited}) > 30
    assert not found, "\n".join(sorted(set(found)))
    assert contents(app) == before, "a GET wrote"


#: of a preview the page around it has a "?"
_FRAME = re.compile("ita-shell (?!is-preview)")
_HELP = re.compile("/help/([a-z-]+)#([a-z0-9-]+)")
#: what one of the two screens does not show
_ONE_SCREEN = ("ita-desk", "ita-phone")


def shows_its_place(tree: Any) -> bool:
    """A page in the frame of the desks has a "?" on both screens, which leads to a place that is there."""
    elements = [one for one in tree.iter() if isinstance(one.tag, str)]
    if not any(_FRAME.match(one.get("class") or "") for one in elements):
        return True
    links = [one for one in elements if one.get("class") == "ita-help"]
    led = [_HELP.fullmatch(one.get("href") or "") for one in links]
    there = all(to is not None and to[2] in shelf.guide(to[1]).places for to in led)
    return there and all(_shown_without(elements, links, hidden) for hidden in _ONE_SCREEN)


def _shown_without(elements: list[Any], links: list[Any], hidden: str) -> bool:
    """True where one of the links, and one only, stands outside what is hidden."""
    gone = {
        id(link) for one in elements if hidden in (one.get("class") or "").split() for link in one.iter("a")
    }
    return sum(id(link) not in gone for link in links) == 1


def test_a_page_without_its_place_is_noticed() -> None:
    one = '<a class="ita-help" href="/help/own-page#own"></a>'
    desk, phone = f'<p class="ita-desk">{one}</p>', f'<p class="x ita-phone">{one}</p>'

    def shown(words: str, shell: str = "ita-shell ") -> bool:
        page = f'<!doctype html><html><body><div class="{shell}">{words}</div></body></html>'
        return shows_its_place(Read.of(page).tree)

    assert shown(one) and shown(desk + phone)
    assert shown("", "ita-shell is-preview ") and shown("", "ita-plain")
    for wrong in ("", one + one, desk, phone, one.replace("#own", "#nowhere"), one.replace("#own", "")):
        assert not shown(wrong)


def _mine(one: Request, person: str) -> bool:
    return one.about <= set(VISIBLE[person])


def contents(app: Portal) -> dict[str, str]:
    """A digest of every table, but for what a visit may write."""
    engine = create_engine(app.settings.database_owner_url, poolclass=NullPool)
    with engine.connect() as connection:
        return {
            table.name: hashlib.sha256(
                repr(sorted(map(repr, connection.execute(select(table))))).encode()
            ).hexdigest()
            for table in Base.metadata.sorted_tables
            if table.name not in EXEMPT_TABLES
        }


#: allowed where the policy names it by its hash: the respondents' form
SCRIPT = "a script in the page"
FRAGMENT_OK = {"expected-doctype-but-got-start-tag"}
#: kinds of fields that say by themselves what they are, or are not seen
UNLABELLED = {"hidden", "submit"}


@dataclass(frozen=True)
class Read:
    """A page as a browser's parser reads it, and what that parser found wrong."""

    tree: Any
    errors: list[str]

    @classmethod
    def of(cls, page: str) -> Read:
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        tree = parser.parse(page)
        return cls(tree, [str(error[1]) for error in parser.errors if error[1] not in FRAGMENT_OK])

    def unnamed_forms(self) -> list[str]:
        """Forms that act and do not say from which page of which desk they come (``ui.hidden_csrf`` does)."""
        forms = [form for form in self.tree.iter("form") if (form.get("method") or "").lower() == "post"]
        names = [{field.get("name") for field in form.iter("input")} for form in forms]
        return ["a form without its page" for one in names if not {"csrf_token", "sent_from"} <= one]

    def faults(self) -> list[str]:
        """Parse errors, missing title or language, unlabelled fields, inline code."""
        tree, found = self.tree, list(self.errors)
        found += [] if tree.get("lang") == "th" else ["no language"]
        title = tree.find("head/title")
        found += [] if title is not None and (title.text or "").strip() else ["no title"]
        elements = [element for element in tree.iter() if isinstance(element.tag, str)]
        ids = Counter(element.get("id") for element in elements if element.get("id"))
        found += [f"id {name} twice" for name, times in ids.items() if times > 1]
        labelled = {label.get("for") for label in tree.iter("label")}
        wrapped = {id(child) for label in tree.iter("label") for child in label.iter()}
        for element in elements:
            if element.get("style"):
                found.append("a style attribute")
            if any(name.startswith("on") for name in element.attrib):
                found.append("an inline handler")
            if element.tag == "script" and not element.get("src"):
                found.append(SCRIPT)
            if element.tag in {"input", "select", "textarea"} and element.get("type") not in UNLABELLED:
                named = element.get("id") in labelled or id(element) in wrapped or element.get("aria-label")
                if not named and not element.get("aria-labelledby"):
                    found.append(f"a field without a label: {element.get('name')}")
        return found


def test_every_form_speaks_by_its_page() -> None:
    """A browser's own bubble speaks the browser's language; ours says it in Thai, at the field, and stays."""
    told_by_browser = [
        f"{path.relative_to(ROOT)}: {form}"
        for path in tracked("views/**/*.html", "portal/**/*.html")
        for form in re.findall(r"<form\b[^>]*method=\"post\"[^>]*>", path.read_text())
        if "novalidate" not in form
    ]
    assert told_by_browser == []
